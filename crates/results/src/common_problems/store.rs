//! Common problems in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{CommonProblemId, visible};
use crate::handovers::HandoverId;

/// A common problem.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "common_problem")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommonProblemId,
    /// Counts every change.
    pub version: i64,
    /// The list it stands on.
    pub handover_id: HandoverId,
    /// Its place on the list, from 1.
    pub position: i64,
    /// The recorded problem it was taken from.
    pub problem_id: Option<Uuid>,
    /// How the problem shows.
    pub text: String,
    /// Code of the field.
    pub field: String,
    /// Recipient of the list.
    pub recipient_id: OrganisationId,
    /// Day of the hand-over.
    pub handed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The common problem, within what the actor may see.
pub async fn find(cx: &Cx, id: CommonProblemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// How many problems stand on a list.
pub async fn count(cx: &Cx, handover: HandoverId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from common_problem where handover_id = ");
    sql.bind(handover);
    cx.number(sql).await
}

/// The last place taken on a list; 0 when it is empty.
pub(super) async fn last_position(cx: &Cx, handover: HandoverId) -> Result<i64> {
    let mut sql = Sql::new("select max(position) from common_problem where handover_id = ");
    sql.bind(handover);
    cx.number(sql).await
}
