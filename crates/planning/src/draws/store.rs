//! Draws in the database.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{DrawId, State};
use crate::{inspections::InspectionId, needs::Duty, talents::Pool};

/// A drawing of lots.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "draw")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DrawId,
    /// Counts every change.
    pub version: i64,
    /// For which inspection.
    pub inspection_id: InspectionId,
    /// From which pool.
    pub pool: Pool,
    /// For which duty.
    pub duty: Duty,
    /// How many are drawn.
    pub number: i64,
    /// Where it stands.
    pub state: State,
    /// Who may be drawn, one to a line.
    pub list: String,
    /// SM3 of the list.
    pub list_digest: String,
    /// Who may not, and why, one to a line.
    pub excluded: String,
    /// Who named the number.
    pub witness: String,
    /// The number.
    pub nonce: String,
    /// What follows from list and number.
    pub seed: String,
    /// Who was drawn, one to a line.
    pub picked: String,
    /// Account that published the list.
    pub listed_by: Option<Uuid>,
    /// When.
    pub listed_on: NaiveDate,
    /// Account that drew.
    pub drawn_by: Option<Uuid>,
    /// When.
    pub drawn_at: Option<DateTime<Utc>>,
    /// Why it is void.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The draw, within what the actor may see.
pub async fn find(cx: &Cx, id: DrawId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}
