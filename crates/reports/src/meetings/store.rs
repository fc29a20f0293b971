//! Meetings in the database, with the reports they discuss.

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{MeetingId, State};
use crate::reports::ReportId;

/// A meeting.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeetingId,
    /// Counts every change.
    pub version: i64,
    /// `HY-2023-0007`, unique.
    pub number: String,
    /// Kind (dictionary `meeting_kind`).
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// The day it is called for.
    pub planned_on: NaiveDate,
    /// The day it was held.
    pub held_on: Option<NaiveDate>,
    /// Where.
    pub place: String,
    /// Who chairs it.
    pub chair: String,
    /// What else is discussed.
    pub agenda: String,
    /// Who came.
    pub present: String,
    /// Who was excused.
    pub absent: String,
    /// Who listened.
    pub listeners: String,
    /// What was decided.
    pub decisions: String,
    /// Where it stands.
    pub state: State,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The meeting, within what the actor may see.
pub async fn find(cx: &Cx, id: MeetingId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Whether the report stands on the meeting's agenda.
pub async fn discusses(cx: &Cx, meeting: MeetingId, report: ReportId) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from meeting_report where meeting_id = ");
    sql.bind(meeting).push(" and report_id = ").bind(report);
    Ok(cx.number(sql).await? > 0)
}

/// The reports on the agenda, in their order: identity and whether it is restricted.
pub(super) async fn reports(cx: &Cx, meeting: MeetingId) -> Result<Vec<(Uuid, bool)>> {
    let mut sql = Sql::new(
        "select m.report_id, r.restricted from meeting_report m join report r on r.id = m.report_id where m.meeting_id = ",
    );
    sql.bind(meeting).push(" order by m.position");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Puts these reports on the agenda in place of those before.
pub(super) async fn put_reports(cx: &mut WriteCx, meeting: MeetingId, reports: &[Uuid]) -> Result<()> {
    let mut gone = Sql::new("delete from meeting_report where meeting_id = ");
    gone.bind(meeting);
    cx.execute(gone).await?;
    for (report, position) in reports.iter().zip(1_i64..) {
        let mut sql = Sql::new("insert into meeting_report (meeting_id, report_id, position) values (");
        sql.bind(meeting).push(", ").bind(*report).push(", ").bind(position).push(")");
        cx.execute(sql).await?;
    }
    Ok(())
}

/// A meeting in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    Model {
        id: MeetingId(samples::OTHER),
        version: 1,
        number: String::from("HY-2023-0001"),
        kind: String::from("leading_group"),
        title: String::from("领导小组会议"),
        planned_on: day,
        held_on: matches!(state, State::Held | State::Minuted).then_some(day),
        place: String::new(),
        chair: String::new(),
        agenda: String::new(),
        present: String::new(),
        absent: String::new(),
        listeners: String::new(),
        decisions: String::new(),
        state,
        created_at: DateTime::UNIX_EPOCH,
    }
}
