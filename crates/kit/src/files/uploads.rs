//! Files on their way in: with a form, or as an upload that goes on after a broken connection.
//!
//! An upload is begun with its name and size, takes bytes at the offset where it stands, and is ended
//! when they are all there. Only whole sealed pieces count as arrived, so what lies aside is never plain
//! and a half-written piece never counts. An upload belongs to the person who began it; beginning it
//! again with the same name, size and mark finds it again.

use std::path::Path;

use axum::body::Body;
use chrono::{DateTime, Utc};
use db::Sql;
use documents::hazards::{self, Hazard, Unfit};
use http_body_util::BodyExt as _;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    Opened, Warning, Way, aside_path, blocking, context, digest_of,
    kept::{Writer, arrived},
    kinds,
};
use crate::{
    App, Cx, Error, Field, Form, Labelled as _, Refusal, Result, WriteCx,
    error::Reason,
    form::Kind,
    ids,
    seal::{Digesting, FileKey},
};

/// Largest file accepted with a form, in bytes.
pub const MAX_FORM_FILE: i64 = 200 << 20;
/// Codes of the policies that bound uploads, with what holds where an office has no such policy, in MB.
const FILE_LIMIT: (&str, i64) = ("upload_file", 2_048);
const OPEN_LIMIT: (&str, i64) = ("upload_open", 8_192);
/// Uploads that one person may have under way.
const MOST_OPEN: i64 = 50;

/// A file that has arrived and lies aside until the deed it belongs to is done.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Identity, and its name aside.
    pub id: Uuid,
    /// The field it came in.
    pub field: String,
    /// Its name, cleaned.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SM3 digest of the plain text.
    pub digest: String,
    /// How it came.
    pub way: Way,
    pub(super) warnings: String,
    pub(super) key: FileKey,
}

impl Upload {
    /// The plain bytes as a stream that can be read from any place.
    pub fn open(&self, app: &App) -> Result<Opened> {
        let size = u64::try_from(self.size).unwrap_or(0);
        Ok(Opened::open(&aside_path(app.folder(), self.id), Some(self.key().clone()), size)?)
    }

    /// The plain bytes, at most `most` of them.
    pub async fn bytes(&self, app: &App, most: usize) -> Result<Vec<u8>> {
        use std::io::Read as _;
        let opened = self.open(app)?;
        blocking(move || {
            let mut bytes = Vec::new();
            opened.take(most as u64).read_to_end(&mut bytes)?;
            Ok(bytes)
        })
        .await
    }

    /// A file that the program itself brings in.
    pub async fn of_bytes(app: &App, name: &str, bytes: &[u8]) -> Result<Self> {
        let mut receiving = Receiving::begin(app, "files", name, Formats::Accepted).await?;
        match receiving.take(bytes).await {
            Ok(()) => receiving.finish().await,
            Err(error) => {
                receiving.abandon().await;
                Err(error)
            }
        }
    }

    /// A file that the program itself made at `path`, however long it is.
    pub async fn of_file(app: &App, name: &str, path: &Path) -> Result<Self> {
        let mut receiving = Receiving::begin(app, "files", name, Formats::Accepted).await?;
        receiving.most = i64::MAX;
        match pour(&mut receiving, path).await {
            Ok(()) => receiving.finish().await,
            Err(error) => {
                receiving.abandon().await;
                Err(error)
            }
        }
    }
}

async fn pour(receiving: &mut Receiving, path: &Path) -> Result<()> {
    use tokio::io::AsyncReadExt as _;
    let mut file = tokio::fs::File::open(path).await?;
    let mut portion = vec![0u8; 256 * 1024];
    loop {
        match file.read(&mut portion).await? {
            0 => return Ok(()),
            count => receiving.take(portion.get(..count).unwrap_or_default()).await?,
        }
    }
}

/// Receives one file of a form piece by piece.
pub struct Receiving {
    folder: std::path::PathBuf,
    writer: Writer,
    upload: Upload,
    digest: Digesting,
    head: Vec<u8>,
    most: i64,
    formats: Formats,
}

