//! Dispatches in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{DispatchId, State};
use crate::documents::DocumentId;

/// A dispatch.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "document_dispatch")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DispatchId,
    /// Counts every change.
    pub version: i64,
    /// The document.
    pub document_id: DocumentId,
    /// To whom.
    pub organisation_id: OrganisationId,
    /// Title of the document.
    pub title: String,
    /// Its 发文字号.
    pub document_number: String,
    /// When it was sent.
    pub sent_on: NaiveDate,
    /// When it was acknowledged.
    pub received_on: Option<NaiveDate>,
    /// By whom.
    pub receiver: String,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The dispatch, within what the actor may see.
pub async fn find(cx: &Cx, id: DispatchId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Organisations a document was sent to, whoever asks.
pub(super) async fn sent_to(cx: &Cx, document: DocumentId) -> Result<Vec<Uuid>> {
    let mut sql = Sql::new("select organisation_id from document_dispatch where document_id = ");
    sql.bind(document);
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// What an organisation is called.
pub(super) async fn name_of(cx: &Cx, organisation: OrganisationId) -> Result<String> {
    let mut sql = Sql::new("select name from organisation where id = ");
    sql.bind(organisation);
    let rows = cx.rows(sql).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// A dispatch in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: DispatchId(samples::OTHER),
        version: 1,
        document_id: DocumentId(samples::OTHER),
        organisation_id: OrganisationId(samples::ORGANISATION),
        title: String::new(),
        document_number: String::new(),
        sent_on: samples::day(),
        received_on: None,
        receiver: String::new(),
        state,
    }
}
