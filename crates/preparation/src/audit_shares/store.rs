//! Shared things in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{Direction, Kind, ShareId, State};
use crate::audit_linkages::LinkageId;

/// A shared thing.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_share")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShareId,
    /// Counts every change.
    pub version: i64,
    /// The linkage.
    pub linkage_id: LinkageId,
    /// The inspection, once the linkage has one.
    pub inspection_id: Option<Uuid>,
    /// The organisation it is about.
    pub organisation_id: OrganisationId,
    /// The audit bureau.
    pub audit_body_id: OrganisationId,
    /// Which way it goes.
    pub direction: Direction,
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// Number of the document; may be empty.
    pub document: String,
    /// Its main points.
    pub text: String,
    /// Day it was given.
    pub given_on: NaiveDate,
    /// Whether the other side has signed for it.
    pub state: State,
    /// Day it did.
    pub received_on: Option<NaiveDate>,
    /// Who signed, by name.
    pub received_by: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The shared thing, within what the actor may see.
pub async fn find(cx: &Cx, id: ShareId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Gives everything of a linkage its inspection.
pub(super) async fn put_inspection(cx: &mut WriteCx, linkage: LinkageId, inspection: Uuid) -> Result<u64> {
    let mut sql = Sql::new("update audit_share set version = version + 1, inspection_id = ");
    sql.bind(inspection).push(" where linkage_id = ").bind(linkage);
    cx.execute(sql).await
}

/// A shared thing in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: ShareId(samples::OTHER),
        version: 1,
        linkage_id: LinkageId(samples::OTHER),
        inspection_id: Some(samples::INSPECTION),
        organisation_id: OrganisationId(samples::ORGANISATION),
        audit_body_id: OrganisationId(samples::RECIPIENT),
        direction: Direction::ToInspection,
        kind: Kind::AuditReport,
        title: String::new(),
        document: String::new(),
        text: String::new(),
        given_on: samples::day(),
        state,
        received_on: (state == State::Received).then(samples::day),
        received_by: String::new(),
    }
}
