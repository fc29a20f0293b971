//! Batches: what each import brought, kept so that the same row is known again and a whole batch can
//! be taken back.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use db::Sql;
use kit::{
    Actor, App, Cx, Done, Error, Form, Pred, Refusal, Result, Role, WriteCx, perform,
    sea_orm::{self, FromQueryResult},
    search,
};
use uuid::Uuid;

use super::{
    Kind,
    memo::Made,
    report::{Difference, Report},
    run::Plan,
};

/// Noun under which batches stand in histories and the audit.
pub const NOUN: &str = "imports";
/// Rows to a statement, well below what either database binds.
const CHUNK: usize = 400;

/// A row that an earlier batch brought.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// Digest of its content.
    pub(super) content: String,
    /// The record it became.
    pub(super) record: Uuid,
}

/// A row to be known again.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) key: String,
    pub(super) content: String,
    pub(super) record: Uuid,
    pub(super) row: u32,
    /// Where each value stood.
    pub(super) cells: String,
}

/// A stored batch.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Batch {
    /// Identity.
    pub id: Uuid,
    /// Code of the kind.
    pub kind: String,
    /// Name of the file.
    pub file_name: String,
    /// Rows that made something new.
    pub rows_accepted: i64,
    /// Rows whose record was changed.
    pub rows_updated: i64,
    /// Rows that were there already.
    pub rows_unchanged: i64,
    /// When it was stored.
    pub at: DateTime<Utc>,
    /// Who stored it.
    pub account_id: Option<Uuid>,
    /// Their name.
    pub by_name: String,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// The report as JSON.
    pub report: String,
}

const COLUMNS: &str = "b.id, b.kind, b.file_name, b.rows_accepted, b.rows_updated, b.rows_unchanged, b.at, \
     b.account_id, b.by_name, b.undone_at, b.report";

/// The rows among `keys` that earlier batches brought and whose record is still there.
pub(super) async fn known(cx: &Cx, kind: &Kind, keys: &[String]) -> Result<HashMap<String, Known>> {
    let mut known = HashMap::new();
    let app = cx.app().clone();
    let Some(service) = app.registry().service(kind.noun) else { return Ok(known) };
    for chunk in keys.chunks(CHUNK) {
        let mut sql = Sql::new("select r.key_digest, r.content_digest, r.record_id from import_row r join ");
        sql.push(service.table)
            .push(" t on t.id = r.record_id where r.kind = ")
            .bind(kind.code)
            .push(" and ");
        service.scope(&cx.actor).write("t", &mut sql);
        sql.push(" and r.key_digest in ").bind_list(chunk.iter().cloned());
        for row in cx.rows(sql).await? {
            let held = Known { content: row.try_get_by_index(1)?, record: row.try_get_by_index(2)? };
            known.insert(row.try_get_by_index(0)?, held);
        }
    }
    Ok(known)
}

/// Stores what a run made as one batch, under the identity its report names.
pub(super) async fn store(
    cx: &mut WriteCx,
    plan: &Plan,
    report: &Report,
    made: &[Made],
    kept: &[Kept],
) -> Result<()> {
    let batch = report.batch.ok_or_else(|| Error::Fault(String::from("a batch without identity")))?;
    let mut sql = Sql::new(
        "insert into import_batch (id, version, kind, file_name, digest, sheet, rows_accepted, rows_updated, \
         rows_unchanged, at, account_id, by_name, report) values (",
    );
    sql.bind(batch).push(", 1, ").bind(plan.kind.code).push(", ").bind(plan.ledger.file.as_str());
    sql.push(", ").bind(plan.ledger.digest.as_str()).push(", ").bind(plan.ledger.sheet.as_str());
    for count in [report.accepted, report.updated.len(), report.unchanged] {
        sql.push(", ").bind(i64::try_from(count).unwrap_or(i64::MAX));
    }
    sql.push(", ").bind(cx.now).push(", ").bind(cx.actor.account).push(", ").bind(cx.actor.name.as_str());
    sql.push(", ").bind(serde_json::to_string(&kept_report(plan.kind, report))?).push(")");
    cx.execute(sql).await?;
    store_rows(cx, plan.kind, batch, kept).await?;
    store_made(cx, batch, made).await?;
    let note = format!("{}：{}", plan.ledger.file, report.sentence());
    cx.done(Done::new(NOUN, batch, "commit", "导入台账").note(note));
    Ok(())
}

