//! Requests for support (支援请求) between a team and the office: data, people, experts, coordination.
//! Each is accepted or declined with a reason, delivered, and confirmed by who asked.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};
use uuid::Uuid;

pub use service::service;
pub use store::{Model as SupportRequest, find};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "support_requests";
/// Numbers of requests: `ZY-2023-0007`.
pub const SERIES: Series = Series { prefix: "ZY", table: "support_request" };

kit::id!(
    /// Identity of a request.
    RequestId
);

labelled! {
    /// Who asks; the other side answers.
    pub enum Asker: "提出方" {
        /// A team asks the office.
        Team = "team" => "巡察组", Grey;
        /// The office asks a team.
        Office = "office" => "巡察办", Grey;
    }
}

labelled! {
    /// What is asked for.
    pub enum Kind: "支援类别" {
        /// Data of other bodies.
        Data = "data" => "数据查询", Grey;
        /// More people.
        People = "people" => "人员增派", Grey;
        /// Experts.
        Experts = "experts" => "专家支持", Grey;
        /// Coordination with other bodies.
        Coordination = "coordination" => "协调事项", Grey;
        /// Material.
        Material = "material" => "材料调阅", Grey;
    }
}

labelled! {
    /// Where a request stands.
    pub enum State: "支援状态" {
        /// Waits for an answer.
        Asked = "asked" => "待答复", Yellow;
        /// Will be done.
        Accepted = "accepted" => "办理中", Blue;
        /// Will not be done.
        Declined = "declined" => "不予支持", Red;
        /// Done, in the eyes of who did it.
        Delivered = "delivered" => "待确认", Orange;
        /// Done, in the eyes of who asked.
        Confirmed = "confirmed" => "已办结", Green;
        /// Taken back.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to a request.
    pub enum Deed: "支援办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Promise it.
        Accept = "accept" => "同意办理", Blue;
        /// Refuse it.
        Decline = "decline" => "不予支持", Red;
        /// Say that it is done.
        Deliver = "deliver" => "反馈办理情况", Blue;
        /// Agree that it is done.
        Confirm = "confirm" => "确认办结", Green;
        /// Disagree.
        Return = "return" => "退回续办", Orange;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Grey;
    }
}

impl SupportRequest {
    /// Whether `actor` is of the side that asked.
    pub fn asks(&self, actor: &Actor) -> bool {
        is_of(self.asker, actor, self.inspection_id)
    }

    /// Whether `actor` is of the side that answers.
    pub fn answers(&self, actor: &Actor) -> bool {
        match self.asker {
            Asker::Team => actor.is_office(),
            Asker::Office => actor.is_for(Role::TeamHead, self.inspection_id),
        }
    }

    /// Whether nothing is owed any more.
    pub fn settled(&self) -> bool {
        matches!(self.state, State::Confirmed | State::Declined | State::Withdrawn)
    }
}

/// Whether `actor` may ask as `asker` in `inspection`.
pub fn is_of(asker: Asker, actor: &Actor, inspection: Uuid) -> bool {
    match asker {
        Asker::Team => actor.in_team(inspection),
        Asker::Office => actor.is_office(),
    }
}

impl Lifecycle for SupportRequest {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Asked, Deed::Edit) => Some(State::Asked),
            (State::Asked, Deed::Accept) | (State::Delivered, Deed::Return) => Some(State::Accepted),
            (State::Asked, Deed::Decline) => Some(State::Declined),
            (State::Accepted, Deed::Deliver) => Some(State::Delivered),
            (State::Delivered, Deed::Confirm) => Some(State::Confirmed),
            (State::Asked | State::Accepted, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Confirm | Deed::Return | Deed::Withdraw => self.asks(actor),
            Deed::Accept | Deed::Decline | Deed::Deliver => self.answers(actor),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![shared::overseen(actor), shared::own_team(actor)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn who_asks_does_not_answer_and_who_answers_does_not_confirm() {
        let request = store::sample(State::Asked);
        let (member, office) =
            (samples::concerned(Role::TeamMember), samples::concerned(Role::OfficeLiaison));
        assert!(!request.may(&member, Deed::Accept) && request.may(&office, Deed::Accept));
        assert!(request.may(&member, Deed::Confirm) && !request.may(&office, Deed::Confirm));
    }

    #[test]
    fn another_team_neither_sees_nor_answers() {
        for role in [Role::TeamHead, Role::TeamMember] {
            let stranger = samples::stranger(role);
            assert!(!SupportRequest::visible(&stranger).holds(&store::sample(State::Asked)));
        }
    }

    #[test]
    fn every_request_ends_confirmed_declined_or_withdrawn() {
        for &state in State::ALL {
            let ends = Deed::ALL.iter().all(|&deed| SupportRequest::transition(state, deed).is_none());
            let settled = matches!(state, State::Confirmed | State::Declined | State::Withdrawn);
            assert_eq!(ends, settled, "{state:?}");
        }
    }
}
