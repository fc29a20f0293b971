//! The worker: takes jobs whose turn it is, a few at a time, and writes down how they went.

use std::{sync::Arc, time::Duration};

use db::Sql;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::{Doing, Ended, Event, Job, JobId, NOUN, Progress, State, back_off, schedules, store};
use crate::{Actor, App, Audience, Cx, Done, Error, Labelled as _, Refusal, Result, Role, WriteCx, seal};

/// How often the queue is looked at when nobody wakes the worker.
const LOOK: Duration = Duration::from_secs(1);
/// How often a job at work says that it is alive.
const BEAT: Duration = Duration::from_secs(5);
/// A job not heard of for so long has lost its process.
const LOST_SECONDS: i64 = 120;
/// Jobs at work at the same time in one process: the cores are there for the pages first.
const AT_ONCE: usize = 2;
/// How often the record of how a job went is tried again.
const RECORD_AGAIN: u32 = 5;

/// A worker that is going.
pub struct Worker {
    stop: watch::Sender<bool>,
    going: tokio::task::JoinHandle<()>,
}

impl Worker {
    /// Begins no further job and waits a little for those at work; one that is not ready is begun
    /// again after the next start.
    pub async fn stop(self, patience: Duration) {
        let _ = self.stop.send(true);
        let aborted = self.going.abort_handle();
        if tokio::time::timeout(patience, self.going).await.is_err() {
            aborted.abort();
        }
    }
}

/// Starts the worker of this process.
pub fn start(app: &App) -> Worker {
    let (stop, stopped) = watch::channel(false);
    Worker { stop, going: tokio::spawn(work(app.clone(), stopped)) }
}

async fn work(app: App, mut stopped: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let name = worker_name();
    logged("recovering jobs", recover(&app, app.db().sole_writer()).await);
    while !*stopped.borrow() {
        logged("due schedules", schedules::enqueue_due(&app).await);
        if !app.db().sole_writer() {
            logged("recovering jobs", recover(&app, false).await);
        }
        while let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            let claimed = claim(&app, &name).await;
            match claimed {
                Ok(Some(job)) => {
                    tokio::spawn(attend(app.clone(), job, place));
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(%error, "no job could be taken");
                    break;
                }
            }
        }
        tokio::select! {
            () = app.jobs().woken() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stopped.changed() => {}
        }
    }
    // Every place free again means that every job at work has ended.
    let _ = places.acquire_many(u32::try_from(AT_ONCE).unwrap_or(1)).await;
}

/// Does every job that is due, one after the other, and comes back when none is left: for the command
/// line and for tests. The number of jobs done.
pub async fn run_due(app: &App) -> Result<usize> {
    let places = Arc::new(Semaphore::new(1));
    let name = worker_name();
    let mut count = 0;
    while let Some(job) = claim(app, &name).await? {
        let place =
            Arc::clone(&places).acquire_owned().await.map_err(|error| Error::Fault(error.to_string()))?;
        attend(app.clone(), job, place).await;
        count += 1;
    }
    Ok(count)
}

fn worker_name() -> String {
    seal::secret().map(|name| name.chars().take(16).collect()).unwrap_or_default()
}

fn logged(what: &str, outcome: Result<usize>) {
    match outcome {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "{what}"),
        Err(error) => tracing::error!(%error, "{what}"),
    }
}

fn program() -> Arc<Actor> {
    Arc::new(Actor::program("任务执行"))
}

/// Puts back the jobs whose process is gone: all that run when this process is the only one.
async fn recover(app: &App, alone: bool) -> Result<usize> {
    let actor = program();
    let cx = app.read(&actor);
    let lost = chrono::Duration::seconds(if alone { -1 } else { LOST_SECONDS });
    let since = cx.now - lost;
    if store::orphans_exist(&cx, since).await? {
        app.write(&actor, |cx| Box::pin(async move { put_back(cx, since).await })).await
    } else {
        Ok(0)
    }
}

async fn put_back(cx: &mut WriteCx, since: chrono::DateTime<chrono::Utc>) -> Result<usize> {
    let orphans = store::orphans(cx, since).await?;
    for &id in &orphans {
        let job = store::find(cx, id).await?;
        let interrupted = "程序中断，没有做完。";
        let ending = if job.stop_asked {
            Ending::new(Event::Stop, "已按要求停止。")
        } else if job.attempts >= attempts(cx.app(), &job) {
            Ending::new(Event::Fail, interrupted)
        } else {
            Ending::new(Event::Postpone, interrupted)
        };
        conclude(cx, &job, ending).await?;
    }
    Ok(orphans.len())
}

