//! Mappings in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Result, sea_orm};
use models::load::Mapping;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{RecipeId, visible};

/// A mapping.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "data_recipe")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RecipeId,
    /// Counts every change.
    pub version: i64,
    /// What it is called; unique.
    pub name: String,
    /// The part of the work.
    pub domain: String,
    /// The table it fills.
    pub table_name: String,
    /// Column by field, as a JSON object.
    pub mapping: String,
    /// For which files it is meant.
    pub note: String,
    /// Account that saved it.
    pub account_id: Option<Uuid>,
    /// Name of that person.
    pub by_name: String,
    /// When.
    pub made_on: NaiveDate,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Column by field.
    pub fn mapping(&self) -> Result<Mapping> {
        Ok(serde_json::from_str(&self.mapping)?)
    }
}

/// The mapping, within what the actor may see.
pub async fn find(cx: &Cx, id: RecipeId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// Whether another mapping has this name.
pub(super) async fn taken(cx: &Cx, name: &str, but: Option<RecipeId>) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from data_recipe where name = ");
    sql.bind(name);
    if let Some(but) = but {
        sql.push(" and id <> ").bind(but);
    }
    Ok(cx.number(sql).await? > 0)
}
