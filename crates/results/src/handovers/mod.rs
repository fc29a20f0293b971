//! Hand-overs of common problems (共性问题移交): problems of one field that occur in many places are
//! listed and handed to the department that supervises the field, which answers on the transfer.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::shared::{handed_to, is_another, read_once_out, settles, whole};

pub use service::service;
pub use store::Model as Handover;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "handovers";

kit::id!(
    /// Identity of a hand-over.
    HandoverId
);

labelled! {
    /// Where a hand-over stands; what the recipient does about it stands on its transfer.
    pub enum State: "移交状态" {
        /// The list is being put together.
        Drafted = "drafted" => "起草中", Grey;
        /// Approved, not yet handed over.
        Approved = "approved" => "已审定", Yellow;
        /// With the recipient.
        Handed = "handed" => "已移交", Blue;
        /// Given up before it was handed over.
        Discarded = "discarded" => "已作废", Grey;
    }
}

labelled! {
    /// What can be done to a hand-over.
    pub enum Deed: "办理事项" {
        /// Change the draft.
        Edit = "edit" => "修改", Grey;
        /// Put problems on the list.
        AddProblems = "add_problems" => "加入问题", Grey;
        /// Approve the list.
        Approve = "approve" => "审定", Grey;
        /// Back to the author.
        SendBack = "send_back" => "退回修改", Grey;
        /// Hand over.
        HandOver = "hand_over" => "移交", Grey;
        /// Give up.
        Discard = "discard" => "作废", Grey;
    }
}

/// Who puts lists together and hands them over.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}

impl Lifecycle for Handover {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted, Deed::Edit | Deed::AddProblems) | (State::Approved, Deed::SendBack) => {
                Some(State::Drafted)
            }
            (State::Drafted, Deed::Approve) => Some(State::Approved),
            (State::Approved, Deed::HandOver) => Some(State::Handed),
            (State::Drafted | State::Approved, Deed::Discard) => Some(State::Discarded),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Approve => settles(actor) && is_another(self.prepared_by, actor),
            Deed::SendBack => settles(actor) || may_keep(actor),
            Deed::Edit | Deed::AddProblems | Deed::HandOver | Deed::Discard => may_keep(actor),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![
            whole(actor),
            read_once_out(actor, "handed_on"),
            handed_to(actor, "recipient_id", "handed_on"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{concerned, stranger};
    use kit::Role;

    #[test]
    fn a_recipient_sees_its_list_only_once_it_is_handed_over() {
        let sees = |actor: &Actor, state| Handover::visible(actor).holds(&store::sample(state));
        let recipient = concerned(Role::FunctionalDepartment);
        assert!(!sees(&recipient, State::Approved));
        assert!(sees(&recipient, State::Handed));
        assert!(!sees(&stranger(Role::FunctionalDepartment), State::Handed));
        assert!(!sees(&concerned(Role::TeamHead), State::Handed));
    }

    #[test]
    fn a_list_is_put_together_only_while_it_is_a_draft() {
        assert_eq!(Handover::transition(State::Approved, Deed::AddProblems), None);
        assert_eq!(Handover::transition(State::Handed, Deed::Edit), None);
    }
}
