//! Files beside the records: received as a stream, checked by name and content, kept under
//! generated names, shown only to those who may see the record they hang on.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use db::Sql;
use sea_orm::FromQueryResult;
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use crate::{Cx, Refusal, Result, WriteCx, error::Reason, ids, seal::Digesting};

/// Largest file accepted.
pub const MAX_FILE: u64 = 200 * 1024 * 1024;

/// Endings that are accepted, with the bytes such a file begins with (none: any text).
const KINDS: &[(&str, &[&[u8]], &str)] = &[
    ("pdf", &[b"%PDF-"], "application/pdf"),
    ("png", &[b"\x89PNG\r\n\x1a\n"], "image/png"),
    ("jpg", &[b"\xff\xd8\xff"], "image/jpeg"),
    ("jpeg", &[b"\xff\xd8\xff"], "image/jpeg"),
    ("docx", &[b"PK\x03\x04"], "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", &[b"PK\x03\x04"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", &[b"PK\x03\x04"], "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("ofd", &[b"PK\x03\x04"], "application/ofd"),
    ("zip", &[b"PK\x03\x04"], "application/zip"),
    ("doc", &[b"\xd0\xcf\x11\xe0"], "application/msword"),
    ("xls", &[b"\xd0\xcf\x11\xe0"], "application/vnd.ms-excel"),
    ("wps", &[b"\xd0\xcf\x11\xe0"], "application/octet-stream"),
    ("et", &[b"\xd0\xcf\x11\xe0"], "application/octet-stream"),
    ("txt", &[], "text/plain; charset=utf-8"),
    ("csv", &[], "text/csv; charset=utf-8"),
];

/// A file that has arrived and lies aside until the deed it belongs to is done.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field it came in.
    pub field: String,
    /// Its name, cleaned.
    pub name: String,
    /// Where it lies aside.
    pub path: PathBuf,
    /// Bytes.
    pub size: i64,
    /// SM3 digest.
    pub digest: String,
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
    /// SM3 digest.
    pub digest: String,
    /// When it was attached.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by_name: String,
}

/// Receives one file piece by piece.
pub struct Receiving {
    file: tokio::fs::File,
    upload: Upload,
    digest: Digesting,
    head: Vec<u8>,
}

impl Receiving {
    /// Begins a file that came in `field` as `name`.
    pub async fn begin(folder: &Path, field: &str, name: &str) -> Result<Self> {
        let aside = folder.join("incoming");
        tokio::fs::create_dir_all(&aside).await?;
        let path = aside.join(ids::random().to_string());
        let file = tokio::fs::File::create(&path).await?;
        let upload =
            Upload { field: field.to_owned(), name: clean_name(name), path, size: 0, digest: String::new() };
        Ok(Self { file, upload, digest: Digesting::default(), head: Vec::new() })
    }

    /// Takes the next piece.
    pub async fn take(&mut self, piece: &[u8]) -> Result<()> {
        self.upload.size += i64::try_from(piece.len()).unwrap_or(i64::MAX);
        if self.upload.size > i64::try_from(MAX_FILE).unwrap_or(i64::MAX) {
            return Err(Refusal::new(
                Reason::TooLarge,
                "单个文件不能超过 200 MB，没有保存；请拆分或压缩后再传。",
            )
            .into());
        }
        if self.head.len() < 16 {
            self.head.extend_from_slice(piece.get(..piece.len().min(16)).unwrap_or_default());
        }
        self.digest.update(piece);
        self.file.write_all(piece).await?;
        Ok(())
    }

    /// Gives the file up and removes what arrived of it.
    pub async fn abandon(self) {
        let _ = tokio::fs::remove_file(&self.upload.path).await;
    }

    /// Ends the file: durable, checked, digested.
    pub async fn finish(mut self) -> Result<Upload> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        if let Err(error) = check_kind(&self.upload.name, &self.head) {
            self.abandon().await;
            return Err(error);
        }
        self.upload.digest = self.digest.finish();
        Ok(self.upload)
    }
}

/// Removes files that lie aside and were not taken.
pub async fn discard(uploads: &[Upload]) {
    for upload in uploads {
        let _ = tokio::fs::remove_file(&upload.path).await;
    }
}

