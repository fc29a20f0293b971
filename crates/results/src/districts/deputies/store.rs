//! Deputy heads in the database.

use chrono::NaiveDate;
use kit::{Cx, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{DistrictDeputyId, visible};

/// A deputy head sent to a district's team.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "district_deputy")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DistrictDeputyId,
    /// Counts every change.
    pub version: i64,
    /// Calendar year.
    pub year: i64,
    /// The district.
    pub district_id: OrganisationId,
    /// Who.
    pub person_name: String,
    /// Where he comes from.
    pub home_unit: String,
    /// His rank.
    pub rank: String,
    /// The district team he is deputy head of.
    pub team: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// What he did, one dated line each.
    pub work_log: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The deputy, within what the actor may see.
pub async fn find(cx: &Cx, id: DistrictDeputyId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
