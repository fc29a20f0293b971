//! Dictionary items in the database.

use chrono::NaiveDate;
use kit::{Cx, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{Dictionary, ItemId, visible};

/// One version of a dictionary's item.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "dictionary_item")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemId,
    /// Counts every change.
    pub version: i64,
    /// The dictionary.
    pub kind: Dictionary,
    /// What is stored in records.
    pub code: String,
    /// What people read.
    pub label: String,
    /// Code of the value it belongs under.
    pub parent: Option<String>,
    /// Place among the values.
    pub position: i64,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// The text it rests on.
    pub basis: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The item, within what the actor may see.
pub async fn find(cx: &Cx, id: ItemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// Every version of the item `code` of `kind`.
pub(super) async fn versions(cx: &Cx, kind: Dictionary, code: &str) -> Result<Vec<Model>> {
    let condition = kit::Pred::is("kind", kind).and(kit::Pred::is("code", code));
    kit::store::all::<Entity>(cx, &condition).await
}

/// Every version of every item; a few hundred rows.
pub(super) async fn all(cx: &Cx) -> Result<Vec<Model>> {
    kit::store::all::<Entity>(cx, &kit::Pred::All).await
}
