//! Opening a database, and the two ways to use it: read through a pool, write through the queue.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbBackend, DbErr,
    RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many writes may wait for their turn before new ones are refused as overload.
const WAITING_WRITES: usize = 512;
/// How many readers SQLite gets; more than the cores would only queue inside SQLite.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL, for reads and writes each.
const POSTGRES_CONNECTIONS: u32 = 16;

/// What can go wrong with the database itself.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The driver or the server reported an error.
    #[error(transparent)]
    Driver(#[from] DbErr),
    /// A file of the data folder could not be used.
    #[error("数据目录 {path} 不能使用：{source}")]
    Folder {
        /// The folder or file in question.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Another process writes to the same data folder.
    #[error("数据目录 {0} 正被另一个进程使用；同一目录只允许一个写入进程，请先停止它")]
    InUse(PathBuf),
    /// The schema is not the one this program knows.
    #[error("{0}")]
    Schema(String),
    /// More writes are waiting than can be served in time.
    #[error("写入排队过长")]
    Overloaded,
}

/// Whether the database broke a unit of work off because it and another waited for each other. Nothing of it was kept,
/// and the same again goes through.
pub fn broken_off(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let Some(told) = error.as_database_error() else { return false };
    // PostgreSQL's deadlock_detected and serialization_failure; SQLite lets one write at a time.
    told.code().is_some_and(|code| code == "40P01" || code == "40001")
}

/// Where the records are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A data folder holding `xuncha.db`.
    Folder(PathBuf),
    /// A PostgreSQL address.
    Postgres(String),
}

impl Target {
    /// The embedded database in `folder`.
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Self::Folder(folder.into())
    }
}

/// An open database: a pool to read from and one queue to write through.
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    turn: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    target: Arc<Target>,
    _lock: Option<Arc<fs::File>>,
}

impl Db {
    /// Opens the database for reading and writing, creating the embedded one when it is missing.
    ///
    /// # Errors
    /// [`DbError::InUse`] when another process writes to the same folder.
    pub async fn open(target: &Target) -> Result<Self, DbError> {
        match target {
            Target::Folder(folder) => Self::open_folder(folder).await,
            Target::Postgres(url) => Self::open_postgres(url).await,
        }
    }

    /// Opens the database beside a running server: the embedded one read-only and without its lock.
    pub async fn open_for_reading(target: &Target) -> Result<Self, DbError> {
        let Target::Folder(folder) = target else { return Self::open(target).await };
        let file = sqlite_file(folder);
        fs::metadata(&file).map_err(|source| DbError::Folder { path: file.clone(), source })?;
        let read = Database::connect(sqlite_options(&file, SQLITE_READERS, true)).await?;
        Ok(Self::assemble(target, read.clone(), read, 1, None))
    }

    /// Opens an embedded database called `name` in `folder`, for a part of the program that shares nothing
    /// with the office's records. Several processes may write to it: each waits for the other's transaction.
    ///
    /// # Errors
    /// When the folder or the file cannot be used.
    pub async fn open_apart(folder: &Path, name: &str) -> Result<Self, DbError> {
        create_private_folder(folder)?;
        let file = folder.join(format!("{name}.db"));
        let write = Database::connect(sqlite_options(&file, 1, false)).await?;
        let read = Database::connect(sqlite_options(&file, SQLITE_READERS, true)).await?;
        Ok(Self::assemble(&Target::folder(folder), read, write, 1, None))
    }

    async fn open_folder(folder: &Path) -> Result<Self, DbError> {
        create_private_folder(folder)?;
        let lock = lock_folder(folder)?;
        let file = sqlite_file(folder);
        let write = Database::connect(sqlite_options(&file, 1, false)).await?;
        let read = Database::connect(sqlite_options(&file, SQLITE_READERS, true)).await?;
        Ok(Self::assemble(&Target::folder(folder), read, write, 1, Some(Arc::new(lock))))
    }

