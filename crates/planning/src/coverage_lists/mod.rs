//! Full-coverage lists (全覆盖任务清单): which organisations a term has to inspect, in approved editions.
//!
//! An approved edition is frozen; what changes later goes into the next edition, which begins as a
//! copy. The coverage rate is counted against the edition that was in force on the day.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::{review, rights};

pub use service::service;
pub use store::{Entity, Model as CoverageList, find, in_force};

/// Path segment of the noun.
pub const NOUN: &str = "coverage_lists";

kit::id!(
    /// Identity of an edition of a term's list.
    CoverageListId
);

labelled! {
    /// What can be done to a list.
    pub enum Deed: "办理" {
        /// Change basis and note.
        Edit = "edit" => "修改", Grey;
        /// Put organisations on it.
        AddItems = "add_items" => "列入单位", Grey;
        /// Submit it for approval.
        Submit = "submit" => "提交审批", Grey;
        /// Approve it.
        Approve = "approve" => "批准", Grey;
        /// Send it back.
        Return = "return" => "退回", Grey;
        /// Take a returned one up again.
        Reopen = "reopen" => "重新修改", Grey;
        /// Begin the next edition from an approved one.
        Renew = "renew" => "调整清单（新版）", Grey;
    }
}

impl Deed {
    /// The step of review this deed is; none for the beginning of another edition.
    fn step(self) -> Option<review::Deed> {
        match self {
            Self::Edit | Self::AddItems => Some(review::Deed::Edit),
            Self::Submit => Some(review::Deed::Submit),
            Self::Approve => Some(review::Deed::Approve),
            Self::Return => Some(review::Deed::Return),
            Self::Reopen => Some(review::Deed::Reopen),
            Self::Renew => None,
        }
    }
}

impl Lifecycle for CoverageList {
    type State = review::State;
    type Deed = Deed;

    fn state(&self) -> review::State {
        self.state
    }

    fn transition(state: review::State, deed: Deed) -> Option<review::State> {
        match deed.step() {
            Some(step) => review::transition(state, step),
            None => (state == review::State::Approved).then_some(state),
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed.step() {
            Some(step) => review::may(actor, step, [self.prepared_by, self.submitted_by]),
            None => rights::keeps(actor),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        rights::overseen(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use review::State;

    #[test]
    fn an_approved_list_can_only_be_followed_by_a_new_edition() {
        let possible: Vec<Deed> = kit::Labelled::ALL
            .iter()
            .copied()
            .filter(|&deed| CoverageList::transition(State::Approved, deed).is_some())
            .collect();
        assert_eq!(possible, [Deed::Renew]);
    }

    #[test]
    fn organisations_are_put_on_a_list_only_while_it_is_a_draft() {
        for &state in <State as kit::Labelled>::ALL {
            assert_eq!(CoverageList::transition(state, Deed::AddItems).is_some(), state == State::Draft);
        }
    }
}
