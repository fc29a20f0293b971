//! Hanging files on records, and taking them off again without destroying them.

use db::Sql;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::{Attachment, Upload, Way, aside_path, context, find, kept_path, name_context};
use crate::{
    Cx, Deed, Done, Field, Form, Outcome, RecordView, Refusal, Result, Secrecy, Service, WriteCx, audit,
    form::Kind,
    ids,
    seal::FileKey,
    service::{Tab, Work, target},
};

/// Key of the deed that hangs files on a record.
pub const ATTACH: &str = "attach";

/// The deed of hanging files on a record. A service that has it takes files; who may add some, and when,
/// is said by its record page ([`RecordView::takes_files`]).
pub fn attach_deed() -> Deed {
    Deed::on(ATTACH, "添加材料", fields, |cx, id, form| Box::pin(run(cx, id, form)))
        .next("材料加密保存并登记上传人、时间和摘要；能看到这条记录的人都能查阅。")
}

fn fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::new("files", "文件", Kind::Files).required(),
            Field::line("source", "来源").help("谁提供、怎样取得，如“市财政局提供复印件”。"),
        ])
    })
}

async fn run(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: Uuid = target(id)?;
    let app = cx.app().clone();
    let noun = cx.noun();
    let service = app.registry().service(noun).ok_or_else(Refusal::not_found)?;
    let view = (service.show)(cx, id).await?;
    if !may_attach(service, &view) {
        return Err(Refusal::forbidden("添加材料").into());
    }
    let source = form.typed("source").trim();
    for upload in &form.files {
        attach(cx, service.noun, id, upload, source).await?;
    }
    let names: Vec<&str> = form.files.iter().map(|upload| upload.name.as_str()).collect();
    let note = if hides_names(service.secrecy) {
        format!("{} 个文件", names.len())
    } else {
        format!("{} 个文件：{}", names.len(), names.join("、"))
    };
    cx.done(Done::new(service.noun, id, ATTACH, "添加材料").note(note));
    Ok(Outcome::new(service.noun, id, format!("已添加 {} 个文件。", names.len())))
}

/// Whether files can be added to the record of `view` by whom it was made for.
pub fn may_attach(service: &Service, view: &RecordView) -> bool {
    service.deed(ATTACH).is_some()
        && view.tabs.iter().any(|tab| matches!(tab, Tab::Files))
        && view.may_attach.unwrap_or(!view.deeds.is_empty())
}

/// Names of files on sealed records may say what the record keeps.
fn hides_names(secrecy: Secrecy) -> bool {
    secrecy == Secrecy::Sealed
}

/// Keeps `upload` with a record: the file first, then its row in the open transaction. `source` says who
/// gave it and how it was obtained.
pub fn attach<'a>(
    cx: &'a mut WriteCx,
    noun: &'static str,
    record: Uuid,
    upload: &'a Upload,
    source: &'a str,
) -> BoxFuture<'a, Result<Uuid>> {
    Box::pin(async move {
        let id = ids::random();
        let to = kept_path(cx.app().folder(), id);
        take_over(&aside_path(cx.app().folder(), upload.id), &to).await?;
        let sealed = cx.app().registry().service(noun).is_some_and(|service| hides_names(service.secrecy));
        let name =
            if sealed { cx.app().seal().seal(&name_context(id), &upload.name)? } else { upload.name.clone() };
        let way = if cx.actor.program { Way::Program } else { upload.way };
        let key = upload.key.wrap(cx.app().seal(), &context(id))?;
        let mut sql = Sql::new(
            "insert into attachment (id, noun, record_id, name, size, digest, at, account_id, by_name, way, source, origin, \
             warnings, key_sealed) values (",
        );
        sql.bind(id).push(", ").bind(noun).push(", ").bind(record).push(", ").bind(name);
        sql.push(", ").bind(upload.size).push(", ").bind(upload.digest.as_str()).push(", ").bind(cx.now);
        sql.push(", ").bind(cx.actor.account).push(", ").bind(cx.actor.name.as_str()).push(", ").bind(way);
        sql.push(", ").bind(source).push(", ").bind(cx.actor.origin.as_str());
        sql.push(", ").bind(upload.warnings.as_str()).push(", ").bind(key).push(")");
        cx.execute(sql).await?;
        let mut sql = Sql::new("delete from file_upload where id = ");
        sql.bind(upload.id);
        cx.execute(sql).await?;
        Ok(id)
    })
}

/// Brings a file to its shelf. It stays where it was too, so that nothing is lost when the transaction
/// does not hold; whoever made it aside removes it there.
async fn take_over(from: &std::path::Path, to: &std::path::Path) -> Result<()> {
    if let Some(shelf) = to.parent() {
        tokio::fs::create_dir_all(shelf).await?;
    }
    // Some file systems know no second name for a file.
    if tokio::fs::hard_link(from, to).await.is_err() {
        tokio::fs::copy(from, to).await?;
        tokio::fs::File::open(to).await?.sync_all().await?;
    }
    if let Some(shelf) = to.parent() {
        tokio::fs::File::open(shelf).await?.sync_all().await?;
    }
    Ok(())
}

/// Takes a file off its record: it stays on the disk and in the list, struck out, with the reason, and can
/// no longer be opened. Whoever attached it may, as long as they may still add files.
pub async fn withdraw(cx: &mut WriteCx, id: Uuid, why: &str) -> Result<Attachment> {
    let file = find(cx, id).await?;
    if !file.is_open() {
        return Err(Refusal::conflict("这个文件已经撤下。").into());
    }
    if !may_withdraw(cx, &file).await? {
        return Err(Refusal::forbidden("撤下材料").into());
    }
    let why = why.trim();
    if why.is_empty() || why.chars().count() > 200 || why.chars().any(char::is_control) {
        return Err(Refusal::field("why", "请用 1 到 200 个字写明撤下的原因。").into());
    }
    let mut sql = Sql::new("update attachment set withdrawn_at = ");
    sql.bind(cx.now)
        .push(", withdrawn_by = ")
        .bind(cx.actor.name.as_str())
        .push(", withdrawn_why = ")
        .bind(why);
    sql.push(" where id = ").bind(id).push(" and withdrawn_at is null");
    if cx.execute(sql).await? == 0 {
        return Err(Refusal::conflict("这个文件已经撤下。").into());
    }
    let service = cx.app().registry().service(&file.noun).ok_or_else(Refusal::not_found)?;
    let (noun, secrecy) = (service.noun, service.secrecy);
    let note =
        if hides_names(secrecy) { String::from("1 个文件") } else { format!("{}：{why}", file.name) };
    cx.done(Done::new(noun, file.record_id, "withdraw_file", "撤下材料").note(note));
    Ok(file)
}

/// Whether the actor may take `file` off its record now.
pub(crate) async fn may_withdraw(cx: &Cx, file: &Attachment) -> Result<bool> {
    let Some(service) = cx.app().registry().service(&file.noun) else { return Ok(false) };
    let own = file.account_id.is_some() && file.account_id == cx.actor.account;
    Ok(own && file.is_open() && may_attach(service, &(service.show)(cx, file.record_id).await?))
}

/// Records that the actor opened a file.
pub(crate) async fn record_opening(cx: &Cx, file: &Attachment) {
    let draft = audit::Draft::new(&cx.actor, cx.now, "read", "files", Some(file.id), audit::Outcome::Read);
    cx.app().record_later(draft).await;
}

impl Upload {
    /// The key that opens what lies aside.
    pub(crate) fn key(&self) -> &FileKey {
        &self.key
    }
}
