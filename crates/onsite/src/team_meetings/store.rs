//! Meetings of teams in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;

use super::{Kind, State, TeamMeetingId};

/// A meeting.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "team_meeting")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TeamMeetingId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique.
    pub number: String,
    /// The inspection.
    pub inspection_id: Uuid,
    /// Kind.
    pub kind: Kind,
    /// The day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: String,
    /// Who led it.
    pub chair: String,
    /// How many should have been there.
    pub expected: i64,
    /// How many were.
    pub present: i64,
    /// Who was there, by name.
    pub attendees: String,
    /// Agenda.
    pub agenda: String,
    /// What was said.
    pub minutes: String,
    /// Where the entry stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The meeting, within what the actor may see.
pub async fn find(cx: &Cx, id: TeamMeetingId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: TeamMeetingId(samples::OTHER),
        version: 1,
        number: String::new(),
        inspection_id: samples::INSPECTION,
        kind: Kind::Team,
        held_on: samples::day(),
        place: String::new(),
        chair: String::new(),
        expected: 0,
        present: 0,
        attendees: String::new(),
        agenda: String::new(),
        minutes: String::new(),
        state,
    }
}
