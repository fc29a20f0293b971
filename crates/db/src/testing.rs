//! Databases for tests: a file of its own on SQLite, or a database of its own on the PostgreSQL
//! server that `XUNCHA_TEST_DATABASE` names; both copied from one migrated template.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use tokio::sync::OnceCell;

use crate::{
    Db, DbError, Target,
    migrate::{digest, migrate, migrations},
};

static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES_TEMPLATE: OnceCell<String> = OnceCell::const_new();
static COUNT: AtomicU64 = AtomicU64::new(0);
/// Names begin with this and go on with the process that made them.
const COPY: &str = "xuncha_test";

/// A migrated database that disappears with this value.
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// Where it is, for tests that open it again.
    pub target: Target,
    /// A folder of its own, for files beside the records.
    pub folder: tempfile::TempDir,
    /// How many statements were read with so far.
    pub statements: Arc<AtomicU64>,
    lease: Option<Lease>,
}

static PREPARED: tokio::sync::Mutex<Vec<(String, Target)>> = tokio::sync::Mutex::const_new(Vec::new());

impl TestDb {
    /// A copy of a database that `prepare` filled once in this process, under `name`.
    pub async fn prepared(name: &str, prepare: impl AsyncFnOnce(&Db)) -> Result<Self, DbError> {
        let mut held = PREPARED.lock().await;
        let source = if let Some((_, target)) = held.iter().find(|(known, _)| known == name) {
            target.clone()
        } else {
            let made = Self::new().await?;
            prepare(&made.db).await;
            let target = made.settle().await?;
            held.push((name.to_owned(), target.clone()));
            target
        };
        drop(held);
        Self::copy_of(&source).await
    }

    /// Brings everything into the database itself, closes it and keeps it as a source of copies.
    async fn settle(self) -> Result<Target, DbError> {
        if matches!(self.target, Target::Folder(_)) {
            self.db.writer().execute_unprepared("pragma wal_checkpoint(truncate)").await?;
        }
        self.db.writer().clone().close().await?;
        let _ = self.folder.keep();
        if let Some(lease) = self.lease {
            lease.keep();
        }
        Ok(self.target)
    }

    async fn copy_of(source: &Target) -> Result<Self, DbError> {
        match source {
            Target::Folder(from) => Self::on_file(&from.join("xuncha.db")).await,
            Target::Postgres(url) => {
                let template =
                    url.split('?').next().and_then(|base| base.rsplit('/').next()).unwrap_or_default();
                Self::on_server(&postgres_server().unwrap_or_default(), template).await
            }
        }
    }

    /// Where an empty database can be made: a new one on the server under test, else a new folder, which
    /// then stays.
    pub async fn empty() -> Result<Target, DbError> {
        let Some(server) = postgres_server() else {
            let folder =
                tempfile::tempdir().map_err(|source| DbError::Folder { path: PathBuf::new(), source })?;
            return Ok(Target::folder(folder.keep()));
        };
        let name = fresh_name();
        let admin = Database::connect(&server).await?;
        admin.execute_unprepared(&format!("create database {name}")).await?;
        admin.close().await?;
        Ok(Target::Postgres(with_database(&server, &name)))
    }

    /// A new, empty, migrated database.
    pub async fn new() -> Result<Self, DbError> {
        match postgres_server() {
            Some(server) => {
                let template =
                    POSTGRES_TEMPLATE.get_or_try_init(async || postgres_template(&server).await).await?;
                Self::on_server(&server, template).await
            }
            None => Self::on_file(TEMPLATE.get_or_try_init(sqlite_template).await?).await,
        }
    }

    /// On a copy of a file.
    async fn on_file(source: &Path) -> Result<Self, DbError> {
        let folder =
            tempfile::tempdir().map_err(|source| DbError::Folder { path: PathBuf::new(), source })?;
        let copy = folder.path().join("xuncha.db");
        std::fs::copy(source, &copy).map_err(|source| DbError::Folder { path: copy, source })?;
        Self::open(Target::folder(folder.path()), folder, None).await
    }

