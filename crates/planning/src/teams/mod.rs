//! Teams (巡察组成员): who is appointed to the team of which inspection, from when to when.
//!
//! One authorisation for one inspection (一轮一授权): a place in a team is a post with an inspection; it
//! is proposed by the office, approved by somebody else, and ends by itself with its last day.

pub mod actions;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Cx, Lifecycle, Pred, Role, labelled};

use crate::rights;

pub use service::service;
pub(crate) use store::candidate_options;
pub use store::{Entity, Member, Model as TeamPost, find, members_on};

/// Path segment of the noun.
pub const NOUN: &str = "teams";

kit::id!(
    /// Identity of a place in a team, which is a post.
    TeamPostId
);

labelled! {
    /// What a member of a team is.
    pub enum TeamRole: "职责" {
        /// Head or deputy head.
        Head = "team_head" => "组长（副组长）", Grey;
        /// Member.
        Member = "team_member" => "组员", Grey;
    }
}

labelled! {
    /// Where a place in a team stands.
    pub enum State: "授权状态" {
        /// Waits for approval; opens nothing yet.
        Proposed = "proposed" => "待授权", Yellow;
        /// Holds from its first to its last day.
        Approved = "approved" => "已授权", Green;
        /// Was not approved.
        Rejected = "rejected" => "未同意", Grey;
        /// Was taken back before anybody decided.
        Withdrawn = "withdrawn" => "已撤回", Grey;
        /// Ended before its last day.
        Ended = "ended" => "已终止", Grey;
    }
}

labelled! {
    /// What can be done to a place in a team.
    pub enum Deed: "办理" {
        /// Change a proposal.
        Edit = "edit" => "修改", Grey;
        /// Approve it.
        Approve = "approve" => "授权", Grey;
        /// Refuse it.
        Reject = "reject" => "不同意", Grey;
        /// Take the proposal back.
        Withdraw = "withdraw" => "撤回", Grey;
        /// End it.
        End = "end" => "终止", Grey;
    }
}

impl Lifecycle for TeamPost {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Proposed, Deed::Edit) => Some(State::Proposed),
            (State::Proposed, Deed::Approve) => Some(State::Approved),
            (State::Proposed, Deed::Reject) => Some(State::Rejected),
            (State::Proposed, Deed::Withdraw) => Some(State::Withdrawn),
            (State::Approved, Deed::End) => Some(State::Ended),
            _ => None,
        }
    }

    /// Nobody approves his own proposal, nor his own appointment.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Withdraw | Deed::End => rights::keeps(actor),
            Deed::Approve | Deed::Reject => {
                actor.is_any(&[Role::LeadingGroup, Role::OfficeDirector])
                    && actor.account.is_some()
                    && actor.account != self.proposed_by
                    && actor.account != Some(self.account_id)
            }
        }
    }

    /// Whoever approves an authorisation sees whom it is for.
    fn visible(actor: &Actor) -> Pred {
        let all = actor.is_any(&[
            Role::CommitteeLeader,
            Role::OfficeDirector,
            Role::OfficeLiaison,
            Role::LeadingGroup,
            Role::OrganisationDepartment,
        ]);
        let own = [Role::TeamHead, Role::TeamMember].map(|role| actor.own_inspections(role)).to_vec();
        let scope = if all { Pred::All } else { Pred::any(own).and(Pred::is("state", State::Approved)) };
        Pred::one_of("role", <TeamRole as kit::Labelled>::ALL.iter().copied())
            .and(Pred::Present("inspection_id"))
            .and(scope)
    }
}

impl TeamPost {
    /// Whether the place is held on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.state == State::Approved && self.from_on <= day && self.to_on.is_none_or(|to| day <= to)
    }
}

/// The places held today, which is what a picker of people on a team offers.
pub fn held_today(cx: &Cx) -> Pred {
    let open = Pred::Or(vec![Pred::Absent("to_on"), Pred::AtLeast("to_on", cx.today().into())]);
    Pred::is("state", State::Approved).and(Pred::AtMost("from_on", cx.today().into())).and(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_approves_what_he_proposed_or_what_he_gains_by() {
        let director = rights::concerned(Role::OfficeDirector);
        let mut post = service::sample(State::Proposed);
        assert!(post.decide(&director, Deed::Approve).is_ok());
        post.proposed_by = director.account;
        assert!(post.decide(&director, Deed::Approve).is_err());
        post.proposed_by = None;
        post.account_id = director.account.unwrap();
        assert!(post.decide(&director, Deed::Approve).is_err());
        assert!(service::sample(State::Proposed).decide(&Actor::program("导入"), Deed::Approve).is_err());
    }

    #[test]
    fn an_office_liaison_proposes_but_does_not_approve() {
        let liaison = rights::concerned(Role::OfficeLiaison);
        assert!(service::sample(State::Proposed).decide(&liaison, Deed::Approve).is_err());
        assert!(service::sample(State::Approved).decide(&liaison, Deed::End).is_ok());
    }

    #[test]
    fn whoever_approves_authorisations_sees_the_people_proposed() {
        for role in [Role::CommitteeLeader, Role::LeadingGroup] {
            let leader = rights::concerned(role);
            assert!(rights::approves(&leader));
            assert!(TeamPost::visible(&leader).holds(&service::sample(State::Proposed)), "{role:?}");
        }
    }

    #[test]
    fn a_team_sees_its_own_approved_members_only() {
        let member = rights::concerned(Role::TeamMember);
        assert!(TeamPost::visible(&member).holds(&service::sample(State::Approved)));
        assert!(!TeamPost::visible(&member).holds(&service::sample(State::Proposed)));
        let other = rights::stranger(Role::TeamMember);
        assert!(!TeamPost::visible(&other).holds(&service::sample(State::Approved)));
        let organisation = rights::concerned(Role::OrganisationLiaison);
        assert_eq!(TeamPost::visible(&organisation), Pred::Nothing);
    }
}
