//! One unit of work: who acts, when, and what it may read or write.

use std::{
    any::Any,
    collections::HashMap,
    ops::Deref,
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, Utc};
use db::{Conn, Db, Sql};
use futures_util::future::BoxFuture;
use sea_orm::{ConnectionTrait as _, FromQueryResult, QueryResult};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    Actor, Clock, Error, Result,
    access::Reach,
    ahead,
    audit::{self, Draft, Outcome},
    held::Held,
    jobs::Board,
    recent::Recent,
    seal::{self, Seal},
    search,
    service::Registry,
    table::Page,
    web::list::Drawn,
};

/// Pages of lists that are kept; few, because what people look at together is the same few.
const PAGES_KEPT: usize = 32;

/// For how long the answer holds that no other server has written. A page asks some twenty times what it
/// may remember; one question to the database serves all of them.
const REVISION_HOLDS: Duration = Duration::from_millis(10);

/// Everything that lives as long as the program: database, clock, keys, the list of services.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

/// Something remembered, and the revision under which it was true.
type Remembered = (i64, Arc<dyn Any + Send + Sync>);

struct Inner {
    db: Db,
    clock: Clock,
    seal: Seal,
    folder: PathBuf,
    fonts: Vec<PathBuf>,
    office: String,
    secure: bool,
    registry: Registry,
    reach: Arc<Reach>,
    revision: AtomicI64,
    revision_asked: Mutex<Option<Instant>>,
    requests: AtomicU64,
    later: OnceLock<mpsc::Sender<Draft>>,
    remembered: Mutex<HashMap<String, Remembered>>,
    pages: Recent<Page>,
    drawn: Recent<Drawn>,
    jobs: Board,
}

/// What an [`App`] is made of.
pub struct Parts {
    /// The open, migrated database.
    pub db: Db,
    /// Where time comes from.
    pub clock: Clock,
    /// The installation's keys.
    pub seal: Seal,
    /// Folder for files beside the records.
    pub folder: PathBuf,
    /// Folders with the office's own licensed fonts, asked before all others.
    pub fonts: Vec<PathBuf>,
    /// Name of the office, for heads of pages and prints.
    pub office: String,
    /// Whether people reach the program through TLS, so that cookies must not travel otherwise.
    pub secure: bool,
    /// Services, pages and navigation of all areas.
    pub registry: Registry,
}

