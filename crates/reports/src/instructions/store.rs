//! Instructions in the database; what they say is sealed, as they may touch the materials.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;

use super::{InstructionId, State};
use crate::{meetings::MeetingId, reports::ReportId};

/// An instruction.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "instruction")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InstructionId,
    /// Counts every change.
    pub version: i64,
    /// `PS-2023-0007`, unique.
    pub number: String,
    /// The meeting it was given in.
    pub meeting_id: Option<MeetingId>,
    /// The report it is on.
    pub report_id: Option<ReportId>,
    /// Who gave it.
    pub leader: String,
    /// When.
    pub given_on: NaiveDate,
    /// What it says, sealed.
    pub text_sealed: String,
    /// Who carries it out.
    pub owner: String,
    /// Last day.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// How far it is, sealed.
    pub progress_sealed: String,
    /// Day of the last entry.
    pub progress_on: Option<NaiveDate>,
    /// Account that reported the result.
    pub reported_by: Option<Uuid>,
    /// Day of the confirmation.
    pub done_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What it says, opened.
    pub fn text(&self, cx: &Cx) -> Result<String> {
        open(cx, self.id, "text", &self.text_sealed)
    }

    /// How far it is, opened.
    pub fn progress(&self, cx: &Cx) -> Result<String> {
        open(cx, self.id, "progress", &self.progress_sealed)
    }
}

/// Seals a part of an instruction; nothing stays nothing.
pub(super) fn seal(cx: &Cx, id: InstructionId, part: &str, text: &str) -> Result<String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    cx.app().seal().seal(&format!("instruction/{id}/{part}"), text)
}

fn open(cx: &Cx, id: InstructionId, part: &str, sealed: &str) -> Result<String> {
    if sealed.is_empty() {
        return Ok(String::new());
    }
    cx.app().seal().open(&format!("instruction/{id}/{part}"), sealed)
}

/// The instruction, within what the actor may see.
pub async fn find(cx: &Cx, id: InstructionId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// An instruction in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    Model {
        id: InstructionId(samples::OTHER),
        version: 1,
        number: String::from("PS-2023-0001"),
        meeting_id: None,
        report_id: None,
        leader: String::from("某某"),
        given_on: day,
        text_sealed: String::new(),
        owner: String::new(),
        due_on: Some(day),
        due_basis: String::new(),
        progress_sealed: String::new(),
        progress_on: None,
        reported_by: None,
        done_on: (state == State::Done).then_some(day),
        state,
    }
}