/// Whose formats files have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formats {
    /// Those of people's files, by their endings.
    Accepted,
    /// The program's own, whose reader checks every byte: no ending is asked for, and a file is not looked through.
    Own,
}

impl Receiving {
    /// Begins a file of one of `formats` that came in `field` as `name`.
    pub async fn begin(app: &App, field: &str, name: &str, formats: Formats) -> Result<Self> {
        let (id, key) = (ids::random(), FileKey::new()?);
        let path = aside_path(app.folder(), id);
        if let Some(aside) = path.parent() {
            tokio::fs::create_dir_all(aside).await?;
        }
        let writer = Writer::create(&path, key.clone()).await?;
        let upload = Upload {
            id,
            field: field.to_owned(),
            name: kinds::clean_name(name),
            size: 0,
            digest: String::new(),
            way: Way::Form,
            warnings: String::new(),
            key,
        };
        let folder = app.folder().clone();
        Ok(Self {
            folder,
            writer,
            upload,
            digest: Digesting::default(),
            head: Vec::new(),
            most: MAX_FORM_FILE,
            formats,
        })
    }

    /// Takes the next bytes.
    pub async fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.upload.size += i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        if self.upload.size > self.most {
            let instead = match self.formats {
                Formats::Own => "更大的请在服务器上用命令行导入。",
                Formats::Accepted => "请在打开脚本的浏览器中用断点续传，或压缩后再传。",
            };
            let message = format!("这样上传的单个文件不能超过 200 MB，没有保存；{instead}");
            return Err(Refusal::new(Reason::TooLarge, message).into());
        }
        if self.head.len() < 16 {
            self.head.extend_from_slice(bytes.get(..bytes.len().min(16)).unwrap_or_default());
        }
        self.digest.update(bytes);
        self.writer.take(bytes).await
    }

    /// Gives the file up and removes what arrived of it.
    pub async fn abandon(self) {
        let _ = tokio::fs::remove_file(aside_path(&self.folder, self.upload.id)).await;
    }

    /// Ends the file: durable, checked, digested.
    pub async fn finish(self) -> Result<Upload> {
        let Self { folder, writer, mut upload, digest, head, formats, .. } = self;
        let path = aside_path(&folder, upload.id);
        let looked = async {
            writer.finish().await?;
            if formats == Formats::Own {
                return Ok(String::new());
            }
            kinds::check_head(&upload.name, &head)?;
            look(&path, &upload.name, &upload.key, upload.size).await
        };
        match looked.await {
            Ok(warnings) => {
                upload.warnings = warnings;
                upload.digest = digest.finish();
                Ok(upload)
            }
            Err(error) => {
                let _ = tokio::fs::remove_file(&path).await;
                Err(error)
            }
        }
    }
}

/// Looks through a whole file for what could act by itself.
async fn look(path: &Path, name: &str, key: &FileKey, size: i64) -> Result<String> {
    let (path, name, key) = (path.to_owned(), name.to_owned(), key.clone());
    blocking(move || {
        let mut opened = Opened::open(&path, Some(key), u64::try_from(size).unwrap_or(0))?;
        match hazards::find(&kinds::ending(&name), &mut opened) {
            Ok(found) => {
                Ok(found.into_iter().map(|hazard| warning(hazard).code()).collect::<Vec<_>>().join(","))
            }
            Err(Unfit::Disguised) => Err(kinds::disguised(&name)),
            Err(Unfit::Broken(error)) => Err(error.into()),
        }
    })
    .await
}

/// Whether a whole file in memory may be taken: a name that is accepted, a content that fits it. Its hazards
/// are looked for when it is hung on a record.
///
/// # Errors
/// A refusal that says what does not fit.
pub fn check(name: &str, bytes: &[u8]) -> Result<()> {
    kinds::check_head(name, bytes.get(..bytes.len().min(16)).unwrap_or_default())?;
    match hazards::find(&kinds::ending(name), &mut std::io::Cursor::new(bytes)) {
        Ok(_) => Ok(()),
        Err(Unfit::Disguised) => Err(kinds::disguised(name)),
        Err(Unfit::Broken(error)) => Err(error.into()),
    }
}

