//! Databases for tests: a file of its own on SQLite, or a database of its own on the PostgreSQL
//! server that `XUNCHA_TEST_DATABASE` names; both copied from one migrated template.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sea_orm::{ConnectionTrait as _, Database};
use tokio::sync::OnceCell;

use crate::{Db, DbError, Target, migrate};

static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES_TEMPLATE: OnceCell<String> = OnceCell::const_new();
static COUNT: AtomicU64 = AtomicU64::new(0);

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
        Ok(self.target)
    }

    async fn copy_of(source: &Target) -> Result<Self, DbError> {
        let folder =
            tempfile::tempdir().map_err(|source| DbError::Folder { path: PathBuf::new(), source })?;
        let target = match source {
            Target::Folder(from) => {
                let copy = folder.path().join("xuncha.db");
                std::fs::copy(from.join("xuncha.db"), &copy)
                    .map_err(|source| DbError::Folder { path: copy, source })?;
                Target::folder(folder.path())
            }
            Target::Postgres(url) => {
                let name = fresh_name("xuncha_test");
                let template =
                    url.split('?').next().and_then(|base| base.rsplit('/').next()).unwrap_or_default();
                let server = postgres_server().unwrap_or_default();
                let admin = Database::connect(&server).await?;
                admin.execute_unprepared(&format!("create database {name} template {template}")).await?;
                admin.close().await?;
                Target::Postgres(with_database(&server, &name))
            }
        };
        Self::open(target, folder).await
    }

    /// Where an empty database can be made: a new one on the server under test, else a new folder, which
    /// then stays.
    pub async fn empty() -> Result<Target, DbError> {
        let Some(server) = postgres_server() else {
            let folder =
                tempfile::tempdir().map_err(|source| DbError::Folder { path: PathBuf::new(), source })?;
            return Ok(Target::folder(folder.keep()));
        };
        let name = fresh_name("xuncha_empty");
        let admin = Database::connect(&server).await?;
        admin.execute_unprepared(&format!("create database {name}")).await?;
        admin.close().await?;
        Ok(Target::Postgres(with_database(&server, &name)))
    }

    async fn open(target: Target, folder: tempfile::TempDir) -> Result<Self, DbError> {
        let mut db = Db::open(&target).await?;
        let statements = Arc::new(AtomicU64::new(0));
        db.count_reads(Arc::clone(&statements));
        Ok(Self { db, target, folder, statements })
    }

    /// A new, empty, migrated database.
    pub async fn new() -> Result<Self, DbError> {
        let folder =
            tempfile::tempdir().map_err(|source| DbError::Folder { path: PathBuf::new(), source })?;
        let target = match postgres_server() {
            Some(server) => Target::Postgres(postgres_copy(&server).await?),
            None => sqlite_copy(&folder).await?,
        };
        Self::open(target, folder).await
    }
}

fn postgres_server() -> Option<String> {
    std::env::var("XUNCHA_TEST_DATABASE").ok().filter(|url| !url.is_empty())
}

async fn sqlite_copy(folder: &tempfile::TempDir) -> Result<Target, DbError> {
    let template = TEMPLATE.get_or_try_init(sqlite_template).await?;
    let copy = folder.path().join("xuncha.db");
    std::fs::copy(template, &copy).map_err(|source| DbError::Folder { path: copy, source })?;
    Ok(Target::folder(folder.path()))
}

async fn sqlite_template() -> Result<PathBuf, DbError> {
    let folder =
        tempfile::tempdir().map_err(|source| DbError::Folder { path: PathBuf::new(), source })?.keep();
    let db = Db::open(&Target::folder(&folder)).await?;
    migrate(&db).await?;
    db.writer().execute_unprepared("pragma wal_checkpoint(truncate)").await?;
    Ok(folder.join("xuncha.db"))
}

async fn postgres_copy(server: &str) -> Result<String, DbError> {
    let template = POSTGRES_TEMPLATE.get_or_try_init(async || postgres_template(server).await).await?;
    let name = fresh_name("xuncha_test");
    let admin = Database::connect(server).await?;
    admin.execute_unprepared(&format!("create database {name} template {template}")).await?;
    admin.close().await?;
    Ok(with_database(server, &name))
}

async fn postgres_template(server: &str) -> Result<String, DbError> {
    let name = fresh_name("xuncha_template");
    let admin = Database::connect(server).await?;
    admin.execute_unprepared(&format!("create database {name}")).await?;
    let db = Db::open(&Target::Postgres(with_database(server, &name))).await?;
    migrate(&db).await?;
    db.writer().clone().close().await?;
    Ok(name)
}

fn fresh_name(prefix: &str) -> String {
    format!("{prefix}_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
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
