//! Sources of drafts in the database.

use chrono::NaiveDate;
use kit::{Cx, Result, sea_orm};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{DraftSourceId, visible};
use crate::drafts::DraftId;

/// A link from a draft to what it rests on.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "draft_source")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DraftSourceId,
    /// Counts every change.
    pub version: i64,
    /// The draft.
    pub draft_id: DraftId,
    /// Its inspection.
    pub inspection_id: Uuid,
    /// Noun of the source.
    pub source_noun: String,
    /// What that noun is called.
    pub source_label: String,
    /// The source.
    pub source_id: Uuid,
    /// What of it counts here.
    pub excerpt: String,
    /// When it was linked.
    pub linked_on: NaiveDate,
    /// By whom.
    pub linked_by: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The link, within what the actor may see.
pub async fn find(cx: &Cx, id: DraftSourceId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// Whether the draft is linked to the source already.
pub(super) async fn linked(cx: &Cx, draft: DraftId, source: Uuid) -> Result<bool> {
    let mut sql = db::Sql::new("select count(*) from draft_source where draft_id = ");
    sql.bind(draft).push(" and source_id = ").bind(source);
    Ok(cx.number(sql).await? > 0)
}

/// The records of `noun` that a draft rests on.
pub(crate) async fn of_noun(cx: &Cx, draft: DraftId, noun: &str) -> Result<Vec<Uuid>> {
    let mut sql = db::Sql::new("select source_id from draft_source where draft_id = ");
    sql.bind(draft).push(" and source_noun = ").bind(noun).push(" order by id");
    let rows = cx.rows(sql).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<_, _>>()?)
}
