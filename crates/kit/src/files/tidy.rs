//! Removing what nobody will come for: uploads given up, and files whose deed did not hold.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use db::Sql;
use uuid::Uuid;

use super::{aside_path, uploads};
use crate::{Actor, App, Cx, Error, Result};

/// How long an upload may lie still.
const STILL: Duration = Duration::from_hours(24);
/// How long a form with files may take; what is older and belongs to nothing is removed.
const FORM: Duration = Duration::from_mins(15);

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Uploads given up.
    pub uploads: usize,
    /// Files that belonged to nothing.
    pub strays: usize,
}

/// Removes uploads that lay still for a day and files that belong to no record.
///
/// `now` is the machine's time, by which the file system dates.
pub async fn tidy(app: &App, now: SystemTime) -> Result<Tidied> {
    let actor = Arc::new(Actor::program("清理文件"));
    let mut tidied = Tidied::default();
    let before = app.clock().now() - STILL;
    for id in uploads::begun_before(&app.read(&actor), before).await? {
        let path = aside_path(app.folder(), id);
        if age(&path, now).await.is_none_or(|age| age > STILL) {
            let mut sql = Sql::new("delete from file_upload where id = ");
            sql.bind(id);
            app.write(&actor, |cx| Box::pin(async move { cx.execute(sql).await })).await?;
            let _ = tokio::fs::remove_file(&path).await;
            tidied.uploads += 1;
        }
    }
    tidied.strays += strays(app, &app.folder().join("incoming"), "file_upload", now).await?;
    for shelf in entries(&app.folder().join("files")).await? {
        tidied.strays += strays(app, &shelf, "attachment", now).await?;
    }
    Ok(tidied)
}

/// Removes the files of `folder` that are named by no row of `table` and have lain there long enough.
async fn strays(app: &App, folder: &Path, table: &str, now: SystemTime) -> Result<usize> {
    let mut old = Vec::new();
    for path in entries(folder).await? {
        let id = path.file_name().and_then(|name| name.to_str()).and_then(|name| Uuid::parse_str(name).ok());
        if let Some(id) = id
            && age(&path, now).await.is_some_and(|age| age > FORM)
        {
            old.push((id, path));
        }
    }
    let cx = app.read(&Arc::new(Actor::program("清理文件")));
    let mut removed = 0;
    for chunk in old.chunks(500) {
        let known = known(&cx, table, chunk.iter().map(|(id, _)| *id)).await?;
        for (_, path) in chunk.iter().filter(|(id, _)| !known.contains(id)) {
            tokio::fs::remove_file(path).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

async fn known(cx: &Cx, table: &str, ids: impl Iterator<Item = Uuid>) -> Result<HashSet<Uuid>> {
    let mut sql = Sql::new("select id from ");
    sql.push(table).push(" where id in ").bind_list(ids.map(sea_orm::Value::from));
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

async fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut listing = match tokio::fs::read_dir(folder).await {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(Error::from(error)),
    };
    while let Some(entry) = listing.next_entry().await? {
        found.push(entry.path());
    }
    Ok(found)
}

/// How long ago a file was written to or given its name.
async fn age(path: &Path, now: SystemTime) -> Option<Duration> {
    let data = tokio::fs::metadata(path).await.ok()?;
    let mut touched = data.modified().ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let named = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(data.ctime()).unwrap_or(0));
        touched = touched.max(named);
    }
    Some(now.duration_since(touched).unwrap_or_default())
}
