//! Jobs in the database.

use chrono::{DateTime, Utc};
use db::Sql;
use sea_orm::entity::prelude::*;

use super::{JobId, State};
use crate::{Cx, Lifecycle as _, Result};

/// A job.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Counts every change.
    pub version: i64,
    /// Code of its kind.
    pub kind: String,
    /// What it does, for people.
    pub title: String,
    /// Who ordered it; nobody for the program's own.
    pub account_id: Option<Uuid>,
    /// Their name.
    pub by_name: String,
    /// Where it stands.
    pub state: State,
    /// What it needs to know, sealed.
    pub payload_sealed: String,
    /// Set while it waits or runs: the same work is not ordered twice.
    pub open_key: Option<String>,
    /// When it was ordered.
    pub queued_at: DateTime<Utc>,
    /// Not before.
    pub run_at: DateTime<Utc>,
    /// When the last attempt began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Attempts so far.
    pub attempts: i64,
    /// The process that works on it.
    pub claimed_by: String,
    /// When that process was last heard of.
    pub beat_at: Option<DateTime<Utc>>,
    /// Somebody asked it to stop.
    pub stop_asked: bool,
    /// Steps done.
    pub done: i64,
    /// Steps in all; 0 when it is not known.
    pub total: i64,
    /// What it says about itself.
    pub message: String,
    /// A page with what came of it.
    pub result_link: String,
    /// Name of the file it made.
    pub result_name: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The job, within what the actor may see.
pub async fn find(cx: &Cx, id: JobId) -> Result<Model> {
    crate::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The job that waits or runs under `key`.
pub(super) async fn open_under(cx: &Cx, key: &str) -> Result<Option<JobId>> {
    let mut sql = Sql::new("select id from job where open_key = ");
    sql.bind(key);
    cx.rows(sql).await?.first().map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}

/// Whether a job waits whose time has come.
pub(super) async fn is_due(cx: &Cx) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from (select 1 as one from job where state = ");
    sql.bind(State::Waiting).push(" and run_at <= ").bind(cx.now).push(" limit 1) due");
    Ok(cx.number(sql).await? > 0)
}

/// The job whose turn it is, held against other workers until the transaction ends.
pub(super) async fn next(cx: &Cx) -> Result<Option<JobId>> {
    let mut sql = Sql::new("select id from job where state = ");
    sql.bind(State::Waiting).push(" and run_at <= ").bind(cx.now);
    sql.push(" order by run_at, id limit 1").push(cx.conn().skip_locked());
    cx.rows(sql).await?.first().map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}

/// Whether there are running jobs not heard of since `since`.
pub(super) async fn orphans_exist(cx: &Cx, since: DateTime<Utc>) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from (select 1 as one from job where state = ");
    sql.bind(State::Running).push(" and (beat_at is null or beat_at < ").bind(since);
    sql.push(") limit 1) lost");
    Ok(cx.number(sql).await? > 0)
}

/// Running jobs that no process works on any more: those not heard of since `since`.
pub(super) async fn orphans(cx: &Cx, since: DateTime<Utc>) -> Result<Vec<JobId>> {
    let mut sql = Sql::new("select id from job where state = ");
    sql.bind(State::Running).push(" and (beat_at is null or beat_at < ").bind(since).push(")");
    sql.push(" order by id").push(cx.conn().skip_locked());
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Jobs that ended before `limit`.
pub(super) async fn ended_before(cx: &Cx, limit: DateTime<Utc>) -> Result<Vec<JobId>> {
    let mut sql = Sql::new("select id from job where ended_at < ");
    sql.bind(limit).push(" order by ended_at limit 500");
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// How the queue stands, for operators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Jobs that wait although their time has come.
    pub due: i64,
    /// Jobs that run.
    pub running: i64,
    /// Jobs that ended badly within a week.
    pub failed: i64,
    /// When the job began to wait that has waited longest.
    pub oldest: Option<DateTime<Utc>>,
}

/// How the queue stands.
pub async fn queue(cx: &Cx) -> Result<Queue> {
    let count = |state: State| {
        let mut sql = Sql::new("select count(*) from job where state = ");
        sql.bind(state);
        sql
    };
    let mut due = count(State::Waiting);
    due.push(" and run_at <= ").bind(cx.now);
    let mut failed = count(State::Failed);
    failed.push(" and ended_at >= ").bind(cx.now - chrono::Duration::days(7));
    let mut oldest = Sql::new("select run_at from job where state = ");
    oldest.bind(State::Waiting).push(" and run_at <= ").bind(cx.now).push(" order by run_at limit 1");
    Ok(Queue {
        due: cx.number(due).await?,
        running: cx.number(count(State::Running)).await?,
        failed: cx.number(failed).await?,
        oldest: cx.rows(oldest).await?.first().map(|row| row.try_get_by_index(0)).transpose()?,
    })
}
