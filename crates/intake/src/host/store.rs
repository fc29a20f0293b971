//! The host's tables.

use chrono::{DateTime, NaiveDate, Utc};
use db::{Conn, ConnectionTrait as _, Db, QueryResult, Sql};
use kit::{Refusal, Result};
use uuid::Uuid;

use crate::package::{Bulletin, Item, Manifest, Status};

/// What the writer of a letter is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// Day the office took it in.
    pub carried_on: Option<NaiveDate>,
    /// Code of the word that the office has published.
    pub word: Option<String>,
}

/// A letter that has arrived.
pub(super) struct Arrived {
    pub(super) id: Uuid,
    pub(super) code_digest: String,
    pub(super) form_digest: String,
    pub(super) received_at: DateTime<Utc>,
    pub(super) size: u64,
    pub(super) digest: String,
}

async fn rows(conn: &Conn, sql: Sql) -> Result<Vec<QueryResult>> {
    Ok(conn.executor().query_all_raw(sql.statement(conn.backend())).await?)
}

async fn first(conn: &Conn, sql: Sql) -> Result<Option<QueryResult>> {
    Ok(conn.executor().query_one_raw(sql.statement(conn.backend())).await?)
}

async fn execute(conn: &Conn, sql: Sql) -> Result<u64> {
    Ok(conn.executor().execute_raw(sql.statement(conn.backend())).await?.rows_affected())
}

async fn commit(conn: Conn) -> Result<()> {
    if let Conn::Tx(tx) = conn {
        tx.commit().await?;
    }
    Ok(())
}

