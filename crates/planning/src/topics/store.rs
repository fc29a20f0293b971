//! Topics in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{Priority, State, TopicId};
use crate::terms::TermId;

/// A topic named by the committee.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "topic")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TopicId,
    /// Counts every change.
    pub version: i64,
    /// The term.
    pub term_id: TermId,
    /// Number by rule, unique.
    pub number: String,
    /// Who named it: a meeting or a leader.
    pub giver: String,
    /// When it was named.
    pub named_on: NaiveDate,
    /// The instruction.
    pub text: String,
    /// How soon.
    pub priority: Priority,
    /// Where it stands.
    pub state: State,
    /// The result as it was reported.
    pub result: String,
    /// When it was reported to the giver.
    pub reported_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The topic, within what the actor may see.
pub async fn find(cx: &Cx, id: TopicId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}
