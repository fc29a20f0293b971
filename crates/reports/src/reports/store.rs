//! Reports in the database, with their versions, decisions and what came back from Word.

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::{FromQueryResult, entity::prelude::*};
use uuid::Uuid;

use super::{Kind, ReportId, State, StepBy};
use crate::{prose::Prose, word::Change};

/// A report.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportId,
    /// Counts every change.
    pub version: i64,
    /// `BG-2023-0007`, unique.
    pub number: String,
    /// What it is.
    pub kind: Kind,
    /// Whether it is one of the restricted materials; follows from the kind.
    pub restricted: bool,
    /// Term of the committee.
    pub term_id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The organisation it is about.
    pub organisation_id: OrganisationId,
    /// Its title.
    pub title: String,
    /// How it is marked.
    pub secrecy: String,
    /// Its text, sealed.
    pub content_sealed: String,
    /// The newest version of its text.
    pub content_version: i64,
    /// Characters.
    pub length: i64,
    /// Digest of its text with what it rests on.
    pub digest: String,
    /// Account that wrote last.
    pub author_id: Option<Uuid>,
    /// Who wrote last.
    pub author_name: String,
    /// Where it stands.
    pub state: State,
    /// How often it was submitted.
    pub pass: i64,
    /// The step it is at; 0 when at none.
    pub step_position: i64,
    /// What that step is called.
    pub step_label: String,
    /// Who decides on it.
    pub step_by: Option<StepBy>,
    /// Whether it is the last.
    pub step_last: bool,
    /// Accounts that submitted it or decided on it in this pass, separated by commas.
    pub acted: String,
    /// Why it was sent back or given up last, sealed.
    pub opinion_sealed: String,
    /// Day of the last submission.
    pub submitted_on: Option<NaiveDate>,
    /// Last day for it.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// Day of the last approval.
    pub approved_on: Option<NaiveDate>,
    /// Day of the delivery.
    pub delivered_on: Option<NaiveDate>,
    /// Whether the committee receives it.
    pub to_committee: bool,
    /// Whether discipline inspection receives it.
    pub to_discipline: bool,
    /// Whether the organisation department receives it.
    pub to_organisation: bool,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Its text, opened.
    pub fn prose(&self, cx: &Cx) -> Result<Prose> {
        let text = cx.app().seal().open(&content_place(self.id), &self.content_sealed)?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Why it was sent back or given up last, opened.
    pub fn opinion(&self, cx: &Cx) -> Result<String> {
        open(cx, &format!("report/{}/opinion", self.id), &self.opinion_sealed)
    }
}

fn content_place(id: ReportId) -> String {
    format!("report/{id}/content")
}

fn version_place(id: ReportId, ordinal: i64) -> String {
    format!("report/{id}/version/{ordinal}")
}

/// Seals the text of a report.
pub(super) fn seal_content(cx: &Cx, id: ReportId, prose: &Prose) -> Result<String> {
    cx.app().seal().seal(&content_place(id), &serde_json::to_string(prose)?)
}

/// Seals the text of one of its versions.
pub(super) fn seal_version(cx: &Cx, id: ReportId, ordinal: i64, prose: &Prose) -> Result<String> {
    cx.app().seal().seal(&version_place(id, ordinal), &serde_json::to_string(prose)?)
}

/// Seals a short text of it; nothing stays nothing.
pub(super) fn seal(cx: &Cx, place: &str, text: &str) -> Result<String> {
    if text.is_empty() { Ok(String::new()) } else { cx.app().seal().seal(place, text) }
}

/// Opens what [`seal`] made.
pub(super) fn open(cx: &Cx, place: &str, sealed: &str) -> Result<String> {
    if sealed.is_empty() { Ok(String::new()) } else { cx.app().seal().open(place, sealed) }
}

/// The report, within what the actor may see.
pub async fn find(cx: &Cx, id: ReportId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The reports of an inspected unit that the actor may see.
pub async fn of_unit(cx: &Cx, unit: Uuid) -> Result<Vec<Model>> {
    kit::store::all::<Entity>(cx, &Model::scope(&cx.actor).and(Pred::is("unit_id", unit))).await
}

/// What the completeness of «1+3» is looked at by: whoever asks, as somebody who decides on a step must know what lacks.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Standing {
    pub(super) kind: Kind,
    pub(super) state: State,
    pub(super) step_by: Option<StepBy>,
}

/// Where the reports of a unit stand, without those given up.
pub(super) async fn standing(cx: &Cx, unit: Uuid) -> Result<Vec<Standing>> {
    let mut sql = Sql::new("select kind, state, step_by from report where unit_id = ");
    sql.bind(unit).push(" and state <> ").bind(State::Withdrawn);
    cx.all(sql).await
}

