//! Files beside the records: received as a stream and sealed as they arrive, checked by name and
//! content, kept under generated names, shown only to those who may see the record they hang on.
//!
//! What lies in `files/` and `incoming/` is never readable without the installation's key: each file
//! has a key of its own ([`crate::seal::FileKey`]), wrapped in its row. The digest kept beside it is
//! that of the plain text, so that it can be compared with the original.

mod attach;
mod kept;
mod kinds;
mod tidy;
mod uploads;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use db::Sql;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    App, Cx, Error, Refusal, Result, WriteCx, labelled,
    seal::{FileKey, digest_of},
};

pub use attach::{ATTACH, attach, attach_deed, may_attach, withdraw};
pub(crate) use attach::{may_withdraw, record_opening};
pub use kept::{Opened, stored_len};
pub use kinds::{Preview, accepted, clean_name, media_type, preview};
pub use tidy::{Tidied, tidy};
pub use uploads::{
    Formats, MAX_FORM_FILE, Progress, Receiving, Upload, append, begin, cancel, check, discard, finish,
    progress, take_in,
};

labelled! {
    /// How a file came.
    pub enum Way: "收取方式" {
        /// With a form.
        Form = "form" => "网页表单上传", Grey;
        /// As an upload that can be continued.
        Continued = "continued" => "断点续传", Grey;
        /// By the program: command line, import, package.
        Program = "program" => "系统载入", Grey;
    }
}

labelled! {
    /// What in a file could act by itself.
    pub enum Warning: "风险提示" {
        /// Macros.
        Macros = "macros" => "含宏", Red;
        /// Programs or other files inside.
        Embedded = "embedded" => "内嵌程序或文件", Orange;
        /// References that are followed without a click.
        Outside = "outside" => "引用外部地址", Orange;
        /// Fields that start programs.
        Exchange = "exchange" => "含自动执行字段", Red;
        /// Scripts or actions.
        Script = "script" => "含脚本或自动动作", Red;
        /// Structure that no ordinary program writes.
        Odd = "odd" => "内部结构异常", Orange;
        /// Locked or too large to be looked through.
        Unchecked = "unchecked" => "已加密或过大，未能检查", Yellow;
    }
}

/// A file that hangs on a record.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Attachment {
    /// Identity, also the name under which it is kept.
    pub id: Uuid,
    /// Noun of the record.
    pub noun: String,
    /// The record.
    pub record_id: Uuid,
    /// Name that people see.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SM3 digest of the plain text.
    pub digest: String,
    /// When it was attached.
    pub at: DateTime<Utc>,
    /// Whose account did it.
    pub account_id: Option<Uuid>,
    /// By whom.
    pub by_name: String,
    /// How it came.
    pub way: Way,
    /// Who gave it and how it was obtained, as written by whoever attached it.
    pub source: String,
    /// The network address it came from.
    pub origin: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// By whom.
    pub withdrawn_by: String,
    /// Why.
    pub withdrawn_why: String,
    warnings: String,
    key_sealed: String,
}

const COLUMNS: &str = "id, noun, record_id, name, size, digest, at, account_id, by_name, way, source, origin, withdrawn_at, \
     withdrawn_by, withdrawn_why, warnings, key_sealed";

impl Attachment {
    /// What in it could act by itself.
    pub fn warnings(&self) -> Vec<Warning> {
        warnings_of(&self.warnings)
    }

    /// Whether it can still be opened.
    pub fn is_open(&self) -> bool {
        self.withdrawn_at.is_none()
    }

    /// Opens the kept bytes.
    pub fn open(&self, app: &App) -> Result<Opened> {
        let key = match self.key_sealed.as_str() {
            "" => None,
            wrapped => Some(FileKey::unwrap(app.seal(), &context(self.id), wrapped)?),
        };
        let size = u64::try_from(self.size).unwrap_or(0);
        Opened::open(&kept_path(app.folder(), self.id), key, size)
            .map_err(|error| Error::Fault(format!("file {}: {error}", self.id)))
    }

    fn readable(mut self, app: &App) -> Result<Self> {
        if self.name.starts_with("s1:") {
            self.name = app.seal().open(&name_context(self.id), &self.name)?;
        }
        Ok(self)
    }
}

