//! Immediate rectification in the database.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{ImmediateActionId, Kind, Level, State};

/// A notice of immediate rectification.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "immediate_action")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImmediateActionId,
    /// Counts every change.
    pub version: i64,
    /// `LX-2023-0007`, unique.
    pub number: String,
    /// What is asked.
    pub kind: Kind,
    /// Term of the committee.
    pub term_id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The organisation that acts.
    pub organisation_id: OrganisationId,
    /// The matter.
    pub title: String,
    /// What was found.
    pub situation: String,
    /// What is to be done.
    pub demand: String,
    /// Who approves, by the policy of the day it was proposed.
    pub level: Level,
    /// Where it stands.
    pub state: State,
    /// Account that proposed it.
    pub prepared_by: Option<Uuid>,
    /// Who proposed it.
    pub prepared_name: String,
    /// Account that approved it.
    pub approved_by: Option<Uuid>,
    /// Day on which it went to the unit.
    pub issued_on: Option<NaiveDate>,
    /// Last day of the report.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// What the unit did.
    pub report: String,
    /// Account that reported.
    pub reported_by: Option<Uuid>,
    /// Day of the report.
    pub reported_on: Option<NaiveDate>,
    /// Why it was sent back last.
    pub opinion: String,
    /// How it stands in the inspection's report.
    pub result: String,
    /// Day of the confirmation.
    pub confirmed_on: Option<NaiveDate>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The notice, within what the actor may see.
pub async fn find(cx: &Cx, id: ImmediateActionId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A notice in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let issued = matches!(state, State::Issued | State::Reported | State::Confirmed);
    let reported = matches!(state, State::Reported | State::Confirmed);
    Model {
        id: ImmediateActionId(samples::OTHER),
        version: 1,
        number: String::from("LX-2023-0001"),
        kind: Kind::Rectify,
        term_id: samples::OTHER,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        title: String::from("夜间门诊停诊"),
        situation: String::new(),
        demand: String::new(),
        level: Level::Head,
        state,
        prepared_by: Some(samples::AUTHOR),
        prepared_name: String::new(),
        approved_by: issued.then_some(samples::OTHER),
        issued_on: issued.then_some(day),
        due_on: issued.then_some(day),
        due_basis: String::new(),
        report: String::new(),
        reported_by: reported.then_some(samples::OTHER),
        reported_on: reported.then_some(day),
        opinion: String::new(),
        result: String::new(),
        confirmed_on: (state == State::Confirmed).then_some(day),
        created_at: DateTime::UNIX_EPOCH,
    }
}
