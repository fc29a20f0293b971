//! Checks in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::{FromQueryResult, entity::prelude::*};

use super::{State, VerificationId, Way};
use crate::rechecks::RecheckId;

/// A check of one problem.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "verification")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VerificationId,
    /// Counts every change.
    pub version: i64,
    /// Why it is checked.
    pub way: Way,
    /// The drawing.
    pub recheck_id: Option<RecheckId>,
    /// The looking-back inspection; the problem's own when it was drawn.
    pub inspection_id: Uuid,
    /// The problem.
    pub problem_id: Uuid,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// What was found.
    pub state: State,
    /// When the check was set.
    pub made_on: NaiveDate,
    /// When it was checked.
    pub checked_on: Option<NaiveDate>,
    /// By whom.
    pub checked_by: Option<Uuid>,
    /// Name of that person.
    pub checker_name: String,
    /// How it was checked and what was found.
    pub text: String,
    /// When the problem was opened again.
    pub reopened_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The check, within what the actor may see.
pub async fn find(cx: &Cx, id: VerificationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A problem to be checked.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Inherited {
    pub(super) id: Uuid,
    pub(super) inspection_id: Uuid,
    pub(super) organisation_id: OrganisationId,
}

/// The problems that a looking-back inspection inherits and has no check of yet. The caller has found the inspection;
/// a team looks back at what another team found, so this is not limited to its own problems. A look-back of some of
/// the parent's organisations inherits theirs alone.
pub(super) async fn inherited(cx: &Cx, inspection: Uuid, parent: Uuid) -> Result<Vec<Inherited>> {
    let mut sql = Sql::new(
        "select p.id, p.inspection_id, p.organisation_id from problem p where p.fed_back_on is not null and p.inspection_id = ",
    );
    sql.bind(parent);
    sql.push(
        " and p.organisation_id in (select u.organisation_id from inspection_unit u where u.inspection_id = ",
    );
    sql.bind(inspection);
    sql.push(
        ") and not exists (select 1 from verification v where v.problem_id = p.id and v.inspection_id = ",
    );
    sql.bind(inspection).push(") order by p.number");
    cx.all(sql).await
}

/// Drawn problems.
pub(super) async fn drawn(cx: &Cx, problems: &[Uuid]) -> Result<Vec<Inherited>> {
    let mut sql = Sql::new("select p.id, p.inspection_id, p.organisation_id from problem p where p.id in ");
    sql.bind_list(problems.iter().copied()).push(" order by p.number");
    cx.all(sql).await
}

/// What the checks of an inspection have found so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Tally {
    /// All.
    pub checks: i64,
    /// Not checked yet.
    pub pending: i64,
    /// Hold.
    pub holds: i64,
    /// Opened again.
    pub reopened: i64,
}

/// The tally of an inspection, within what the actor may see.
pub async fn tally(cx: &Cx, inspection: Uuid) -> Result<Tally> {
    let mut sql = Sql::new(
        "select count(*) as checks, count(*) filter (where v.state = 'pending') as pending, \
         count(*) filter (where v.state = 'holds') as holds, \
         count(*) filter (where v.state = 'reopened') as reopened from verification v where v.inspection_id = ",
    );
    sql.bind(inspection).push(" and ");
    Model::scope(&cx.actor).write("v", &mut sql);
    Ok(cx.first(sql).await?.unwrap_or_default())
}