/// The last part of a name, without signs that mean something to a file system, a header or a
/// reader's eye.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| {
            !c.is_control()
                && !matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .take(120)
        .collect();
    let kept = kept.trim_matches(['.', ' ']).to_owned();
    if kept.is_empty() { String::from("未命名文件") } else { kept }
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
}

fn check_kind(name: &str, head: &[u8]) -> Result<()> {
    let ending = ending(name);
    let Some((_, starts, _)) = KINDS.iter().find(|(known, _, _)| *known == ending) else {
        let message = format!(
            "不接受“{name}”这类文件，没有保存。可以上传 PDF、图片、Word、Excel、WPS、OFD、zip 或文本文件。"
        );
        return Err(Refusal::invalid(message).into());
    };
    let fits = if starts.is_empty() {
        !head.contains(&0)
    } else {
        starts.iter().any(|start| head.starts_with(start))
    };
    if fits {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "“{name}”的内容与扩展名不符，没有保存。请确认文件没有损坏，也没有改过扩展名。"
    ))
    .into())
}

/// The type under which a file is handed out.
pub fn media_type(name: &str) -> &'static str {
    let ending = ending(name);
    KINDS
        .iter()
        .find(|(known, _, _)| *known == ending)
        .map_or("application/octet-stream", |(_, _, media)| media)
}

/// Where a kept file lies.
pub fn kept_path(folder: &Path, id: Uuid) -> PathBuf {
    let name = id.to_string();
    // The last two digits of a version 4 identity are random, so the folders fill evenly.
    let shelf = name.get(34..).unwrap_or("00");
    folder.join("files").join(shelf).join(name)
}

/// Keeps `upload` with a record: the file first, then its row in the open transaction.
pub async fn attach(cx: &mut WriteCx, noun: &'static str, record: Uuid, upload: &Upload) -> Result<Uuid> {
    let id = ids::random();
    let to = kept_path(cx.app().folder(), id);
    if let Some(shelf) = to.parent() {
        tokio::fs::create_dir_all(shelf).await?;
    }
    tokio::fs::copy(&upload.path, &to).await?;
    tokio::fs::File::open(&to).await?.sync_all().await?;
    let mut sql = Sql::new(
        "insert into attachment (id, noun, record_id, name, size, digest, at, account_id, by_name) values (",
    );
    sql.bind(id).push(", ").bind(noun).push(", ").bind(record).push(", ").bind(upload.name.as_str());
    sql.push(", ").bind(upload.size).push(", ").bind(upload.digest.as_str()).push(", ").bind(cx.now);
    sql.push(", ").bind(cx.actor.account).push(", ").bind(cx.actor.name.as_str()).push(")");
    cx.execute(sql).await?;
    Ok(id)
}

/// The files of a record, newest first.
pub async fn of_record(cx: &Cx, record: Uuid) -> Result<Vec<Attachment>> {
    let mut sql = Sql::new(
        "select id, noun, record_id, name, size, digest, at, by_name from attachment where record_id = ",
    );
    sql.bind(record).push(" order by at desc, id limit 500");
    cx.all(sql).await
}

/// A file, if the actor may see the record it hangs on.
pub async fn find(cx: &Cx, id: Uuid) -> Result<Attachment> {
    let mut sql =
        Sql::new("select id, noun, record_id, name, size, digest, at, by_name from attachment where id = ");
    sql.bind(id);
    let found: Option<Attachment> = cx.first(sql).await?;
    let found = found.ok_or_else(Refusal::not_found)?;
    if crate::service::can_see(cx, &found.noun, found.record_id).await? {
        Ok(found)
    } else {
        Err(Refusal::not_found().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_nothing_that_points_elsewhere() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\x\\报告\r\n\"\u{202e}.pdf"), "报告.pdf");
        assert_eq!(clean_name("..."), "未命名文件");
        assert!(clean_name(&"长".repeat(300)).chars().count() <= 120);
    }

    #[test]
    fn the_content_must_fit_the_ending() {
        assert!(check_kind("报告.pdf", b"%PDF-1.7").is_ok());
        assert!(check_kind("报告.pdf", b"<html>").is_err());
        assert!(check_kind("页面.svg", b"<svg").is_err());
        assert!(check_kind("说明.txt", b"\0\0").is_err());
    }
}
