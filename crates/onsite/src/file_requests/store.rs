//! File requests in the database.

use chrono::{Datelike as _, NaiveDate};
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{FileRequestId, State};
use crate::file_request_items::{self, FileRequestItem};

/// A request.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "file_request")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileRequestId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique.
    pub number: String,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// What it is about.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// Day it was written.
    pub made_on: NaiveDate,
    /// Who wrote it, by name.
    pub made_by: String,
    /// Day it was sent.
    pub issued_on: Option<NaiveDate>,
    /// Last day for handing in.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// Why something is asked for again.
    pub again: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The request, within what the actor may see.
pub async fn find(cx: &Cx, id: FileRequestId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The items of a request that the caller has found.
pub(super) async fn items(cx: &Cx, id: FileRequestId) -> Result<Vec<FileRequestItem>> {
    file_request_items::of_request(cx, id).await
}

/// What the organisation was already asked for in the year of `day` by others than `request`: the keys of names, each
/// with the day. Only the organisation and the day are told, never who asked.
pub(super) async fn asked_before(
    cx: &Cx,
    organisation: OrganisationId,
    request: FileRequestId,
    day: NaiveDate,
) -> Result<Vec<(String, NaiveDate)>> {
    let first = NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day);
    let mut sql = Sql::new("select name_key, issued_on from file_request_item where organisation_id = ");
    sql.bind(organisation).push(" and issued_on >= ").bind(first).push(" and request_id <> ").bind(request);
    sql.push(" order by issued_on");
    cx.rows(sql).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Tells the items that they were sent.
pub(super) async fn issue_items(
    cx: &mut WriteCx,
    id: FileRequestId,
    on: NaiveDate,
    due_on: NaiveDate,
) -> Result<()> {
    let mut sql = Sql::new("update file_request_item set version = version + 1, issued_on = ");
    sql.bind(on).push(", due_on = ").bind(due_on).push(" where request_id = ").bind(id);
    cx.execute(sql).await?;
    Ok(())
}

pub(super) fn sample(state: State) -> Model {
    let issued = matches!(state, State::Issued | State::Completed);
    Model {
        id: FileRequestId(samples::OTHER),
        version: 1,
        number: String::new(),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        title: String::new(),
        state,
        made_on: samples::day(),
        made_by: String::new(),
        issued_on: issued.then(samples::day),
        due_on: None,
        due_basis: String::new(),
        again: String::new(),
    }
}