/// The report as it is kept: without a word of what is sealed elsewhere.
fn kept_report(kind: &Kind, report: &Report) -> Report {
    let mut kept = report.clone();
    if kind.sealed {
        kept.ignored.iter_mut().for_each(|row| row.text.clear());
    }
    kept
}

async fn store_rows(cx: &mut WriteCx, kind: &Kind, batch: Uuid, kept: &[Kept]) -> Result<()> {
    for chunk in kept.chunks(CHUNK) {
        let mut sql = Sql::new(
            "insert into import_row (batch_id, kind, key_digest, content_digest, record_id, position, cells) values ",
        );
        for (at, row) in chunk.iter().enumerate() {
            sql.push(if at == 0 { "(" } else { ", (" }).bind(batch).push(", ").bind(kind.code);
            sql.push(", ").bind(row.key.as_str()).push(", ").bind(row.content.as_str());
            sql.push(", ").bind(row.record).push(", ").bind(i64::from(row.row));
            sql.push(", ").bind(row.cells.as_str()).push(")");
        }
        sql.push(
            " on conflict (kind, key_digest) do update set batch_id = excluded.batch_id, record_id = excluded.record_id, \
             content_digest = excluded.content_digest, position = excluded.position, cells = excluded.cells",
        );
        cx.execute(sql).await?;
    }
    Ok(())
}

async fn store_made(cx: &mut WriteCx, batch: Uuid, made: &[Made]) -> Result<()> {
    let versions = versions(cx, made.iter().map(|made| (made.noun, made.id))).await?;
    for (start, chunk) in made.chunks(CHUNK).enumerate() {
        let mut sql = Sql::new(
            "insert into import_made (batch_id, ordinal, position, noun, record_id, left_version, before) values ",
        );
        for (at, made) in chunk.iter().enumerate() {
            let ordinal = i64::try_from(start * CHUNK + at).unwrap_or(i64::MAX);
            let before = made.before.as_ref().map(serde_json::to_string).transpose()?;
            sql.push(if at == 0 { "(" } else { ", (" }).bind(batch).push(", ").bind(ordinal);
            sql.push(", ").bind(i64::from(made.row)).push(", ").bind(made.noun).push(", ").bind(made.id);
            sql.push(", ").bind(versions.get(&made.id).copied().unwrap_or(1));
            sql.push(", ").bind(before.unwrap_or_default()).push(")");
        }
        cx.execute(sql).await?;
    }
    Ok(())
}

