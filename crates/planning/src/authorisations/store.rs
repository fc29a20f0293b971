//! Authorisations in the database.

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{AuthorisationId, State};
use crate::{inspections::InspectionId, teams::TeamPostId};

/// The authorisation of a team.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "authorisation")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuthorisationId,
    /// Counts every change.
    pub version: i64,
    /// For which inspection.
    pub inspection_id: InspectionId,
    /// Number of the document.
    pub number: String,
    /// Which body decided.
    pub decided_by_body: String,
    /// When.
    pub decided_on: NaiveDate,
    /// First instant.
    pub from_at: DateTime<Utc>,
    /// Instant at which it has ended.
    pub to_at: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// Remark.
    pub note: String,
    /// Account that prepared it.
    pub prepared_by: Option<Uuid>,
    /// When it was submitted.
    pub submitted_on: Option<NaiveDate>,
    /// Account that approved or returned it.
    pub approved_by: Option<Uuid>,
    /// When.
    pub approved_on: Option<NaiveDate>,
    /// What was said about it.
    pub opinion: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The authorisation, within what the actor may see.
pub async fn find(cx: &Cx, id: AuthorisationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many authorisations of the inspection are under way or hold, apart from `except`.
pub(super) async fn others(cx: &Cx, inspection: InspectionId, except: AuthorisationId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from authorisation where inspection_id = ");
    sql.bind(inspection).push(" and id <> ").bind(except).push(" and state <> ").bind(State::Ended);
    sql.push(" and to_at > ").bind(cx.moment());
    cx.number(sql).await
}

/// The places proposed for the team of `inspection`.
pub(super) async fn proposed(cx: &Cx, inspection: InspectionId) -> Result<Vec<TeamPostId>> {
    let mut sql = Sql::new("select id from post where inspection_id = ");
    sql.bind(inspection).push(" and state = 'proposed' order by id");
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Gives a place its period to the minute.
pub(super) async fn limit(
    cx: &mut WriteCx,
    place: TeamPostId,
    (from_at, to_at): (DateTime<Utc>, DateTime<Utc>),
    (from_on, to_on): (NaiveDate, NaiveDate),
) -> Result<()> {
    let mut sql = Sql::new("update post set version = version + 1, from_at = ");
    sql.bind(from_at).push(", to_at = ").bind(to_at).push(", from_on = ").bind(from_on);
    sql.push(", to_on = ").bind(to_on).push(" where id = ").bind(place);
    cx.execute(sql).await?;
    Ok(())
}

/// Ends every place of the team at `at`; how many there were.
pub(super) async fn end_places(
    cx: &mut WriteCx,
    inspection: InspectionId,
    at: DateTime<Utc>,
    last_day: NaiveDate,
) -> Result<u64> {
    let mut sql = Sql::new("update post set version = version + 1, to_at = ");
    sql.bind(at)
        .push(", to_on = case when from_on > ")
        .bind(last_day)
        .push(" then from_on else ")
        .bind(last_day);
    sql.push(" end where inspection_id = ").bind(inspection);
    sql.push(" and state = 'approved' and (to_at is null or to_at > ").bind(at);
    sql.push(") and (to_on is null or to_on >= ").bind(last_day).push(")");
    cx.execute(sql).await
}
