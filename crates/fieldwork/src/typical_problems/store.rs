//! The library of typical problems in the database.

use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{State, TypicalProblemId};
use crate::drafts::content::Basis;

/// A typical problem.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "typical_problem")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TypicalProblemId,
    /// Counts every change.
    pub version: i64,
    /// Code `DX001`, unique.
    pub code: String,
    /// The problem in one sentence.
    pub title: String,
    /// How it typically shows.
    pub manifestation: String,
    /// Category, first level (dictionary `category_1`).
    pub category_1: String,
    /// Category, second level (dictionary `category_2`).
    pub category_2: String,
    /// Framework item (dictionary `framework_2`).
    pub framework_2: String,
    /// Field (dictionary `field`); may be empty.
    pub field: String,
    /// Rules with articles, as JSON.
    pub bases: String,
    /// The same as people read it.
    pub basis_text: String,
    /// Who usually answers for it.
    pub responsibility: String,
    /// What evidence to get.
    pub evidence: String,
    /// Whether it is used.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Rules with articles.
    pub fn rules(&self) -> Result<Vec<Basis>> {
        Ok(serde_json::from_str(&self.bases)?)
    }
}

/// The entry, within what the actor may see.
pub async fn find(cx: &Cx, id: TypicalProblemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The number after the highest code of the form `DX001`.
pub(super) async fn next_serial(cx: &Cx) -> Result<i64> {
    let sql = Sql::new(
        "select code from typical_problem where code like 'DX%' order by length(code) desc, code desc limit 1",
    );
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(1) };
    let code: String = row.try_get_by_index(0)?;
    Ok(code.trim_start_matches("DX").parse::<i64>().unwrap_or(0) + 1)
}

/// An entry in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: TypicalProblemId(planning::samples::OTHER),
        version: 1,
        code: String::from("DX001"),
        title: String::new(),
        manifestation: String::new(),
        category_1: String::new(),
        category_2: String::new(),
        framework_2: String::new(),
        field: String::new(),
        bases: String::from("[]"),
        basis_text: String::new(),
        responsibility: String::new(),
        evidence: String::new(),
        state,
    }
}
