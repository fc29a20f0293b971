//! Evaluations of rectification (整改评估): a unit by a scheme, item by item with the reason for every point, confirmed by
//! somebody else than who scored. Total and grade are kept as they were confirmed; a grade may ask for a look-back.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, Role, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Evaluation, find};

/// Path segment of the noun.
pub const NOUN: &str = "rect_evaluations";

kit::id!(
    /// Identity of an evaluation.
    EvaluationId
);

labelled! {
    /// Where an evaluation stands.
    pub enum State: "评估状态" {
        /// Being scored.
        Draft = "draft" => "评分中", Yellow;
        /// Confirmed.
        Confirmed = "confirmed" => "已审定", Green;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Score items.
        Score = "score" => "评分", Grey;
        /// Confirm.
        Confirm = "confirm" => "审定", Green;
    }
}

impl Lifecycle for Evaluation {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft, Deed::Score) => Some(State::Draft),
            (State::Draft, Deed::Confirm) => Some(State::Confirmed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Score => actor.is_office(),
            Deed::Confirm => access::reviews(actor, self.prepared_by),
        }
    }

    /// The unit learns of its evaluation when it is confirmed.
    fn visible(actor: &Actor) -> Pred {
        let confirmed = Pred::is("state", State::Confirmed);
        let own =
            actor.own_organisations(Role::OrganisationLiaison, "organisation_id").and(confirmed.clone());
        let committee = actor.reach([(Role::CommitteeLeader, confirmed)]);
        Pred::any(vec![access::reviewers(actor), own, committee])
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "整改评估",
        transitions: lifecycle::transitions::<Evaluation>,
        permissions: || lifecycle::permissions::<Evaluation>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Evaluation {
    Evaluation {
        id: EvaluationId(Uuid::from_u128(480)),
        version: 1,
        number: String::new(),
        unit_id: Uuid::from_u128(481),
        inspection_id: access::SAMPLE_INSPECTION,
        organisation_id: access::SAMPLE_ORGANISATION,
        scheme_id: Uuid::from_u128(482).into(),
        evaluated_on: chrono::NaiveDate::default(),
        state,
        total_tenths: None,
        grade: String::new(),
        look_back: false,
        opinion: String::new(),
        prepared_by: Some(access::SAMPLE_SUBMITTER),
        confirmed_by: None,
        confirmed_on: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_learns_of_its_evaluation_only_when_it_is_confirmed() {
        let own = access::concerned(Role::OrganisationLiaison);
        assert!(!Evaluation::visible(&own).holds(&sample(State::Draft)));
        assert!(Evaluation::visible(&own).holds(&sample(State::Confirmed)));
        assert!(
            !Evaluation::visible(&access::stranger(Role::OrganisationLiaison))
                .holds(&sample(State::Confirmed))
        );
    }

    #[test]
    fn who_scored_does_not_confirm() {
        let mut officer = access::concerned(Role::OfficeDirector);
        assert!(sample(State::Draft).decide(&officer, Deed::Confirm).is_ok());
        officer.account = Some(access::SAMPLE_SUBMITTER);
        assert!(sample(State::Draft).decide(&officer, Deed::Confirm).is_err());
    }
}
