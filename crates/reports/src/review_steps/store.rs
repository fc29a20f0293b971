//! The chain of reviews in the database.

use db::Sql;
use kit::{Cx, Result, WriteCx, sea_orm};
use sea_orm::entity::prelude::*;

use super::{RestsOn, ReviewStepId, visible};
use crate::reports::StepBy;

/// A step.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "review_step")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReviewStepId,
    /// Counts every change.
    pub version: i64,
    /// Its place in the chain.
    pub position: i64,
    /// Whether it is of the chain of the restricted materials.
    pub restricted: bool,
    /// What it is called.
    pub label: String,
    /// Who decides.
    pub step_by: StepBy,
    /// The record on which the decision rests.
    pub rests_on: RestsOn,
    /// Kinds of meeting (dictionary `meeting_kind`) it may rest on, separated by commas.
    pub meeting_kinds: String,
    /// Whether «1+3» must be complete before it.
    pub complete: bool,
    /// What it rests on.
    pub basis: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The step, within what the actor may see.
pub async fn find(cx: &Cx, id: ReviewStepId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// The chain of the reports, or of the restricted materials.
pub async fn chain(cx: &Cx, restricted: bool) -> Result<Vec<Model>> {
    let mut sql = Sql::new("select * from review_step where restricted = ");
    sql.bind(restricted).push(" order by position, id");
    cx.all(sql).await
}

/// How many reports are at the step.
pub(super) async fn waiting_at(cx: &Cx, step: &Model) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from report where state = 'in_review' and step_position = ");
    sql.bind(step.position).push(" and restricted = ").bind(step.restricted);
    cx.number(sql).await
}

/// Takes a step out.
pub(super) async fn remove(cx: &mut WriteCx, id: ReviewStepId) -> Result<()> {
    let mut sql = Sql::new("delete from review_step where id = ");
    sql.bind(id);
    cx.execute(sql).await?;
    Ok(())
}
