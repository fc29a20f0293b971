//! Accountability (问责) out of a unit's rectification, in aggregate: how many persons were dealt with in which way as of a
//! day, and what was recovered. No names: single cases are the discipline body's.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, Role};

use crate::access;

pub use service::service;
pub use store::{Model as Accountability, find};

/// Path segment of the noun.
pub const NOUN: &str = "accountabilities";

kit::id!(
    /// Identity of a report of accountability.
    AccountabilityId
);

/// Who sees the sums: those who read rectification, without the teams, whose work was over by then.
pub fn visible(actor: &Actor) -> Pred {
    actor.reach([
        (Role::CommitteeLeader, Pred::All),
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::OrganisationLiaison, actor.own_organisations(Role::OrganisationLiaison, "organisation_id")),
        (Role::Discipline, Pred::All),
        (Role::OrganisationDepartment, Pred::All),
    ])
}

/// Who enters them: the unit, the office, the discipline body.
pub(crate) fn may_keep(actor: &Actor, organisation: registry::organisations::OrganisationId) -> bool {
    access::keeps(actor, organisation) || actor.is(Role::Discipline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_organisation_sees_and_enters_nothing() {
        let other = access::stranger(Role::OrganisationLiaison);
        assert!(!may_keep(&other, access::SAMPLE_ORGANISATION));
        assert!(may_keep(&access::concerned(Role::OrganisationLiaison), access::SAMPLE_ORGANISATION));
        assert_eq!(visible(&access::concerned(Role::TeamHead)), Pred::Nothing);
    }
}
