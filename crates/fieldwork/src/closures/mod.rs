//! Closures (销号记录): one row for each time a problem was closed. A reopening ends the row and never
//! removes it, so the state as of any day can be told for ever after.

mod service;
mod store;

use chrono::NaiveDate;
use db::Sql;
use kit::{Actor, Pred, Result, Role, WriteCx};

pub use service::service;
pub use store::Model as Closure;
pub use store::{ActiveModel, Column, Entity, of_problem};

use crate::{
    dates,
    problems::{Problem, ProblemId},
};

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
    ])
}

/// Writes the closing of `problem` on the day `on`, which may not reach back into an earlier closing.
pub(crate) async fn open(cx: &mut WriteCx, problem: &Problem, on: NaiveDate, opinion: String) -> Result<()> {
    let earlier = store::of_problem(cx, problem.id).await?;
    let last = earlier.iter().filter_map(|closure| closure.reopened_on).max();
    dates::not_before("closed_on", "销号日期", on, last, "上次重开日期")?;
    let closure = Closure {
        id: ClosureId(cx.new_id()),
        version: 1,
        problem_id: problem.id,
        term_id: problem.term_id,
        organisation_id: problem.organisation_id,
        inspection_id: problem.inspection_id,
        closed_on: on,
        reopened_on: None,
        opinion,
        reason: String::new(),
        reviewer: cx.actor.account,
        reviewer_name: cx.actor.name.clone(),
    };
    cx.insert(closure).await
}

/// Ends the closing of a problem that holds now, if there is one, on the day `on`.
pub(crate) async fn end(cx: &mut WriteCx, problem: ProblemId, on: NaiveDate, reason: &str) -> Result<()> {
    let mut sql = Sql::new("update closure set version = version + 1, reopened_on = ");
    sql.bind(on).push(", reason = ").bind(reason).push(" where problem_id = ").bind(problem);
    sql.push(" and reopened_on is null");
    cx.execute(sql).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use kit::Labelled as _;

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
