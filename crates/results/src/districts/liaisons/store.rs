//! Contact persons in the database.

use chrono::NaiveDate;
use kit::{Cx, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{DistrictLiaisonId, visible};

/// A contact person of a district in a year.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "district_liaison")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DistrictLiaisonId,
    /// Counts every change.
    pub version: i64,
    /// Calendar year; one person to a district and year.
    pub year: i64,
    /// The district.
    pub district_id: OrganisationId,
    /// Who.
    pub person_name: String,
    /// His position.
    pub position: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// Visits and what was dealt with, one dated line each.
    pub visit_log: String,
    /// Remark.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The assignment, within what the actor may see.
pub async fn find(cx: &Cx, id: DistrictLiaisonId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
