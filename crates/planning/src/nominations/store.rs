//! Nominations in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{NominationId, Side, State};
use crate::{inspections::InspectionId, needs::NeedId, talents::TalentId};

/// Somebody put forward for a need.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "nomination")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NominationId,
    /// Counts every change.
    pub version: i64,
    /// For which need.
    pub need_id: NeedId,
    /// The inspection of the need.
    pub inspection_id: InspectionId,
    /// Who.
    pub talent_id: TalentId,
    /// Which side nominated.
    pub side: Side,
    /// Where it stands.
    pub state: State,
    /// Points the ranking gave then.
    pub score: i64,
    /// What they came from.
    pub reasons: String,
    /// What the other side said.
    pub opinion: String,
    /// Account that nominated.
    pub nominated_by: Option<Uuid>,
    /// When.
    pub nominated_on: NaiveDate,
    /// Account that answered.
    pub answered_by: Option<Uuid>,
    /// When.
    pub answered_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The nomination, within what the actor may see.
pub async fn find(cx: &Cx, id: NominationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many people both sides agree on for `need`.
pub async fn agreed(cx: &Cx, need: NeedId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from nomination where need_id = ");
    sql.bind(need).push(" and state = ").bind(State::Agreed);
    cx.number(sql).await
}

/// Whether the person was put forward for `need` already.
pub(super) async fn known(cx: &Cx, need: NeedId, talent: TalentId) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from nomination where need_id = ");
    sql.bind(need).push(" and talent_id = ").bind(talent);
    Ok(cx.number(sql).await? > 0)
}
