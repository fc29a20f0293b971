//! Points raised in consultations (会商意见): text, owner, due day, and what was added because of it.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};
use uuid::Uuid;

pub use service::service;
pub use store::Model as ConsultationPoint;
pub use store::{ActiveModel, Column, Entity, find};

use crate::drafts;

/// Path segment of the noun.
pub const NOUN: &str = "consultation_points";

kit::id!(
    /// Identity of a point.
    ConsultationPointId
);

labelled! {
    /// Where a point stands.
    pub enum State: "落实状态" {
        /// The team works on it.
        Open = "open" => "待落实", Yellow;
        /// The team says what it added.
        Answered = "answered" => "已落实，待确认", Orange;
        /// The office has accepted it.
        Settled = "settled" => "已确认", Green;
    }
}

labelled! {
    /// What can be done to a point.
    pub enum Deed: "意见办理" {
        /// Change its words, owner or day.
        Edit = "edit" => "修改", Grey;
        /// Say what was added because of it.
        Answer = "answer" => "填写落实情况", Blue;
        /// Accept that.
        Settle = "settle" => "确认落实", Green;
        /// Find it not enough.
        Reopen = "reopen" => "退回继续落实", Orange;
    }
}

/// Whether `actor` may raise points about `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.is_office() || actor.is_for(Role::TeamHead, inspection)
}

impl Lifecycle for ConsultationPoint {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open, Deed::Edit) | (State::Answered | State::Settled, Deed::Reopen) => Some(State::Open),
            (State::Open, Deed::Answer) => Some(State::Answered),
            (State::Answered, Deed::Settle) => Some(State::Settled),
            _ => None,
        }
    }

    /// Who says what was added does not accept it.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit => may_create(actor, self.inspection_id),
            Deed::Answer => actor.in_team(self.inspection_id),
            Deed::Settle => {
                actor.is_office() && (self.answered_by.is_none() || self.answered_by != actor.account)
            }
            Deed::Reopen => actor.is_office(),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        drafts::scope(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::samples;

    #[test]
    fn the_team_answers_the_office_accepts_and_nobody_does_both() {
        let mut point = store::sample(State::Answered);
        let (office, team) = (samples::concerned(Role::OfficeLiaison), samples::concerned(Role::TeamMember));
        assert!(point.may(&team, Deed::Answer) && !point.may(&team, Deed::Settle));
        assert!(point.may(&office, Deed::Settle) && !point.may(&office, Deed::Answer));
        point.answered_by = office.account;
        assert!(!point.may(&office, Deed::Settle));
    }
}
