//! Working drafts (问题底稿): one matter, one draft. Officers write down what was found and sign, a
//! reviewer signs, the head signs; only then a draft has its official number and may become a problem.

pub mod actions;
pub mod completeness;
pub mod content;
mod forms;
mod numbering;
mod panels;
mod prefill;
pub mod proofs;
mod service;
pub mod sheet;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};
use uuid::Uuid;

pub use service::service;
pub use store::Model as Draft;
pub use store::{ActiveModel, Column, Entity, Officer, Signature, find, officers, signatures};

/// Path segment of the noun.
pub const NOUN: &str = "drafts";
/// Numbers every draft has from its first saving: `YB-2023-0007`. The official one comes with the approval.
pub const SERIES: Series = Series { prefix: "YB", table: "draft" };

kit::id!(
    /// Identity of a draft.
    DraftId
);

labelled! {
    /// Where a draft stands (domain.md 13.3; the approval has its three ordered steps as states).
    pub enum State: "底稿状态" {
        /// Saved with a pre-number; the author works on it.
        PreNumbered = "pre_numbered" => "起草中", Grey;
        /// The other officers sign, one after the other.
        Signing = "signing" => "待会签", Yellow;
        /// The deputy head or reviewer signs next.
        Review = "review" => "待审核", Yellow;
        /// The head signs next.
        Approval = "approval" => "待审批", Orange;
        /// Approved, officially numbered.
        Approved = "approved" => "已审批", Green;
        /// Sent back to the author; all signatures have ended.
        Returned = "returned" => "退回修改", Red;
        /// A problem rests on it.
        Used = "used" => "已形成问题", Green;
        /// Not followed up.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to a draft.
    pub enum Deed: "底稿办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Sign it as its author and hand it on.
        Submit = "submit" => "签名并提交", Blue;
        /// Sign it as another officer; after the last one it goes to the review.
        CoSign = "co_sign" => "承办人会签", Blue;
        /// Sign it as reviewer.
        Review = "review" => "审核签名", Blue;
        /// Sign it as head; it gets its official number.
        Approve = "approve" => "审批签名", Green;
        /// Send it back to its author.
        Return = "return" => "退回修改", Orange;
        /// Make a problem of it.
        MakeProblem = "make_problem" => "形成问题", Blue;
        /// Let a problem that exists rest on it too.
        JoinProblem = "join_problem" => "并入已有问题", Blue;
        /// Add the signed scan and other files.
        Attach = "attach" => "上传签字件", Grey;
        /// Follow it up no further.
        Withdraw = "withdraw" => "撤回", Red;
    }
}

labelled! {
    /// The three ordered signatures.
    pub enum Step: "签名环节" {
        /// An officer who handled the matter.
        Officer = "officer" => "承办人", Grey;
        /// The deputy head or reviewer.
        Reviewer = "reviewer" => "审核人（副组长）", Grey;
        /// The head.
        Head = "head" => "组长", Grey;
    }
}

impl Draft {
    /// Whether `actor` wrote it.
    pub fn is_author(&self, actor: &Actor) -> bool {
        self.author_id.is_some() && self.author_id == actor.account
    }

    /// Whether the next signature is asked of `actor` by name.
    fn is_asked(&self, actor: &Actor) -> bool {
        self.next_signer_id.is_some() && self.next_signer_id == actor.account
    }

    /// Whether `actor` signed as reviewer.
    fn reviewed_by(&self, actor: &Actor) -> bool {
        self.reviewer_id.is_some() && self.reviewer_id == actor.account
    }

    /// Whether `actor` heads the team, without having part in the draft as author.
    fn is_free_head(&self, actor: &Actor) -> bool {
        actor.account.is_some() && actor.is_for(Role::TeamHead, self.inspection_id) && !self.is_author(actor)
    }

    /// The official number, or the pre-number while there is none.
    pub fn called(&self) -> &str {
        self.official_number.as_deref().unwrap_or(&self.number)
    }
}

/// Whether `actor` may write drafts in `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.account.is_some() && actor.in_team(inspection)
}

/// Who sees what belongs to drafts, by the inspection: the team, the office, the leading group.
pub(crate) fn scope(actor: &Actor) -> Pred {
    actor.reach([
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
    ])
}

