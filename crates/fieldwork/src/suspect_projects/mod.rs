//! Projects suspected of breaking law or rules (涉嫌违法违规项目), counted as projects and not as leads or
//! persons, and handed to the authority that can deal with them.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};
use uuid::Uuid;

pub use service::service;
pub use store::Model as SuspectProject;
pub use store::{ActiveModel, Column, Entity, find};

use crate::handing;
use kit::numbers::Series;

/// Path segment of the noun.
pub const NOUN: &str = "suspect_projects";
/// Numbers of suspect projects: `XM-2023-0007`.
pub const SERIES: Series = Series { prefix: "XM", table: "suspect_project" };

kit::id!(
    /// Identity of a suspect project.
    SuspectProjectId
);

labelled! {
    /// Where a suspect project stands; after the transfer the transfer's own state goes on.
    pub enum State: "项目状态" {
        /// Found, waiting for approval.
        Found = "found" => "待审批", Yellow;
        /// Sent back to be completed.
        Returned = "returned" => "退回修改", Orange;
        /// The transfer is approved.
        Approved = "approved" => "待移交", Blue;
        /// Handed over.
        Transferred = "transferred" => "已移交", Green;
        /// Taken back before the transfer.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to a suspect project.
    pub enum Deed: "项目办理" {
        /// Correct or complete it.
        Edit = "edit" => "修改", Grey;
        /// Approve the transfer.
        Approve = "approve" => "批准移交", Green;
        /// Send it back to be completed.
        Return = "return" => "退回修改", Orange;
        /// Hand it over.
        Transfer = "transfer" => "移交", Blue;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Red;
    }
}

impl SuspectProject {
    /// Whether `actor` is the person who wrote what is to be approved.
    fn prepared_by(&self, actor: &Actor) -> bool {
        self.prepared_by.is_some() && self.prepared_by == actor.account
    }
}

/// Whether `actor` may enter suspect projects of `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.is(Role::OfficeDirector) || actor.in_team(inspection)
}

impl Lifecycle for SuspectProject {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Found | State::Returned, Deed::Edit) => Some(State::Found),
            (State::Found, Deed::Approve) => Some(State::Approved),
            (State::Found | State::Approved, Deed::Return) => Some(State::Returned),
            (State::Approved, Deed::Transfer) => Some(State::Transferred),
            (State::Found | State::Returned | State::Approved, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Withdraw => may_create(actor, self.inspection_id),
            Deed::Approve | Deed::Return => actor.is(Role::LeadingGroup) && !self.prepared_by(actor),
            Deed::Transfer => actor.is(Role::OfficeDirector),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        actor.reach([
            (Role::CommitteeLeader, Pred::Present("transferred_on")),
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
            (Role::Discipline, handing::received(actor, Role::Discipline)),
            (Role::OrganisationDepartment, handing::received(actor, Role::OrganisationDepartment)),
            (Role::Audit, handing::received(actor, Role::Audit)),
            (Role::FunctionalDepartment, handing::received(actor, Role::FunctionalDepartment)),
            (Role::DistrictOffice, handing::received(actor, Role::DistrictOffice)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn an_inspected_organisation_sees_no_suspect_project_in_any_state() {
        assert_eq!(SuspectProject::visible(&samples::concerned(Role::OrganisationLiaison)), Pred::Nothing);
    }

    #[test]
    fn a_recipient_sees_a_project_only_once_it_was_handed_over() {
        let department = samples::concerned(Role::FunctionalDepartment);
        for &state in State::ALL {
            let sees = SuspectProject::visible(&department).holds(&store::sample(state));
            assert_eq!(sees, state == State::Transferred, "{state:?}");
        }
    }

    #[test]
    fn a_project_leaves_only_with_approval() {
        for &state in State::ALL {
            assert_eq!(SuspectProject::transition(state, Deed::Transfer).is_some(), state == State::Approved);
        }
    }
}
