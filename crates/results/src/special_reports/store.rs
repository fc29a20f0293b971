//! Special reports in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{SpecialReportId, State};

/// A special report.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "special_report")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SpecialReportId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique.
    pub number: String,
    /// Title.
    pub title: String,
    /// The committee's term.
    pub term_id: Uuid,
    /// The inspection it grew from, when it was one.
    pub inspection_id: Option<Uuid>,
    /// Code of the field.
    pub field: String,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub state: State,
    /// Account of the author.
    pub prepared_by: Option<Uuid>,
    /// Day it was handed in to the committee.
    pub submitted_on: Option<NaiveDate>,
    /// Day of the decision.
    pub decided_on: Option<NaiveDate>,
    /// Who decided: name and office.
    pub decided_by: String,
    /// Words of the decision.
    pub decision: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The special report, within what the actor may see.
pub async fn find(cx: &Cx, id: SpecialReportId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A special report in `state`, for the permission table.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: SpecialReportId(Uuid::nil()),
        version: 1,
        number: String::new(),
        title: String::new(),
        term_id: Uuid::nil(),
        inspection_id: Some(crate::samples::INSPECTION),
        field: String::new(),
        text: String::new(),
        state,
        prepared_by: Some(crate::samples::SOMEBODY),
        submitted_on: (state != State::Drafted).then_some(NaiveDate::MIN),
        decided_on: (state == State::Decided).then_some(NaiveDate::MIN),
        decided_by: String::new(),
        decision: String::new(),
    }
}