    async fn open_postgres(url: &str) -> Result<Self, DbError> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .sqlx_logging(false);
        let pool = Database::connect(options).await?;
        // Half the pool may be writing, so that readers always find a connection.
        let target = Target::Postgres(url.to_owned());
        Ok(Self::assemble(&target, pool.clone(), pool, POSTGRES_CONNECTIONS as usize / 2, None))
    }

    fn assemble(
        target: &Target,
        read: DatabaseConnection,
        write: DatabaseConnection,
        writers: usize,
        lock: Option<Arc<fs::File>>,
    ) -> Self {
        Self {
            read,
            write,
            turn: Arc::new(Semaphore::new(writers)),
            waiting: Arc::new(Semaphore::new(WAITING_WRITES)),
            target: Arc::new(target.clone()),
            _lock: lock,
        }
    }

    /// Where it is.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// The pool for reading.
    pub fn reader(&self) -> Conn {
        Conn::Pool(self.read.clone())
    }

    /// Whether this process is the only one that can write, so that what it remembers stays true.
    pub fn sole_writer(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// Which SQL dialect is spoken; for this crate and the full-text index only.
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Waits for its turn and begins a writing transaction (`BEGIN IMMEDIATE` on SQLite: a deferred
    /// one that has read first can no longer become a writer and fails at once).
    ///
    /// # Errors
    /// [`DbError::Overloaded`] when too many writes wait already.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        let _place = self.waiting.try_acquire().map_err(|_| DbError::Overloaded)?;
        let turn = Arc::clone(&self.turn).acquire_owned().await.map_err(|_| DbError::Overloaded)?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = self.write.begin_with_options(options).await?;
        Ok(Tx { open: Arc::new(Open { inner, _turn: turn }) })
    }

    /// Every `(table, column)` of the schema, views among them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn columns(&self) -> Result<Vec<(String, String)>, DbError> {
        use sea_orm::ConnectionTrait as _;
        let text = match self.backend() {
            DbBackend::Postgres => {
                "select cast(table_name as text), cast(column_name as text) from information_schema.columns \
                 where table_schema = current_schema()"
            }
            _ => {
                "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c \
                 where m.type in ('table', 'view')"
            }
        };
        let conn = self.reader();
        let rows = conn.executor().query_all_raw(crate::Sql::new(text).statement(conn.backend())).await?;
        rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
    }

    /// Lets the database count what its tables hold, so that it chooses its ways by it; to be done
    /// after much was written at once.
    pub async fn survey(&self) -> Result<(), DbError> {
        use sea_orm::ConnectionTrait as _;
        // A bounded look at each index is enough for SQLite: it only asks how many rows share a value.
        let text = match self.backend() {
            // What was just written is told to be visible to all as well, so that an index alone can answer.
            DbBackend::Postgres => "vacuum (analyze)",
            _ => "pragma analysis_limit = 10000; analyze",
        };
        self.write.execute_unprepared(text).await?;
        Ok(())
    }

    /// The settings that are really in force: what, what was found, and whether it is as it should be.
    pub async fn settings(&self) -> Result<Vec<(&'static str, String, bool)>, DbError> {
        if self.backend() == DbBackend::Postgres {
            let version = self.one_text("show server_version_num").await?;
            let good = version.parse::<i64>().is_ok_and(|number| number >= 150_000);
            return Ok(vec![
                ("PostgreSQL 版本", version, good),
                ("提交同步", self.one_text("show synchronous_commit").await?, true),
            ]);
        }
        let version = self.one_text("select sqlite_version()").await?;
        let mut settings = vec![("SQLite 版本", version.clone(), version_at_least(&version, [3, 51, 3]))];
        for (what, pragma, wanted) in [
            ("日志方式", "pragma journal_mode", "wal"),
            ("提交同步（2 为 FULL）", "pragma synchronous", "2"),
            ("外键约束", "pragma foreign_keys", "1"),
            ("内存映射", "pragma mmap_size", "0"),
            ("信任库内函数", "pragma trusted_schema", "0"),
        ] {
            let found = self.one_text(pragma).await?;
            let good = found == wanted;
            settings.push((what, found, good));
        }
        Ok(settings)
    }

    async fn one_text(&self, sql: &str) -> Result<String, DbError> {
        use sea_orm::{ConnectionTrait as _, Statement};
        let row = self.read.query_one_raw(Statement::from_string(self.backend(), sql)).await?;
        let Some(row) = row else { return Ok(String::new()) };
        Ok(row
            .try_get_by_index::<String>(0)
            .or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string()))?)
    }

    /// Counts every statement that is read with from now on.
    #[cfg(feature = "testing")]
    pub(crate) fn count_reads(&mut self, counter: Arc<std::sync::atomic::AtomicU64>) {
        self.read.set_metric_callback(move |_| {
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.write
    }
}

/// One open writing transaction. Its copies are the same transaction; the last one dropped without [`Tx::commit`], it
/// leaves nothing behind.
#[derive(Clone)]
pub struct Tx {
    open: Arc<Open>,
}

struct Open {
    inner: DatabaseTransaction,
    _turn: OwnedSemaphorePermit,
}

impl Tx {
    /// Makes everything written durable, together.
    ///
    /// # Errors
    /// When the database refuses, or a copy is still at work.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.last()?.inner.commit().await
    }

    /// Takes back everything written.
    ///
    /// # Errors
    /// When the database refuses, or a copy is still at work.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.last()?.inner.rollback().await
    }

    fn last(self) -> Result<Open, DbErr> {
        let at_work = || DbErr::Custom(String::from("a statement of the transaction is still running"));
        Arc::into_inner(self.open).ok_or_else(at_work)
    }
}

