//! Batches in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::BatchId;
use crate::{progress::State, rounds::RoundId};

/// A batch.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "batch")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BatchId,
    /// Counts every change.
    pub version: i64,
    /// The round.
    pub round_id: RoundId,
    /// Number within the round, unique.
    pub number: i64,
    /// Name, such as `第一批`.
    pub name: String,
    /// First day: planned until the batch runs.
    pub starts_on: NaiveDate,
    /// Last day: planned until the batch is over.
    pub ends_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The batch, within what the actor may see.
pub async fn find(cx: &Cx, id: BatchId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many organisations inspected in the batch no team has left for good.
pub(super) async fn open_units(cx: &Cx, id: BatchId) -> Result<i64> {
    let mut sql = Sql::new(
        "select count(*) from inspection_unit u join inspection i on i.id = u.inspection_id where i.batch_id = ",
    );
    sql.bind(id).push(" and u.left_on is null");
    cx.number(sql).await
}