/// A version of the text.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Version {
    /// Its number, from 1.
    pub ordinal: i64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// By whom.
    pub author_name: String,
    /// How: 初稿, 编写, Word 稿 …
    pub origin: String,
    /// What was written with it, sealed.
    pub note_sealed: String,
    /// Characters.
    pub length: i64,
}

/// The versions of a report, the newest first.
pub async fn versions(cx: &Cx, id: ReportId) -> Result<Vec<Version>> {
    let mut sql = Sql::new(
        "select ordinal, at, author_name, origin, note_sealed, length from report_version where report_id = ",
    );
    sql.bind(id).push(" order by ordinal desc");
    cx.all(sql).await
}

/// The text of one version; the caller has found the report.
pub async fn version(cx: &Cx, id: ReportId, ordinal: i64) -> Result<Option<Prose>> {
    let mut sql = Sql::new("select content_sealed from report_version where report_id = ");
    sql.bind(id).push(" and ordinal = ").bind(ordinal);
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let sealed: String = row.try_get_by_index(0)?;
    let text = cx.app().seal().open(&version_place(id, ordinal), &sealed)?;
    Ok(Some(serde_json::from_str(&text)?))
}

/// Adds a version.
pub(super) async fn add_version(
    cx: &mut WriteCx,
    report: &Model,
    prose: &Prose,
    origin: &str,
    note: &str,
) -> Result<()> {
    let ordinal = report.content_version;
    let sealed = seal_version(cx, report.id, ordinal, prose)?;
    let note = seal(cx, &version_place(report.id, ordinal), note)?;
    let mut sql = Sql::new(
        "insert into report_version (report_id, ordinal, at, account_id, author_name, origin, note_sealed, \
         content_sealed, length) values (",
    );
    sql.bind(report.id).push(", ").bind(ordinal).push(", ").bind(cx.now).push(", ").bind(cx.actor.account);
    sql.push(", ").bind(cx.actor.name.as_str()).push(", ").bind(origin).push(", ").bind(note);
    sql.push(", ").bind(sealed).push(", ").bind(report.length).push(")");
    cx.execute(sql).await?;
    Ok(())
}

/// A decision on a step.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Decision {
    /// In which pass.
    pub pass: i64,
    /// On which step.
    pub position: i64,
    /// What the step is called.
    pub label: String,
    /// `submit`, `approve` or `return`.
    pub verdict: String,
    /// By whom.
    pub name: String,
    /// Of which day.
    pub decided_on: NaiveDate,
    /// With what reasons, sealed.
    pub opinion_sealed: String,
    /// Noun of the meeting or consultation it rests on.
    pub basis_noun: String,
    /// That meeting or consultation.
    pub basis_id: Option<Uuid>,
    /// On which version of the text.
    pub content_version: i64,
}

impl Decision {
    /// The reasons, opened.
    pub fn opinion(&self, cx: &Cx, report: ReportId) -> Result<String> {
        open(cx, &format!("report/{report}/decision"), &self.opinion_sealed)
    }
}

/// What was decided on a report, the oldest first.
pub async fn decisions(cx: &Cx, id: ReportId) -> Result<Vec<Decision>> {
    let mut sql = Sql::new(
        "select pass, position, label, verdict, name, decided_on, opinion_sealed, basis_noun, basis_id, content_version \
         from report_decision where report_id = ",
    );
    sql.bind(id).push(" order by at, position");
    cx.all(sql).await
}

/// What somebody decides.
pub(super) struct Verdict<'a> {
    pub(super) word: &'a str,
    pub(super) on: NaiveDate,
    pub(super) opinion: &'a str,
    pub(super) basis: Option<(&'a str, Uuid)>,
}

/// Enters a decision on the step the report is at.
pub(super) async fn add_decision(cx: &mut WriteCx, report: &Model, verdict: Verdict<'_>) -> Result<()> {
    let opinion = seal(cx, &format!("report/{}/decision", report.id), verdict.opinion)?;
    let (noun, basis) = verdict.basis.map_or(("", None), |(noun, id)| (noun, Some(id)));
    let mut sql = Sql::new(
        "insert into report_decision (id, report_id, pass, position, label, verdict, account_id, name, decided_on, \
         opinion_sealed, basis_noun, basis_id, content_version, digest, at) values (",
    );
    sql.bind(cx.new_id()).push(", ").bind(report.id).push(", ").bind(report.pass).push(", ");
    sql.bind(report.step_position).push(", ").bind(report.step_label.as_str()).push(", ").bind(verdict.word);
    sql.push(", ").bind(cx.actor.account).push(", ").bind(cx.actor.name.as_str()).push(", ").bind(verdict.on);
    sql.push(", ").bind(opinion).push(", ").bind(noun).push(", ").bind(basis);
    sql.push(", ").bind(report.content_version).push(", ").bind(report.digest.as_str());
    sql.push(", ").bind(cx.now).push(")");
    cx.execute(sql).await?;
    Ok(())
}

