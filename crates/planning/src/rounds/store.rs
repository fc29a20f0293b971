//! Rounds in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::RoundId;
use crate::{progress::State, terms::TermId};

/// A round.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "round")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoundId,
    /// Counts every change.
    pub version: i64,
    /// The term.
    pub term_id: TermId,
    /// The year it belongs to.
    pub year: i64,
    /// Number within the term, unique.
    pub number: i64,
    /// Name, such as `第五轮`.
    pub name: String,
    /// First day: planned until the round runs.
    pub starts_on: NaiveDate,
    /// Last day: planned until the round is over.
    pub ends_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The round, within what the actor may see.
pub async fn find(cx: &Cx, id: RoundId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many batches of the round are not over.
pub(super) async fn open_batches(cx: &Cx, id: RoundId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from batch where round_id = ");
    sql.bind(id).push(" and state <> ").bind(State::Finished);
    cx.number(sql).await
}
