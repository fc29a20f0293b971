//! Activations in the database.

use chrono::NaiveDate;
use kit::{Area, Cx, Fen, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::{PaginatorTrait as _, entity::prelude::*};

use super::{AssetMovementId, Measure, visible};
use crate::{assets::AssetId, campaigns::CampaignId};

/// An activation of a part of a property.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_movement")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssetMovementId,
    /// Counts every change.
    pub version: i64,
    /// The property.
    pub asset_id: AssetId,
    /// Who held it then.
    pub organisation_id: OrganisationId,
    /// The inspection that found it idle.
    pub inspection_id: Option<Uuid>,
    /// The campaign it belongs to.
    pub campaign_id: Option<CampaignId>,
    /// The entry it takes back.
    pub reverses_id: Option<AssetMovementId>,
    /// The day it counts from.
    pub on_day: NaiveDate,
    /// How the property is put to use.
    pub measure: Measure,
    /// Area activated; negative in an entry that takes another one back.
    pub area_cm2: Area,
    /// Income from it; negative likewise.
    pub income_fen: Fen,
    /// Who reported it.
    pub reporter: String,
    /// Contract, decision or receipt it rests on.
    pub document: String,
    /// Remark.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The activation, within what the actor may see.
pub async fn find(cx: &Cx, id: AssetMovementId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// Whether the entry was taken back.
pub(super) async fn is_reversed(cx: &Cx, id: AssetMovementId) -> Result<bool> {
    Ok(Entity::find().filter(Column::ReversesId.eq(id)).count(&cx.db().await?).await? > 0)
}
