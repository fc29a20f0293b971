//! Full-coverage lists in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::CoverageListId;
use crate::{review::State, terms::TermId};

/// An edition of a term's full-coverage list.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "coverage_list")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CoverageListId,
    /// Counts every change.
    pub version: i64,
    /// The term.
    pub term_id: TermId,
    /// Counts the editions of the term from 1.
    pub edition: i64,
    /// Where it stands.
    pub state: State,
    /// Day of the approving decision.
    pub approved_on: Option<NaiveDate>,
    /// The documents the list rests on.
    pub basis: String,
    /// Remark, such as why this edition was needed.
    pub note: String,
    /// Account that prepared it.
    pub prepared_by: Option<Uuid>,
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

/// The list, within what the actor may see.
pub async fn find(cx: &Cx, id: CoverageListId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// All editions of a term.
pub(super) async fn editions(cx: &Cx, term: TermId) -> Result<Vec<Model>> {
    kit::store::all::<Entity>(cx, &Pred::is("term_id", term)).await
}

/// The edition of `term` in force on `day`: the last one approved on or before it.
pub async fn in_force(cx: &Cx, term: TermId, day: NaiveDate) -> Result<Option<Model>> {
    let approved = Model::scope(&cx.actor)
        .and(Pred::is("term_id", term))
        .and(Pred::is("state", State::Approved))
        .and(Pred::AtMost("approved_on", day.into()));
    let editions = kit::store::all::<Entity>(cx, &approved).await?;
    Ok(editions.into_iter().max_by_key(|list| (list.approved_on, list.edition)))
}