fn warning(hazard: Hazard) -> Warning {
    match hazard {
        Hazard::Macros => Warning::Macros,
        Hazard::Embedded => Warning::Embedded,
        Hazard::Outside => Warning::Outside,
        Hazard::Exchange => Warning::Exchange,
        Hazard::Script => Warning::Script,
        Hazard::Odd => Warning::Odd,
        Hazard::Unchecked => Warning::Unchecked,
    }
}

/// Removes files of a form that lie aside and were not taken.
pub async fn discard(app: &App, uploads: &[Upload]) {
    for upload in uploads {
        let _ = tokio::fs::remove_file(aside_path(app.folder(), upload.id)).await;
    }
}

/// An upload under way.
#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    name_sealed: String,
    size: i64,
    key_sealed: String,
    digest: String,
    warnings: String,
}

impl Row {
    fn key(&self, app: &App) -> Result<FileKey> {
        FileKey::unwrap(app.seal(), &context(self.id), &self.key_sealed)
    }

    fn name(&self, app: &App) -> Result<String> {
        app.seal().open(&super::name_context(self.id), &self.name_sealed)
    }

    fn size(&self) -> u64 {
        u64::try_from(self.size).unwrap_or(0)
    }

    fn is_done(&self) -> bool {
        !self.digest.is_empty()
    }

    async fn offset(&self, app: &App) -> Result<u64> {
        match tokio::fs::metadata(aside_path(app.folder(), self.id)).await {
            Ok(data) => Ok(arrived(data.len(), self.size())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error.into()),
        }
    }
}

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// The upload.
    pub id: Uuid,
    /// Bytes that have safely arrived: the next ones begin here.
    pub offset: u64,
    /// Bytes in all.
    pub size: u64,
    /// Whether it is ended and can be sent with a form.
    pub done: bool,
}

fn owner(cx: &Cx) -> Result<Uuid> {
    cx.actor.account.ok_or_else(|| Refusal::not_found().into())
}