fn warnings_of(codes: &str) -> Vec<Warning> {
    use crate::Labelled as _;
    codes.split(',').filter_map(Warning::parse).collect()
}

fn context(id: Uuid) -> String {
    format!("file/{id}")
}

fn name_context(id: Uuid) -> String {
    format!("file/{id}/name")
}

/// Where a file lies.
pub fn kept_path(folder: &Path, id: Uuid) -> PathBuf {
    let name = id.to_string();
    // The last two digits of a version 4 identity are random, so the folders fill evenly.
    let shelf = name.get(34..).unwrap_or("00");
    folder.join("files").join(shelf).join(name)
}

/// Where an upload lies until the deed it belongs to is done.
fn aside_path(folder: &Path, id: Uuid) -> PathBuf {
    folder.join("incoming").join(id.to_string())
}

/// How many files hang on a record.
pub async fn count(cx: &Cx, record: Uuid) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from attachment where withdrawn_at is null and record_id = ");
    sql.bind(record);
    cx.number(sql).await
}

/// The files of a record, newest first, withdrawn ones too.
pub async fn of_record(cx: &Cx, record: Uuid) -> Result<Vec<Attachment>> {
    let mut sql = Sql::new("select ");
    sql.push(COLUMNS).push(" from attachment where record_id = ").bind(record);
    sql.push(" order by at desc, id limit 500");
    let found: Vec<Attachment> = cx.all(sql).await?;
    found.into_iter().map(|file| file.readable(cx.app())).collect()
}

/// A file, if the actor may see the record it hangs on.
pub async fn find(cx: &Cx, id: Uuid) -> Result<Attachment> {
    let found = find_any(cx, id).await?.ok_or_else(Refusal::not_found)?;
    if crate::service::can_see(cx, &found.noun, found.record_id).await? {
        found.readable(cx.app())
    } else {
        Err(Refusal::not_found().into())
    }
}

/// A file that an area keeps for itself: it hangs on `noun`, which is no service, so that nobody comes to it by its
/// address, and whoever asks here has decided who may use it.
///
/// # Errors
/// "Not found" for files of nouns that people see, whose own rules hold.
pub async fn kept_aside(cx: &Cx, noun: &str, id: Uuid) -> Result<Attachment> {
    let found = find_any(cx, id).await?.filter(|file| file.noun == noun && file.is_open());
    if cx.app().registry().service(noun).is_some() {
        return Err(Refusal::not_found().into());
    }
    found.ok_or_else(Refusal::not_found)?.readable(cx.app())
}

/// Destroys files that an area kept for itself: with its row each loses the only key that opens it, at once and for
/// good; what is left of it on the disk is for [`erase`].
pub async fn destroy(cx: &mut WriteCx, noun: &str, ids: &[Uuid]) -> Result<()> {
    if ids.is_empty() || cx.app().registry().service(noun).is_some() {
        return Ok(());
    }
    let mut sql = Sql::new("delete from attachment where noun = ");
    sql.bind(noun).push(" and id in ").bind_list(ids.iter().copied());
    cx.execute(sql).await?;
    Ok(())
}

/// Removes from the disk what [`destroy`] left; a file that still has its row stays.
pub async fn erase(cx: &Cx, ids: &[Uuid]) -> Result<()> {
    for id in ids {
        if find_any(cx, *id).await?.is_none() {
            match tokio::fs::remove_file(kept_path(cx.app().folder(), *id)).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
    }
    Ok(())
}

async fn find_any(cx: &Cx, id: Uuid) -> Result<Option<Attachment>> {
    let mut sql = Sql::new("select ");
    sql.push(COLUMNS).push(" from attachment where id = ").bind(id);
    cx.first(sql).await
}

/// The digest of a kept file's plain text, read and proved from beginning to end.
///
/// # Errors
/// A fault when the file is missing, changed or cut.
pub async fn digest(cx: &Cx, id: Uuid) -> Result<String> {
    let file = find_any(cx, id).await?.ok_or_else(Refusal::not_found)?;
    let app = cx.app().clone();
    blocking(move || Ok(digest_of(&mut file.open(&app)?)?)).await
}

/// Runs work that occupies a thread away from those that answer requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Fault(format!("reading a file: {error}")))?
}
