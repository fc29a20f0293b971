//! Reports in the database, and how a unit's measures stood at the end of a day.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::{FromQueryResult, entity::prelude::*};

use super::{Kind, ReportId, State};
use crate::rect_plans::RectPlanId;

/// A report on rectification.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rect_report")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportId,
    /// Counts every change.
    pub version: i64,
    /// Number of the plan, letters of the kind, and the month of a monthly one.
    pub number: String,
    /// What is reported.
    pub kind: Kind,
    /// The plan.
    pub plan_id: Option<RectPlanId>,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The organisation that rectifies.
    pub organisation_id: OrganisationId,
    /// First day of the month, of monthly reports.
    pub month: Option<NaiveDate>,
    /// What it says.
    pub text: String,
    /// When the meeting was held, of a democratic-life meeting.
    pub held_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// Last day for handing it in.
    pub due_on: NaiveDate,
    /// What that day rests on.
    pub due_basis: String,
    /// When it was handed in last.
    pub submitted_on: Option<NaiveDate>,
    /// Who handed it in last.
    pub submitted_by: Option<Uuid>,
    /// When it was reviewed last.
    pub reviewed_on: Option<NaiveDate>,
    /// Who reviewed it last.
    pub reviewed_by: Option<Uuid>,
    /// Opinion of the review.
    pub opinion: String,
    /// The leader in charge who was told.
    pub leader_name: String,
    /// When.
    pub told_on: Option<NaiveDate>,
    /// How, and by which proof.
    pub told_how: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The report, within what the actor may see.
pub async fn find(cx: &Cx, id: ReportId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The reports of a unit that the caller has already found, whoever asks: none is made twice.
pub(super) async fn of_unit(cx: &Cx, unit: Uuid) -> Result<Vec<Model>> {
    kit::store::all::<Entity>(cx, &Pred::is("unit_id", unit)).await
}

/// How the measures of a unit stood in the evening of a day. Read off dated entries, so that a report of the past
/// shows the same again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Standing {
    /// Problems fed back.
    pub problems: i64,
    /// Of these closed, and not opened again by then.
    pub closed_problems: i64,
    /// Measures.
    pub measures: i64,
    /// Of these begun.
    pub begun: i64,
    /// Of these found done.
    pub closed: i64,
    /// Of these kept up for good.
    pub long_term: i64,
    /// Due by then and not found done; long-term ones are never overdue.
    pub overdue: i64,
}

/// How the measures of a unit that the caller has already found stood in the evening of `day`.
pub async fn standing_as_of(cx: &Cx, unit: Uuid, day: NaiveDate) -> Result<Standing> {
    let mut sql = Sql::new("select (select count(*) from problem p where p.unit_id = ");
    sql.bind(unit).push(" and p.fed_back_on <= ").bind(day);
    sql.push(") as problems, (select count(*) from closure c join problem p on p.id = c.problem_id where p.unit_id = ");
    sql.bind(unit).push(" and c.closed_on <= ").bind(day);
    sql.push(" and (c.reopened_on is null or c.reopened_on > ").bind(day);
    sql.push(")) as closed_problems, count(*) as measures, count(*) filter (where m.started_on <= ")
        .bind(day);
    sql.push(") as begun, count(*) filter (where m.closed_on <= ").bind(day);
    sql.push(") as closed, count(*) filter (where m.term_kind = 'long_term') as long_term, ");
    sql.push("count(*) filter (where m.term_kind <> 'long_term' and m.due_on <= ").bind(day);
    sql.push(" and (m.closed_on is null or m.closed_on > ").bind(day);
    sql.push(")) as overdue from measure m join problem p on p.id = m.problem_id where p.unit_id = ");
    sql.bind(unit).push(" and p.fed_back_on <= ").bind(day);
    Ok(cx.first(sql).await?.unwrap_or_default())
}

/// Name of the leader in charge, as the feedback meeting of the unit recorded it.
pub(super) async fn leader_of(cx: &Cx, unit: Uuid) -> Result<String> {
    let mut sql = Sql::new("select leader_name from feedback where unit_id = ");
    sql.bind(unit);
    let rows = cx.rows(sql).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}
