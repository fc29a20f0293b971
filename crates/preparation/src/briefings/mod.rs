//! Briefing requests (巡前通报): one department asked about one organisation before it is inspected, the
//! reply item by item, its receipt by the team, and what became of it, told to the department in coded form.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};

pub use service::service;
pub use store::{Model as Briefing, asked, find};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "briefings";
/// Numbers of requests: `TB-2023-0007`.
pub const SERIES: Series = Series { prefix: "TB", table: "briefing" };

kit::id!(
    /// Identity of a request.
    BriefingId
);

labelled! {
    /// Where a request stands.
    pub enum State: "通报状态" {
        /// Sent, no reply yet.
        Asked = "asked" => "待回复", Yellow;
        /// The department has replied.
        Submitted = "submitted" => "已回复", Blue;
        /// Sent back because something is missing.
        Returned = "returned" => "退回补充", Orange;
        /// The team has signed for the reply.
        Received = "received" => "已签收", Blue;
        /// The department was told what became of every item.
        Concluded = "concluded" => "已反馈运用", Green;
        /// Taken back before a reply.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to a request.
    pub enum Deed: "通报办理" {
        /// Enter items of the reply.
        AddItems = "add_items" => "填报事项", Grey;
        /// Hand the reply in.
        Submit = "submit" => "提交回复", Blue;
        /// Sign for the reply.
        Receive = "receive" => "签收", Blue;
        /// Ask for more.
        ReturnForMore = "return_for_more" => "退回补充", Orange;
        /// Tell the department what became of its items.
        Conclude = "conclude" => "反馈运用情况", Green;
        /// Urge the department.
        Urge = "urge" => "催办", Grey;
        /// Take the request back.
        Withdraw = "withdraw" => "撤回", Red;
    }
}

impl State {
    /// States in which the department owes a reply.
    pub const OWED: [Self; 2] = [Self::Asked, Self::Returned];
}

impl Briefing {
    /// Whether the department no longer owes a reply.
    pub fn answered(&self) -> bool {
        !State::OWED.contains(&self.state)
    }

    /// Whether `actor` works on it from the inside.
    pub fn is_inside(&self, actor: &Actor) -> bool {
        actor.is_office() || actor.is(Role::LeadingGroup) || actor.in_team(self.inspection_id)
    }
}

impl Lifecycle for Briefing {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Asked | State::Returned, Deed::AddItems | Deed::Urge) => Some(state),
            (State::Asked | State::Returned, Deed::Submit) => Some(State::Submitted),
            (State::Submitted, Deed::Receive) => Some(State::Received),
            (State::Submitted, Deed::ReturnForMore) => Some(State::Returned),
            (State::Received, Deed::Conclude) => Some(State::Concluded),
            (State::Asked, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let team = actor.in_team(self.inspection_id);
        match deed {
            Deed::AddItems | Deed::Submit => shared::speaks_for(actor, self.department_id),
            Deed::Receive | Deed::Conclude => team || actor.is_office(),
            Deed::ReturnForMore => actor.is_for(Role::TeamHead, self.inspection_id) || actor.is_office(),
            Deed::Urge | Deed::Withdraw => actor.is_office(),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![
            shared::overseen(actor),
            shared::own_team(actor),
            shared::own_bodies(actor, "department_id"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn the_inspected_organisation_committee_districts_and_administrators_see_no_request() {
        for &role in Role::ALL {
            let hidden =
                matches!(role, Role::CommitteeLeader | Role::OrganisationLiaison | Role::DistrictOffice)
                    || role.is_administrator();
            assert_eq!(Briefing::visible(&samples::concerned(role)) == Pred::Nothing, hidden, "{role:?}");
        }
    }

    #[test]
    fn a_department_sees_and_answers_only_what_it_was_asked() {
        let request = store::sample(State::Asked);
        for role in shared::DEPARTMENTS {
            let (own, other) = (samples::concerned(role), samples::stranger(role));
            assert!(Briefing::visible(&own).holds(&request) && request.may(&own, Deed::Submit));
            assert!(!Briefing::visible(&other).holds(&request) && !request.may(&other, Deed::Submit));
            assert!(!request.may(&own, Deed::Conclude) && !request.may(&own, Deed::Receive));
        }
    }

    #[test]
    fn a_reply_that_was_signed_for_is_not_changed_any_more() {
        for deed in [Deed::AddItems, Deed::Submit, Deed::ReturnForMore, Deed::Withdraw] {
            assert!(Briefing::transition(State::Received, deed).is_none(), "{deed:?}");
        }
    }
}
