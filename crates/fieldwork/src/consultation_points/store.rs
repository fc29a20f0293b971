//! Points of consultations in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{ConsultationPointId, State};
use crate::consultations::ConsultationId;

/// A point raised in a consultation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation_point")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsultationPointId,
    /// Counts every change.
    pub version: i64,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Its inspection.
    pub inspection_id: Uuid,
    /// Number within the consultation.
    pub ordinal: i64,
    /// What was raised.
    pub text: String,
    /// By whom.
    pub raised_by: String,
    /// When.
    pub raised_on: NaiveDate,
    /// Who sees to it.
    pub owner_name: String,
    /// Last day, as agreed in the consultation.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// What was added because of it.
    pub answer: String,
    /// When.
    pub answered_on: Option<NaiveDate>,
    /// Account that said so.
    pub answered_by: Option<Uuid>,
    /// Noun of the record that was added or changed; empty when there is none.
    pub added_noun: String,
    /// That record.
    pub added_id: Option<Uuid>,
    /// Why it was not enough last.
    pub opinion: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The point, within what the actor may see.
pub async fn find(cx: &Cx, id: ConsultationPointId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The number after the highest of the consultation.
pub(super) async fn next_ordinal(cx: &Cx, id: ConsultationId) -> Result<i64> {
    let mut sql =
        db::Sql::new("select coalesce(max(ordinal), 0) + 1 from consultation_point where consultation_id = ");
    sql.bind(id);
    cx.number(sql).await
}

/// A point in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let answered = state != State::Open;
    Model {
        id: ConsultationPointId(samples::OTHER),
        version: 1,
        consultation_id: ConsultationId(samples::OTHER),
        inspection_id: samples::INSPECTION,
        ordinal: 1,
        text: String::from("缺少面上数据"),
        raised_by: String::new(),
        raised_on: day,
        owner_name: String::new(),
        due_on: day,
        state,
        answer: String::new(),
        answered_on: answered.then_some(day),
        answered_by: answered.then_some(samples::AUTHOR),
        added_noun: String::new(),
        added_id: None,
        opinion: String::new(),
    }
}
