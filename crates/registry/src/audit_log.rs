//! The audit log as the security auditor reads it: newest first, page by page. It cannot be changed
//! from here or from anywhere.

use chrono::NaiveDate;
use db::Sql;
use kit::{
    Cx, Refusal, Result, Role,
    audit::{Entry, Outcome},
    sea_orm,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// What to look for; everything empty finds everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Account id or `program:…`.
    pub actor: Option<String>,
    /// Code of a deed.
    pub deed: Option<String>,
    /// Kind of thing.
    pub noun: Option<String>,
    /// One record.
    pub record: Option<Uuid>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Only entries before this number, for the next page.
    pub before: Option<i64>,
    /// Entries on a page, at most 500.
    pub limit: u64,
}

/// An entry with the name of who acted, as it is registered now.
#[derive(Clone, Debug)]
pub struct Line {
    /// The entry.
    pub entry: Entry,
    /// Name of the account; what stands in the chain when there is none.
    pub actor_name: String,
}

#[derive(FromQueryResult)]
struct Holder {
    id: Uuid,
    name: String,
    login: String,
}

/// A page of the log. That it was read is itself recorded.
///
/// # Errors
/// "Not found" for everybody but the security auditor.
pub async fn page(cx: &Cx, filter: &Filter) -> Result<Vec<Line>> {
    if !cx.actor.is(Role::SecurityAuditor) {
        return Err(Refusal::not_found().into());
    }
    let entries: Vec<Entry> = cx.all(query(cx, filter)).await?;
    let names = names(cx, &entries).await?;
    cx.record_read("audit_entries", Uuid::nil()).await;
    let line = |entry: Entry| Line { actor_name: name_of(&names, &entry.actor), entry };
    Ok(entries.into_iter().map(line).collect())
}

fn query(cx: &Cx, filter: &Filter) -> Sql {
    let mut sql = Sql::new("select * from audit_entry where 1 = 1");
    kit::service::write_unbarred(cx, "noun", "record_id", &mut sql);
    let texts =
        [(" and actor = ", &filter.actor), (" and deed = ", &filter.deed), (" and noun = ", &filter.noun)];
    for (condition, text) in texts {
        if let Some(text) = text {
            sql.push(condition).bind(text.as_str());
        }
    }
    if let Some(record) = filter.record {
        sql.push(" and record_id = ").bind(record);
    }
    if let Some(outcome) = filter.outcome {
        sql.push(" and outcome = ").bind(outcome);
    }
    if let Some(from) = filter.from {
        sql.push(" and at >= ").bind(day_start(from));
    }
    if let Some(to) = filter.to {
        sql.push(" and at < ").bind(day_start(kit::clock::days_after(to, 1)));
    }
    if let Some(before) = filter.before {
        sql.push(" and seq < ").bind(before);
    }
    sql.push(" order by seq desc limit ").bind(i64::try_from(filter.limit.clamp(1, 500)).unwrap_or(500));
    sql
}

/// The instant at which a calendar day begins at the office.
fn day_start(day: NaiveDate) -> chrono::DateTime<chrono::Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() - chrono::Duration::hours(8)
}

async fn names(cx: &Cx, entries: &[Entry]) -> Result<Vec<Holder>> {
    let mut ids: Vec<Uuid> = entries.iter().filter_map(|entry| Uuid::parse_str(&entry.actor).ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut sql = Sql::new("select id, name, login from account where id in ");
    sql.bind_list(ids);
    cx.all(sql).await
}

fn name_of(names: &[Holder], actor: &str) -> String {
    let held = Uuid::parse_str(actor).ok().and_then(|id| names.iter().find(|name| name.id == id));
    held.map_or_else(|| actor.to_owned(), |held| format!("{}（{}）", held.name, held.login))
}

#[cfg(test)]
mod tests {
    use kit::testing::actor;

    use super::*;
    use crate::testing::{app, organisation, refusal};

    #[tokio::test]
    async fn only_the_auditor_reads_the_log_and_reading_it_is_recorded() {
        let test = app().await;
        organisation(&test, "J01", "甲单位").await;
        let everything = Filter { limit: 500, ..Filter::default() };
        for role in [Role::OfficeDirector, Role::SystemAdministrator, Role::SecurityAdministrator] {
            refusal(page(&test.app.read(&actor(role, None, None)), &everything).await);
        }
        let auditor = actor(Role::SecurityAuditor, None, None);
        let cx = test.app.read(&auditor);
        let lines = page(&cx, &everything).await.unwrap();
        assert!(lines.windows(2).all(|pair| pair[0].entry.seq > pair[1].entry.seq));
        let reads = Filter { outcome: Some(Outcome::Read), ..everything.clone() };
        assert_eq!(page(&cx, &reads).await.unwrap().len(), 1);
        let registered = Filter { noun: Some(String::from("organisations")), ..everything.clone() };
        assert_eq!(page(&cx, &registered).await.unwrap().len(), 1);
        let early = Filter { to: NaiveDate::from_ymd_opt(2023, 5, 31), ..everything };
        assert!(page(&cx, &early).await.unwrap().is_empty());
    }
}
