//! Instructions (批示) that a leader wrote on a report of rectification, with what has to follow, until somebody
//! else than who answered finds it done.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Instruction, find};

/// Path segment of the noun.
pub const NOUN: &str = "rect_instructions";

kit::id!(
    /// Identity of an instruction.
    InstructionId
);

labelled! {
    /// Where an instruction stands.
    pub enum State: "落实情况" {
        /// To be carried out.
        Open = "open" => "待落实", Yellow;
        /// The organisation has said what it did.
        Answered = "answered" => "已报结果", Blue;
        /// Found done.
        Closed = "closed" => "已办结", Green;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Say what was done.
        Answer = "answer" => "报告结果", Grey;
        /// Find it done.
        Close = "close" => "办结", Green;
        /// Find it not done.
        Return = "return" => "退回", Red;
    }
}

impl Lifecycle for Instruction {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open, Deed::Answer) => Some(State::Answered),
            (State::Answered, Deed::Close) => Some(State::Closed),
            (State::Answered, Deed::Return) => Some(State::Open),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Answer => access::keeps(actor, self.organisation_id),
            Deed::Close | Deed::Return => access::reviews(actor, self.answered_by),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        access::readers_of_instructions(actor)
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "整改批示",
        transitions: lifecycle::transitions::<Instruction>,
        permissions: || lifecycle::permissions::<Instruction>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Instruction {
    Instruction {
        id: InstructionId(Uuid::from_u128(420)),
        version: 1,
        report_id: Uuid::from_u128(421).into(),
        inspection_id: access::SAMPLE_INSPECTION,
        organisation_id: access::SAMPLE_ORGANISATION,
        leader_name: String::new(),
        given_on: chrono::NaiveDate::default(),
        text: String::new(),
        task: String::new(),
        state,
        due_on: chrono::NaiveDate::default(),
        due_basis: String::new(),
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
    use kit::Role;

    #[test]
    fn who_answered_an_instruction_does_not_close_it() {
        let mut officer = access::concerned(Role::OfficeDirector);
        assert!(sample(State::Answered).decide(&officer, Deed::Close).is_ok());
        officer.account = Some(access::SAMPLE_SUBMITTER);
        assert!(sample(State::Answered).decide(&officer, Deed::Close).is_err());
        let liaison = access::concerned(Role::OrganisationLiaison);
        assert!(sample(State::Answered).decide(&liaison, Deed::Close).is_err());
        assert!(sample(State::Open).decide(&liaison, Deed::Answer).is_ok());
        assert!(
            sample(State::Open).decide(&access::stranger(Role::OrganisationLiaison), Deed::Answer).is_err()
        );
    }
}
