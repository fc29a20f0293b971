//! Letters of urging (督办提醒): what of a unit's rectification is overdue on a day, put together by the program, worded
//! and sent by the office, answered by the unit. Kept as it was sent; the overdue itself is never stored elsewhere.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, Role, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Urging, find};

/// Path segment of the noun.
pub const NOUN: &str = "rect_urgings";

kit::id!(
    /// Identity of a letter.
    UrgingId
);

labelled! {
    /// How strongly.
    pub enum Kind: "种类" {
        /// A reminder.
        Remind = "remind" => "提醒函", Yellow;
        /// An urging.
        Urge = "urge" => "督办函", Orange;
    }
}

labelled! {
    /// Where a letter stands.
    pub enum State: "办理状态" {
        /// Being written.
        Draft = "draft" => "拟稿", Grey;
        /// Sent to the unit.
        Sent = "sent" => "已发出", Yellow;
        /// Answered.
        Answered = "answered" => "已回复", Blue;
        /// Settled.
        Closed = "closed" => "已办结", Green;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Change kind and words.
        Edit = "edit" => "修改", Grey;
        /// Send it.
        Send = "send" => "发出", Grey;
        /// Answer it.
        Answer = "answer" => "回复", Grey;
        /// Find it settled.
        Close = "close" => "办结", Green;
        /// Find the answer not enough.
        Return = "return" => "退回", Red;
    }
}

impl Lifecycle for Urging {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft, Deed::Edit) => Some(State::Draft),
            (State::Draft, Deed::Send) | (State::Answered, Deed::Return) => Some(State::Sent),
            (State::Sent, Deed::Answer) => Some(State::Answered),
            (State::Answered, Deed::Close) => Some(State::Closed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Send => actor.is_office(),
            Deed::Answer => access::is_liaison_of(actor, self.organisation_id),
            Deed::Close | Deed::Return => access::reviews(actor, self.answered_by),
        }
    }

    /// The unit sees a letter once it was sent.
    fn visible(actor: &Actor) -> Pred {
        let sent = || Pred::Present("sent_on");
        Pred::any(vec![
            actor.reach([
                (Role::CommitteeLeader, sent()),
                (Role::LeadingGroup, Pred::All),
                (Role::OfficeDirector, Pred::All),
                (Role::OfficeLiaison, Pred::All),
                (Role::Discipline, sent()),
                (Role::OrganisationDepartment, sent()),
            ]),
            actor.own_organisations(Role::OrganisationLiaison, "organisation_id").and(sent()),
        ])
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "督办提醒",
        transitions: lifecycle::transitions::<Urging>,
        permissions: || lifecycle::permissions::<Urging>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Urging {
    let day = chrono::NaiveDate::default();
    Urging {
        id: UrgingId(Uuid::from_u128(430)),
        version: 1,
        number: String::new(),
        kind: Kind::Remind,
        unit_id: Uuid::from_u128(431),
        inspection_id: access::SAMPLE_INSPECTION,
        organisation_id: access::SAMPLE_ORGANISATION,
        items: String::new(),
        demand: String::new(),
        state,
        due_on: day,
        due_basis: String::new(),
        prepared_by: None,
        sent_on: (state != State::Draft).then_some(day),
        answer: String::new(),
        answered_on: None,
        answered_by: Some(access::SAMPLE_SUBMITTER),
        opinion: String::new(),
        closed_on: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_does_not_know_of_a_letter_that_was_not_sent() {
        let liaison = access::concerned(Role::OrganisationLiaison);
        assert!(!Urging::visible(&liaison).holds(&sample(State::Draft)));
        assert!(Urging::visible(&liaison).holds(&sample(State::Sent)));
        assert!(!Urging::visible(&access::stranger(Role::OrganisationLiaison)).holds(&sample(State::Sent)));
    }
}