impl App {
    /// Puts the parts together and reads where the audit chain stands.
    pub async fn new(parts: Parts) -> Result<Self> {
        let seq = audit::last_seq(&parts.db).await?;
        let reach = Arc::new(Reach::new(parts.db.columns().await?, parts.registry.directory));
        Ok(Self {
            inner: Arc::new(Inner {
                db: parts.db,
                clock: parts.clock,
                seal: parts.seal,
                folder: parts.folder,
                fonts: parts.fonts,
                office: parts.office,
                secure: parts.secure,
                registry: parts.registry,
                reach,
                revision: AtomicI64::new(seq),
                revision_asked: Mutex::new(None),
                requests: AtomicU64::new(0),
                later: OnceLock::new(),
                remembered: Mutex::new(HashMap::new()),
                pages: Recent::new(PAGES_KEPT),
                drawn: Recent::new(PAGES_KEPT),
                jobs: Board::default(),
            }),
        })
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// Where time comes from.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The installation's keys.
    pub fn seal(&self) -> &Seal {
        &self.inner.seal
    }

    /// Folder for files beside the records.
    pub fn folder(&self) -> &PathBuf {
        &self.inner.folder
    }

    /// Folders with the office's own licensed fonts, asked before all others.
    pub fn fonts(&self) -> &[PathBuf] {
        &self.inner.fonts
    }

    /// Name of the office.
    pub fn office(&self) -> &str {
        &self.inner.office
    }

    /// Whether people reach the program through TLS.
    pub fn secure(&self) -> bool {
        self.inner.secure
    }

    /// Services, pages and navigation of all areas.
    pub fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    /// The jobs that this process works on.
    pub fn jobs(&self) -> &Board {
        &self.inner.jobs
    }

    /// By which columns tables say what their rows are about.
    pub fn reach(&self) -> &Arc<Reach> {
        &self.inner.reach
    }

    /// A number that changes with every write: what was remembered under another one is out of date.
    /// Own writes are known at once, those of other servers on the same database after
    /// [`REVISION_HOLDS`] at the latest.
    pub async fn revision(&self) -> Result<i64> {
        let known = self.inner.revision.load(Ordering::Acquire);
        if self.inner.db.sole_writer() || self.revision_is_fresh() {
            return Ok(known);
        }
        let stored = audit::last_seq(&self.inner.db).await?;
        let before = self.inner.revision.fetch_max(stored, Ordering::AcqRel);
        if let Ok(mut asked) = self.inner.revision_asked.lock() {
            *asked = Some(Instant::now());
        }
        Ok(before.max(stored))
    }

    fn revision_is_fresh(&self) -> bool {
        let asked = self.inner.revision_asked.lock().ok().and_then(|asked| *asked);
        asked.is_some_and(|asked| asked.elapsed() < REVISION_HOLDS)
    }

    /// A new number for a request.
    pub fn request_number(&self) -> String {
        let count = self.inner.requests.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{count:x}", self.inner.clock.now().timestamp_millis())
    }

    /// A context for reading as `actor`.
    pub fn read(&self, actor: &Arc<Actor>) -> Cx {
        self.cx(actor, self.inner.db.reader())
    }

    fn cx(&self, actor: &Arc<Actor>, conn: Conn) -> Cx {
        Cx {
            app: self.clone(),
            actor: Arc::clone(actor),
            now: self.inner.clock.now(),
            conn,
            known: Mutex::default(),
            held: None,
        }
    }

    /// Runs `work` in one transaction: rows, audit entries, search text and notices become durable
    /// together when it returns `Ok`, and nothing remains of it otherwise.
    pub async fn write<T: Send>(
        &self,
        actor: &Arc<Actor>,
        work: impl for<'a> FnOnce(&'a mut WriteCx) -> BoxFuture<'a, Result<T>> + Send,
    ) -> Result<T> {
        let mut cx = self.begin(actor).await?;
        match work(&mut cx).await {
            Ok(value) => {
                cx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                cx.rollback().await;
                Err(error)
            }
        }
    }

    /// A unit of work that is not ended. Beginning and ending are apart from [`App::write`], and behind a pointer, so
    /// that they are not compiled anew for every kind of answer and in every crate that writes.
    fn begin<'a>(&'a self, actor: &'a Arc<Actor>) -> BoxFuture<'a, Result<WriteCx>> {
        Box::pin(async move {
            let tx = self.inner.db.begin().await?;
            Ok(WriteCx {
                cx: self.cx(actor, Conn::Tx(tx)),
                pending: Pending::default(),
                noun: "",
                planned: None,
                counted: HashMap::new(),
                counted_before: HashMap::new(),
            })
        })
    }

