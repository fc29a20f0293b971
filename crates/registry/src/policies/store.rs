//! Policies in the database.

use chrono::NaiveDate;
use kit::{Cx, Pred, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{PolicyId, Unit, visible};

/// One version of a policy.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "policy")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PolicyId,
    /// Counts every change.
    pub version: i64,
    /// Code by which the program asks for it.
    pub code: String,
    /// What people call it.
    pub label: String,
    /// How many.
    pub amount: i64,
    /// Of what.
    pub unit: Unit,
    /// The text it rests on.
    pub basis: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The policy, within what the actor may see.
pub async fn find(cx: &Cx, id: PolicyId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// Every version of every policy; a few dozen rows.
pub(super) async fn all(cx: &Cx) -> Result<Vec<Model>> {
    kit::store::all::<Entity>(cx, &Pred::All).await
}

/// Every version of the policy `code`.
pub(super) async fn versions(cx: &Cx, code: &str) -> Result<Vec<Model>> {
    kit::store::all::<Entity>(cx, &Pred::is("code", code)).await
}
