//! Idle properties and their corrections in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Area, Cx, Result, WriteCx, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::{QueryOrder as _, entity::prelude::*};

use super::{
    AssetId, AssetKind,
    ledger::{Change, Entry, Ledger},
    visible,
};

/// A property found idle.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "asset")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssetId,
    /// Counts every change, also every entry in its ledger.
    pub version: i64,
    /// Code, unique.
    pub code: String,
    /// Name with its place.
    pub name: String,
    /// Who holds it.
    pub organisation_id: OrganisationId,
    /// The inspection that found it idle.
    pub inspection_id: Option<Uuid>,
    /// Address.
    pub address: String,
    /// Street or quarter it lies in, by which lists of places are grouped.
    pub place: String,
    /// What it is.
    pub kind: AssetKind,
    /// Idle area when it was found; changes only by corrections.
    pub area_cm2: Area,
    /// Day on which it was found idle.
    pub found_on: NaiveDate,
    /// Idle since.
    pub idle_since: Option<NaiveDate>,
    /// Why it is idle, and remarks.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Corrections of the stock.
pub(super) mod correction {
    use chrono::{DateTime, NaiveDate, Utc};
    use kit::{Area, sea_orm};
    use sea_orm::entity::prelude::*;

    use super::AssetId;

    /// A dated correction of the area found idle; written once, never changed.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "asset_correction")]
    pub struct Model {
        /// Identity.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The property.
        pub asset_id: AssetId,
        /// The day it counts from.
        pub on_day: NaiveDate,
        /// By how much the stock changes; negative when less was idle.
        pub area_cm2: Area,
        /// Why.
        pub reason: String,
        /// Who corrected.
        pub by_name: String,
        /// When it was entered.
        pub at: DateTime<Utc>,
    }

    /// No relations.
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The property, within what the actor may see.
pub async fn find(cx: &Cx, id: AssetId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// The corrections of a property that the caller has already found, newest first.
pub(super) async fn corrections_of(cx: &Cx, id: AssetId) -> Result<Vec<correction::Model>> {
    Ok(correction::Entity::find()
        .filter(correction::Column::AssetId.eq(id))
        .order_by_desc(correction::Column::OnDay)
        .order_by_desc(correction::Column::Id)
        .all(&cx.db().await?)
        .await?)
}

/// The ledger of a property that the caller has already found.
pub(crate) async fn ledger_of(cx: &Cx, asset: &Model) -> Result<Ledger> {
    let mut sql = Sql::new("select on_day, area_cm2, 0 as moved from asset_correction where asset_id = ");
    sql.bind(asset.id);
    sql.push(" union all select on_day, area_cm2, 1 as moved from asset_movement where asset_id = ")
        .bind(asset.id);
    let rows = cx.rows(sql).await?;
    let entries: Result<Vec<Entry>> = rows
        .iter()
        .map(|row| {
            let area: Area = row.try_get_by_index(1)?;
            let moved = row.try_get_by_index::<i32>(2)? == 1;
            let change = if moved { Change::Movement(area) } else { Change::Correction(area) };
            Ok(Entry { on: row.try_get_by_index(0)?, change })
        })
        .collect();
    Ok(Ledger::new(asset.found_on, asset.area_cm2).with(entries?))
}

/// Counts the version of a property up before an entry is added: of two entries made at the same
/// time, each admissible alone, only the first gets through.
pub(crate) async fn guard(cx: &mut WriteCx, asset: &Model) -> Result<()> {
    cx.update(asset, asset.clone()).await?;
    Ok(())
}

/// Gives the activations of a property the inspection it was assigned to: what a team sees of the
/// property, it sees of its activations.
pub(super) async fn assign_movements(
    cx: &mut WriteCx,
    asset: AssetId,
    inspection: Option<Uuid>,
) -> Result<()> {
    let mut sql = Sql::new("update asset_movement set version = version + 1, inspection_id = ");
    sql.bind(inspection).push(" where asset_id = ").bind(asset);
    cx.execute(sql).await?;
    Ok(())
}
