//! Sending: for every person what has reached a stage and was not sent yet, in one transaction each.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{
    Actor, App, Audience, Cx, Refusal, Result, WriteCx, audit,
    calendar::{self, Calendar},
    ids,
    sea_orm::{self, FromQueryResult},
};
use uuid::Uuid;

use super::{
    Due, Manner, NOUN, Stage, Terms,
    due::{concerns, now},
    settings::{self, Setting},
};
use crate::{accounts::sessions, policies};

/// Single notices of one day; what is more comes as one.
const MOST_SINGLE: usize = 20;

/// What a run sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// People who were reminded.
    pub people: usize,
    /// Records they were reminded of.
    pub records: usize,
}

/// Reminds everybody of what has reached a stage today. On days off nobody is reminded; the next working
/// day makes up for it.
pub async fn run(app: &App) -> Result<Sent> {
    let program = Arc::new(Actor::program("到期提醒"));
    let cx = app.read(&program);
    let calendar = calendar::of(&cx).await?;
    if !calendar.works(cx.today()) {
        return Ok(Sent::default());
    }
    let terms = terms(&cx).await?;
    let mut sent = Sent::default();
    for account in accounts(&cx).await? {
        let Some(person) = sessions::person(app, account).await? else { continue };
        if !concerns(&person) {
            continue;
        }
        let records = remind(app, person, &terms, &calendar).await?;
        sent.people += usize::from(records > 0);
        sent.records += records;
    }
    Ok(sent)
}

/// What the policies in force say.
async fn terms(cx: &Cx) -> Result<Terms> {
    let today = cx.today();
    let amount = |code| policies::amount(cx, code, today);
    Ok(Terms {
        far: amount("remind_far").await?,
        near: amount("remind_near").await?,
        every: amount("remind_every").await?,
        liaison: amount("escalate_liaison").await?,
        director: amount("escalate_director").await?,
        group: amount("escalate_group").await?,
    })
}

