//! The audit chain: who did, read or was refused what, in an order that cannot be changed unseen.
//!
//! Each entry carries the digest of the one before it. The canonical form is made to be re-written
//! in any language: every field as a netstring, `<length in bytes>:<UTF-8 bytes>,`, in the order
//!
//! `previous digest · seq · at · actor · deed · noun · record · result · digest · request · origin`
//!
//! with `seq` in decimal and `at` as `2023-12-31T09:05:00.000Z`; the entry's digest is SM3 over
//! these bytes, as lower-case hex. The first entry's previous digest is sixty-four zeros.
//! `digest` is the SM3 over the netstrings of the history line written with the deed
//! (`noun · record · at · actor name · deed · from · to · note · changes`), empty when there is none.
//! Entries hold identities and kinds, never business content.

use chrono::{DateTime, SecondsFormat, Utc};
use db::{Db, Sql};
use sea_orm::{ConnectionTrait as _, FromQueryResult};
use uuid::Uuid;

use crate::{Actor, Result, ahead, labelled, seal};

labelled! {
    /// How a deed ended.
    pub enum Outcome: "结果" {
        /// It was done.
        Done = "done" => "已办理", Green;
        /// Something sensitive was read.
        Read = "read" => "已查阅", Blue;
        /// It was refused.
        Refused = "refused" => "被拒绝", Red;
    }
}

/// An entry before it has its place in the chain.
#[derive(Clone, Debug)]
pub struct Draft {
    /// When.
    pub at: DateTime<Utc>,
    /// Account id, or `program:` and the program's part.
    pub actor: String,
    /// What was done: the code of a deed, `sign_in`, `read`, …
    pub deed: String,
    /// Kind of thing.
    pub noun: String,
    /// Which one, when there is one.
    pub record: Option<Uuid>,
    /// How it ended.
    pub outcome: Outcome,
    /// Digest of the history line, or empty.
    pub digest: String,
    /// Number of the request.
    pub request: String,
    /// Where the request came from.
    pub origin: String,
}

impl Draft {
    /// An entry for `actor` at `at`.
    pub fn new(
        actor: &Actor,
        at: DateTime<Utc>,
        deed: &str,
        noun: &str,
        record: Option<Uuid>,
        outcome: Outcome,
    ) -> Self {
        Self {
            at,
            actor: actor_text(actor),
            deed: deed.to_owned(),
            noun: noun.to_owned(),
            record,
            outcome,
            digest: String::new(),
            request: actor.request.clone(),
            origin: actor.origin.clone(),
        }
    }
}

/// How an actor stands in the chain.
pub fn actor_text(actor: &Actor) -> String {
    actor.account.map_or_else(|| format!("program:{}", actor.name), |account| account.to_string())
}

/// A stored entry.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Entry {
    /// Place in the chain, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What.
    pub deed: String,
    /// Kind of thing.
    pub noun: String,
    /// Which one.
    pub record_id: Option<Uuid>,
    /// How it ended.
    pub outcome: Outcome,
    /// Digest of the history line.
    pub digest: String,
    /// Number of the request.
    pub request: String,
    /// Where from.
    pub origin: String,
    /// Digest of the entry before.
    pub previous: String,
    /// Digest of this entry.
    pub hash: String,
}

/// The previous digest of the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Netstrings of `fields`, one after the other.
pub fn netstrings(fields: impl IntoIterator<Item: AsRef<str>>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    for field in fields {
        let field = field.as_ref();
        bytes.extend_from_slice(field.len().to_string().as_bytes());
        bytes.push(b':');
        bytes.extend_from_slice(field.as_bytes());
        bytes.push(b',');
    }
    bytes
}

/// An instant as the chain writes it.
pub fn instant_text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The digest of an entry, from its canonical form.
pub fn entry_hash(previous: &str, seq: i64, draft: &Draft) -> String {
    use crate::Labelled as _;
    let record = draft.record.map(|id| id.to_string()).unwrap_or_default();
    seal::digest(&netstrings([
        previous,
        &seq.to_string(),
        &instant_text(draft.at),
        &draft.actor,
        &draft.deed,
        &draft.noun,
        &record,
        draft.outcome.code(),
        &draft.digest,
        &draft.request,
        &draft.origin,
    ]))
}

impl Entry {
    fn draft(&self) -> Draft {
        Draft {
            at: self.at,
            actor: self.actor.clone(),
            deed: self.deed.clone(),
            noun: self.noun.clone(),
            record: self.record_id,
            outcome: self.outcome,
            digest: self.digest.clone(),
            request: self.request.clone(),
            origin: self.origin.clone(),
        }
    }
}

