//! What a job at work says about itself, and the word that it shall stop. Both are kept in memory,
//! because a job may hold the one writing transaction of the embedded database while it works.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use serde::de::DeserializeOwned;
use tokio::sync::Notify;

use super::{JobId, store::Model};
use crate::{Actor, App, Cx, Refusal, Result};

/// How far a piece of work has come; clones speak of the same work.
#[derive(Clone)]
pub struct Progress {
    inner: Arc<Inner>,
}

struct Inner {
    done: AtomicI64,
    total: AtomicI64,
    stop: AtomicBool,
    message: Mutex<String>,
    begun: Instant,
}

impl Default for Progress {
    fn default() -> Self {
        let inner = Inner {
            done: AtomicI64::new(0),
            total: AtomicI64::new(0),
            stop: AtomicBool::new(false),
            message: Mutex::new(String::new()),
            begun: Instant::now(),
        };
        Self { inner: Arc::new(inner) }
    }
}

impl Progress {
    /// Progress that nobody watches, for work done at once.
    pub fn unwatched() -> Self {
        Self::default()
    }

    /// `done` of `total` steps are done.
    ///
    /// # Errors
    /// A refusal when somebody asked the work to stop: pass it on, and nothing of the open
    /// transaction remains.
    pub fn step(&self, done: usize, total: usize) -> Result<()> {
        self.inner.done.store(i64::try_from(done).unwrap_or(i64::MAX), Ordering::Relaxed);
        self.inner.total.store(i64::try_from(total).unwrap_or(i64::MAX), Ordering::Relaxed);
        self.check()
    }

    /// As [`Progress::step`], with the steps in all as they were last said.
    pub fn advance(&self, done: usize) -> Result<()> {
        self.inner.done.store(i64::try_from(done).unwrap_or(i64::MAX), Ordering::Relaxed);
        self.check()
    }

    /// As [`Progress::step`], for long stretches without steps to count.
    pub fn check(&self) -> Result<()> {
        if self.is_stopped() {
            return Err(Refusal::conflict("已按要求停止，没有保存。").into());
        }
        Ok(())
    }

    /// Says what is being done just now.
    pub fn say(&self, message: impl Into<String>) {
        *self.inner.message.lock().unwrap_or_else(PoisonError::into_inner) = message.into();
    }

    /// Asks the work to stop at its next step.
    pub fn stop(&self) {
        self.inner.stop.store(true, Ordering::Release);
    }

    /// Whether somebody asked the work to stop.
    pub fn is_stopped(&self) -> bool {
        self.inner.stop.load(Ordering::Acquire)
    }

    /// Steps done and steps in all.
    pub fn counts(&self) -> (i64, i64) {
        (self.inner.done.load(Ordering::Relaxed), self.inner.total.load(Ordering::Relaxed))
    }

    /// What is being done just now.
    pub fn message(&self) -> String {
        self.inner.message.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How long the work has been going on.
    pub fn elapsed(&self) -> Duration {
        self.inner.begun.elapsed()
    }
}

/// The jobs that this process works on.
#[derive(Default)]
pub struct Board {
    running: Mutex<HashMap<JobId, Progress>>,
    wake: Notify,
}

impl Board {
    /// The progress of a job that this process works on.
    pub fn progress(&self, id: JobId) -> Option<Progress> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    pub(super) fn begin(&self, id: JobId) -> Progress {
        let progress = Progress::default();
        self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(id, progress.clone());
        progress
    }

    pub(super) fn end(&self, id: JobId) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }
}

/// A job at work: what it may use.
pub struct Doing {
    /// The program's parts.
    pub app: App,
    /// In whose name it is done, with the posts that hold today.
    pub actor: Arc<Actor>,
    /// The job.
    pub job: Model,
    /// Where it says how far it has come.
    pub progress: Progress,
}

impl Doing {
    /// What it was ordered with.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.app.seal().open(&context(self.job.id), &self.job.payload_sealed)?)?)
    }

    /// A context for reading.
    pub fn read(&self) -> Cx {
        self.app.read(&self.actor)
    }

    /// Where a file for the person goes; its folder is there.
    pub async fn result_path(&self) -> Result<PathBuf> {
        let path = self.job.result_path(self.app.folder());
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        Ok(path)
    }
}

/// Binds a sealed payload to its job.
pub(super) fn context(id: JobId) -> String {
    format!("job/{id}")
}
