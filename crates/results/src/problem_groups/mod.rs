//! Groups of like problems (共性问题归并): proposed by the likeness of their words and classes across organisations and
//! rounds, with the words they share as the explanation. A person confirms a group or dismisses it; a confirmed one
//! becomes a hand-over in one step.

pub mod actions;
pub mod propose;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::shared::whole;

pub use service::service;
pub use store::{Model as ProblemGroup, find};

/// Path segment of the noun.
pub const NOUN: &str = "problem_groups";

kit::id!(
    /// Identity of a group.
    ProblemGroupId
);

labelled! {
    /// Where a group stands.
    pub enum State: "归并状态" {
        /// Proposed by likeness.
        Proposed = "proposed" => "待确认", Yellow;
        /// Confirmed by a person.
        Confirmed = "confirmed" => "已确认", Blue;
        /// No common problem.
        Dismissed = "dismissed" => "不成立", Grey;
        /// On a list for hand-over.
        Listed = "listed" => "已列入移交", Green;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// It is a common problem.
        Confirm = "confirm" => "确认", Green;
        /// It is none.
        Dismiss = "dismiss" => "不成立", Grey;
        /// Take members out that do not belong.
        Exclude = "exclude" => "移出问题", Grey;
        /// Put it on a list for hand-over.
        HandOver = "hand_over" => "列入移交", Green;
    }
}

/// Who proposes and settles groups.
pub(crate) fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}

impl Lifecycle for ProblemGroup {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Proposed | State::Dismissed, Deed::Confirm) => Some(State::Confirmed),
            (State::Proposed | State::Confirmed, Deed::Dismiss) => Some(State::Dismissed),
            (State::Proposed | State::Confirmed, Deed::Exclude) => Some(state),
            (State::Confirmed, Deed::HandOver) => Some(State::Listed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        may_keep(actor)
    }

    fn visible(actor: &Actor) -> Pred {
        whole(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Labelled as _, Role};

    #[test]
    fn only_office_leading_group_and_committee_see_what_was_grouped() {
        for &role in Role::ALL {
            let expected = role.is_office() || matches!(role, Role::LeadingGroup | Role::CommitteeLeader);
            let sees = ProblemGroup::visible(&crate::samples::concerned(role)) == Pred::All;
            assert_eq!(sees, expected, "{role:?}");
        }
    }

    #[test]
    fn nothing_is_handed_over_that_no_person_confirmed() {
        for &state in State::ALL {
            let open = ProblemGroup::transition(state, Deed::HandOver).is_some();
            assert_eq!(open, state == State::Confirmed);
        }
    }
}
