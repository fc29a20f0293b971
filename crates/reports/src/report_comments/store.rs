//! Comments in the database; everything written in them is sealed.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{ReportCommentId, State};
use crate::reports::ReportId;

/// A comment.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "report_comment")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportCommentId,
    /// Counts every change.
    pub version: i64,
    /// The report.
    pub report_id: ReportId,
    /// Number of the report and its own.
    pub number: String,
    /// Whether the report is restricted.
    pub restricted: bool,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The organisation the report is about.
    pub organisation_id: OrganisationId,
    /// Its number within the report.
    pub ordinal: i64,
    /// The sentence it is on; 0 for the whole.
    pub sentence: i64,
    /// The version it was made on.
    pub at_version: i64,
    /// The sentence as it was, sealed.
    pub quote_sealed: String,
    /// What is said, sealed.
    pub text_sealed: String,
    /// How it could be worded, sealed.
    pub suggestion_sealed: String,
    /// Account that raised it.
    pub raised_by: Option<Uuid>,
    /// Who raised it.
    pub raised_name: String,
    /// When.
    pub raised_on: NaiveDate,
    /// Account that sees to it.
    pub owner_id: Option<Uuid>,
    /// Who sees to it.
    pub owner_name: String,
    /// Who is mentioned in it.
    pub mentioned: String,
    /// Last day.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// What was answered, sealed.
    pub answer_sealed: String,
    /// Account that answered.
    pub answered_by: Option<Uuid>,
    /// When.
    pub answered_on: Option<NaiveDate>,
    /// The version that came of it.
    pub changed_version: Option<i64>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a comment says, opened.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The sentence as it was.
    pub quote: String,
    /// What is said.
    pub text: String,
    /// How it could be worded.
    pub suggestion: String,
    /// What was answered.
    pub answer: String,
}

impl Model {
    /// What it says. The caller has looked whether the report is open to the person.
    pub fn words(&self, cx: &Cx) -> Result<Words> {
        let open = |part: &str, sealed: &str| open(cx, self.id, part, sealed);
        Ok(Words {
            quote: open("quote", &self.quote_sealed)?,
            text: open("text", &self.text_sealed)?,
            suggestion: open("suggestion", &self.suggestion_sealed)?,
            answer: open("answer", &self.answer_sealed)?,
        })
    }
}

/// Seals a part of a comment; nothing stays nothing.
pub(super) fn seal(cx: &Cx, id: ReportCommentId, part: &str, text: &str) -> Result<String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    cx.app().seal().seal(&format!("report_comment/{id}/{part}"), text)
}

fn open(cx: &Cx, id: ReportCommentId, part: &str, sealed: &str) -> Result<String> {
    if sealed.is_empty() {
        return Ok(String::new());
    }
    cx.app().seal().open(&format!("report_comment/{id}/{part}"), sealed)
}

/// The comment, within what the actor may see.
pub async fn find(cx: &Cx, id: ReportCommentId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The comments on a report that the actor may see, in their order.
pub async fn of_report(cx: &Cx, report: ReportId) -> Result<Vec<Model>> {
    let condition = Model::scope(&cx.actor).and(Pred::is("report_id", report));
    let mut found = kit::store::all::<Entity>(cx, &condition).await?;
    found.sort_by_key(|comment| comment.ordinal);
    Ok(found)
}

/// How many comments there are on a report, and how many of them are open.
pub async fn counts(cx: &Cx, report: ReportId) -> Result<(i64, i64)> {
    let mut sql = Sql::new("select count(*) from report_comment where report_id = ");
    sql.bind(report);
    Ok((cx.number(sql).await?, open_of(cx, report).await?))
}

/// How many comments on a report are not settled.
pub async fn open_of(cx: &Cx, report: ReportId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from report_comment where state <> 'settled' and report_id = ");
    sql.bind(report);
    cx.number(sql).await
}

/// The number after the highest of the report.
pub(super) async fn next_ordinal(cx: &Cx, report: ReportId) -> Result<i64> {
    let mut sql = Sql::new("select coalesce(max(ordinal), 0) + 1 from report_comment where report_id = ");
    sql.bind(report);
    cx.number(sql).await
}

/// A comment in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    Model {
        id: ReportCommentId(samples::OTHER),
        version: 1,
        report_id: ReportId(samples::OTHER),
        number: String::from("BG-2023-0001-1"),
        restricted: false,
        inspection_id: samples::INSPECTION,
        organisation_id: OrganisationId(samples::ORGANISATION),
        ordinal: 1,
        sentence: 1,
        at_version: 1,
        quote_sealed: String::new(),
        text_sealed: String::new(),
        suggestion_sealed: String::new(),
        raised_by: Some(samples::AUTHOR),
        raised_name: String::new(),
        raised_on: day,
        owner_id: None,
        owner_name: String::new(),
        mentioned: String::new(),
        due_on: day,
        state,
        answer_sealed: String::new(),
        answered_by: None,
        answered_on: None,
        changed_version: None,
    }
}
