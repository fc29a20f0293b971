//! Reported values in the database.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Cx, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{ReportedValueId, ValueUnit, visible};

/// A reported value.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reported_value")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportedValueId,
    /// Counts every change.
    pub version: i64,
    /// Code of the figure.
    pub figure: String,
    /// What the figure is called.
    pub label: String,
    /// The day for which it holds; one value to a figure and day.
    pub on_day: NaiveDate,
    /// The value, counted as its unit says.
    pub value: i64,
    /// Its unit.
    pub unit: ValueUnit,
    /// The body that reports it.
    pub reporter: String,
    /// The document in which it stands.
    pub document: String,
    /// Who entered it last.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The value, within what the actor may see.
pub async fn find(cx: &Cx, id: ReportedValueId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