fn counted(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What the office gave last.
pub(super) async fn bulletin(db: &Db) -> Result<Option<Bulletin>> {
    let found = first(&db.reader(), Sql::new("select bulletin from office where id = 1")).await?;
    let Some(row) = found else { return Ok(None) };
    Ok(Some(serde_json::from_str(&row.try_get_by_index::<String>(0)?)?))
}

/// Keeps what the office gave; answers whether it is the first.
pub(super) async fn put_bulletin(
    db: &Db,
    bulletin: &Bulletin,
    signer: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let conn = Conn::Tx(db.begin().await?);
    let held = first(&conn, Sql::new("select signer, made_at from office where id = 1")).await?;
    let text = serde_json::to_string(bulletin)?;
    let is_first = held.is_none();
    let sql = match held {
        None => {
            let mut sql =
                Sql::new("insert into office (id, name, signer, bulletin, made_at, loaded_at) values (1, ");
            sql.bind(bulletin.office.as_str()).push(", ").bind(signer).push(", ").bind(text);
            sql.push(", ").bind(bulletin.made_at).push(", ").bind(now).push(")");
            sql
        }
        Some(row) => {
            check_signer(&row, bulletin, signer)?;
            let mut sql = Sql::new("update office set name = ");
            sql.bind(bulletin.office.as_str()).push(", bulletin = ").bind(text);
            sql.push(", made_at = ").bind(bulletin.made_at).push(", loaded_at = ").bind(now);
            sql.push(" where id = 1");
            sql
        }
    };
    execute(&conn, sql).await?;
    commit(conn).await?;
    Ok(is_first)
}

fn check_signer(row: &QueryResult, bulletin: &Bulletin, signer: &str) -> Result<()> {
    if row.try_get_by_index::<String>(0)? != signer {
        let message = "公告包不是由原来的单位签名的，没有载入；单位更换了签名密钥的，请重新建立收件目录。";
        return Err(Refusal::conflict(message).into());
    }
    if row.try_get_by_index::<DateTime<Utc>>(1)? > bulletin.made_at {
        return Err(Refusal::conflict("公告包比已载入的旧，没有载入。").into());
    }
    Ok(())
}

/// Keeps the answers of the office; answers the letters whose envelopes are no longer needed.
pub(super) async fn put_statuses(db: &Db, statuses: &[Status], now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let conn = Conn::Tx(db.begin().await?);
    let mut done = Vec::new();
    for status in statuses {
        let mut sql = Sql::new("update letter set carried_on = ");
        sql.bind(status.carried_on).push(", word = ").bind(status.word.as_deref());
        sql.push(", removed_at = coalesce(removed_at, ").bind(now);
        sql.push(") where package is not null and id = ").bind(status.letter.to_string());
        if execute(&conn, sql).await? > 0 {
            done.push(status.letter);
        }
    }
    commit(conn).await?;
    Ok(done)
}

/// Enters a letter whose envelope lies on its shelf.
pub(super) async fn insert(db: &Db, letter: &Arrived) -> Result<()> {
    let conn = Conn::Tx(db.begin().await?);
    let mut sql =
        Sql::new("insert into letter (id, code_digest, form_digest, received_at, size, digest) values (");
    sql.bind(letter.id.to_string()).push(", ").bind(letter.code_digest.as_str());
    sql.push(", ").bind(letter.form_digest.as_str()).push(", ").bind(letter.received_at);
    sql.push(", ").bind(counted(letter.size)).push(", ").bind(letter.digest.as_str()).push(")");
    execute(&conn, sql).await?;
    commit(conn).await
}

/// When the form with this digest was handed in, if it was.
pub(super) async fn handed_in(db: &Db, form_digest: &str) -> Result<Option<DateTime<Utc>>> {
    let mut sql = Sql::new("select received_at from letter where form_digest = ");
    sql.bind(form_digest);
    let found = first(&db.reader(), sql).await?;
    Ok(found.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// What is told of the letter whose code has this digest.
pub(super) async fn by_code(db: &Db, digest: &str) -> Result<Option<Answer>> {
    let mut sql = Sql::new("select received_at, carried_on, word from letter where code_digest = ");
    sql.bind(digest);
    let Some(row) = first(&db.reader(), sql).await? else { return Ok(None) };
    Ok(Some(Answer {
        received_at: row.try_get_by_index(0)?,
        carried_on: row.try_get_by_index(1)?,
        word: row.try_get_by_index(2)?,
    }))
}

/// Letters, and those in no package yet.
pub(super) async fn counts(db: &Db) -> Result<(i64, i64)> {
    let sql = Sql::new("select count(*), count(*) - count(package) from letter");
    let Some(row) = first(&db.reader(), sql).await? else { return Ok((0, 0)) };
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
}

/// Bytes of all envelopes that lie here.
pub(super) async fn stored(db: &Db) -> Result<i64> {
    let sql = Sql::new("select coalesce(sum(size), 0) from letter where removed_at is null");
    let found = first(&db.reader(), sql).await?;
    Ok(found.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0))
}

/// Puts all letters that are in no package, `most` of them at once, into the next one that `make` makes from
/// its number, the digest before it and the letters.
pub(super) async fn next_package(
    db: &Db,
    most: usize,
    make: impl FnOnce(i64, String, Vec<Item>) -> Manifest,
) -> Result<Option<Manifest>> {
    let conn = Conn::Tx(db.begin().await?);
    let letters = waiting(&conn, most).await?;
    if letters.is_empty() {
        return Ok(None);
    }
    let last =
        first(&conn, Sql::new("select serial, digest from package order by serial desc limit 1")).await?;
    let (serial, previous) = match last {
        Some(row) => (row.try_get_by_index::<i64>(0)? + 1, row.try_get_by_index(1)?),
        None => (1, String::new()),
    };
    let manifest = make(serial, previous, letters);
    let mut sql = Sql::new("insert into package (serial, manifest, digest, made_at) values (");
    sql.bind(serial).push(", ").bind(serde_json::to_string(&manifest)?);
    sql.push(", ").bind(manifest.digest()?).push(", ").bind(manifest.made_at).push(")");
    execute(&conn, sql).await?;
    for part in manifest.letters.chunks(500) {
        let mut sql = Sql::new("update letter set package = ");
        sql.bind(serial).push(" where id in ").bind_list(part.iter().map(|item| item.id.to_string()));
        execute(&conn, sql).await?;
    }
    commit(conn).await?;
    Ok(Some(manifest))
}

/// Letters in no package. Their order is that of their random identities, so that a package does not tell in
/// which order they came.
async fn waiting(conn: &Conn, most: usize) -> Result<Vec<Item>> {
    let mut sql =
        Sql::new("select id, size, digest from letter where package is null order by received_at limit ");
    sql.bind(i64::try_from(most).unwrap_or(i64::MAX));
    let mut items = Vec::new();
    for row in rows(conn, sql).await? {
        let id: String = row.try_get_by_index(0)?;
        let size: i64 = row.try_get_by_index(1)?;
        if let Ok(id) = id.parse() {
            items.push(Item { id, size: u64::try_from(size).unwrap_or(0), digest: row.try_get_by_index(2)? });
        }
    }
    items.sort_by_key(|item| item.id);
    Ok(items)
}

/// The list of a package that was made.
pub(super) async fn package(db: &Db, serial: i64) -> Result<Option<Manifest>> {
    let mut sql = Sql::new("select manifest from package where serial = ");
    sql.bind(serial);
    let Some(row) = first(&db.reader(), sql).await? else { return Ok(None) };
    Ok(Some(serde_json::from_str(&row.try_get_by_index::<String>(0)?)?))
}
