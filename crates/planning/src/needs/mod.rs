//! What a team needs (点兵需求): for which duty, of which speciality, how many, from when to when; with everybody
//! in the pool ranked for it, and the reasons.

pub mod actions;
pub mod ranking;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::rights;

pub use service::service;
pub use store::{Asked, Entity, Model as Need, find, of_round, ranked};

/// Path segment of the noun.
pub const NOUN: &str = "team_needs";

kit::id!(
    /// Identity of a need.
    NeedId
);

labelled! {
    /// What somebody does in a team.
    pub enum Duty: "岗位" {
        /// Head.
        Head = "head" => "组长", Blue;
        /// Deputy head.
        Deputy = "deputy" => "副组长", Blue;
        /// Operations, letters and visits, drafting, archiving.
        Coordination = "coordination" => "综合协调岗", Grey;
        /// Interviews and checks outside.
        Interview = "interview" => "谈话外查岗", Grey;
        /// Finance and audit.
        Finance = "finance" => "财务审计岗", Grey;
        /// Party building and organisation.
        PartyBuilding = "party_building" => "党建组织岗", Grey;
    }
}

labelled! {
    /// Where a need stands.
    pub enum State: "办理情况" {
        /// The office prepares it.
        Draft = "draft" => "拟定", Grey;
        /// The organisation department works on it.
        Sent = "sent" => "已送组织部门", Yellow;
        /// Both sides agreed on the list.
        Settled = "settled" => "名单已确认", Green;
        /// Not needed any more.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to a need.
    pub enum Deed: "办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Send it to the organisation department.
        Send = "send" => "送组织部门", Grey;
        /// Nominate somebody for it.
        Nominate = "nominate" => "提名人选", Grey;
        /// Settle the list.
        Settle = "settle" => "确认名单", Grey;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Grey;
    }
}

/// The two sides that select together.
pub(crate) fn may_select(actor: &Actor) -> bool {
    actor.is_office() || actor.is(Role::OrganisationDepartment)
}

impl Lifecycle for Need {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft, Deed::Edit) => Some(State::Draft),
            (State::Draft, Deed::Send) | (State::Sent, Deed::Nominate) => Some(State::Sent),
            (State::Sent, Deed::Settle) => Some(State::Settled),
            (State::Draft | State::Sent, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Nominate => may_select(actor),
            Deed::Edit | Deed::Send | Deed::Settle | Deed::Withdraw => rights::keeps(actor),
        }
    }

    /// The office; the organisation department from the day it was sent.
    fn visible(actor: &Actor) -> Pred {
        if actor.is_office() || actor.is(Role::LeadingGroup) {
            return Pred::All;
        }
        if actor.is(Role::OrganisationDepartment) {
            return Pred::Present("sent_on");
        }
        Pred::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisation_department_sees_a_need_once_it_was_sent() {
        let department = rights::concerned(Role::OrganisationDepartment);
        let mut need = service::sample(State::Draft);
        assert!(!Need::visible(&department).holds(&need));
        need.sent_on = Some(rights::sample_day());
        assert!(Need::visible(&department).holds(&need));
    }

    #[test]
    fn only_the_office_settles_and_only_what_was_sent() {
        let office = rights::concerned(Role::OfficeLiaison);
        assert!(service::sample(State::Sent).decide(&office, Deed::Settle).is_ok());
        assert!(service::sample(State::Draft).decide(&office, Deed::Settle).is_err());
        let department = rights::concerned(Role::OrganisationDepartment);
        assert!(service::sample(State::Sent).decide(&department, Deed::Settle).is_err());
        assert!(service::sample(State::Sent).decide(&department, Deed::Nominate).is_ok());
    }
}
