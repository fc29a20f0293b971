//! What rectification rests on and does not keep itself: problems that were fed back, and the
//! inspected units. Read with the same limits as everything of this area: nobody learns here of a
//! problem before its feedback, and nobody of another organisation's.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Done, Refusal, Result, WriteCx, sea_orm};
use registry::{
    organisations::OrganisationId,
    policies::{self, Deadline},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::access::{readers, readers_of_measures};

/// Noun of problems.
pub const PROBLEMS: &str = "problems";
/// Noun of inspected units.
pub const UNITS: &str = "inspection_units";
/// Noun of inspections.
pub const INSPECTIONS: &str = "inspections";
/// Noun of organisations.
pub const ORGANISATIONS: &str = registry::organisations::NOUN;

/// A problem that was fed back to its organisation.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FedBackProblem {
    /// Identity.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its words in the feedback.
    pub feedback_text: String,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The organisation that rectifies it.
    pub organisation_id: OrganisationId,
    /// Its state, as stored by its own area.
    pub state: String,
    /// Whether it was found together with audit.
    pub audit_linked: bool,
    /// When it was fed back.
    pub fed_back_on: NaiveDate,
    /// Last day of its rectification, when it was set.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
}

impl FedBackProblem {
    /// Whether its closing was asked for or done: then its measures are settled and stay so until
    /// the problem itself is given back or opened again.
    pub fn is_settled(&self) -> bool {
        matches!(self.state.as_str(), "submitted" | "closed")
    }
}

fn fed_back(cx: &Cx) -> Sql {
    let mut sql = Sql::new(
        "select p.id, p.number, p.title, p.feedback_text, p.unit_id, p.inspection_id, p.organisation_id, p.state, \
         p.audit_linked, p.fed_back_on, p.due_on, p.due_basis from problem p where p.fed_back_on is not null and ",
    );
    readers_of_measures(&cx.actor, "id").write("p", &mut sql);
    sql
}

/// The problem, if it was fed back and the actor may see it; otherwise it does not exist.
pub async fn problem(cx: &Cx, id: Uuid) -> Result<FedBackProblem> {
    fed_back_problem(cx, id).await?.ok_or_else(|| Refusal::not_found().into())
}

/// The problem picked in the form field `problem`.
///
/// # Errors
/// A refusal on that field when it was not fed back yet, or not to the actor's organisation.
pub(crate) async fn picked_problem(cx: &Cx, id: Uuid) -> Result<FedBackProblem> {
    let found = fed_back_problem(cx, id).await?;
    found.ok_or_else(|| Refusal::field("problem", "只能选择已经反馈的问题").into())
}

async fn fed_back_problem(cx: &Cx, id: Uuid) -> Result<Option<FedBackProblem>> {
    let mut sql = fed_back(cx);
    sql.push(" and p.id = ").bind(id);
    cx.first(sql).await
}

/// Refuses problems picked in the form field `problems` that were not fed back, or not within what
/// the actor may see.
pub(crate) async fn check_picked(cx: &Cx, problems: &[Uuid]) -> Result<()> {
    let mut sql = Sql::new("select count(*) from problem p where p.fed_back_on is not null and ");
    readers_of_measures(&cx.actor, "id").write("p", &mut sql);
    sql.push(" and p.id in ").bind_list(problems.iter().copied());
    if cx.number(sql).await? == i64::try_from(problems.len()).unwrap_or(i64::MAX) {
        return Ok(());
    }
    Err(Refusal::field("problems", "只能选择已经反馈的问题").into())
}

/// The problems fed back to a unit, by number.
pub async fn problems_of(cx: &Cx, unit: Uuid) -> Result<Vec<FedBackProblem>> {
    let mut sql = fed_back(cx);
    sql.push(" and p.unit_id = ").bind(unit).push(" order by p.number, p.id");
    cx.all(sql).await
}

/// The last day on which a problem should be rectified, with what it rests on: as it was set at
/// the feedback, or else by the policy of the rectification report.
pub async fn rectification_period(cx: &Cx, problem: &FedBackProblem) -> Result<Deadline> {
    match problem.due_on {
        Some(due_on) => Ok(Deadline { due_on, basis: problem.due_basis.clone() }),
        None => policies::deadline(cx, "rect_report", problem.fed_back_on).await,
    }
}

/// Rectification of the problem has begun: a problem that was only fed back becomes one that is
/// being rectified. A problem further on stays as it is.
pub async fn begin_rectifying(cx: &mut WriteCx, problem: Uuid) -> Result<()> {
    let mut sql = Sql::new("update problem set state = 'rectifying', version = version + 1 where id = ");
    sql.bind(problem).push(" and state = 'fed_back'");
    if cx.execute(sql).await? == 1 {
        let done = Done::new(PROBLEMS, problem, "begin", "启动整改");
        cx.done(done.note("首条整改措施启动，问题由“已反馈”转为“整改中”。"));
    }
    Ok(())
}

/// An inspected unit with what it is called.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Unit {
    /// Identity.
    pub id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// Number of the inspection.
    pub inspection_number: String,
    /// Name of the inspection.
    pub inspection_name: String,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Code of the organisation.
    pub organisation_code: String,
    /// Name of the organisation.
    pub organisation_name: String,
    /// When the problems were fed back.
    pub fed_back_on: Option<NaiveDate>,
}

/// The inspected unit, if the actor may see it.
pub async fn unit(cx: &Cx, id: Uuid) -> Result<Unit> {
    let mut sql = Sql::new(
        "select u.id, u.inspection_id, i.number as inspection_number, i.name as inspection_name, u.organisation_id, \
         o.code as organisation_code, o.name as organisation_name, u.fed_back_on from inspection_unit u \
         join inspection i on i.id = u.inspection_id join organisation o on o.id = u.organisation_id where ",
    );
    readers(&cx.actor).write("u", &mut sql);
    sql.push(" and u.id = ").bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

/// The name of an inspection, for records that already show it.
pub(crate) async fn inspection_name(cx: &Cx, id: Option<Uuid>) -> Result<String> {
    let Some(id) = id else { return Ok(String::new()) };
    let mut sql = Sql::new("select name from inspection where id = ");
    sql.bind(id);
    Ok(cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// Refuses a day after today for something that is said to have happened.
pub(crate) fn not_after_today(cx: &Cx, field: &str, day: NaiveDate) -> Result<()> {
    if day > cx.today() {
        return Err(Refusal::field(field, "不能晚于今天").into());
    }
    Ok(())
}

/// One text of a record that the caller has already found, for labels; empty when there is none.
pub(crate) async fn text_of(cx: &Cx, table: &'static str, column: &'static str, id: Uuid) -> Result<String> {
    let mut sql = Sql::new("select ");
    sql.push(column).push(" from ").push(table).push(" where id = ").bind(id);
    Ok(cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}
