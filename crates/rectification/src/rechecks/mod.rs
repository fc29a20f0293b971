//! Random re-checks (随机抽查) of closed problems: the list of everything closed in a period is fixed with its digest, a
//! second person draws with a number that a witness names, and anybody can repeat the drawing from the record. What
//! was drawn becomes a check of its own.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, Role, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Recheck, find};

/// Path segment of the noun.
pub const NOUN: &str = "rechecks";

kit::id!(
    /// Identity of a drawing.
    RecheckId
);

labelled! {
    /// Where a drawing stands.
    pub enum State: "抽查状态" {
        /// The list is fixed.
        Listed = "listed" => "清单已固定", Yellow;
        /// Drawn; the checks have been made.
        Drawn = "drawn" => "已抽取", Green;
        /// Does not count.
        Voided = "voided" => "已作废", Grey;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Draw.
        Draw = "draw" => "抽取", Grey;
        /// Declare it void before it is drawn.
        Void = "void" => "作废", Red;
    }
}

impl Lifecycle for Recheck {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Listed, Deed::Draw) => Some(State::Drawn),
            // After the drawing nothing is voided, or somebody would draw until the lot pleases.
            (State::Listed, Deed::Void) => Some(State::Voided),
            _ => None,
        }
    }

    /// Who fixed the list does not draw from it.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Draw => access::reviews(actor, self.listed_by) && actor.account.is_some(),
            Deed::Void => actor.is(Role::OfficeDirector),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        access::watchers(actor)
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "随机抽查",
        transitions: lifecycle::transitions::<Recheck>,
        permissions: || lifecycle::permissions::<Recheck>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Recheck {
    let day = chrono::NaiveDate::default();
    Recheck {
        id: RecheckId(Uuid::from_u128(440)),
        version: 1,
        number: String::new(),
        title: String::new(),
        closed_from: day,
        closed_to: day,
        draws: 1,
        state,
        list: String::new(),
        list_digest: String::new(),
        nonce: String::new(),
        witness: String::new(),
        seed: String::new(),
        picked: String::new(),
        listed_by: Some(access::SAMPLE_SUBMITTER),
        listed_on: day,
        drawn_by: None,
        drawn_on: None,
        note: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fixed_the_list_does_not_draw_and_nothing_drawn_is_voided() {
        let mut officer = access::concerned(Role::OfficeDirector);
        assert!(sample(State::Listed).decide(&officer, Deed::Draw).is_ok());
        assert!(sample(State::Drawn).decide(&officer, Deed::Void).is_err());
        officer.account = Some(access::SAMPLE_SUBMITTER);
        assert!(sample(State::Listed).decide(&officer, Deed::Draw).is_err());
    }

    #[test]
    fn neither_organisation_nor_team_sees_what_will_be_checked() {
        for role in [Role::OrganisationLiaison, Role::TeamHead, Role::TeamMember, Role::FunctionalDepartment]
        {
            assert_eq!(Recheck::visible(&access::concerned(role)), Pred::Nothing, "{role:?}");
        }
    }
}
