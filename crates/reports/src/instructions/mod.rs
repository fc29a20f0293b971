//! Instructions (批示) and tasks that a meeting decided, on a report or on anything else: who sees to each until when, and
//! what came of it.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled, numbers::Series};

use crate::rights;

pub use service::service;
pub use store::Model as Instruction;
pub use store::{ActiveModel, Column, Entity, find};

/// Path segment of the noun.
pub const NOUN: &str = "instructions";
/// Numbers of instructions: `PS-2023-0007`.
pub const SERIES: Series = Series { prefix: "PS", table: "instruction" };

kit::id!(
    /// Identity of an instruction.
    InstructionId
);

labelled! {
    /// Where an instruction stands.
    pub enum State: "批示状态" {
        /// Being carried out.
        Open = "open" => "办理中", Yellow;
        /// What was done is reported.
        Reported = "reported" => "已报告，待确认", Orange;
        /// Carried out.
        Done = "done" => "已办结", Green;
    }
}

labelled! {
    /// What can be done to an instruction.
    pub enum Deed: "批示办理" {
        /// Correct it.
        Edit = "edit" => "修改", Grey;
        /// Enter how far it is.
        Progress = "progress" => "登记进展", Blue;
        /// Report what was done.
        Report = "report" => "报告办理结果", Blue;
        /// Accept that.
        Finish = "finish" => "确认办结", Green;
        /// Find it not enough.
        Reopen = "reopen" => "退回继续办理", Orange;
    }
}

/// Who enters instructions: the office.
pub fn may_create(actor: &Actor) -> bool {
    actor.is_office()
}

impl Lifecycle for Instruction {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open, Deed::Edit | Deed::Progress) | (State::Reported | State::Done, Deed::Reopen) => {
                Some(State::Open)
            }
            (State::Open, Deed::Report) => Some(State::Reported),
            (State::Reported, Deed::Finish) => Some(State::Done),
            _ => None,
        }
    }

    /// Who reports does not confirm.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let reported = self.reported_by.is_some() && self.reported_by == actor.account;
        match deed {
            Deed::Finish | Deed::Reopen => may_create(actor) && !reported,
            _ => may_create(actor),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        rights::decisions(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;

    #[test]
    fn who_reports_what_was_done_does_not_confirm_it() {
        let office = samples::concerned(Role::OfficeLiaison);
        let mut instruction = store::sample(State::Reported);
        assert!(instruction.may(&office, Deed::Finish));
        instruction.reported_by = office.account;
        assert!(!instruction.may(&office, Deed::Finish));
    }

    #[test]
    fn the_inspected_organisation_and_the_team_know_of_no_instruction() {
        for role in [Role::OrganisationLiaison, Role::TeamHead, Role::Discipline] {
            assert_eq!(Instruction::visible(&samples::concerned(role)), Pred::Nothing, "{role:?}");
        }
    }
}