    /// On a copy that the server makes of one of its databases.
    async fn on_server(server: &str, template: &str) -> Result<Self, DbError> {
        let folder =
            tempfile::tempdir().map_err(|source| DbError::Folder { path: PathBuf::new(), source })?;
        let name = fresh_name();
        let admin = Database::connect(server).await?;
        remove(&admin, &Lease::take_ended()).await?;
        admin.execute_unprepared(&format!("create database {name} template {template}")).await?;
        admin.close().await?;
        let target = Target::Postgres(with_database(server, &name));
        Self::open(target, folder, Some(Lease(name))).await
    }

    async fn open(target: Target, folder: tempfile::TempDir, lease: Option<Lease>) -> Result<Self, DbError> {
        let mut db = Db::open(&target).await?;
        let statements = Arc::new(AtomicU64::new(0));
        db.count_reads(Arc::clone(&statements));
        Ok(Self { db, target, folder, statements, lease })
    }
}

/// A database on a server, for as long as a test needs it. A thousand tests would leave a thousand databases of
/// twenty megabytes; and since dropping cannot wait for a server, whoever makes the next one removes them.
struct Lease(String);

static ENDED: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Lease {
    /// Leaves the database where it is.
    fn keep(mut self) {
        self.0.clear();
    }

    fn take_ended() -> Vec<String> {
        std::mem::take(&mut ENDED.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            ENDED.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut self.0));
        }
    }
}

async fn remove(admin: &DatabaseConnection, names: &[String]) -> Result<(), DbError> {
    for name in names {
        // by force: the pool of a test that is over may not have said goodbye yet
        admin.execute_unprepared(&format!("drop database if exists {name} with (force)")).await?;
    }
    Ok(())
}

fn postgres_server() -> Option<String> {
    std::env::var("XUNCHA_TEST_DATABASE").ok().filter(|url| !url.is_empty())
}

async fn sqlite_template() -> Result<PathBuf, DbError> {
    let folder =
        tempfile::tempdir().map_err(|source| DbError::Folder { path: PathBuf::new(), source })?.keep();
    let db = Db::open(&Target::folder(&folder)).await?;
    migrate(&db).await?;
    db.writer().execute_unprepared("pragma wal_checkpoint(truncate)").await?;
    Ok(folder.join("xuncha.db"))
}

/// The migrated database that all test programs copy: the first one makes it, under a lock of the server.
async fn postgres_template(server: &str) -> Result<String, DbError> {
    const LOCK: &str = "select pg_advisory_lock(20260842)";
    let name = template_name();
    let mut one = sea_orm::ConnectOptions::new(server);
    one.max_connections(1); // the lock belongs to a connection
    let admin = Database::connect(one).await?;
    admin.execute_unprepared(LOCK).await?;
    let existing = names_like(&admin, &name).await?;
    if existing.is_empty() {
        let unfinished = fresh_name();
        admin.execute_unprepared(&format!("create database {unfinished}")).await?;
        let db = Db::open(&Target::Postgres(with_database(server, &unfinished))).await?;
        migrate(&db).await?;
        db.writer().clone().close().await?;
        admin.execute_unprepared(&format!("alter database {unfinished} rename to {name}")).await?;
    }
    let left = names_like(&admin, &format!("{COPY}\\_%")).await?.into_iter().filter(|name| is_left(name));
    remove(&admin, &left.collect::<Vec<_>>()).await?;
    admin.close().await?;
    Ok(name)
}

/// Named by what the migrations say, so that a server kept for longer serves the next program too.
fn template_name() -> String {
    let digests: String = migrations(DbBackend::Postgres).into_iter().map(|held| held.digest).collect();
    format!("xuncha_template_{:.16}", digest(&digests))
}

async fn names_like(admin: &DatabaseConnection, pattern: &str) -> Result<Vec<String>, DbError> {
    let find = "select datname::text from pg_database where datname like $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, find, [pattern.into()]);
    let rows = admin.query_all_raw(statement).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// Whether the process that made a copy has ended; nobody knows where processes cannot be looked up.
fn is_left(name: &str) -> bool {
    let process = name.trim_start_matches(COPY).split('_').nth(1).unwrap_or_default();
    Path::new("/proc/self").exists() && !Path::new("/proc").join(process).exists()
}

fn fresh_name() -> String {
    format!("{COPY}_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The same server, another database: the last path segment before any `?` is exchanged.
fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let root = base.rsplit_once('/').map_or(base, |(root, _)| root);
    match query {
        Some(query) => format!("{root}/{name}?{query}"),
        None => format!("{root}/{name}"),
    }
}
