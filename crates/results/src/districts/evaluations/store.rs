//! Evaluations in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{Grade, ReportEvaluationId, State};

/// The evaluation of a district's report.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "report_evaluation")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportEvaluationId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique.
    pub number: String,
    /// Calendar year.
    pub year: i64,
    /// The district.
    pub district_id: OrganisationId,
    /// Title of the report.
    pub report_title: String,
    /// Day of the evaluation.
    pub evaluated_on: NaiveDate,
    /// Who evaluated.
    pub evaluator: String,
    /// Score in tenths of a point, 0 to 1000.
    pub score_tenths: i64,
    /// How good it is.
    pub grade: Grade,
    /// Comments.
    pub comments: String,
    /// Problems typical of reports.
    pub typical_problems: String,
    /// What the district made of it.
    pub follow_up: String,
    /// Where it stands.
    pub state: State,
    /// Day it was published to the district.
    pub published_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The evaluation, within what the actor may see.
pub async fn find(cx: &Cx, id: ReportEvaluationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// An evaluation in `state`, for the permission table.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: ReportEvaluationId(Uuid::nil()),
        version: 1,
        number: String::new(),
        year: 2023,
        district_id: OrganisationId(crate::samples::ORGANISATION),
        report_title: String::new(),
        evaluated_on: NaiveDate::MIN,
        evaluator: String::new(),
        score_tenths: 0,
        grade: Grade::Fair,
        comments: String::new(),
        typical_problems: String::new(),
        follow_up: String::new(),
        state,
        published_on: (state == State::Published).then_some(NaiveDate::MIN),
    }
}
