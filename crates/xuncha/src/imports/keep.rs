//! Uploaded ledgers that wait for a decision: the file encrypted aside, what was chosen about it sealed
//! in its row; both gone after a commit, a discard, or seven days.

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, Days, Utc};
use db::Sql;
use kit::{
    Actor, App, Cx, Refusal, Result, WriteCx, ids,
    sea_orm::{self, FromQueryResult},
    seal,
};
use uuid::Uuid;

use super::{Kind, kind, ledger::Choices};

/// Days after which a file that nobody decided about is removed.
pub const DAYS: u64 = 7;
/// Largest ledger accepted, in bytes.
pub const MOST: usize = 50 << 20;

/// A ledger that waits.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Upload {
    /// Identity, and name of the file aside.
    pub id: Uuid,
    /// Counts every change of the choices.
    pub version: i64,
    /// Code of the kind.
    pub kind: String,
    /// Name of the file as it came.
    pub file_name: String,
    /// When it came.
    pub at: DateTime<Utc>,
    choices: String,
}

impl Upload {
    /// The kind of ledger.
    pub fn kind(&self) -> Result<&'static Kind> {
        kind(&self.kind)
    }

    /// What was chosen about it.
    pub fn choices(&self, app: &App) -> Result<Choices> {
        Ok(serde_json::from_str(&app.seal().open(&context(self.id), &self.choices)?)?)
    }

    /// The bytes of the file.
    pub async fn bytes(&self, app: &App) -> Result<Vec<u8>> {
        let sealed = tokio::fs::read_to_string(path(app, self.id)).await?;
        seal::unhex(&app.seal().open(&context(self.id), &sealed)?).ok_or_else(|| Refusal::not_found().into())
    }
}

fn context(id: Uuid) -> String {
    format!("import/{id}")
}

fn path(app: &App, id: Uuid) -> PathBuf {
    app.folder().join("imports").join(id.to_string())
}

fn owner(actor: &Actor) -> Result<Uuid> {
    actor.account.ok_or_else(|| Refusal::forbidden("上传台账").into())
}

/// Keeps a file aside.
pub async fn add(app: &App, actor: &Arc<Actor>, kind: &Kind, name: &str, bytes: &[u8]) -> Result<Uuid> {
    if !kind.is_offered(app, actor) {
        return Err(Refusal::forbidden(&format!("导入{}", kind.label)).into());
    }
    let (owner, id) = (owner(actor)?, ids::random());
    let path = path(app, id);
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    tokio::fs::write(&path, app.seal().seal(&context(id), &seal::hex(bytes))?).await?;
    let choices = app.seal().seal(&context(id), &serde_json::to_string(&Choices::default())?)?;
    let mut sql = Sql::new(
        "insert into import_upload (id, version, kind, file_name, choices, at, account_id) values (",
    );
    sql.bind(id).push(", 1, ").bind(kind.code).push(", ").bind(name).push(", ").bind(choices).push(", ");
    sql.bind(app.clock().now()).push(", ").bind(owner).push(")");
    let kept = app.write(actor, |cx| Box::pin(async move { cx.execute(sql).await })).await;
    if let Err(error) = kept {
        let _ = tokio::fs::remove_file(&path).await;
        return Err(error);
    }
    Ok(id)
}

/// A waiting ledger of the actor's own.
pub async fn find(cx: &Cx, id: Uuid) -> Result<Upload> {
    let mut sql = Sql::new("select id, version, kind, file_name, choices, at from import_upload where id = ");
    sql.bind(id).push(" and account_id = ").bind(owner(&cx.actor)?);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

/// The actor's own waiting ledgers, newest first.
pub async fn list(cx: &Cx) -> Result<Vec<Upload>> {
    let Some(account) = cx.actor.account else { return Ok(Vec::new()) };
    let mut sql =
        Sql::new("select id, version, kind, file_name, choices, at from import_upload where account_id = ");
    sql.bind(account).push(" order by at desc limit 50");
    cx.all(sql).await
}

/// Stores what was chosen about a waiting ledger.
pub async fn choose(app: &App, actor: &Arc<Actor>, upload: &Upload, choices: &Choices) -> Result<()> {
    let text = app.seal().seal(&context(upload.id), &serde_json::to_string(choices)?)?;
    let mut sql = Sql::new("update import_upload set version = version + 1, choices = ");
    sql.bind(text).push(" where id = ").bind(upload.id).push(" and version = ").bind(upload.version);
    let changed = app.write(actor, |cx| Box::pin(async move { cx.execute(sql).await })).await?;
    if changed == 0 { Err(Refusal::stale().into()) } else { Ok(()) }
}

/// Removes a waiting ledger with its file.
pub async fn remove(app: &App, actor: &Arc<Actor>, id: Uuid) -> Result<()> {
    app.write(actor, |cx| Box::pin(async move { forget(cx, &[id]).await })).await?;
    let _ = tokio::fs::remove_file(path(app, id)).await;
    Ok(())
}

/// Removes the ledgers that nobody decided about in time; the number of those removed.
pub async fn clean(app: &App) -> Result<usize> {
    let actor = Arc::new(Actor::program("清理待导入文件"));
    let limit = app.clock().now().checked_sub_days(Days::new(DAYS)).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let mut sql = Sql::new("select id from import_upload where at < ");
    sql.bind(limit);
    let mut old: Vec<Uuid> = Vec::new();
    for row in app.read(&actor).rows(sql).await? {
        old.push(row.try_get_by_index(0)?);
    }
    if old.is_empty() {
        return Ok(0);
    }
    let gone = old.clone();
    app.write(&actor, |cx| Box::pin(async move { forget(cx, &gone).await })).await?;
    for id in &old {
        let _ = tokio::fs::remove_file(path(app, *id)).await;
    }
    Ok(old.len())
}

async fn forget(cx: &mut WriteCx, ids: &[Uuid]) -> Result<()> {
    let mut sql = Sql::new("delete from import_upload where id in ");
    sql.bind_list(ids.iter().copied());
    cx.execute(sql).await?;
    Ok(())
}
