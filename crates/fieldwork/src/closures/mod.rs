//! Closures (销号记录): one row for each time a problem was closed. A reopening ends the row and never
//! removes it, so the state as of any day can be told for ever after.

pub(crate) mod actions;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Pred, Role};

pub use service::service;
pub use store::Model as Closure;
pub use store::{ActiveModel, Column, Entity, of_problem};

/// Path segment of the noun.
pub const NOUN: &str = "closures";

kit::id!(
    /// Identity of a closure.
    ClosureId
);

impl Closure {
    /// Whether the closing held in the evening of `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.closed_on <= day && self.reopened_on.is_none_or(|reopened| day < reopened)
    }
}

/// Whether a problem with these closures was closed in the evening of `day`.
pub fn closed_on(closures: &[Closure], day: NaiveDate) -> bool {
    closures.iter().any(|closure| closure.holds_on(day))
}

/// A closure exists only of what was fed back, so who sees all such problems sees all closures.
pub fn visible(actor: &Actor) -> Pred {
    actor.reach([
        (Role::CommitteeLeader, Pred::All),
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
        (Role::OrganisationLiaison, actor.own_organisations(Role::OrganisationLiaison, "organisation_id")),
        (Role::Discipline, Pred::All),
        (Role::OrganisationDepartment, Pred::All),
        (Role::DistrictOffice, actor.own_inspections(Role::DistrictOffice)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn a_closing_taken_back_on_its_own_day_never_counted() {
        let day = samples::day();
        let mut closure = store::sample(day);
        assert!(closure.holds_on(day));
        closure.reopened_on = Some(day);
        assert!(!closure.holds_on(day));
    }

    #[test]
    fn the_three_administrators_see_no_closure() {
        for &role in Role::ALL.iter().filter(|role| role.is_administrator()) {
            assert_eq!(visible(&samples::concerned(role)), Pred::Nothing);
        }
    }

    #[test]
    fn a_unit_sees_the_closures_of_its_own_problems_only() {
        let closure = store::sample(samples::day());
        assert!(visible(&samples::concerned(Role::OrganisationLiaison)).holds(&closure));
        assert!(!visible(&samples::stranger(Role::OrganisationLiaison)).holds(&closure));
    }
}
