//! Notices (消息): what deeds leave in the inboxes of people, by account or by post.

use chrono::{DateTime, Utc};
use db::Sql;
use kit::{Actor, Cx, Result, WriteCx, sea_orm};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The largest number of unread notices that is counted.
pub const COUNT_CAP: i64 = 100;

/// A notice as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Notice {
    /// Identity.
    pub id: Uuid,
    /// When it was left.
    pub at: DateTime<Utc>,
    /// What it says.
    pub title: String,
    /// Noun of the record it is about.
    pub noun: String,
    /// That record.
    pub record_id: Uuid,
    /// Whether this person has read it.
    pub read: bool,
}

/// How many notices the person has not read, at most [`COUNT_CAP`].
pub async fn unread_count(cx: &Cx) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from (select 1 as one from notice n where ");
    write_unread(cx, &mut sql);
    sql.push(" limit ").bind(COUNT_CAP).push(") counted");
    cx.number(sql).await
}

/// The newest notices of the person.
pub async fn inbox(cx: &Cx, limit: u64) -> Result<Vec<Notice>> {
    let mut sql = Sql::new("select n.id, n.at, n.title, n.noun, n.record_id, (");
    write_read(&cx.actor, &mut sql);
    sql.push(") as read from notice n where ");
    write_audience(&cx.actor, &mut sql);
    kit::service::write_unbarred(cx, "n.noun", "n.record_id", &mut sql);
    sql.push(" order by n.at desc, n.id desc limit ").bind(i64::try_from(limit.min(500)).unwrap_or(500));
    cx.all(sql).await
}

/// Marks a notice of the person as read; one that is not the person's stays as it is.
pub async fn mark_read(cx: &mut WriteCx, id: Uuid) -> Result<()> {
    mark(cx, Some(id)).await
}

/// Marks every notice of the person as read.
pub async fn mark_all_read(cx: &mut WriteCx) -> Result<()> {
    mark(cx, None).await
}

async fn mark(cx: &mut WriteCx, only: Option<Uuid>) -> Result<()> {
    let Some(account) = cx.actor.account else { return Ok(()) };
    loop {
        let ids = unread(cx, only).await?;
        if ids.is_empty() {
            return Ok(());
        }
        let mut sql = Sql::new("insert into notice_read (notice_id, account_id, at) values ");
        for (at, id) in ids.iter().enumerate() {
            sql.push(if at == 0 { "(" } else { ", (" }).bind(*id);
            sql.push(", ").bind(account).push(", ").bind(cx.now).push(")");
        }
        sql.push(" on conflict (notice_id, account_id) do nothing");
        cx.execute(sql).await?;
    }
}

/// Some of the person's unread notices, or one of them.
async fn unread(cx: &Cx, only: Option<Uuid>) -> Result<Vec<Uuid>> {
    let mut sql = Sql::new("select n.id from notice n where ");
    write_unread(cx, &mut sql);
    if let Some(id) = only {
        sql.push(" and n.id = ").bind(id);
    }
    sql.push(" limit 500");
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

fn write_unread(cx: &Cx, sql: &mut Sql) {
    let actor = &cx.actor;
    write_audience(actor, sql);
    kit::service::write_unbarred(cx, "n.noun", "n.record_id", sql);
    sql.push(" and not (");
    write_read(actor, sql);
    sql.push(")");
}

fn write_read(actor: &Actor, sql: &mut Sql) {
    sql.push("exists (select 1 from notice_read r where r.notice_id = n.id and r.account_id = ");
    sql.bind(actor.account).push(")");
}

/// Notices for the account, and for each post those left since it began.
fn write_audience(actor: &Actor, sql: &mut Sql) {
    sql.push("(n.account_id = ").bind(actor.account);
    for post in &actor.posts {
        let begun = post.from.and_time(chrono::NaiveTime::MIN).and_utc() - chrono::Duration::hours(8);
        sql.push(" or (n.role = ").bind(post.role).push(" and n.at >= ").bind(begun);
        sql.push(" and (n.organisation_id is null or n.organisation_id in ").bind_list(post.organisations());
        sql.push(") and (n.inspection_id is null or n.inspection_id = ").bind(post.inspection).push("))");
    }
    sql.push(")");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kit::{Audience, Role, testing::actor};

    use super::*;
    use crate::testing::{account, app, director, organisation};

    /// Leaves a notice for whoever holds `role` at `organisation`.
    async fn leave(test: &kit::testing::TestApp, role: Role, organisation: Option<Uuid>) {
        let leave = |cx: &mut WriteCx| {
            let audience = Audience::Post { role, organisation, inspection: None };
            cx.notify(audience, "收到移交", "transfers", Uuid::nil());
        };
        test.app
            .write(&director(), |cx| {
                leave(cx);
                Box::pin(async { Ok(()) })
            })
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_notice_reaches_its_post_only_and_is_read_by_each_person_for_himself() {
        let test = app().await;
        let (here, elsewhere) =
            (organisation(&test, "J01", "甲单位").await, organisation(&test, "J02", "乙单位").await);
        let person = |login: &'static str| account(&test, login);
        let as_audit = |id: Uuid, at: Uuid| {
            let mut person = Actor::clone(&actor(Role::Audit, Some(at), None));
            person.account = Some(id);
            Arc::new(person)
        };
        let (one, two, foreign) = (
            as_audit(person("one").await, here),
            as_audit(person("two").await, here),
            as_audit(person("three").await, elsewhere),
        );
        leave(&test, Role::Audit, Some(here)).await;
        leave(&test, Role::Audit, None).await;
        leave(&test, Role::Discipline, Some(here)).await;
        assert_eq!(unread_count(&test.app.read(&one)).await.unwrap(), 2);
        assert_eq!(unread_count(&test.app.read(&foreign)).await.unwrap(), 1);
        let first = inbox(&test.app.read(&one), 10).await.unwrap()[0].id;
        test.app.write(&one, |cx| Box::pin(mark_read(cx, first))).await.unwrap();
        assert_eq!(unread_count(&test.app.read(&one)).await.unwrap(), 1);
        test.app.write(&one, |cx| Box::pin(mark_all_read(cx))).await.unwrap();
        assert!(inbox(&test.app.read(&one), 10).await.unwrap().iter().all(|notice| notice.read));
        assert_eq!(unread_count(&test.app.read(&two)).await.unwrap(), 2);
    }
}
