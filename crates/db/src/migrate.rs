//! Migrations: numbered SQL files, forward only, each applied whole in one transaction.
//!
//! A file serves both databases unless its name ends in `.sqlite.sql` or `.postgres.sql`. Inside a
//! shared file a comment `/*pg … */` is text for PostgreSQL only (`nulls first` in an index, which
//! SQLite does by itself and refuses to be told).

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, Statement, TransactionTrait as _};
use sm3::{Digest as _, Sm3};

use crate::{Db, DbError};

const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

pub(crate) const LEDGER: &str = "create table if not exists schema_migration \
    (name text primary key, digest text not null, applied_seq bigint not null)";

/// One migration as this program knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// File name; the order of names is the order of application.
    pub name: &'static str,
    /// The SQL for the database at hand.
    pub sql: String,
    /// SM3 digest of the file, by which a changed file is noticed.
    pub digest: String,
}

/// All migrations for `backend`, in order.
pub fn migrations(backend: DbBackend) -> Vec<Migration> {
    FILES
        .iter()
        .filter(|(name, _)| match backend {
            DbBackend::Postgres => !name.ends_with(".sqlite.sql"),
            _ => !name.ends_with(".postgres.sql"),
        })
        .map(|&(name, text)| Migration { name, sql: dialect(text, backend), digest: digest(text) })
        .collect()
}

fn dialect(text: &str, backend: DbBackend) -> String {
    if backend == DbBackend::Postgres {
        text.replace("/*pg ", " ").replace(" pg*/", " ")
    } else {
        text.to_owned()
    }
}

pub(crate) fn digest(text: &str) -> String {
    use std::fmt::Write as _;
    Sm3::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Brings the schema up to date.
///
/// # Errors
/// [`DbError::Schema`] when the database was made by a newer program, when a migration that was
/// applied has since changed, or when one fails: then nothing of it remains and nothing is served.
pub async fn migrate(db: &Db) -> Result<(), DbError> {
    migrate_by(db, migrations(db.backend())).await
}

/// Brings the schema of a database apart from the office's up to date; `files` are names with their SQL, in
/// order.
///
/// # Errors
/// As [`migrate`].
pub async fn migrate_apart(db: &Db, files: &[(&'static str, &'static str)]) -> Result<(), DbError> {
    let of = |&(name, text): &(&'static str, &'static str)| Migration {
        name,
        sql: dialect(text, db.backend()),
        digest: digest(text),
    };
    migrate_by(db, files.iter().map(of).collect()).await
}

/// Refuses a schema that is not this program's, for those who read and do not bring it up to date.
///
/// # Errors
/// As [`migrate`], and [`DbError::Schema`] when migrations have not been applied yet.
pub async fn check_schema(db: &Db) -> Result<(), DbError> {
    let known = migrations(db.backend());
    let applied = applied(db).await?;
    check(&known, &applied)?;
    match known.get(applied.len()) {
        None => Ok(()),
        Some(missing) => Err(DbError::Schema(format!(
            "数据库的结构比本程序旧（还没有升级步骤 {}）；请先用本程序启动一次服务（xuncha serve），升级完成后再执行",
            missing.name
        ))),
    }
}

async fn migrate_by(db: &Db, known: Vec<Migration>) -> Result<(), DbError> {
    db.writer().execute_unprepared(LEDGER).await?;
    let applied = applied(db).await?;
    check(&known, &applied)?;
    for (seq, migration) in known.iter().enumerate().skip(applied.len()) {
        apply(db, migration, seq).await?;
    }
    Ok(())
}

async fn applied(db: &Db) -> Result<Vec<(String, String)>, DbError> {
    let rows = db
        .writer()
        .query_all_raw(Statement::from_string(
            db.backend(),
            "select name, digest from schema_migration order by applied_seq",
        ))
        .await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

fn check(known: &[Migration], applied: &[(String, String)]) -> Result<(), DbError> {
    for (at, (name, digest)) in applied.iter().enumerate() {
        let Some(migration) = known.get(at) else {
            return Err(DbError::Schema(format!(
                "数据库的结构比本程序新（含有未知的升级步骤 {name}）；请使用较新的程序，本程序不会启动"
            )));
        };
        if migration.name != name || &migration.digest != digest {
            return Err(DbError::Schema(format!(
                "数据库的升级步骤 {name} 与本程序的 {} 不一致；请使用当初的程序版本，或从备份恢复",
                migration.name
            )));
        }
    }
    Ok(())
}

async fn apply(db: &Db, migration: &Migration, seq: usize) -> Result<(), DbError> {
    let tx = db.writer().begin().await?;
    apply_in(&tx, db.backend(), migration, seq).await?;
    tx.commit().await.map_err(|error| failed(migration, &error))
}

fn failed(migration: &Migration, error: &sea_orm::DbErr) -> DbError {
    DbError::Schema(format!("升级步骤 {} 失败，数据库保持升级前的样子：{error}", migration.name))
}

/// Applies a migration in a transaction that is open.
pub(crate) async fn apply_in(
    tx: &DatabaseTransaction,
    backend: DbBackend,
    migration: &Migration,
    seq: usize,
) -> Result<(), DbError> {
    let failed = |error| failed(migration, &error);
    tx.execute_unprepared(&migration.sql).await.map_err(failed)?;
    tx.execute_raw(Statement::from_sql_and_values(
        backend,
        "insert into schema_migration (name, digest, applied_seq) values ($1, $2, $3)",
        [
            migration.name.into(),
            migration.digest.clone().into(),
            i64::try_from(seq).unwrap_or(i64::MAX).into(),
        ],
    ))
    .await
    .map_err(failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(name: &'static str) -> Migration {
        Migration { name, sql: String::new(), digest: "d".into() }
    }

    #[test]
    fn a_database_made_by_a_newer_program_is_refused() {
        let error = check(&[migration("0001")], &[("0001".into(), "d".into()), ("0002".into(), "d".into())]);
        assert!(error.unwrap_err().to_string().contains("0002"));
    }

    #[test]
    fn an_applied_migration_that_has_changed_is_refused() {
        assert!(check(&[migration("0001")], &[("0001".into(), "other".into())]).is_err());
    }

    #[test]
    fn text_for_postgres_is_a_comment_elsewhere() {
        let text = "create index i on t (due_on /*pg nulls first pg*/, id)";
        assert_eq!(dialect(text, DbBackend::Sqlite), text);
        assert_eq!(dialect(text, DbBackend::Postgres), "create index i on t (due_on  nulls first , id)");
    }
}