/// A Word file that came back and waits for a decision on its changes.
#[derive(Clone, Debug)]
pub struct Returned {
    /// Its identity.
    pub id: Uuid,
    /// The version it was made from.
    pub base_version: i64,
    /// Who brought it.
    pub brought_by: String,
    /// When.
    pub brought_at: DateTime<Utc>,
    /// What changed in it.
    pub changes: Vec<Change>,
}

#[derive(FromQueryResult)]
struct ReturnRow {
    id: Uuid,
    base_version: i64,
    brought_by: String,
    brought_at: DateTime<Utc>,
    changes_sealed: String,
}

/// The Word file of a report that waits for a decision.
pub async fn returned(cx: &Cx, id: ReportId) -> Result<Option<Returned>> {
    let mut sql = Sql::new(
        "select id, base_version, brought_by, brought_at, changes_sealed from report_return where open = ",
    );
    sql.bind(true).push(" and report_id = ").bind(id).push(" order by brought_at desc limit 1");
    let Some(row) = cx.first::<ReturnRow>(sql).await? else { return Ok(None) };
    let text = cx.app().seal().open(&format!("report/return/{}", row.id), &row.changes_sealed)?;
    Ok(Some(Returned {
        id: row.id,
        base_version: row.base_version,
        brought_by: row.brought_by,
        brought_at: row.brought_at,
        changes: serde_json::from_str(&text)?,
    }))
}

/// Whether a Word file waits for a decision.
pub async fn open_return(cx: &Cx, id: ReportId) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from report_return where open = ");
    sql.bind(true).push(" and report_id = ").bind(id);
    Ok(cx.number(sql).await? > 0)
}

/// Keeps what came back in place of an earlier file.
pub(super) async fn keep_return(cx: &mut WriteCx, id: ReportId, base: i64, changes: &[Change]) -> Result<()> {
    close_returns(cx, id).await?;
    let row = cx.new_id();
    let sealed = cx.app().seal().seal(&format!("report/return/{row}"), &serde_json::to_string(changes)?)?;
    let mut sql = Sql::new(
        "insert into report_return (id, report_id, base_version, brought_by, brought_at, changes_sealed, open) values (",
    );
    sql.bind(row)
        .push(", ")
        .bind(id)
        .push(", ")
        .bind(base)
        .push(", ")
        .bind(cx.actor.name.as_str())
        .push(", ");
    sql.bind(cx.now).push(", ").bind(sealed).push(", ").bind(true).push(")");
    cx.execute(sql).await?;
    Ok(())
}

/// Settles what came back.
pub(super) async fn close_returns(cx: &mut WriteCx, id: ReportId) -> Result<()> {
    let mut sql = Sql::new("update report_return set open = ");
    sql.bind(false).push(", changes_sealed = '' where report_id = ").bind(id);
    cx.execute(sql).await?;
    Ok(())
}

/// A report in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let done = matches!(state, State::Approved | State::Delivered);
    let at_step = state == State::InReview;
    Model {
        id: ReportId(samples::OTHER),
        version: 1,
        number: String::from("BG-2023-0001"),
        kind: Kind::Main,
        restricted: false,
        term_id: samples::OTHER,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        title: String::from("关于巡察情况的报告"),
        secrecy: String::new(),
        content_sealed: String::new(),
        content_version: 1,
        length: 0,
        digest: String::new(),
        author_id: Some(samples::AUTHOR),
        author_name: String::from("某某"),
        state,
        pass: i64::from(at_step),
        step_position: if at_step { 3 } else { 0 },
        step_label: String::new(),
        step_by: at_step.then_some(StepBy::Office),
        step_last: false,
        acted: String::new(),
        opinion_sealed: String::new(),
        submitted_on: None,
        due_on: None,
        due_basis: String::new(),
        approved_on: done.then_some(day),
        delivered_on: (state == State::Delivered).then_some(day),
        to_committee: true,
        to_discipline: true,
        to_organisation: true,
        created_at: DateTime::UNIX_EPOCH,
    }
}

/// A restricted material in `state`.
pub(super) fn sample_material(state: State) -> Model {
    Model {
        kind: Kind::TopLeader,
        restricted: true,
        number: String::from("ZC-2023-0001"),
        step_by: (state == State::InReview).then_some(StepBy::Director),
        ..sample(state)
    }
}
