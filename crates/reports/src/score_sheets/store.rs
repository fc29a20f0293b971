//! Score sheets in the database.

use db::Sql;
use kit::{Cx, Pred, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{Item, ScoreSheetId, visible};

/// A sheet.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "score_sheet")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScoreSheetId,
    /// Counts every change.
    pub version: i64,
    /// What it is called, unique.
    pub name: String,
    /// Its items, as JSON.
    pub items: String,
    /// What it rests on.
    pub basis: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Its items.
    pub fn items(&self) -> Result<Vec<Item>> {
        Ok(serde_json::from_str(&self.items)?)
    }
}

/// The sheet, within what the actor may see.
pub async fn find(cx: &Cx, id: ScoreSheetId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// The sheet, for a reader who has been asked to score by it.
pub async fn whoever(cx: &Cx, id: ScoreSheetId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Pred::All).await
}

/// How many evaluations use the sheet.
pub(super) async fn uses(cx: &Cx, id: ScoreSheetId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from quality_review where sheet_id = ");
    sql.bind(id);
    cx.number(sql).await
}

/// How many sheets there are, or bear `name` and are not `other`.
pub(super) async fn count(cx: &Cx, name: Option<(&str, ScoreSheetId)>) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from score_sheet where 1 = 1");
    if let Some((name, other)) = name {
        sql.push(" and name = ").bind(name).push(" and id <> ").bind(other);
    }
    cx.number(sql).await
}