async fn row(cx: &Cx, id: Uuid) -> Result<Row> {
    let mut sql =
        Sql::new("select id, name_sealed, size, key_sealed, digest, warnings from file_upload where id = ");
    sql.bind(id).push(" and account_id = ").bind(owner(cx)?);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

async fn progress_of(cx: &Cx, row: &Row) -> Result<Progress> {
    Ok(Progress { id: row.id, offset: row.offset(cx.app()).await?, size: row.size(), done: row.is_done() })
}

/// How far an own upload is.
pub async fn progress(cx: &Cx, id: Uuid) -> Result<Progress> {
    progress_of(cx, &row(cx, id).await?).await
}

/// What holds today of a policy about files, in bytes.
async fn limit(cx: &Cx, (code, usual): (&str, i64)) -> Result<i64> {
    let mut sql = Sql::new("select amount from policy where code = ");
    sql.bind(code)
        .push(" and valid_from <= ")
        .bind(cx.today())
        .push(" and (valid_to is null or valid_to >= ");
    sql.bind(cx.today()).push(") order by valid_from desc limit 1");
    let rows = cx.rows(sql).await?;
    let megabytes = rows.first().map(|row| row.try_get_by_index::<i64>(0)).transpose()?.unwrap_or(usual);
    Ok(megabytes.saturating_mul(1 << 20))
}

/// Begins an upload, or finds the one that was begun with the same name, size and mark.
pub async fn begin(cx: &mut WriteCx, name: &str, size: i64, mark: &str) -> Result<Progress> {
    let name = kinds::clean_name(name);
    kinds::check_name(&name)?;
    if size <= 0 || mark.len() > 64 || mark.chars().any(char::is_control) {
        return Err(Refusal::bad_request("文件是空的，或大小和标记不正确，没有开始上传。").into());
    }
    let most = limit(cx, FILE_LIMIT).await?;
    if size > most {
        let message = format!("单个文件不能超过 {} MB，没有上传；请拆分或压缩后再传。", most >> 20);
        return Err(Refusal::new(Reason::TooLarge, message).into());
    }
    let owner = owner(cx)?;
    // The mark holds the name in a form that says nothing to a reader of the table.
    let mark = cx.app().seal().token("upload", &format!("{owner}/{name}/{size}/{mark}"));
    let mut sql = Sql::new("select id from file_upload where account_id = ");
    sql.bind(owner).push(" and mark = ").bind(mark.as_str()).push(" order by at desc limit 1");
    if let Some(held) = cx.rows(sql).await?.first() {
        return progress(cx, held.try_get_by_index(0)?).await;
    }
    check_room(cx, owner, size).await?;
    let id = ids::random();
    let app = cx.app().clone();
    let key = FileKey::new()?.wrap(app.seal(), &context(id))?;
    let name = app.seal().seal(&super::name_context(id), &name)?;
    let mut sql = Sql::new(
        "insert into file_upload (id, account_id, name_sealed, mark, size, key_sealed, at, digest, warnings) values (",
    );
    sql.bind(id).push(", ").bind(owner).push(", ").bind(name).push(", ").bind(mark).push(", ").bind(size);
    sql.push(", ").bind(key).push(", ").bind(cx.now).push(", '', '')");
    cx.execute(sql).await?;
    progress(cx, id).await
}

async fn check_room(cx: &Cx, owner: Uuid, size: i64) -> Result<()> {
    let mut sql = Sql::new(
        "select count(*), cast(coalesce(sum(size), 0) as bigint) from file_upload where account_id = ",
    );
    sql.bind(owner);
    let rows = cx.rows(sql).await?;
    let (count, held) = match rows.first() {
        Some(row) => (row.try_get_by_index::<i64>(0)?, row.try_get_by_index::<i64>(1)?),
        None => (0, 0),
    };
    let most = limit(cx, OPEN_LIMIT).await?;
    if count < MOST_OPEN && held.saturating_add(size) <= most {
        return Ok(());
    }
    let message = format!(
        "您已有 {count} 个文件上传后还没有提交，合计不能超过 {MOST_OPEN} 个、{} MB；请先提交或取消，24 小时没有动静的会自动清除。",
        most >> 20
    );
    Err(Refusal::conflict(message).into())
}

/// Takes bytes at `offset` of an own upload; what arrived before a connection broke is kept.
pub async fn append(cx: &Cx, id: Uuid, offset: u64, body: Body) -> Result<Progress> {
    let row = row(cx, id).await?;
    let path = aside_path(cx.app().folder(), id);
    if let Some(aside) = path.parent() {
        tokio::fs::create_dir_all(aside).await?;
    }
    let file = hold(&path).await?;
    let stands = row.offset(cx.app()).await?;
    if offset != stands {
        let message = format!("上传位置不符：应从第 {stands} 字节继续。");
        return Err(Refusal::new(Reason::Conflict, message).into());
    }
    if stands == row.size() && row.size() > 0 {
        return progress_of(cx, &row).await;
    }
    let mut writer = Writer::resume(file, row.key(cx.app())?, stands).await?;
    let received = receive(&mut writer, body, row.size() - stands).await;
    match received {
        Ok(true) => writer.finish().await?,
        Ok(false) => writer.pause().await?,
        Err(error) => {
            writer.pause().await?;
            return Err(error);
        }
    }
    progress_of(cx, &row).await
}

/// Opens what lies aside for one writer only.
async fn hold(path: &Path) -> Result<tokio::fs::File> {
    let path = path.to_owned();
    let file = blocking(move || {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => {
                Err(Refusal::new(Reason::Conflict, "这个文件正在另一个窗口上传，请稍后继续。").into())
            }
            Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
        }
    })
    .await?;
    Ok(tokio::fs::File::from_std(file))
}

/// Writes what comes; whether everything is there.
async fn receive(writer: &mut Writer, mut body: Body, mut left: u64) -> Result<bool> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Error::from(Refusal::bad_request("上传在中途断开，已到达的部分保留，可以接着上传。"))
        })?;
        let Ok(bytes) = frame.into_data() else { continue };
        let Some(rest) = left.checked_sub(bytes.len() as u64) else {
            return Err(Refusal::bad_request("送来的内容比登记的文件大，没有收下多出的部分。").into());
        };
        writer.take(&bytes).await?;
        left = rest;
    }
    Ok(left == 0)
}

