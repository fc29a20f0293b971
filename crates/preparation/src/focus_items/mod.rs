//! Points of focus (监督重点): what a team has to look at in a unit, whether it did, and what covers it.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

pub use service::service;
pub use store::{Model as FocusItem, find, of_list};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "focus_items";

kit::id!(
    /// Identity of a point.
    FocusItemId
);

labelled! {
    /// Whether a point was looked into.
    pub enum State: "覆盖情况" {
        /// Not yet.
        Open = "open" => "未覆盖", Yellow;
        /// Looked into.
        Covered = "covered" => "已覆盖", Green;
        /// Left out for a reason.
        LeftOut = "left_out" => "不作了解", Grey;
    }
}

labelled! {
    /// What can be done to a point.
    pub enum Deed: "监督重点办理" {
        /// Change its text.
        Edit = "edit" => "修改", Grey;
        /// Record what covers it.
        Cover = "cover" => "登记覆盖", Green;
        /// Leave it out.
        LeaveOut = "leave_out" => "不作了解", Grey;
        /// Look into it again.
        Reopen = "reopen" => "改为未覆盖", Orange;
    }
}

impl Lifecycle for FocusItem {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open, Deed::Edit) | (State::Covered | State::LeftOut, Deed::Reopen) => Some(State::Open),
            // What covers it may be completed or corrected.
            (State::Open | State::Covered, Deed::Cover) => Some(State::Covered),
            (State::Open, Deed::LeaveOut) => Some(State::LeftOut),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office() || actor.in_team(self.inspection_id)
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![shared::overseen(actor), shared::own_team(actor)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;

    #[test]
    fn only_the_own_team_and_the_office_record_what_covers_a_point() {
        let point = store::sample(State::Open);
        assert!(point.may(&samples::concerned(Role::TeamMember), Deed::Cover));
        assert!(!point.may(&samples::stranger(Role::TeamMember), Deed::Cover));
        assert!(!point.may(&samples::concerned(Role::LeadingGroup), Deed::Cover));
    }

    #[test]
    fn a_point_left_out_is_opened_before_it_is_covered() {
        assert!(FocusItem::transition(State::LeftOut, Deed::Cover).is_none());
        assert!(FocusItem::transition(State::LeftOut, Deed::Reopen).is_some());
    }
}
