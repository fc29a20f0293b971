//! Tasks of a team (任务): what a meeting decided, a list asks for or somebody thought of, with who does it and until when;
//! the columns of the team's board.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as Task;
pub use store::{board, find};

/// Path segment of the noun.
pub const NOUN: &str = "tasks";

kit::id!(
    /// Identity of a task.
    TaskId
);

labelled! {
    /// Where a task stands: the columns of the board.
    pub enum State: "任务状态" {
        /// Not begun.
        Todo = "todo" => "待办", Yellow;
        /// Under way.
        Doing = "doing" => "进行中", Blue;
        /// Done, to be confirmed by the head.
        Review = "review" => "待确认", Orange;
        /// Confirmed.
        Done = "done" => "已完成", Green;
        /// Not pursued any more.
        Dropped = "dropped" => "已取消", Grey;
    }
}

labelled! {
    /// Where a task comes from.
    pub enum Origin: "任务来源" {
        /// Somebody thought of it.
        Own = "own" => "组内安排", Grey;
        /// A meeting decided it.
        Meeting = "meeting" => "会议决定", Grey;
        /// A point of the focus checklist.
        Checklist = "checklist" => "监督重点清单", Grey;
        /// The list of talks.
        Talks = "talks" => "谈话安排", Grey;
        /// A petition.
        Petition = "petition" => "信访核实", Grey;
        /// The office asks for it.
        Office = "office" => "巡察办交办", Grey;
    }
}

labelled! {
    /// What can be done to a task.
    pub enum Deed: "任务办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Begin it.
        Start = "start" => "开始", Grey;
        /// Report it done.
        Submit = "submit" => "报告完成", Grey;
        /// Confirm it.
        Confirm = "confirm" => "确认完成", Grey;
        /// Send it back.
        Return = "return" => "退回", Grey;
        /// Drop it.
        Drop = "drop" => "取消", Grey;
    }
}

impl Task {
    fn assigned_to(&self, actor: &Actor) -> bool {
        self.assignee_id.is_some() && self.assignee_id == actor.account
    }
}

impl Lifecycle for Task {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Todo, Deed::Start) | (State::Review, Deed::Return) => Some(State::Doing),
            (State::Todo | State::Doing, Deed::Edit) => Some(state),
            (State::Todo | State::Doing, Deed::Submit) => Some(State::Review),
            (State::Review, Deed::Confirm) => Some(State::Done),
            (State::Todo | State::Doing, Deed::Drop) => Some(State::Dropped),
            _ => None,
        }
    }

    /// The team works, the head confirms.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let head = rights::leads(actor, self.inspection_id);
        match deed {
            Deed::Start | Deed::Submit => actor.in_team(self.inspection_id),
            Deed::Edit => head || self.assigned_to(actor) || actor.is_office(),
            Deed::Confirm | Deed::Return | Deed::Drop => head,
        }
    }

    fn visible(actor: &Actor) -> Pred {
        rights::papers(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Labelled as _, Role};
    use planning::samples;

    #[test]
    fn a_task_is_done_only_when_the_head_confirms_it() {
        for &state in State::ALL {
            for &deed in Deed::ALL {
                if Task::transition(state, deed) == Some(State::Done) {
                    assert_eq!((state, deed), (State::Review, Deed::Confirm));
                }
            }
        }
        let task = store::sample(State::Review);
        assert!(task.decide(&samples::concerned(Role::TeamHead), Deed::Confirm).is_ok());
        assert!(task.decide(&samples::concerned(Role::TeamMember), Deed::Confirm).is_err());
    }

    #[test]
    fn the_office_sees_the_board_and_the_inspected_organisation_does_not() {
        assert!(Task::visible(&samples::stranger(Role::OfficeLiaison)).holds(&store::sample(State::Todo)));
        assert_eq!(Task::visible(&samples::concerned(Role::OrganisationLiaison)), Pred::Nothing);
    }
}
