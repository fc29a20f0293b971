//! What is due for a person, found in every service through that person's own scope.

use std::collections::HashSet;

use chrono::NaiveDate;
use db::Sql;
use kit::{Actor, Cx, Pred, Result, Secrecy, Service, calendar::Calendar, table::ColumnKind};
use uuid::Uuid;

use super::{Stage, Terms};

/// Records of one kind that are looked at for one person; more than anybody can act on.
const MOST: i64 = 500;

/// A record with a deadline, as a reminder names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Noun of the record.
    pub noun: &'static str,
    /// Chinese name of the noun.
    pub label: &'static str,
    /// The record.
    pub record: Uuid,
    /// Its number; its title only where it has no number and is not closely kept.
    pub number: String,
    /// The last day.
    pub due: NaiveDate,
}

impl Due {
    /// What the record is called in a reminder: kind and number, never what it is about.
    pub fn name(&self) -> String {
        if self.number.is_empty() { self.label.to_owned() } else { format!("{} {}", self.label, self.number) }
    }
}

/// What waits for the actor of `cx`, or will by then, and has a deadline up to `until`.
pub async fn ahead(cx: &Cx, until: NaiveDate) -> Result<Vec<Due>> {
    waiting(cx, until, until).await
}

/// What waits for the actor on `day` and has a deadline up to `until`.
async fn waiting(cx: &Cx, day: NaiveDate, until: NaiveDate) -> Result<Vec<Due>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for service in &cx.app().registry().services {
        for waiting in &service.waiting {
            let condition = (waiting.condition)(&cx.actor, day);
            let Some(key) = waiting.due else { continue };
            for due in read(cx, service, key, &condition, until, false).await? {
                if seen.insert((due.noun, due.record)) {
                    found.push(due);
                }
            }
        }
    }
    Ok(found)
}

/// What has reached a stage today for the actor of `cx`: as the one who has to act, or as a supervisor.
pub(super) async fn now(cx: &Cx, terms: &Terms, calendar: &Calendar) -> Result<Vec<(Due, Stage)>> {
    let today = cx.today();
    let mut found = Vec::new();
    for due in waiting(cx, today, terms.horizon(calendar, today)).await? {
        if let Some(stage) = terms.stage(calendar, due.due, today) {
            found.push((due, stage));
        }
    }
    if let Some(days) = terms.escalation(&cx.actor) {
        let own: HashSet<(&str, Uuid)> = found.iter().map(|(due, _)| (due.noun, due.record)).collect();
        let late = overdue(cx, today).await?;
        let late = late.into_iter().filter(|due| !own.contains(&(due.noun, due.record)));
        found.extend(
            late.filter(|due| calendar.between(due.due, today) >= days)
                .map(|due| (due, Stage::Escalated(days))),
        );
    }
    Ok(found)
}

/// What the actor sees of overdue records whose clock still runs.
async fn overdue(cx: &Cx, today: NaiveDate) -> Result<Vec<Due>> {
    let mut found = Vec::new();
    let Some(yesterday) = today.pred_opt() else { return Ok(found) };
    for service in &cx.app().registry().services {
        let keys: HashSet<&str> = service.waiting.iter().filter_map(|waiting| waiting.due).collect();
        for key in keys {
            found.extend(read(cx, service, key, &Pred::All, yesterday, true).await?);
        }
    }
    Ok(found)
}

async fn read(
    cx: &Cx,
    service: &Service,
    key: &str,
    condition: &Pred,
    until: NaiveDate,
    running: bool,
) -> Result<Vec<Due>> {
    let visible = service.scope(&cx.actor);
    let list = &service.list;
    let Some(column) = list.column_for(key, &cx.actor) else { return Ok(Vec::new()) };
    if *condition == Pred::Nothing || visible == Pred::Nothing {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("select ");
    sql.push(list.alias)
        .push(".id, ")
        .push(column.sql)
        .push(", ")
        .push(name_of(service))
        .push(" from ")
        .push(list.from);
    sql.push(" where ").push(column.sql).push(" <= ").bind(until).push(" and ");
    visible.write(list.alias, &mut sql);
    sql.push(" and ");
    condition.write(list.alias, &mut sql);
    if let (ColumnKind::Clock { over }, true) = (column.kind, running) {
        sql.push(" and case when ").push(over).push(" then 1 else 0 end = 0");
    }
    sql.push(" order by ").push(column.sql).push(" desc, ").push(list.alias).push(".id limit ").bind(MOST);
    cx.rows(sql)
        .await?
        .iter()
        .map(|row| {
            Ok(Due {
                noun: service.noun,
                label: service.label,
                record: row.try_get_by_index(0)?,
                due: row.try_get_by_index(1)?,
                number: row.try_get_by_index::<Option<String>>(2)?.unwrap_or_default(),
            })
        })
        .collect()
}

/// SQL for what a record is called in a reminder.
fn name_of(service: &Service) -> &'static str {
    match service.list.number {
        Some(number) => number,
        None if matches!(service.secrecy, Secrecy::Open | Secrecy::Internal) => service.list.title,
        None => "''",
    }
}

/// Who is reminded at all: people with business posts.
pub(super) fn concerns(actor: &Actor) -> bool {
    actor.posts.iter().any(|post| !post.role.is_administrator())
}