    /// Records a refusal or a sensitive read soon after, together with others, so that a flood of
    /// them costs one transaction and not one each.
    pub fn record_later(&self, draft: Draft) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match self.inner.later.get() {
                Some(sender) => {
                    if sender.send(draft).await.is_err() {
                        tracing::error!("the audit writer has stopped");
                    }
                }
                None => self.record_now(vec![draft]).await,
            }
        })
    }

    /// Starts the writer behind [`App::record_later`]; it ends when the program does.
    pub fn start_recorder(&self) -> impl Future<Output = ()> + Send + 'static {
        let (sender, mut receiver) = mpsc::channel::<Draft>(1024);
        let _ = self.inner.later.set(sender);
        let app = self.clone();
        async move {
            let mut batch = Vec::new();
            while receiver.recv_many(&mut batch, 256).await > 0 {
                app.record_now(std::mem::take(&mut batch)).await;
            }
        }
    }

    async fn record_now(&self, drafts: Vec<Draft>) {
        let actor = Arc::new(Actor::program("audit"));
        let outcome = self
            .write(&actor, |cx| {
                Box::pin(async move {
                    cx.pending.audit = drafts;
                    Ok(())
                })
            })
            .await;
        if let Err(error) = outcome {
            tracing::error!(%error, "audit entries could not be written");
        }
    }

    /// What `make` gives, remembered under `key` as long as nothing is written.
    pub async fn remember<T: Send + Sync + 'static>(
        &self,
        key: String,
        make: impl Future<Output = Result<T>> + Send,
    ) -> Result<Arc<T>> {
        let revision = self.revision().await?;
        if let Some(held) = self.remembered(&key, revision).and_then(|held| held.downcast::<T>().ok()) {
            return Ok(held);
        }
        let value = Arc::new(make.await?);
        if let Ok(mut remembered) = self.inner.remembered.lock() {
            if remembered.len() >= 4096 {
                remembered.retain(|_, (at, _)| *at == revision);
            }
            if remembered.len() < 8192 {
                remembered.insert(key, (revision, Arc::clone(&value) as Arc<dyn Any + Send + Sync>));
            }
        }
        Ok(value)
    }

    /// The rows of a list page, kept under `question` as long as nothing is written. What is asked
    /// holds the scope of who asks, so nobody is answered with another's rows.
    pub(crate) async fn page(
        &self,
        question: String,
        make: impl Future<Output = Result<Page>> + Send,
    ) -> Result<Arc<Page>> {
        self.recently(&self.inner.pages, question, Page::is_small, make).await
    }

    /// A list as one person sees it, kept likewise; `question` names the person and what decides on rights.
    pub(crate) async fn drawn(
        &self,
        question: String,
        make: impl Future<Output = Result<Drawn>> + Send,
    ) -> Result<Arc<Drawn>> {
        self.recently(&self.inner.drawn, question, Drawn::is_small, make).await
    }

    async fn recently<T: Send + Sync>(
        &self,
        kept: &Recent<T>,
        question: String,
        is_small: impl Fn(&T) -> bool + Send,
        make: impl Future<Output = Result<T>> + Send,
    ) -> Result<Arc<T>> {
        let revision = self.revision().await?;
        if let Some(held) = kept.get(&question, revision) {
            return Ok(held);
        }
        let made = Arc::new(make.await?);
        if is_small(&made) {
            kept.put(question, revision, Arc::clone(&made));
        }
        Ok(made)
    }

    fn remembered(&self, key: &str, revision: i64) -> Option<Arc<dyn Any + Send + Sync>> {
        let remembered = self.inner.remembered.lock().ok()?;
        remembered.get(key).filter(|(at, _)| *at == revision).map(|(_, value)| Arc::clone(value))
    }
}

/// A unit of work that reads.
pub struct Cx {
    app: App,
    /// Who acts.
    pub actor: Arc<Actor>,
    /// The instant of the request; the same for everything done in it.
    pub now: DateTime<Utc>,
    conn: Conn,
    known: Mutex<HashMap<String, Arc<dyn Any + Send + Sync>>>,
    /// Records that wait to be stored together, for a unit of work that asked for it.
    pub(crate) held: Option<Box<tokio::sync::Mutex<Held>>>,
}

impl Cx {
    /// The program's long-lived parts.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The day on the office's calendar.
    pub fn today(&self) -> NaiveDate {
        self.app.clock().day(self.now)
    }

    /// The instant on the office's calendar: what begins and ends at a minute is held against it. `now` is when
    /// something was really done.
    pub fn moment(&self) -> DateTime<Utc> {
        self.app.clock().moment(self.now)
    }