/// The stored versions of records, by identity.
async fn versions(
    cx: &Cx,
    records: impl Iterator<Item = (&'static str, Uuid)>,
) -> Result<HashMap<Uuid, i64>> {
    let mut by_noun: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
    for (noun, id) in records {
        by_noun.entry(noun).or_default().push(id);
    }
    let app = cx.app().clone();
    let mut versions = HashMap::new();
    for (noun, ids) in by_noun {
        let Some(service) = app.registry().service(noun) else { continue };
        for chunk in ids.chunks(CHUNK) {
            let mut sql = Sql::new("select id, version from ");
            sql.push(service.table).push(" where id in ").bind_list(chunk.iter().copied());
            for row in cx.rows(sql).await? {
                versions.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            }
        }
    }
    Ok(versions)
}

/// Batches that `actor` may see, newest first: the office all, others their own.
pub async fn list(cx: &Cx) -> Result<Vec<Batch>> {
    let mut sql = Sql::new("select ");
    sql.push(COLUMNS).push(" from import_batch b where ");
    visible(&cx.actor).write("b", &mut sql);
    sql.push(" order by b.at desc, b.id desc limit 100");
    cx.all(sql).await
}

/// One batch within what the actor may see.
pub async fn find(cx: &Cx, id: Uuid) -> Result<Batch> {
    let mut sql = Sql::new("select ");
    sql.push(COLUMNS).push(" from import_batch b where ");
    visible(&cx.actor).write("b", &mut sql);
    sql.push(" and b.id = ").bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

fn visible(actor: &Actor) -> Pred {
    match actor.account {
        _ if actor.is_office() => Pred::All,
        Some(account) => Pred::is("account_id", account),
        None => Pred::Nothing,
    }
}

/// Who may take a batch back: who stored it, and the director of the office.
pub fn may_undo(actor: &Actor, batch: &Batch) -> bool {
    batch.undone_at.is_none()
        && (actor.is(Role::OfficeDirector) || (actor.account.is_some() && actor.account == batch.account_id))
}

/// A record of a batch as it was left.
#[derive(Clone, Debug, FromQueryResult)]
struct MadeRecord {
    position: i64,
    noun: String,
    record_id: Uuid,
    left_version: i64,
    before: String,
}

/// Takes a whole batch back: its records go, changed ones get their former values, when nobody has
/// worked with them since; otherwise nothing happens and the rows that stand against it are named.
pub async fn undo(app: &App, actor: &Arc<Actor>, id: Uuid) -> Result<usize> {
    app.write(actor, |cx| Box::pin(async move { undo_in(cx, id).await })).await
}

async fn undo_in(cx: &mut WriteCx, id: Uuid) -> Result<usize> {
    let batch = find(cx, id).await?;
    if batch.undone_at.is_some() {
        return Err(Refusal::conflict("这一批已经撤销过了。").into());
    }
    if !may_undo(&cx.actor, &batch) {
        return Err(Refusal::forbidden("撤销导入").into());
    }
    let kind = super::kind(&batch.kind)?;
    let mut sql =
        Sql::new("select position, noun, record_id, left_version, before from import_made where batch_id = ");
    sql.bind(id).push(" order by ordinal desc");
    let left: Vec<MadeRecord> = cx.all(sql).await?;
    refuse_touched(cx, &batch, &left).await?;
    forget_rows(cx, id).await?;
    let mut gone = Vec::new();
    let mut held = Vec::new();
    for record in &left {
        if record.before.is_empty() {
            match remove(cx, kind, record).await? {
                Removed::Gone => gone.push(record.record_id),
                Removed::Held => held.push(record),
            }
        } else {
            restore(cx, record, &batch).await?;
        }
    }
    if !held.is_empty() {
        return Err(named(&held, "已被其他记录引用"));
    }
    search::forget(cx, &gone).await?;
    finish(cx, &batch, &left).await?;
    Ok(left.len())
}

/// Refuses when a record was changed after the batch left it, or has a history beyond it.
async fn refuse_touched(cx: &Cx, batch: &Batch, left: &[MadeRecord]) -> Result<()> {
    let app = cx.app().clone();
    let mut by_noun: BTreeMap<&str, Vec<&MadeRecord>> = BTreeMap::new();
    for record in left {
        by_noun.entry(record.noun.as_str()).or_default().push(record);
    }
    let mut touched = Vec::new();
    for (noun, records) in by_noun {
        let service = app
            .registry()
            .service(noun)
            .ok_or_else(|| Refusal::conflict("这一批的记录属于没有启用的功能，不能撤销。"))?;
        for chunk in records.chunks(CHUNK) {
            let ids = || chunk.iter().map(|record| record.record_id);
            let mut sql = Sql::new(
                "select t.id, t.version, (select max(h.at) from history h where h.record_id = t.id) from ",
            );
            sql.push(service.table).push(" t where t.id in ").bind_list(ids());
            let mut now: HashMap<Uuid, (i64, Option<DateTime<Utc>>)> = HashMap::new();
            for row in cx.rows(sql).await? {
                let last: Option<DateTime<Utc>> = row.try_get_by_index(2)?;
                now.insert(row.try_get_by_index(0)?, (row.try_get_by_index(1)?, last));
            }
            touched.extend(chunk.iter().copied().filter(|record| match now.get(&record.record_id) {
                Some((version, last)) => {
                    *version != record.left_version || last.is_some_and(|last| last > batch.at)
                }
                None => true,
            }));
        }
    }
    if touched.is_empty() { Ok(()) } else { Err(named(&touched, "导入后又办理或修改过")) }
}

/// The refusal that names the rows standing against it.
fn named(records: &[&MadeRecord], why: &str) -> Error {
    let mut rows: Vec<i64> = records.iter().map(|record| record.position).collect();
    rows.sort_unstable();
    rows.dedup();
    let first: Vec<String> = rows.iter().take(10).map(ToString::to_string).collect();
    let more = if rows.len() > 10 { format!("等 {} 行", rows.len()) } else { String::from("行") };
    Refusal::conflict(format!("第 {} {more}的记录{why}，整批没有撤销。请逐条处理。", first.join("、"))).into()
}

async fn forget_rows(cx: &mut WriteCx, batch: Uuid) -> Result<()> {
    let mut sql = Sql::new("delete from import_row where batch_id = ");
    sql.bind(batch);
    cx.execute(sql).await?;
    Ok(())
}

enum Removed {
    Gone,
    Held,
}

async fn remove(cx: &mut WriteCx, kind: &Kind, record: &MadeRecord) -> Result<Removed> {
    let app = cx.app().clone();
    let Some(service) = app.registry().service(&record.noun) else { return Ok(Removed::Held) };
    cx.execute(Sql::new("savepoint undo_row")).await?;
    let mut statements = Vec::new();
    if record.noun == kind.noun {
        for (table, column) in kind.parts {
            let mut sql = Sql::new("delete from ");
            sql.push(table).push(" where ").push(column).push(" = ").bind(record.record_id);
            statements.push(sql);
        }
    }
    let mut sql = Sql::new("delete from ");
    sql.push(service.table).push(" where id = ").bind(record.record_id);
    statements.push(sql);
    for sql in statements {
        match cx.execute(sql).await {
            Ok(_) => {}
            Err(Error::Refusal(_)) => {
                cx.execute(Sql::new("rollback to savepoint undo_row")).await?;
                return Ok(Removed::Held);
            }
            Err(fault) => return Err(fault),
        }
    }
    cx.execute(Sql::new("release savepoint undo_row")).await?;
    cx.done(Done::new(service.noun, record.record_id, "undo_import", "撤销导入"));
    Ok(Removed::Gone)
}

/// Gives a changed record its former values, through its own edit.
async fn restore(cx: &mut WriteCx, record: &MadeRecord, batch: &Batch) -> Result<()> {
    let app = cx.app().clone();
    let service = app.registry().service(&record.noun).ok_or_else(Refusal::not_found)?;
    let edit = service.deed("edit").ok_or_else(Refusal::not_found)?;
    let mut before: BTreeMap<String, String> = serde_json::from_str(&record.before)?;
    if let Some(reason) = before.get_mut("reason") {
        *reason = format!("撤销导入“{}”", batch.file_name);
    }
    let mut form = Form::of(before);
    perform::run(cx, service, edit, Some(record.record_id), &mut form, false).await?;
    Ok(())
}

async fn finish(cx: &mut WriteCx, batch: &Batch, left: &[MadeRecord]) -> Result<()> {
    let mut sql = Sql::new("update import_batch set version = version + 1, undone_at = ");
    sql.bind(cx.now).push(", undone_by = ").bind(cx.actor.name.as_str()).push(" where id = ").bind(batch.id);
    sql.push(" and undone_at is null");
    if cx.execute(sql).await? == 0 {
        return Err(Refusal::stale().into());
    }
    let note = format!("{}：{} 条记录", batch.file_name, left.len());
    cx.done(Done::new(NOUN, batch.id, "undo", "撤销导入").note(note));
    Ok(())
}

impl Batch {
    /// The report as it was when the batch was stored.
    pub fn report(&self) -> Result<Report> {
        Ok(serde_json::from_str(&self.report)?)
    }

    /// Values that the batch changed.
    pub fn changes(&self) -> Result<Vec<Difference>> {
        Ok(self.report()?.updated.into_iter().flat_map(|row| row.cells).collect())
    }
}
