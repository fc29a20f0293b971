//! Points of talks in the database.

use chrono::NaiveDate;
use kit::{Cx, Pred, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{TalkPointId, open, visible};
use crate::talks::TalkId;

/// A point.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "talk_point")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TalkPointId,
    /// Counts every change.
    pub version: i64,
    /// The talk.
    pub talk_id: TalkId,
    /// Its inspection.
    pub inspection_id: Uuid,
    /// The inspected organisation.
    pub organisation_id: OrganisationId,
    /// Day of the talk.
    pub talked_on: NaiveDate,
    /// Place among the points of the talk, from 1.
    pub position: i64,
    /// Class, a code of dictionary `talk_class`.
    pub class: String,
    /// Whether it is about the top leader.
    pub top_leader: bool,
    /// What was said, encrypted.
    pub text_sealed: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The point, within what the actor may see.
pub async fn find(cx: &Cx, id: TalkPointId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// The points of a talk that the caller has opened, with their texts, in their order.
pub async fn of_talk(cx: &Cx, talk: TalkId) -> Result<Vec<(Model, String)>> {
    let mut points = kit::store::all::<Entity>(cx, &Pred::is("talk_id", talk)).await?;
    points.sort_by_key(|point| point.position);
    points
        .into_iter()
        .map(|point| {
            let text = open(cx, point.id, &point.text_sealed)?;
            Ok((point, text))
        })
        .collect()
}