    /// What SeaORM's queries run on, once what waited to be stored is stored.
    pub async fn db(&self) -> Result<db::DatabaseExecutor<'_>> {
        let executor = self.conn.executor();
        if let Some(held) = &self.held {
            // Apart, so that nobody whose records never wait carries the room for it.
            Box::pin(async { held.lock().await.store(&executor).await }).await?;
        }
        Ok(executor)
    }

    /// Pool or transaction.
    pub fn conn(&self) -> &Conn {
        &self.conn
    }

    /// All rows of a statement.
    pub fn rows(&self, sql: Sql) -> BoxFuture<'_, Result<Vec<QueryResult>>> {
        Box::pin(async move {
            let on = self.db().await?;
            let (statement, asked) = self.ask(sql);
            let rows = on.query_all_raw(statement).await?;
            asked.answered(rows.len());
            Ok(rows)
        })
    }

    /// The first row of a statement.
    pub fn row(&self, sql: Sql) -> BoxFuture<'_, Result<Option<QueryResult>>> {
        Box::pin(async move {
            let on = self.db().await?;
            let (statement, asked) = self.ask(sql);
            let row = on.query_one_raw(statement).await?;
            asked.answered(usize::from(row.is_some()));
            Ok(row)
        })
    }

    fn ask(&self, sql: Sql) -> (db::Statement, Asked) {
        let statement = sql.statement(self.conn.backend());
        let asked = Asked::now(&statement);
        (statement, asked)
    }

    /// All rows of a statement as values of `T`.
    pub async fn all<T: FromQueryResult>(&self, sql: Sql) -> Result<Vec<T>> {
        let rows = self.rows(sql).await?;
        let mut values = Vec::with_capacity(rows.len());
        for row in &rows {
            values.push(T::from_query_result(row, "")?);
        }
        Ok(values)
    }

    /// The first row of a statement as a value of `T`.
    pub async fn first<T: FromQueryResult>(&self, sql: Sql) -> Result<Option<T>> {
        match self.row(sql).await? {
            Some(row) => Ok(Some(T::from_query_result(&row, "")?)),
            None => Ok(None),
        }
    }

    /// The one number a statement answers with; none counts as 0.
    pub fn number(&self, sql: Sql) -> BoxFuture<'_, Result<i64>> {
        Box::pin(async move {
            match self.row(sql).await? {
                Some(row) => Ok(row.try_get_by_index::<Option<i64>>(0)?.unwrap_or(0)),
                None => Ok(0),
            }
        })
    }

    /// What `make` gave under `key` the first time it was asked for in this unit of work. For what the
    /// deeds of one unit of work do not change: an import asks ten thousand times for the same record.
    pub async fn once<T: Send + Sync + 'static>(
        &self,
        key: String,
        make: impl Future<Output = Result<T>> + Send,
    ) -> Result<Arc<T>> {
        let held = self.known.lock().ok().and_then(|known| known.get(&key).map(Arc::clone));
        if let Some(held) = held.and_then(|held| held.downcast::<T>().ok()) {
            return Ok(held);
        }
        let value = Arc::new(make.await?);
        if let Ok(mut known) = self.known.lock() {
            known.insert(key, Arc::clone(&value) as Arc<dyn Any + Send + Sync>);
        }
        Ok(value)
    }

    /// Records that something sensitive was read.
    pub async fn record_read(&self, noun: &str, record: Uuid) {
        let draft = Draft::new(&self.actor, self.now, "read", noun, Some(record), Outcome::Read);
        self.app.record_later(draft).await;
    }
}

/// A statement that is being answered. How long each took is told to whoever listens to `xuncha::sql`; what was bound to
/// it may be personal and is told to nobody.
struct Asked(Option<(Instant, String)>);

impl Asked {
    fn now(statement: &db::Statement) -> Self {
        let heard = tracing::enabled!(target: "xuncha::sql", tracing::Level::DEBUG);
        Self(heard.then(|| (Instant::now(), statement.sql.clone())))
    }

    fn answered(self, rows: usize) {
        if let Some((since, sql)) = self.0 {
            tracing::debug!(target: "xuncha::sql", milliseconds = since.elapsed().as_secs_f64() * 1000.0, rows, sql);
        }
    }
}

/// What was done, for the history that people read and the audit that the auditor reads.
#[derive(Clone, Debug, Default)]
pub struct Done {
    noun: &'static str,
    record: Uuid,
    deed: String,
    label: String,
    from: String,
    to: String,
    note: String,
    changes: Vec<Change>,
}

/// One changed field in a history.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Change {
    /// Column name.
    pub field: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

impl Done {
    /// `deed` (shown as `label`) was done to one record.
    pub fn new(noun: &'static str, record: impl Into<Uuid>, deed: &str, label: &str) -> Self {
        Self {
            noun,
            record: record.into(),
            deed: deed.to_owned(),
            label: label.to_owned(),
            ..Self::default()
        }
    }

    /// The deed of a [`crate::Lifecycle`], with the states before and after.
    pub fn deed<R: crate::Lifecycle>(
        noun: &'static str,
        record: impl Into<Uuid>,
        deed: R::Deed,
        from: R::State,
        to: R::State,
    ) -> Self {
        use crate::Labelled as _;
        let mut done = Self::new(noun, record, deed.code(), deed.label());
        from.label().clone_into(&mut done.from);
        to.label().clone_into(&mut done.to);
        done
    }

    /// Adds the states before and after, for what moves a record without being a deed of a person.
    #[must_use]
    pub fn moved(mut self, from: &str, to: &str) -> Self {
        from.clone_into(&mut self.from);
        to.clone_into(&mut self.to);
        self
    }

