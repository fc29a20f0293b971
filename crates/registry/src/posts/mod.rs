//! Posts (任职授权): what an account may do, where, from when to when, and on what basis.
//!
//! The system administrator proposes, the security administrator decides; nobody decides what he
//! proposed, nobody widens his own rights, and the three administrators hold nothing else. Team posts
//! come from the authorisation of the team and end with it (一轮一授权).

pub mod actions;
mod service;
mod store;
#[cfg(test)]
mod tests;

use kit::{Actor, Lifecycle, Pred, Refusal, Result, Role, labelled};

use crate::accounts::administrators_only;

pub use service::service;
pub use store::Model as PostRecord;
pub use store::{find, roles_of};

/// Path segment of the noun.
pub const NOUN: &str = "posts";

kit::id!(
    /// Identity of a post.
    PostId
);

labelled! {
    /// Where a post stands.
    pub enum State: "授权状态" {
        /// Waits for the security administrator.
        Proposed = "proposed" => "待批准", Yellow;
        /// In force on its days.
        Approved = "approved" => "已批准", Green;
        /// Not approved.
        Rejected = "rejected" => "未批准", Red;
        /// Taken back before it was decided.
        Withdrawn = "withdrawn" => "已撤回", Grey;
        /// Ended.
        Ended = "ended" => "已终止", Grey;
    }
}

labelled! {
    /// What can be done to a post.
    pub enum Deed: "授权办理" {
        /// Change the proposal.
        Edit = "edit" => "修改", Grey;
        /// Approve it.
        Approve = "approve" => "批准", Grey;
        /// Not approve it.
        Reject = "reject" => "不批准", Grey;
        /// Take the proposal back.
        Withdraw = "withdraw" => "撤回", Grey;
        /// End it at once.
        End = "end" => "终止", Grey;
    }
}

impl Lifecycle for PostRecord {
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

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let own = actor.account == Some(self.account_id.0);
        let proposer = actor.account.is_some() && actor.account == self.proposed_by;
        match deed {
            Deed::Edit | Deed::Withdraw => actor.is(Role::SystemAdministrator) && !own,
            Deed::Approve | Deed::Reject => {
                actor.is(Role::SecurityAdministrator) && actor.account.is_some() && !own && !proposer
            }
            Deed::End => actor.is_any(&[Role::SystemAdministrator, Role::SecurityAdministrator]),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        administrators_only(actor)
    }
}

/// Whether the role is held at an organisation.
pub fn needs_organisation(role: Role) -> bool {
    matches!(
        role,
        Role::OrganisationLiaison
            | Role::Discipline
            | Role::OrganisationDepartment
            | Role::Audit
            | Role::FunctionalDepartment
            | Role::DistrictOffice
    )
}

/// Refuses what must not be in one hand: two of the three administrators, or one of them and business.
///
/// # Errors
/// A refusal on the field `role`.
pub fn check_together(held: &[Role], new: Role) -> Result<()> {
    let apart = |role: &Role| *role != new && (role.is_administrator() || new.is_administrator());
    if held.iter().any(apart) {
        let sentence = "系统管理员、安全管理员、安全审计员必须由不同的人担任，且不得兼任业务岗位";
        return Err(Refusal::field("role", sentence).into());
    }
    Ok(())
}

#[cfg(test)]
mod rules {
    use kit::Labelled as _;
    use proptest::prelude::*;

    use super::*;

    fn role() -> impl Strategy<Value = Role> {
        proptest::sample::select(Role::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_step_by_step_never_mixes_administrators(wanted in proptest::collection::vec(role(), 1..6)) {
            let mut held: Vec<Role> = Vec::new();
            for role in wanted {
                if check_together(&held, role).is_ok() {
                    held.push(role);
                }
            }
            let administrators: Vec<&Role> = held.iter().filter(|role| role.is_administrator()).collect();
            prop_assert!(administrators.is_empty() || held.iter().all(|role| *role == held[0]));
        }
    }
}
