//! Corrections of the plain week in the database.

use chrono::NaiveDate;
use kit::{Cx, Pred, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{CalendarDayId, visible};

/// A day on which the plain week does not hold.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_day")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalendarDayId,
    /// Counts every change.
    pub version: i64,
    /// The day, unique.
    pub day: NaiveDate,
    /// Whether it is worked.
    pub working: bool,
    /// What it is called, such as the holiday.
    pub name: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The day, within what the actor may see.
pub async fn find(cx: &Cx, id: CalendarDayId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// The corrections from `from` to `to`.
pub(super) async fn between(cx: &Cx, from: NaiveDate, to: NaiveDate) -> Result<Vec<Model>> {
    let condition = Pred::AtLeast("day", from.into()).and(Pred::AtMost("day", to.into()));
    kit::store::all::<Entity>(cx, &condition).await
}
