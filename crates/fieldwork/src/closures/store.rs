//! Closures in the database.

use chrono::NaiveDate;
use kit::{Cx, Pred, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{ClosureId, visible};
use crate::problems::ProblemId;

/// One closing of a problem.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "closure")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClosureId,
    /// Counts every change.
    pub version: i64,
    /// The problem.
    pub problem_id: ProblemId,
    /// Term of the committee.
    pub term_id: Uuid,
    /// The organisation that put it right.
    pub organisation_id: OrganisationId,
    /// The inspection that found it.
    pub inspection_id: Uuid,
    /// First day on which it counts as closed.
    pub closed_on: NaiveDate,
    /// First day on which it no longer does.
    pub reopened_on: Option<NaiveDate>,
    /// What the review found.
    pub opinion: String,
    /// Why it was reopened; empty while it holds.
    pub reason: String,
    /// Account of the reviewer; absent when the program closed it.
    pub reviewer: Option<Uuid>,
    /// Name of the reviewer.
    pub reviewer_name: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The closure, within what the actor may see.
pub(super) async fn find(cx: &Cx, id: ClosureId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// Every closing of a problem, a handful.
pub async fn of_problem(cx: &Cx, problem: ProblemId) -> Result<Vec<Model>> {
    kit::store::all::<Entity>(cx, &Pred::is("problem_id", problem)).await
}

#[cfg(test)]
pub(super) fn sample(closed_on: NaiveDate) -> Model {
    use planning::samples;
    Model {
        id: ClosureId(samples::OTHER),
        version: 1,
        problem_id: ProblemId(samples::OTHER),
        term_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        inspection_id: samples::INSPECTION,
        closed_on,
        reopened_on: None,
        opinion: String::new(),
        reason: String::new(),
        reviewer: None,
        reviewer_name: String::new(),
    }
}
