//! Feedback meetings in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{FeedbackId, State};

/// A feedback meeting.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "feedback")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FeedbackId,
    /// Counts every change.
    pub version: i64,
    /// `FK-2023-0007`.
    pub number: String,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit; one meeting each.
    pub unit_id: Uuid,
    /// The organisation that is told.
    pub organisation_id: OrganisationId,
    /// The day it is arranged for.
    pub planned_on: Option<NaiveDate>,
    /// The day it was held.
    pub held_on: Option<NaiveDate>,
    /// Where.
    pub place: String,
    /// City leader in charge of the unit.
    pub leader_name: String,
    /// Whether that leader came; nothing before the meeting.
    pub leader_attended: Option<bool>,
    /// What the unit declared (表态).
    pub statement: String,
    /// Where it stands.
    pub state: State,
    /// Remark.
    pub note: String,
    /// Last day for the feedback, counted from the decision on the report.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The feedback meeting, within what the actor may see.
pub async fn find(cx: &Cx, id: FeedbackId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Whether a meeting was arranged for an inspected unit, whoever asks.
pub async fn of_unit(cx: &Cx, unit: Uuid) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from feedback where unit_id = ");
    sql.bind(unit);
    Ok(cx.number(sql).await? > 0)
}

/// A copy of the feedback.
#[derive(Clone, Debug, sea_orm::FromQueryResult)]
pub(super) struct CopyLine {
    pub(super) kind: super::CopyTo,
    pub(super) recipient: String,
    pub(super) sent_on: Option<NaiveDate>,
    pub(super) note: String,
}

/// The copies of a feedback, sent or not, in the order of the enumeration.
pub(super) async fn copies(cx: &Cx, id: FeedbackId) -> Result<Vec<CopyLine>> {
    let mut sql = Sql::new("select kind, recipient, sent_on, note from feedback_copy where feedback_id = ");
    sql.bind(id);
    let mut found: Vec<CopyLine> = cx.all(sql).await?;
    found
        .sort_by_key(|copy| <super::CopyTo as kit::Labelled>::ALL.iter().position(|kind| *kind == copy.kind));
    Ok(found)
}

/// Enters which copies are due, or that one went out.
pub(super) async fn put_copy(cx: &mut kit::WriteCx, id: FeedbackId, copy: &CopyLine) -> Result<()> {
    let mut sql =
        Sql::new("insert into feedback_copy (feedback_id, kind, recipient, sent_on, note) values (");
    sql.bind(id).push(", ").bind(copy.kind).push(", ").bind(copy.recipient.as_str()).push(", ");
    sql.bind(copy.sent_on).push(", ").bind(copy.note.as_str());
    sql.push(
        ") on conflict (feedback_id, kind) do update set recipient = excluded.recipient, \
              sent_on = excluded.sent_on, note = excluded.note",
    );
    cx.execute(sql).await?;
    Ok(())
}

/// A feedback meeting in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let held = state != State::Planned;
    Model {
        id: FeedbackId(samples::OTHER),
        version: 1,
        number: String::from("FK-2023-0001"),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        planned_on: Some(samples::day()),
        held_on: held.then(samples::day),
        place: String::new(),
        leader_name: String::new(),
        leader_attended: held.then_some(true),
        statement: String::new(),
        state,
        note: String::new(),
        due_on: None,
        due_basis: String::new(),
    }
}
