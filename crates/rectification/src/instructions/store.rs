//! Instructions in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{InstructionId, State};
use crate::reports::ReportId;

/// An instruction.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rect_instruction")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InstructionId,
    /// Counts every change.
    pub version: i64,
    /// The report it was written on.
    pub report_id: ReportId,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The organisation that carries it out.
    pub organisation_id: OrganisationId,
    /// Who gave it.
    pub leader_name: String,
    /// When.
    pub given_on: NaiveDate,
    /// Its words.
    pub text: String,
    /// What has to follow.
    pub task: String,
    /// Where it stands.
    pub state: State,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// What that day rests on.
    pub due_basis: String,
    /// What was done.
    pub answer: String,
    /// When that was said.
    pub answered_on: Option<NaiveDate>,
    /// By whom.
    pub answered_by: Option<Uuid>,
    /// Opinion of the review.
    pub opinion: String,
    /// When it was found done.
    pub closed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The instruction, within what the actor may see.
pub async fn find(cx: &Cx, id: InstructionId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}