    /// Adds what the person wrote.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Adds which fields changed.
    #[must_use]
    pub fn changes(mut self, changes: Vec<Change>) -> Self {
        self.changes = changes;
        self
    }
}

/// Who a notice is for: an account, or whoever holds a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// One person.
    Account(Uuid),
    /// Everybody with the role, narrowed to an organisation or an inspection when given.
    Post {
        /// The role.
        role: crate::Role,
        /// Of this organisation only.
        organisation: Option<Uuid>,
        /// Of this inspection only.
        inspection: Option<Uuid>,
    },
}

#[derive(Default)]
struct Pending {
    audit: Vec<Draft>,
    histories: Vec<(Done, usize)>,
    index: Vec<search::Entry>,
    notices: Vec<Notice>,
    /// A job was put into the queue.
    queued: bool,
    /// How much of each there was when the step at hand began.
    step: [usize; 4],
}

impl Pending {
    fn begin_step(&mut self) {
        self.step = [self.audit.len(), self.histories.len(), self.index.len(), self.notices.len()];
    }

    fn undo_step(&mut self) {
        let [audit, histories, index, notices] = self.step;
        self.audit.truncate(audit);
        self.histories.truncate(histories);
        self.index.truncate(index);
        self.notices.truncate(notices);
    }
}

struct Notice {
    audience: Audience,
    title: String,
    noun: &'static str,
    record: Uuid,
}

/// A unit of work that writes; everything in it becomes durable together or not at all.
pub struct WriteCx {
    cx: Cx,
    pending: Pending,
    noun: &'static str,
    planned: Option<crate::ids::Planned>,
    /// How far the series of numbers were counted, while records are held back; and how far they were when the step
    /// at hand began.
    counted: HashMap<String, i64>,
    counted_before: HashMap<String, i64>,
}

impl Deref for WriteCx {
    type Target = Cx;
    fn deref(&self) -> &Cx {
        &self.cx
    }
}