fn attempts(app: &App, job: &Job) -> i64 {
    app.registry().job(&job.kind).map_or(1, |kind| kind.attempts)
}

/// Takes the job whose turn it is.
async fn claim(app: &App, worker: &str) -> Result<Option<Job>> {
    let actor = program();
    if !store::is_due(&app.read(&actor)).await? {
        return Ok(None);
    }
    let worker = worker.to_owned();
    app.write(&actor, |cx| {
        Box::pin(async move {
            let Some(id) = store::next(cx).await? else { return Ok(None) };
            let before = store::find(cx, id).await?;
            let state = Event::Start.after(before.state).ok_or_else(Refusal::stale)?;
            let after = Job {
                state,
                started_at: Some(cx.now),
                beat_at: Some(cx.now),
                claimed_by: worker,
                attempts: before.attempts + 1,
                ..before.clone()
            };
            cx.update(&before, after).await?;
            cx.done(happened(id, Event::Start, before.state, state));
            Ok(Some(store::find(cx, id).await?))
        })
    })
    .await
}

/// Does one job and writes down how it went.
async fn attend(app: App, job: Job, place: OwnedSemaphorePermit) {
    let progress = app.jobs().begin(job.id);
    let beating = tokio::spawn(beat(app.clone(), job.id, job.claimed_by.clone(), progress.clone()));
    let outcome = go(&app, &job, &progress).await;
    beating.abort();
    let written = write_down(&app, &job, &progress, outcome).await;
    app.jobs().end(job.id);
    if let Err(error) = written {
        tracing::error!(%error, job = %job.id, "how a job went could not be written");
    }
    drop(place);
    app.jobs().wake();
}

/// The work itself in a task of its own, so that a panic in it ends this job and nothing else.
async fn go(app: &App, job: &Job, progress: &Progress) -> Result<Ended> {
    let kind = app
        .registry()
        .job(&job.kind)
        .copied()
        .ok_or_else(|| Error::from(Refusal::conflict("这个版本的程序没有这种任务，没有执行。")))?;
    let actor = Arc::new(owner(app, job).await?);
    let doing = Doing { app: app.clone(), actor, job: job.clone(), progress: progress.clone() };
    let task = tokio::spawn(async move { (kind.run)(&doing).await });
    task.await.map_err(|error| Error::Fault(format!("job: {error}")))?
}

/// In whose name the job is done: with the posts that hold now, not those of when it was ordered.
async fn owner(app: &App, job: &Job) -> Result<Actor> {
    let Some(account) = job.account_id else { return Ok(Actor::program(super::label(app, &job.kind))) };
    let person =
        app.registry().person.ok_or_else(|| Error::Fault(String::from("nobody knows the accounts")))?;
    let found = person(app, account).await?;
    let mut actor = found.ok_or_else(|| Refusal::conflict("提交这项任务的账号已停用，没有执行。"))?;
    actor.origin = String::from("任务");
    actor.request = job.id.to_string();
    Ok(actor)
}

/// Says from time to time that the job is alive and how far it is, and hears of a wish to stop that
/// reached another process.
async fn beat(app: App, id: JobId, worker: String, progress: Progress) {
    let actor = program();
    loop {
        tokio::time::sleep(BEAT).await;
        let (done, total) = progress.counts();
        let (message, worker) = (progress.message(), worker.clone());
        let written = app
            .write(&actor, |cx| {
                Box::pin(async move {
                    let mut sql = Sql::new("update job set beat_at = ");
                    sql.bind(cx.now).push(", done = ").bind(done).push(", total = ").bind(total);
                    sql.push(", message = ").bind(message).push(" where id = ").bind(id);
                    sql.push(" and claimed_by = ").bind(worker);
                    cx.execute(sql).await?;
                    let mut asked = Sql::new("select count(*) from job where stop_asked = ");
                    asked.bind(true).push(" and id = ").bind(id);
                    cx.number(asked).await
                })
            })
            .await;
        match written {
            Ok(0) => {}
            Ok(_) => progress.stop(),
            Err(error) => tracing::warn!(%error, job = %id, "a job's progress could not be written"),
        }
    }
}

/// How an attempt ended.
#[derive(Clone)]
struct Ending {
    event: Event,
    ended: Ended,
    done: i64,
    total: i64,
}

