//! Samples in the database.

use chrono::NaiveDate;
use kit::{Cx, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{Method, SampleId, visible};
use crate::data_sets::DataSetId;

/// A sample.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "data_sample")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SampleId,
    /// Counts every change.
    pub version: i64,
    /// `CY-2023-0007`, unique.
    pub number: String,
    /// The data it was drawn from.
    pub data_set_id: DataSetId,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected organisation.
    pub organisation_id: OrganisationId,
    /// What it is for.
    pub purpose: String,
    /// How it was drawn.
    pub method: Method,
    /// With which seed.
    pub seed: i64,
    /// Items in the population.
    pub size: i64,
    /// Items asked for.
    pub wanted: i64,
    /// Items drawn.
    pub drawn_count: i64,
    /// Their places, as a JSON list.
    pub drawn: String,
    /// Digest of the population.
    pub population: String,
    /// Digest of the columns it was drawn from.
    pub columns_digest: String,
    /// The column that identifies an item.
    pub key_column: String,
    /// The column of strata.
    pub stratum_column: String,
    /// The column of amounts.
    pub amount_column: String,
    /// When.
    pub drawn_on: NaiveDate,
    /// Account that drew it.
    pub account_id: Option<Uuid>,
    /// Name of that person.
    pub by_name: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The sample, within what the actor may see.
pub(super) async fn find(cx: &Cx, id: SampleId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