/// Ends an own upload whose bytes have all arrived: proves them, digests and looks through them.
///
/// # Errors
/// A file that is not what its name says is refused and removed.
pub async fn finish(app: &App, actor: &std::sync::Arc<crate::Actor>, id: Uuid) -> Result<Progress> {
    let cx = app.read(actor);
    let row = row(&cx, id).await?;
    if row.is_done() {
        return progress_of(&cx, &row).await;
    }
    let offset = row.offset(app).await?;
    if offset < row.size() {
        let message = format!("文件还没有传完：已到 {offset} 字节，共 {} 字节。", row.size());
        return Err(Refusal::conflict(message).into());
    }
    match examine(app, &row).await {
        Ok((digest, warnings)) => {
            let mut sql = Sql::new("update file_upload set digest = ");
            sql.bind(digest).push(", warnings = ").bind(warnings).push(" where id = ").bind(id);
            app.write(actor, |cx| Box::pin(async move { cx.execute(sql).await })).await?;
            progress(&app.read(actor), id).await
        }
        Err(error) => {
            cancel(app, actor, id).await?;
            Err(error)
        }
    }
}

async fn examine(app: &App, row: &Row) -> Result<(String, String)> {
    let path = aside_path(app.folder(), row.id);
    let (name, key, size) = (row.name(app)?, row.key(app)?, row.size());
    let (named, opening) = (name.clone(), key.clone());
    let from = path.clone();
    let digest = blocking(move || {
        use std::io::Read as _;
        let mut head = Vec::new();
        Opened::open(&from, Some(opening.clone()), size)?.take(16).read_to_end(&mut head)?;
        kinds::check_head(&named, &head)?;
        Ok(digest_of(&mut Opened::open(&from, Some(opening), size)?)?)
    })
    .await?;
    Ok((digest, look(&path, &name, &key, row.size).await?))
}

/// Gives an own upload up.
pub async fn cancel(app: &App, actor: &std::sync::Arc<crate::Actor>, id: Uuid) -> Result<()> {
    row(&app.read(actor), id).await?;
    let mut sql = Sql::new("delete from file_upload where id = ");
    sql.bind(id);
    app.write(actor, |cx| Box::pin(async move { cx.execute(sql).await })).await?;
    let _ = tokio::fs::remove_file(aside_path(app.folder(), id)).await;
    Ok(())
}

/// Brings the ended uploads that a form names into it, as if they had come with it.
pub async fn take_in(cx: &Cx, form: &mut Form, fields: &[Field]) -> Result<()> {
    for field in fields.iter().filter(|field| matches!(field.kind, Kind::Files)) {
        let mut named: Vec<String> = form.typed_all(field.name).to_vec();
        named.retain(|text| !text.trim().is_empty());
        named.dedup();
        form.forget(&[field.name]);
        for text in named {
            let upload = named_upload(cx, field.name, text.trim()).await?;
            if !form.files.iter().any(|held| held.id == upload.id) {
                form.files.push(upload);
            }
        }
    }
    Ok(())
}

async fn named_upload(cx: &Cx, field: &'static str, text: &str) -> Result<Upload> {
    let missing = || Error::from(Refusal::field(field, "有文件没有传完或已经失效，请重新选择后提交。"));
    let id = Uuid::parse_str(text).map_err(|_| missing())?;
    let row = match row(cx, id).await {
        Ok(row) if row.is_done() => row,
        Ok(_) | Err(Error::Refusal(_)) => return Err(missing()),
        Err(fault) => return Err(fault),
    };
    Ok(Upload {
        id,
        field: field.to_owned(),
        name: row.name(cx.app())?,
        size: row.size,
        key: row.key(cx.app())?,
        digest: row.digest,
        way: Way::Continued,
        warnings: row.warnings,
    })
}

/// Uploads without movement since `before`, with the instant they were begun.
pub(super) async fn begun_before(cx: &Cx, before: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let mut sql = Sql::new("select id from file_upload where at < ");
    sql.bind(before).push(" order by id");
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
