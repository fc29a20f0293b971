//! Accountability in the database.

use chrono::NaiveDate;
use kit::{Cx, Fen, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{AccountabilityId, visible};

/// What had come of a unit's rectification by a day, counted from its feedback.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "accountability")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountabilityId,
    /// Counts every change.
    pub version: i64,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// As of this day.
    pub on_day: NaiveDate,
    /// Warned in a talk (谈话提醒).
    pub talks: i64,
    /// Criticised (批评教育).
    pub criticised: i64,
    /// Admonished (诫勉).
    pub admonished: i64,
    /// Measures of organisation (组织处理).
    pub organised: i64,
    /// Party discipline (党纪处分).
    pub party: i64,
    /// Administrative discipline (政务处分).
    pub administrative: i64,
    /// Cases filed (立案).
    pub filed: i64,
    /// Handed to justice (移送司法).
    pub judicial: i64,
    /// Money recovered.
    pub recovered_fen: Fen,
    /// Where the figures come from.
    pub source: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The record, within what the actor may see.
pub async fn find(cx: &Cx, id: AccountabilityId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