async fn accounts(cx: &Cx) -> Result<Vec<Uuid>> {
    let rows = cx.rows(Sql::new("select id from account where state = 'active' order by id")).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Reminds one person; how many records it was about.
async fn remind(app: &App, person: Actor, terms: &Terms, calendar: &Calendar) -> Result<usize> {
    let person = Arc::new(person);
    let cx = app.read(&person);
    let setting = settings::of(&cx).await?;
    let mut reached = now(&cx, terms, calendar).await?;
    reached.retain(|(due, stage)| wanted(&setting, due, *stage));
    if reached.is_empty() {
        return Ok(0);
    }
    let Some(account) = person.account else { return Ok(0) };
    let program = Arc::new(Actor::program("到期提醒"));
    app.write(&program, |cx| {
        Box::pin(async move {
            let digest = ids::random();
            let mut fresh = Vec::new();
            for (due, stage) in reached {
                if claim(cx, account, digest, &due, stage).await? {
                    fresh.push((due, stage));
                }
            }
            notify(cx, account, digest, &fresh, setting.manner);
            Ok(fresh.len())
        })
    })
    .await
}

/// What is overdue is recalled whatever the person chose.
fn wanted(setting: &Setting, due: &Due, stage: Stage) -> bool {
    !matches!(stage, Stage::Before(_)) || !setting.quiet.iter().any(|noun| noun == due.noun)
}

/// Notes a reminder down; not when it was sent already, be it by another process.
async fn claim(cx: &mut WriteCx, account: Uuid, digest: Uuid, due: &Due, stage: Stage) -> Result<bool> {
    let mut sql =
        Sql::new("insert into reminder (account_id, noun, record_id, due_on, stage, digest_id, at) values (");
    sql.bind(account).push(", ").bind(due.noun).push(", ").bind(due.record).push(", ").bind(due.due);
    sql.push(", ").bind(stage.code()).push(", ").bind(digest).push(", ").bind(cx.now);
    sql.push(") on conflict (account_id, noun, record_id, due_on, stage) do nothing");
    Ok(cx.execute(sql).await? > 0)
}

fn notify(cx: &mut WriteCx, account: Uuid, digest: Uuid, fresh: &[(Due, Stage)], manner: Manner) {
    if fresh.is_empty() {
        return;
    }
    let audience = || Audience::Account(account);
    let single = manner == Manner::Single || fresh.len() == 1;
    let (alone, together) = fresh.split_at(if single { fresh.len().min(MOST_SINGLE) } else { 0 });
    for (due, stage) in alone {
        cx.notify(audience(), sentence(due, *stage), due.noun, due.record);
    }
    if !together.is_empty() {
        cx.notify(audience(), summary(together), NOUN, digest);
    }
    // Revisions move with the audit chain: what was remembered of inboxes is out of date.
    cx.record("remind", NOUN, Some(digest), audit::Outcome::Done);
}

/// One reminder as a sentence.
fn sentence(due: &Due, stage: Stage) -> String {
    let (name, day) = (due.name(), due.due.format("%-m月%-d日"));
    match stage {
        Stage::Before(days) => format!("{name}将在 {days} 个工作日内到期（{day}）"),
        Stage::LastDay => format!("{name}到期（{day}），请今天办结"),
        Stage::Overdue(_) => format!("{name}已逾期（{day}到期），请尽快办理或说明情况"),
        Stage::Escalated(days) => format!("{name}逾期已达 {days} 个工作日（{day}到期），请督促"),
    }
}

/// All of a day as a sentence.
fn summary(together: &[(Due, Stage)]) -> String {
    let count = |is: fn(&Stage) -> bool| together.iter().filter(|(_, stage)| is(stage)).count();
    let parts = [
        (count(|stage| matches!(stage, Stage::Overdue(_))), "项已逾期"),
        (count(|stage| matches!(stage, Stage::LastDay)), "项今天到期"),
        (count(|stage| matches!(stage, Stage::Before(_))), "项即将到期"),
        (count(|stage| matches!(stage, Stage::Escalated(_))), "项逾期待督促"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    format!("今日提醒：{}", parts.join("，"))
}

/// A reminder that was sent.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Reminded {
    /// Noun of the record.
    pub noun: String,
    /// The record.
    pub record_id: Uuid,
    /// The deadline it was about.
    pub due_on: NaiveDate,
    /// Why.
    pub stage: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What the actor was reminded of together.
///
/// # Errors
/// "Not found" for what belongs to somebody else.
pub async fn digest(cx: &Cx, id: Uuid) -> Result<Vec<Reminded>> {
    let mut sql = Sql::new("select noun, record_id, due_on, stage, at from reminder where digest_id = ");
    sql.bind(id)
        .push(" and account_id = ")
        .bind(cx.actor.account)
        .push(" order by due_on, noun, record_id limit 1000");
    let found: Vec<Reminded> = cx.all(sql).await?;
    if found.is_empty() { Err(Refusal::not_found().into()) } else { Ok(found) }
}

/// What the actor was reminded of lately, newest first.
pub async fn recent(cx: &Cx, limit: i64) -> Result<Vec<Reminded>> {
    let mut sql = Sql::new("select noun, record_id, due_on, stage, at from reminder where account_id = ");
    sql.bind(cx.actor.account).push(" order by at desc, due_on, record_id limit ").bind(limit);
    cx.all(sql).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due() -> Due {
        let day = NaiveDate::from_ymd_opt(2023, 6, 9).unwrap();
        Due {
            noun: "measures",
            label: "整改措施",
            record: Uuid::nil(),
            number: String::from("CS-2023-0012"),
            due: day,
        }
    }

    #[test]
    fn a_reminder_names_kind_number_and_day_and_nothing_else() {
        assert_eq!(
            sentence(&due(), Stage::Before(3)),
            "整改措施 CS-2023-0012将在 3 个工作日内到期（6月9日）"
        );
        assert_eq!(
            sentence(&due(), Stage::Escalated(5)),
            "整改措施 CS-2023-0012逾期已达 5 个工作日（6月9日到期），请督促"
        );
    }

    #[test]
    fn a_day_in_one_sentence_counts_the_urgent_first() {
        let all = [(due(), Stage::Before(7)), (due(), Stage::Overdue(2)), (due(), Stage::Before(3))];
        assert_eq!(summary(&all), "今日提醒：1 项已逾期，2 项即将到期");
    }

    #[test]
    fn what_is_overdue_is_recalled_whatever_was_chosen() {
        let quiet = Setting { quiet: vec![String::from("measures")], ..Setting::default() };
        assert!(!wanted(&quiet, &due(), Stage::Before(3)));
        assert!(wanted(&quiet, &due(), Stage::Overdue(0)) && wanted(&quiet, &due(), Stage::LastDay));
    }
}