impl Lifecycle for Draft {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::PreNumbered | State::Returned, Deed::Edit) => Some(state),
            (State::PreNumbered | State::Returned, Deed::Submit) => Some(State::Signing),
            // It stays with the officers until the last of them has signed.
            (State::Signing, Deed::CoSign) => Some(State::Review),
            (State::Review, Deed::Review) => Some(State::Approval),
            (State::Approval, Deed::Approve) => Some(State::Approved),
            (State::Signing | State::Review | State::Approval, Deed::Return) => Some(State::Returned),
            (State::Approved, Deed::MakeProblem | Deed::JoinProblem) => Some(State::Used),
            (State::PreNumbered | State::Returned | State::Approved, Deed::Withdraw) => {
                Some(State::Withdrawn)
            }
            (State::Withdrawn, _) => None,
            (state, Deed::Attach) => Some(state),
            _ => None,
        }
    }

    /// Nobody signs twice: the author is neither reviewer nor head, the reviewer is not the head. That no
    /// other officer is either is checked against their list when the deed is done.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Submit => self.is_author(actor),
            Deed::CoSign => self.is_asked(actor) && actor.in_team(self.inspection_id),
            Deed::Review if self.next_signer_id.is_some() => {
                self.is_asked(actor) && actor.in_team(self.inspection_id) && !self.is_author(actor)
            }
            Deed::Review => self.is_free_head(actor),
            Deed::Approve => self.is_free_head(actor) && !self.reviewed_by(actor),
            Deed::Return => {
                self.is_free_head(actor) || (self.is_asked(actor) && actor.in_team(self.inspection_id))
            }
            Deed::MakeProblem | Deed::JoinProblem | Deed::Attach => actor.in_team(self.inspection_id),
            Deed::Withdraw => {
                self.is_author(actor) && self.state != State::Approved
                    || actor.is_for(Role::TeamHead, self.inspection_id)
            }
        }
    }

    fn visible(actor: &Actor) -> Pred {
        scope(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;
    use proptest::prelude::*;

    #[test]
    fn a_problem_is_made_only_of_an_approved_draft() {
        for &state in State::ALL {
            for deed in [Deed::MakeProblem, Deed::JoinProblem] {
                assert_eq!(Draft::transition(state, deed).is_some(), state == State::Approved, "{state:?}");
            }
        }
    }

    #[test]
    fn who_wrote_or_reviewed_a_draft_does_not_approve_it() {
        let head = samples::concerned(Role::TeamHead);
        let mut draft = store::sample(State::Approval);
        assert!(draft.may(&head, Deed::Approve));
        draft.reviewer_id = head.account;
        assert!(!draft.may(&head, Deed::Approve));
        draft.reviewer_id = None;
        draft.author_id = head.account;
        assert!(!draft.may(&head, Deed::Approve) && !draft.may(&head, Deed::Review));
    }

    #[test]
    fn only_the_author_changes_a_draft_and_only_before_it_is_submitted() {
        let mut draft = store::sample(State::PreNumbered);
        let member = samples::concerned(Role::TeamMember);
        assert!(!draft.may(&member, Deed::Edit));
        draft.author_id = member.account;
        assert!(draft.may(&member, Deed::Edit));
        let editable = |state: &State| Draft::transition(*state, Deed::Edit).is_some();
        let open: Vec<State> = State::ALL.iter().copied().filter(editable).collect();
        assert_eq!(open, [State::PreNumbered, State::Returned]);
    }

    #[test]
    fn the_unit_and_the_departments_see_no_draft_in_any_state() {
        for role in [
            Role::CommitteeLeader,
            Role::OrganisationLiaison,
            Role::Discipline,
            Role::OrganisationDepartment,
            Role::Audit,
            Role::FunctionalDepartment,
            Role::DistrictOffice,
            Role::SystemAdministrator,
            Role::SecurityAdministrator,
            Role::SecurityAuditor,
        ] {
            assert_eq!(Draft::visible(&samples::concerned(role)), Pred::Nothing, "{role:?}");
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_deeds_reaches_the_approval_without_review_and_head(
            deeds in proptest::collection::vec(0..Deed::ALL.len(), 1..60),
        ) {
            let (mut state, mut signed) = (State::PreNumbered, Vec::new());
            for at in deeds {
                let deed = Deed::ALL[at];
                let Some(next) = Draft::transition(state, deed) else { continue };
                match deed {
                    Deed::Submit | Deed::Return => signed.clear(),
                    Deed::CoSign | Deed::Review | Deed::Approve => signed.push(deed),
                    _ => {}
                }
                state = next;
                if matches!(state, State::Approved | State::Used) {
                    prop_assert_eq!(&signed, &[Deed::CoSign, Deed::Review, Deed::Approve]);
                }
            }
        }
    }
}
