//! Nominations (提名人选): who is put forward for a need by one side, and what the other side answers.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::needs;

pub use service::service;
pub use store::{Entity, Model as Nomination, agreed, find};

/// Path segment of the noun.
pub const NOUN: &str = "nominations";

kit::id!(
    /// Identity of a nomination.
    NominationId
);

labelled! {
    /// Which of the two sides nominated.
    pub enum Side: "提名方" {
        /// The inspection office.
        Office = "office" => "巡察办", Grey;
        /// The organisation department.
        Department = "department" => "组织部门", Blue;
    }
}

labelled! {
    /// Where a nomination stands.
    pub enum State: "答复情况" {
        /// The other side has still to answer.
        Proposed = "proposed" => "待对方答复", Yellow;
        /// Both sides agree.
        Agreed = "agreed" => "双方同意", Green;
        /// The other side does not agree.
        Declined = "declined" => "对方不同意", Grey;
        /// Taken back.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to a nomination.
    pub enum Deed: "办理" {
        /// Agree.
        Agree = "agree" => "同意", Grey;
        /// Do not agree.
        Decline = "decline" => "不同意", Grey;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Grey;
        /// Write to the home unit.
        Call = "call" => "拟发抽调函", Grey;
    }
}

/// The side somebody stands on; the office when somebody stands on both.
pub(crate) fn side_of(actor: &Actor) -> Side {
    if actor.is_office() { Side::Office } else { Side::Department }
}

fn is_of(actor: &Actor, side: Side) -> bool {
    match side {
        Side::Office => actor.is_office(),
        Side::Department => actor.is(Role::OrganisationDepartment),
    }
}

impl Lifecycle for Nomination {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Proposed, Deed::Agree) | (State::Agreed, Deed::Call) => Some(State::Agreed),
            (State::Proposed, Deed::Decline) => Some(State::Declined),
            (State::Proposed | State::Agreed, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    /// The other side answers, and never the person who nominated.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let other = match self.side {
            Side::Office => Side::Department,
            Side::Department => Side::Office,
        };
        match deed {
            Deed::Agree | Deed::Decline => {
                is_of(actor, other) && actor.account.is_some() && actor.account != self.nominated_by
            }
            Deed::Withdraw => is_of(actor, self.side),
            Deed::Call => actor.is_office(),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        if needs::may_select(actor) || actor.is(Role::LeadingGroup) { Pred::All } else { Pred::Nothing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rights;

    #[test]
    fn the_other_side_answers() {
        let (office, department) =
            (rights::concerned(Role::OfficeDirector), rights::concerned(Role::OrganisationDepartment));
        let mut nomination = service::sample(State::Proposed);
        nomination.side = Side::Office;
        assert!(nomination.decide(&office, Deed::Agree).is_err());
        assert!(nomination.decide(&department, Deed::Agree).is_ok());
        nomination.side = Side::Department;
        assert!(nomination.decide(&department, Deed::Decline).is_err());
        assert!(nomination.decide(&office, Deed::Decline).is_ok());
        nomination.nominated_by = office.account;
        assert!(nomination.decide(&office, Deed::Agree).is_err(), "not with the hand that nominated");
    }
}
