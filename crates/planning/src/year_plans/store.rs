//! Yearly plans in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::YearPlanId;
use crate::{review::State, terms::TermId};

/// A yearly plan.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "year_plan")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: YearPlanId,
    /// Counts every change.
    pub version: i64,
    /// The term.
    pub term_id: TermId,
    /// The year, one plan each.
    pub year: i64,
    /// Title.
    pub title: String,
    /// The plan.
    pub text: String,
    /// Where it stands.
    pub state: State,
    /// Account that prepared it.
    pub prepared_by: Option<Uuid>,
    /// Day of the approving decision.
    pub approved_on: Option<NaiveDate>,
    /// Account that submitted it last.
    pub submitted_by: Option<Uuid>,
    /// Day of the last submission.
    pub submitted_on: Option<NaiveDate>,
    /// Account that approved it.
    pub approved_by: Option<Uuid>,
    /// Opinion of the last review.
    pub opinion: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The plan, within what the actor may see.
pub async fn find(cx: &Cx, id: YearPlanId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}