/// Appends `drafts` inside the open transaction and returns the number of the last entry.
///
/// The head row is updated first: on PostgreSQL that makes concurrent commits queue here, so that
/// the chain has one order.
pub async fn append(conn: &db::Conn, drafts: &[Draft]) -> Result<i64> {
    let count = i64::try_from(drafts.len()).unwrap_or(i64::MAX);
    let mut claim = Sql::new("update audit_head set seq = seq + ");
    claim.bind(count).push(" where id = 1 returning seq, hash");
    let head = conn.executor().query_one_raw(claim.statement(conn.backend())).await?;
    let head = head.ok_or_else(|| crate::Error::Fault(String::from("the audit head is missing")))?;
    let last: i64 = head.try_get_by_index(0)?;
    let mut previous: String = head.try_get_by_index(1)?;
    let mut seq = last - count;
    let entries = drafts.chunks(400).map(|chunk| {
        let mut insert = Sql::new(
            "insert into audit_entry (seq, at, actor, deed, noun, record_id, outcome, digest, request, origin, \
             previous, hash) values ",
        );
        for (at, draft) in chunk.iter().enumerate() {
            seq += 1;
            let hash = entry_hash(&previous, seq, draft);
            insert.push(if at == 0 { "(" } else { ", (" }).bind(seq).push(", ").bind(draft.at);
            for text in [&draft.actor, &draft.deed, &draft.noun] {
                insert.push(", ").bind(text.as_str());
            }
            insert.push(", ").bind(draft.record).push(", ").bind(draft.outcome);
            for text in [&draft.digest, &draft.request, &draft.origin, &previous, &hash] {
                insert.push(", ").bind(text.as_str());
            }
            insert.push(")");
            previous = hash;
        }
        insert
    });
    ahead::execute_all(conn, entries).await?;
    let mut close = Sql::new("update audit_head set hash = ");
    close.bind(previous).push(" where id = 1");
    conn.executor().execute_raw(close.statement(conn.backend())).await?;
    Ok(last)
}

/// The number of the last entry: it grows with every write, so it also tells whether anything that
/// was remembered may be out of date.
pub async fn last_seq(db: &Db) -> Result<i64> {
    let conn = db.reader();
    let row = conn
        .executor()
        .query_one_raw(Sql::new("select seq from audit_head where id = 1").statement(conn.backend()))
        .await?;
    match row {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => Ok(0),
    }
}

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ChainReport {
    /// Entries checked.
    pub entries: i64,
    /// Digest of the last entry.
    pub head: String,
    /// Number of the first entry that does not fit, and why.
    pub first_bad: Option<(i64, String)>,
}

/// Checks the whole chain: numbers without gaps, each digest, each link, and the head.
pub async fn verify(db: &Db) -> Result<ChainReport> {
    let conn = db.reader();
    let (mut seq, mut previous) = (0i64, String::from(GENESIS));
    loop {
        let mut page = Sql::new("select * from audit_entry where seq > ");
        page.bind(seq).push(" order by seq limit 2000");
        let entries = Entry::find_by_statement(page.statement(conn.backend())).all(&conn.executor()).await?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            if let Some(why) = fault_of(&entry, seq, &previous) {
                return Ok(ChainReport { entries: seq, head: previous, first_bad: Some((entry.seq, why)) });
            }
            seq = entry.seq;
            previous = entry.hash;
        }
    }
    let head = conn
        .executor()
        .query_one_raw(Sql::new("select seq, hash from audit_head where id = 1").statement(conn.backend()))
        .await?;
    let (last, hash): (i64, String) = match head {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
        None => (0, String::new()),
    };
    let first_bad = (last != seq || hash != previous)
        .then(|| (seq + 1, String::from("链尾与记录的链头不一致，末尾可能被删除")));
    Ok(ChainReport { entries: seq, head: previous, first_bad })
}

fn fault_of(entry: &Entry, before: i64, previous: &str) -> Option<String> {
    if entry.seq != before + 1 {
        return Some(format!("序号不连续：第 {} 条之后是第 {} 条", before, entry.seq));
    }
    if entry.previous != previous {
        return Some(String::from("与前一条的摘要不衔接"));
    }
    (entry_hash(previous, entry.seq, &entry.draft()) != entry.hash)
        .then(|| String::from("内容与摘要不符，记录被改动"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_form_is_netstrings() {
        assert_eq!(netstrings(["ab", "", "巡"]), "2:ab,0:,3:巡,".as_bytes());
    }

    #[test]
    fn every_field_of_an_entry_changes_its_digest() {
        let actor = Actor::program("test");
        let draft = Draft::new(&actor, DateTime::UNIX_EPOCH, "close", "measures", None, Outcome::Done);
        let base = entry_hash(GENESIS, 1, &draft);
        let variants = [
            entry_hash(GENESIS, 2, &draft),
            entry_hash("1", 1, &draft),
            entry_hash(GENESIS, 1, &Draft { deed: "open".into(), ..draft.clone() }),
            entry_hash(GENESIS, 1, &Draft { record: Some(Uuid::nil()), ..draft.clone() }),
            entry_hash(GENESIS, 1, &Draft { outcome: Outcome::Refused, ..draft.clone() }),
        ];
        assert!(variants.iter().all(|hash| *hash != base));
    }
}