impl Ending {
    fn new(event: Event, message: impl Into<String>) -> Self {
        Self { event, ended: Ended::saying(message), done: 0, total: 0 }
    }
}

async fn write_down(app: &App, job: &Job, progress: &Progress, outcome: Result<Ended>) -> Result<()> {
    let mut ending = ending(app, job, progress, outcome);
    (ending.done, ending.total) = progress.counts();
    let mut tries = 0;
    loop {
        match record(app, job.id, ending.clone()).await {
            // Somebody's wish to stop was recorded between our reading and our writing, or the
            // database was not there for a moment: an ending that is not recorded would leave the
            // job at work for ever.
            Err(error) if tries < RECORD_AGAIN => {
                tracing::warn!(%error, job = %job.id, "how a job went is written again");
                tries += 1;
                tokio::time::sleep(LOOK * tries / 10).await;
            }
            written => return written,
        }
    }
}

async fn record(app: &App, id: JobId, ending: Ending) -> Result<()> {
    app.write(&program(), |cx| {
        Box::pin(async move {
            // Read anew: somebody may have asked to stop meanwhile.
            let job = store::find(cx, id).await?;
            conclude(cx, &job, ending).await
        })
    })
    .await
}

/// A refusal is an answer and ends the job; a fault may pass, so it is tried again after a while.
fn ending(app: &App, job: &Job, progress: &Progress, outcome: Result<Ended>) -> Ending {
    match outcome {
        Ok(ended) => Ending { ended, ..Ending::new(Event::Finish, "") },
        Err(_) if progress.is_stopped() => Ending::new(Event::Stop, "已按要求停止，没有保存。"),
        Err(Error::Refusal(refusal)) if refusal.reason != crate::error::Reason::Overloaded => {
            Ending::new(Event::Fail, refusal.message)
        }
        Err(error) => {
            tracing::error!(%error, job = %job.id, kind = job.kind, attempt = job.attempts, "a job failed");
            let again = job.attempts < attempts(app, job);
            let event = if again { Event::Postpone } else { Event::Fail };
            Ending::new(event, format!("系统处理时出错（任务编号 {}），没有保存。", job.id))
        }
    }
}

async fn conclude(cx: &mut WriteCx, before: &Job, ending: Ending) -> Result<()> {
    let state = ending.event.after(before.state).ok_or_else(Refusal::stale)?;
    let mut after = Job {
        state,
        claimed_by: String::new(),
        beat_at: None,
        done: ending.done,
        total: ending.total,
        message: ending.ended.message,
        result_link: ending.ended.link,
        result_name: ending.ended.file,
        ..before.clone()
    };
    if state == State::Waiting {
        after.run_at = cx.now + chrono::Duration::seconds(back_off(before.attempts));
    } else {
        after.open_key = None;
        after.ended_at = Some(cx.now);
        tell(cx, &after);
    }
    let message = after.message.clone();
    cx.update(before, after).await?;
    cx.done(happened(before.id, ending.event, before.state, state).note(message));
    Ok(())
}

/// The line of history for an event.
fn happened(id: JobId, event: Event, from: State, to: State) -> Done {
    Done::new(NOUN, id, event.code(), event.label()).moved(from.label(), to.label())
}

/// Leaves word with who ordered the job; of the program's own jobs only a failure is worth one.
fn tell(cx: &mut WriteCx, job: &Job) {
    let word = match job.state {
        State::Done => "已完成",
        State::Cancelled => "已取消",
        _ => "未完成",
    };
    let audience = match job.account_id {
        Some(account) => Audience::Account(account),
        None if job.state == State::Failed => {
            Audience::Post { role: Role::SystemAdministrator, organisation: None, inspection: None }
        }
        None => return,
    };
    cx.notify(audience, format!("任务{word}：{}", job.title), NOUN, job.id);
}

/// How far a job has come: from memory when this process works on it, else as it was last written.
pub(super) fn seen(cx: &Cx, job: &Job) -> (i64, i64, String, Option<Duration>) {
    match cx.app().jobs().progress(job.id) {
        Some(progress) => {
            let (done, total) = progress.counts();
            (done, total, progress.message(), Some(progress.elapsed()))
        }
        None => (job.done, job.total, job.message.clone(), spent(cx, job)),
    }
}

fn spent(cx: &Cx, job: &Job) -> Option<Duration> {
    let until = job.ended_at.or(job.beat_at).unwrap_or(cx.now);
    job.started_at.and_then(|started| (until - started).to_std().ok())
}
