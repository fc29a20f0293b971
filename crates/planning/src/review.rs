//! How a plan becomes binding: prepared, submitted, approved or returned, never by one person alone.

use kit::{Actor, labelled};
use uuid::Uuid;

use crate::rights;

labelled! {
    /// Where a plan or list stands.
    pub enum State: "审批状态" {
        /// Being prepared; can be changed.
        Draft = "draft" => "起草", Grey;
        /// Waits for approval.
        Submitted = "submitted" => "待审批", Yellow;
        /// In force and frozen.
        Approved = "approved" => "已批准", Green;
        /// Sent back with an opinion.
        Returned = "returned" => "已退回", Red;
    }
}

labelled! {
    /// What can be done to a plan or list.
    pub enum Deed: "办理" {
        /// Change the draft.
        Edit = "edit" => "修改", Grey;
        /// Submit it for approval.
        Submit = "submit" => "提交审批", Grey;
        /// Approve it.
        Approve = "approve" => "批准", Grey;
        /// Send it back.
        Return = "return" => "退回", Grey;
        /// Take a returned one up again.
        Reopen = "reopen" => "重新修改", Grey;
    }
}

/// The transition table.
pub fn transition(state: State, deed: Deed) -> Option<State> {
    match (state, deed) {
        (State::Draft, Deed::Edit) | (State::Returned, Deed::Reopen) => Some(State::Draft),
        (State::Draft, Deed::Submit) => Some(State::Submitted),
        (State::Submitted, Deed::Approve) => Some(State::Approved),
        (State::Submitted, Deed::Return) => Some(State::Returned),
        _ => None,
    }
}

/// Whether `actor` may do `deed` to what `authors` prepared and submitted.
pub fn may(actor: &Actor, deed: Deed, authors: [Option<Uuid>; 2]) -> bool {
    match deed {
        Deed::Edit | Deed::Submit | Deed::Reopen => rights::keeps(actor),
        Deed::Approve | Deed::Return => {
            rights::approves(actor) && actor.account.is_some() && !authors.contains(&actor.account)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Labelled as _, Role};
    use proptest::prelude::*;

    #[test]
    fn what_is_approved_is_frozen() {
        assert!(Deed::ALL.iter().all(|&deed| transition(State::Approved, deed).is_none()));
    }

    #[test]
    fn who_prepared_or_submitted_a_plan_never_reviews_it() {
        let reviewer = rights::concerned(Role::LeadingGroup);
        let other = Some(Uuid::from_u128(9));
        for deed in [Deed::Approve, Deed::Return] {
            assert!(may(&reviewer, deed, [other, other]));
            assert!(!may(&reviewer, deed, [reviewer.account, other]));
            assert!(!may(&reviewer, deed, [other, reviewer.account]));
            assert!(!may(&Actor::program("导入"), deed, [other, other]));
        }
    }

    proptest! {
        #[test]
        fn approval_is_reached_only_through_submission(deeds in proptest::collection::vec(0usize..5, 0..30)) {
            let (mut state, mut submitted) = (State::Draft, false);
            for at in deeds {
                let deed = Deed::ALL[at];
                if let Some(after) = transition(state, deed) {
                    submitted = deed == Deed::Submit || (submitted && deed != Deed::Reopen);
                    state = after;
                }
                prop_assert!(state != State::Approved || submitted);
            }
        }
    }
}
