//! Exports in the database; rows are added and never changed.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::{ExportId, visible};
use crate::{Cx, Result};

/// A file that left.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "file_export")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExportId,
    /// Always 1.
    pub version: i64,
    /// `DC-20230601-00017`.
    pub number: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Account of the person.
    pub account_id: Option<Uuid>,
    /// The person.
    pub person: String,
    /// Where the person works.
    pub organisation: String,
    /// Noun of what was taken.
    pub noun: String,
    /// The record taken.
    pub record_id: Option<Uuid>,
    /// What it is called.
    pub label: String,
    /// Name of the file.
    pub file_name: String,
    /// SM3 digest of the file.
    pub digest: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The export, within what the actor may see.
pub(super) async fn find(cx: &Cx, id: ExportId) -> Result<Model> {
    crate::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
