//! Readers' sheets in the database.

use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;

use super::{QualityScoreId, State};
use crate::{quality_reviews::QualityReviewId, score_sheets::ScoreSheetId};

/// A reader's sheet.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "quality_score")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QualityScoreId,
    /// Counts every change.
    pub version: i64,
    /// The evaluation.
    pub review_id: QualityReviewId,
    /// Title of the report.
    pub title: String,
    /// By which sheet.
    pub sheet_id: ScoreSheetId,
    /// Account of the reader.
    pub reader_id: Uuid,
    /// Name of the reader.
    pub reader_name: String,
    /// Points by item in tenths, as JSON.
    pub marks: String,
    /// What the reader says.
    pub remarks: String,
    /// Sum in tenths.
    pub total_tenths: i64,
    /// Whether others than the reader may see it.
    pub revealed: bool,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Points by item in tenths.
    pub fn marks(&self) -> Result<Vec<i64>> {
        Ok(serde_json::from_str(&self.marks)?)
    }
}

/// The sheet, within what the actor may see.
pub async fn find(cx: &Cx, id: QualityScoreId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The sheets of an evaluation that the actor may see, in the order in which their readers were asked.
pub async fn of_review(cx: &Cx, review: QualityReviewId) -> Result<Vec<Model>> {
    let mut found =
        kit::store::all::<Entity>(cx, &Model::scope(&cx.actor).and(Pred::is("review_id", review))).await?;
    found.sort_by_key(|score| score.id.0);
    Ok(found)
}

/// All sheets of an evaluation whoever asks, to see whether they are in.
pub(super) async fn all_of(cx: &Cx, review: QualityReviewId) -> Result<Vec<Model>> {
    kit::store::all::<Entity>(cx, &Pred::is("review_id", review)).await
}

/// A sheet in `state`, for permission tables and tests; its reader is everybody of the printed table.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: QualityScoreId(samples::OTHER),
        version: 1,
        review_id: QualityReviewId(samples::OTHER),
        title: String::new(),
        sheet_id: ScoreSheetId(samples::OTHER),
        reader_id: samples::concerned(kit::Role::OfficeLiaison).account.unwrap_or_default(),
        reader_name: String::new(),
        marks: String::from("[]"),
        remarks: String::new(),
        total_tenths: 0,
        revealed: false,
        state,
    }
}