/// What statements are run on: the reading pool, or the open transaction.
#[derive(Clone)]
pub enum Conn {
    /// Each statement takes a connection of the pool.
    Pool(DatabaseConnection),
    /// All statements belong to one transaction.
    Tx(Tx),
}

impl Conn {
    /// The executor that SeaORM's queries take.
    pub fn executor(&self) -> DatabaseExecutor<'_> {
        match self {
            Self::Pool(pool) => pool.into(),
            Self::Tx(tx) => (&tx.open.inner).into(),
        }
    }

    /// What ends a query that takes a row for itself while others take the next ones. The embedded
    /// database has one writer at a time and needs no such word.
    pub fn skip_locked(&self) -> &'static str {
        if self.backend() == DbBackend::Postgres { " for update skip locked" } else { "" }
    }

    /// Which SQL dialect is spoken.
    pub fn backend(&self) -> DbBackend {
        match self {
            Self::Pool(pool) => pool.get_database_backend(),
            Self::Tx(tx) => sea_orm::ConnectionTrait::get_database_backend(&tx.open.inner),
        }
    }
}

fn version_at_least(version: &str, least: [u32; 3]) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = [parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0)];
    found >= least
}

/// The file of the embedded database in `folder`.
pub(crate) fn sqlite_file(folder: &Path) -> PathBuf {
    folder.join("xuncha.db")
}

pub(crate) fn sqlite_options(file: &Path, connections: u32, reading: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            // synchronous=FULL: an acknowledged row survives a power cut. mmap stays off, because
            // mapped pages turn a stray write into silent damage.
            let sqlite = sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .statement_cache_capacity(512)
                .row_buffer_size(256)
                .pragma("trusted_schema", "off")
                .pragma("mmap_size", "0")
                .pragma("secure_delete", "fast")
                .pragma("temp_store", "memory")
                .pragma("cache_size", "-24000");
            if reading { sqlite.pragma("query_only", "on") } else { sqlite }
        });
    options
}

fn create_private_folder(folder: &Path) -> Result<(), DbError> {
    let failed = |source| DbError::Folder { path: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

fn lock_folder(folder: &Path) -> Result<fs::File, DbError> {
    let path = folder.join("xuncha.lock");
    let failed = |source| DbError::Folder { path: path.clone(), source };
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(DbError::InUse(folder.to_owned())),
        Err(fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}
