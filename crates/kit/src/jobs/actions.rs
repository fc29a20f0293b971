//! Ordering, stopping and repeating jobs, and the removal of old ones.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::Sql;
use serde::Serialize;
use uuid::Uuid;

use super::{Deed, Job, JobId, NOUN, State, progress::context, store};
use crate::{Actor, App, Done, Error, Labelled as _, Lifecycle as _, Result, WriteCx, error::Reason};

/// A job to be done.
#[derive(Clone, Debug)]
pub struct Order {
    kind: &'static str,
    title: String,
    payload: serde_json::Value,
    key: Option<String>,
    run_at: Option<DateTime<Utc>>,
}

impl Order {
    /// A job of the kind `kind`, shown as `title`. No sealed text belongs into a title.
    pub fn new(kind: &'static str, title: impl Into<String>) -> Self {
        Self { kind, title: title.into(), payload: serde_json::Value::Null, key: None, run_at: None }
    }

    /// What it needs to know; it is stored sealed.
    pub fn payload(mut self, payload: &impl Serialize) -> Result<Self> {
        self.payload = serde_json::to_value(payload)?;
        Ok(self)
    }

    /// Names the work: while a job with the same key waits or runs, ordering it again answers that one.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Not before `instant`.
    #[must_use]
    pub fn not_before(mut self, instant: DateTime<Utc>) -> Self {
        self.run_at = Some(instant);
        self
    }
}

/// Puts a job into the queue, in the actor's name; it begins when the transaction is durable.
pub async fn enqueue(cx: &mut WriteCx, order: Order) -> Result<JobId> {
    let key = order.key.map(|key| format!("{}/{key}", order.kind));
    if let Some(key) = &key
        && let Some(open) = store::open_under(cx, key).await?
    {
        return Ok(open);
    }
    let id = JobId(cx.new_id());
    let payload_sealed = cx.app().seal().seal(&context(id), &order.payload.to_string())?;
    cx.insert(Job {
        id,
        version: 1,
        kind: order.kind.to_owned(),
        title: order.title,
        account_id: cx.actor.account,
        by_name: cx.actor.name.clone(),
        state: State::Waiting,
        payload_sealed,
        open_key: key,
        queued_at: cx.now,
        run_at: order.run_at.unwrap_or(cx.now),
        started_at: None,
        ended_at: None,
        attempts: 0,
        claimed_by: String::new(),
        beat_at: None,
        stop_asked: false,
        done: 0,
        total: 0,
        message: String::new(),
        result_link: String::new(),
        result_name: String::new(),
    })
    .await?;
    cx.done(Done::new(NOUN, id, "order", "排入任务"));
    cx.wake_worker();
    Ok(id)
}

/// Passes the wish to stop to a job that this process works on, before the deed that records it waits
/// for its turn to write: the job itself may be holding that turn.
pub async fn ask_to_stop(app: &App, actor: &Arc<Actor>, id: Uuid, deed: &str) -> Result<()> {
    if deed != Deed::Cancel.code() {
        return Ok(());
    }
    let job = store::find(&app.read(actor), JobId(id)).await?;
    job.decide(actor, Deed::Cancel)?;
    if let Some(progress) = app.jobs().progress(job.id) {
        progress.stop();
    }
    Ok(())
}

/// Takes a job out of the queue, or asks a running one to stop.
pub(super) async fn cancel(cx: &mut WriteCx, id: JobId) -> Result<State> {
    match cancel_as_found(cx, id).await {
        // Its worker wrote at the same moment, which is no other person's change: what stands there now decides.
        Err(Error::Refusal(refusal)) if refusal.reason == Reason::Stale => cancel_as_found(cx, id).await,
        outcome => outcome,
    }
}

async fn cancel_as_found(cx: &mut WriteCx, id: JobId) -> Result<State> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Cancel)?;
    let mut after = Job { state, stop_asked: true, ..before.clone() };
    if state == State::Cancelled {
        after.open_key = None;
        after.ended_at = Some(cx.now);
    }
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Job>(NOUN, id, Deed::Cancel, before.state, state));
    Ok(state)
}

/// Puts a job that ended without success into the queue again.
pub(super) async fn retry(cx: &mut WriteCx, id: JobId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Retry)?;
    let after = Job {
        state,
        run_at: cx.now,
        started_at: None,
        ended_at: None,
        attempts: 0,
        stop_asked: false,
        done: 0,
        total: 0,
        message: String::new(),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Job>(NOUN, id, Deed::Retry, before.state, state));
    cx.wake_worker();
    Ok(())
}

/// Removes jobs that ended before `limit`, with the files they made; the number of those removed.
pub async fn forget_before(app: &App, actor: &Arc<Actor>, limit: DateTime<Utc>) -> Result<usize> {
    let mut removed = 0;
    loop {
        let old = store::ended_before(&app.read(actor), limit).await?;
        if old.is_empty() {
            return Ok(removed);
        }
        for id in &old {
            let _ = tokio::fs::remove_file(super::result_path(app.folder(), *id)).await;
        }
        removed += old.len();
        app.write(actor, |cx| {
            Box::pin(async move {
                let mut sql = Sql::new("delete from job where id in ");
                sql.bind_list(old);
                cx.execute(sql).await
            })
        })
        .await?;
    }
}