impl WriteCx {
    /// Noun of the record whose deed is being done, for deeds that are the same for many nouns.
    pub fn noun(&self) -> &'static str {
        self.noun
    }

    /// Says whose deed is being done; the noun from before.
    pub(crate) fn set_noun(&mut self, noun: &'static str) -> &'static str {
        std::mem::replace(&mut self.noun, noun)
    }

    /// A new time-ordered identity.
    pub fn new_id(&self) -> Uuid {
        match &self.planned {
            Some(planned) => planned.next(),
            None => crate::ids::ordered(self.cx.now),
        }
    }

    /// From here on identities follow from `word` and begin with the instant `from`: what a demonstration
    /// brings is the same every time.
    pub fn plan_ids(&mut self, word: impl Into<String>, from: DateTime<Utc>) {
        self.planned = Some(crate::ids::Planned::new(word.into(), from));
    }

    /// From here on new records wait for each other and are stored some hundred at a time, for work that enters
    /// thousands of one kind. When storing fails nobody can say which record it was: see [`WriteCx::failed_together`].
    pub fn hold_back(&mut self) {
        let held = self.cx.held.get_or_insert_default();
        held.get_mut().hold_back();
    }

    /// Whether records could not be stored together. Nothing can be kept then; one by one, the same work says
    /// which record it was.
    pub async fn failed_together(&self) -> bool {
        match &self.cx.held {
            Some(held) => held.lock().await.failed(),
            None => false,
        }
    }

    /// Stores what waits. Every other statement does so by itself.
    pub async fn store_held(&mut self) -> Result<()> {
        self.cx.db().await.map(|_| ())
    }

    /// What is done from here on can be taken back by [`WriteCx::undo_step`]; what was done before no longer.
    pub async fn begin_step(&mut self) -> Result<()> {
        if self.cx.held.get_or_insert_default().get_mut().is_full() {
            self.store_ahead().await?;
        }
        self.pending.begin_step();
        self.counted_before.clone_from(&self.counted);
        self.cx.held.get_or_insert_default().get_mut().begin_step(&self.cx.conn.executor()).await
    }

    /// Stores records of earlier steps, and what is found and told of them, while the next steps are done.
    async fn store_ahead(&mut self) -> Result<()> {
        let (conn, now) = (self.cx.conn.clone(), self.cx.now);
        let entries = std::mem::take(&mut self.pending.index);
        let notices = std::mem::take(&mut self.pending.notices);
        let told: Vec<Sql> = self.telling(&notices).collect();
        let on = conn.clone();
        let beside = async move {
            search::store(&on, now, &entries).await?;
            ahead::execute_all(&on, told.into_iter()).await
        };
        self.cx.held.get_or_insert_default().get_mut().store_ahead(conn, beside).await
    }

    /// Takes back what was done since the last [`WriteCx::begin_step`], numbers that were given among it.
    pub async fn undo_step(&mut self) -> Result<()> {
        self.pending.undo_step();
        // A series that was first counted in the step is the database's again.
        self.counted.clone_from(&self.counted_before);
        self.cx.held.get_or_insert_default().get_mut().undo_step(&self.cx.conn.executor()).await
    }

    /// The next number of a series that was counted before while records are held back.
    pub(crate) fn count_on(&mut self, series: &str) -> Option<i64> {
        let last = self.counted.get_mut(series)?;
        *last += 1;
        Some(*last)
    }

    /// Goes on counting a series here while records are held back; how far is written down at the end.
    pub(crate) fn counted_to(&mut self, series: &str, last: i64) {
        if self.cx.held.as_mut().is_some_and(|held| held.get_mut().holds_back()) {
            self.counted.insert(series.to_owned(), last);
        }
    }

    /// Runs a statement that changes rows; the number of rows it changed.
    pub fn execute(&mut self, sql: Sql) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let statement = sql.statement(self.cx.conn.backend());
            Ok(self.cx.db().await?.execute_raw(statement).await?.rows_affected())
        })
    }

    /// Records a deed in history and audit.
    pub fn done(&mut self, done: Done) {
        let draft =
            Draft::new(&self.cx.actor, self.cx.now, &done.deed, done.noun, Some(done.record), Outcome::Done);
        self.pending.histories.push((done, self.pending.audit.len()));
        self.pending.audit.push(draft);
    }

    /// Records a deed without history (sign-in, sign-out, administration).
    pub fn record(&mut self, deed: &str, noun: &str, record: Option<Uuid>, outcome: Outcome) {
        let draft = Draft::new(&self.cx.actor, self.cx.now, deed, noun, record, outcome);
        self.pending.audit.push(draft);
    }

    /// How many audit entries this unit of work will write.
    pub fn recorded(&self) -> usize {
        self.pending.audit.len()
    }

    /// Puts (or replaces) the searchable text of a record. Sealed text must not be given.
    pub fn index(&mut self, noun: &'static str, record: impl Into<Uuid>, text: impl Into<String>) {
        self.pending.index.push(search::Entry { noun, record: record.into(), text: text.into() });
    }

    /// Leaves a notice in the inbox of `audience`.
    pub fn notify(
        &mut self,
        audience: Audience,
        title: impl Into<String>,
        noun: &'static str,
        record: impl Into<Uuid>,
    ) {
        self.pending.notices.push(Notice { audience, title: title.into(), noun, record: record.into() });
    }

    /// Wakes the worker as soon as what is written is durable.
    pub(crate) fn wake_worker(&mut self) {
        self.pending.queued = true;
    }

    fn commit(mut self) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move {
            self.store_held().await?;
            let pending = std::mem::take(&mut self.pending);
            let queued = pending.queued;
            let seq = self.flush(pending).await?;
            let Conn::Tx(tx) = self.cx.conn else {
                return Err(Error::Fault(String::from("a writing context without transaction")));
            };
            tx.commit().await?;
            if let Some(seq) = seq {
                self.cx.app.inner.revision.fetch_max(seq, Ordering::AcqRel);
            }
            if queued {
                self.cx.app.jobs().wake();
            }
            Ok(())
        })
    }

    fn rollback(mut self) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if let Some(held) = &mut self.cx.held {
                held.get_mut().give_up().await;
            }
            if let Conn::Tx(tx) = self.cx.conn
                && let Err(error) = tx.rollback().await
            {
                tracing::warn!(%error, "a transaction could not be rolled back by itself; the connection is dropped");
            }
        })
    }

    async fn flush(&mut self, mut pending: Pending) -> Result<Option<i64>> {
        self.store_series().await?;
        search::store(&self.cx.conn, self.cx.now, &pending.index).await?;
        ahead::execute_all(&self.cx.conn, self.telling(&pending.notices)).await?;
        let prepared: Vec<(String, String)> = pending
            .histories
            .iter()
            .map(|(done, at)| {
                let changes = if done.changes.is_empty() {
                    Ok(String::new())
                } else {
                    serde_json::to_string(&done.changes)
                }?;
                let digest = history_digest(done, self.cx.now, &self.cx.actor.name, &changes);
                if let Some(draft) = pending.audit.get_mut(*at) {
                    draft.digest.clone_from(&digest);
                }
                Ok((changes, digest))
            })
            .collect::<Result<_>>()?;
        if pending.audit.is_empty() {
            return Ok(None);
        }
        let last = audit::append(&self.cx.conn, &pending.audit).await?;
        let first = last - i64::try_from(pending.audit.len()).unwrap_or(0) + 1;
        self.store_histories(&pending.histories, &prepared, first).await?;
        Ok(Some(last))
    }

    async fn store_histories(
        &mut self,
        histories: &[(Done, usize)],
        prepared: &[(String, String)],
        first: i64,
    ) -> Result<()> {
        let rows: Vec<_> = histories.iter().zip(prepared).collect();
        let statements = rows.chunks(400).map(|chunk| {
            let mut sql = Sql::new(
                "insert into history (seq, noun, record_id, at, account_id, actor_name, deed, label, from_state, \
                 to_state, note, changes) values ",
            );
            for (at, ((done, place), (changes, _))) in chunk.iter().enumerate() {
                let seq = first + i64::try_from(*place).unwrap_or(0);
                sql.push(if at == 0 { "(" } else { ", (" }).bind(seq).push(", ").bind(done.noun);
                sql.push(", ")
                    .bind(done.record)
                    .push(", ")
                    .bind(self.cx.now)
                    .push(", ")
                    .bind(self.cx.actor.account);
                for text in
                    [&self.cx.actor.name, &done.deed, &done.label, &done.from, &done.to, &done.note, changes]
                {
                    sql.push(", ").bind(text.as_str());
                }
                sql.push(")");
            }
            sql
        });
        ahead::execute_all(&self.cx.conn, statements).await
    }

    /// The statements that leave notices in inboxes.
    fn telling(&self, notices: &[Notice]) -> impl ExactSizeIterator<Item = Sql> + Send {
        notices.chunks(400).map(|chunk| {
            let mut sql = Sql::new(
                "insert into notice (id, at, account_id, role, organisation_id, inspection_id, title, noun, \
                 record_id) values ",
            );
            for (at, notice) in chunk.iter().enumerate() {
                let (account, role, organisation, inspection) = match &notice.audience {
                    Audience::Account(id) => (Some(*id), None, None, None),
                    Audience::Post { role, organisation, inspection } => {
                        (None, Some(*role), *organisation, *inspection)
                    }
                };
                sql.push(if at == 0 { "(" } else { ", (" }).bind(self.new_id());
                sql.push(", ").bind(self.cx.now).push(", ").bind(account).push(", ").bind(role);
                sql.push(", ").bind(organisation).push(", ").bind(inspection);
                sql.push(", ").bind(notice.title.as_str()).push(", ").bind(notice.noun);
                sql.push(", ").bind(notice.record).push(")");
            }
            sql
        })
    }

    /// Writes down how far series were counted meanwhile.
    async fn store_series(&mut self) -> Result<()> {
        for (series, last) in std::mem::take(&mut self.counted) {
            let mut sql = Sql::new("update number_series set last = ");
            sql.bind(last).push(" where series = ").bind(series);
            self.execute(sql).await?;
        }
        Ok(())
    }
}

/// The digest under which a history line stands in the audit chain.
fn history_digest(done: &Done, at: DateTime<Utc>, actor: &str, changes: &str) -> String {
    history_line_digest([
        done.noun,
        &done.record.to_string(),
        &audit::instant_text(at),
        actor,
        &done.deed,
        &done.from,
        &done.to,
        &done.note,
        changes,
    ])
}

/// SM3 over the netstrings of a history line: `noun · record · at · actor name · deed · from · to · note · changes`.
pub fn history_line_digest(fields: [&str; 9]) -> String {
    seal::digest(&audit::netstrings(fields))
}
