//! Requests for support in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{Asker, Kind, RequestId, State};

/// A request.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "support_request")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RequestId,
    /// Counts every change.
    pub version: i64,
    /// `ZY-2023-0007`, unique.
    pub number: String,
    /// The inspection whose team asks or is asked.
    pub inspection_id: Uuid,
    /// Who asks.
    pub asker: Asker,
    /// What is asked for.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// What exactly, and why.
    pub text: String,
    /// Where it stands.
    pub state: State,
    /// Day of asking.
    pub asked_on: NaiveDate,
    /// Account that asked.
    pub asked_by: Option<Uuid>,
    /// Last day for the next step of the other side.
    pub due_on: NaiveDate,
    /// What that day rests on.
    pub due_basis: String,
    /// Day it was accepted or declined.
    pub decided_on: Option<NaiveDate>,
    /// By whom, by name.
    pub decided_by: String,
    /// Opinion or reason.
    pub decision: String,
    /// Day it was said to be done.
    pub delivered_on: Option<NaiveDate>,
    /// What was done.
    pub delivery: String,
    /// Day who asked agreed.
    pub confirmed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The request, within what the actor may see.
pub async fn find(cx: &Cx, id: RequestId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A request of a team in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    Model {
        id: RequestId(samples::OTHER),
        version: 1,
        number: String::from("ZY-2023-0001"),
        inspection_id: samples::INSPECTION,
        asker: Asker::Team,
        kind: Kind::Data,
        title: String::new(),
        text: String::new(),
        state,
        asked_on: day,
        asked_by: Some(samples::AUTHOR),
        due_on: day,
        due_basis: String::new(),
        decided_on: (state != State::Asked).then_some(day),
        decided_by: String::new(),
        decision: String::new(),
        delivered_on: None,
        delivery: String::new(),
        confirmed_on: None,
    }
}
