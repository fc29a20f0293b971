//! Visits in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{State, VisitId, VisitKind};

/// A visit.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique.
    pub number: String,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// Kind.
    pub kind: VisitKind,
    /// The day.
    pub visited_on: NaiveDate,
    /// Where.
    pub place: String,
    /// Names of the officers.
    pub officers: String,
    /// How many they were.
    pub officer_count: i64,
    /// How many people were met.
    pub people_met: i64,
    /// What was seen and heard.
    pub findings: String,
    /// Where the entry stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The visit, within what the actor may see.
pub async fn find(cx: &Cx, id: VisitId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: VisitId(samples::OTHER),
        version: 1,
        number: String::new(),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        kind: VisitKind::Call,
        visited_on: samples::day(),
        place: String::new(),
        officers: String::new(),
        officer_count: 2,
        people_met: 0,
        findings: String::new(),
        state,
    }
}
