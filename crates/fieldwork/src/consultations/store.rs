//! Consultations in the database.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{ConsultationId, Kind, State};

/// A consultation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsultationId,
    /// Counts every change.
    pub version: i64,
    /// `HS-2023-0007`, unique.
    pub number: String,
    /// What is consulted on.
    pub kind: Kind,
    /// Term of the committee.
    pub term_id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The organisation it is about.
    pub organisation_id: OrganisationId,
    /// What it is called.
    pub title: String,
    /// What is to be talked about.
    pub agenda: String,
    /// The day it is called for.
    pub planned_on: NaiveDate,
    /// The day it was held.
    pub held_on: Option<NaiveDate>,
    /// Where.
    pub place: String,
    /// Who took part.
    pub attendance: String,
    /// What was said.
    pub record: String,
    /// Where it stands.
    pub state: State,
    /// Account that called it.
    pub convened_by: Option<Uuid>,
    /// Who called it.
    pub convened_name: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The consultation, within what the actor may see.
pub async fn find(cx: &Cx, id: ConsultationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many points of the consultation there are, and how many are not settled.
pub(super) async fn points(cx: &Cx, id: ConsultationId) -> Result<(i64, i64)> {
    let count = |open: bool| {
        let mut sql = db::Sql::new("select count(*) from consultation_point where consultation_id = ");
        sql.bind(id);
        if open {
            sql.push(" and state <> 'settled'");
        }
        sql
    };
    Ok((cx.number(count(false)).await?, cx.number(count(true)).await?))
}

/// A consultation in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    Model {
        id: ConsultationId(samples::OTHER),
        version: 1,
        number: String::from("HS-2023-0001"),
        kind: Kind::MidTerm,
        term_id: samples::OTHER,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        title: String::from("中期会商"),
        agenda: String::new(),
        planned_on: day,
        held_on: matches!(state, State::Held | State::Closed).then_some(day),
        place: String::new(),
        attendance: String::new(),
        record: String::new(),
        state,
        convened_by: None,
        convened_name: String::new(),
        created_at: DateTime::UNIX_EPOCH,
    }
}
