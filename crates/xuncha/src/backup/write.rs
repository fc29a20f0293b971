//! Writing a backup while the program is in use.

use std::{
    collections::BTreeMap,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use db::{ConnectionTrait as _, Statement, portable::Snapshot};
use kit::{App, Error, Result, jobs::Progress, search};
use serde_json::json;
use tokio::sync::mpsc;

use super::{INDEX, Key, LEFT_OUT, Manifest, TABLES, archive};

/// What the writing thread is told.
enum Piece {
    Part(String),
    Content(Vec<u8>),
    File(String, PathBuf),
    Finish(Box<Manifest>),
}

/// Writes everything the installation holds, as of now, to the new file `path`; on failure no file is
/// left.
pub async fn write(app: &App, path: &Path, key: Key, progress: &Progress) -> Result<Manifest> {
    let made_at = app.clock().now().to_rfc3339();
    let (to, pieces) = mpsc::channel(32);
    let (file, at) = (path.to_owned(), made_at.clone());
    let holds_keys = matches!(key, Key::Passphrase(_));
    let writing = tokio::task::spawn_blocking(move || take_down(&file, &key, &at, pieces));
    let read = read_all(app, &made_at, holds_keys, &to, progress).await;
    drop(to);
    let written = writing.await.map_err(|error| Error::Fault(format!("backup: {error}")))?;
    // What went wrong while writing is the cause of what went wrong while reading.
    let outcome = match (written, read) {
        (Ok(Some(manifest)), Ok(())) => Ok(manifest),
        (Err(error), _) | (_, Err(error)) => Err(error),
        (Ok(None), Ok(())) => Err(Error::Fault(String::from("a backup without end"))),
    };
    if outcome.is_err() {
        let _ = tokio::fs::remove_file(path).await;
    }
    outcome
}

fn take_down(
    path: &Path,
    key: &Key,
    made_at: &str,
    mut pieces: mpsc::Receiver<Piece>,
) -> Result<Option<Manifest>> {
    let mut writer = archive::Writer::begin(path, key, made_at)?;
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::Part(name) => writer.part(&name)?,
            Piece::Content(bytes) => writer.content(&bytes)?,
            Piece::File(name, path) => take_file(&mut writer, &name, &path)?,
            Piece::Finish(manifest) => return writer.finish(*manifest).map(Some),
        }
    }
    Ok(None)
}

/// A file that is gone since the folder was read was waiting for somebody and is no longer needed.
fn take_file(writer: &mut archive::Writer, name: &str, path: &Path) -> Result<()> {
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    writer.part(name)?;
    let mut piece = vec![0u8; 256 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(()),
            count => writer.content(piece.get(..count).unwrap_or_default())?,
        }
    }
}

async fn tell(to: &mpsc::Sender<Piece>, piece: Piece) -> Result<()> {
    to.send(piece).await.map_err(|_| Error::Fault(String::from("the writer of the backup has ended")))
}

/// The database first, the files after: a file without its row is harmless, a row without its file is not.
async fn read_all(
    app: &App,
    made_at: &str,
    holds_keys: bool,
    to: &mpsc::Sender<Piece>,
    progress: &Progress,
) -> Result<()> {
    let snapshot = Snapshot::take(app.db()).await?;
    let tables = snapshot.tables().await?;
    let mut manifest = Manifest {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: made_at.to_owned(),
        migrations: snapshot.migrations().await?,
        audit: audit_head(&snapshot).await?,
        tables: BTreeMap::new(),
        index: 0,
        entries: Vec::new(),
    };
    for (at, table) in tables.iter().enumerate() {
        progress.step(at, tables.len())?;
        progress.say(format!("正在备份数据表 {}", table.name));
        let rows = read_table(&snapshot, table, to, progress).await?;
        manifest.tables.insert(table.name.clone(), rows);
    }
    progress.say("正在备份全文索引");
    manifest.index = read_index(&snapshot, to, progress).await?;
    drop(snapshot);
    progress.say("正在备份文件");
    for (name, path) in files_of(app.folder(), holds_keys).await? {
        progress.check()?;
        tell(to, Piece::File(name, path)).await?;
    }
    tell(to, Piece::Finish(Box::new(manifest))).await
}

async fn audit_head(snapshot: &Snapshot) -> Result<(i64, String)> {
    let statement =
        Statement::from_string(snapshot.backend(), "select seq, hash from audit_head where id = 1");
    let row = snapshot.executor().query_one_raw(statement).await?;
    let row = row.ok_or_else(|| Error::Fault(String::from("a database without audit chain")))?;
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
}

async fn read_table(
    snapshot: &Snapshot,
    table: &db::portable::Table,
    to: &mpsc::Sender<Piece>,
    progress: &Progress,
) -> Result<u64> {
    tell(to, Piece::Part(format!("{TABLES}{}.jsonl", table.name))).await?;
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    tell(to, Piece::Content(line(&json!(names))?)).await?;
    let (mut last, mut count): (Option<Vec<serde_json::Value>>, u64) = (None, 0);
    loop {
        progress.check()?;
        let rows = snapshot.rows(table, last.as_deref()).await?;
        if rows.is_empty() {
            return Ok(count);
        }
        let mut text = Vec::new();
        for row in &rows {
            text.extend(line(&json!(row))?);
        }
        count += rows.len() as u64;
        last = rows.into_iter().next_back();
        tell(to, Piece::Content(text)).await?;
    }
}

async fn read_index(snapshot: &Snapshot, to: &mpsc::Sender<Piece>, progress: &Progress) -> Result<u64> {
    search::prepare_words(snapshot).await?;
    tell(to, Piece::Part(INDEX.to_owned())).await?;
    let (mut after, mut count) = (i64::MIN, 0u64);
    loop {
        progress.check()?;
        let rows = search::words_after(snapshot, after).await?;
        let Some(last) = rows.last() else { return Ok(count) };
        after = last.id;
        count += rows.len() as u64;
        let mut text = Vec::new();
        for row in &rows {
            text.extend(line(&serde_json::to_value(row)?)?);
        }
        tell(to, Piece::Content(text)).await?;
    }
}

fn line(value: &serde_json::Value) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec(value)?;
    text.push(b'\n');
    Ok(text)
}

/// The files that go along: everything below the data folder but what is left out by name and the
/// database, and the keys when the archive opens by a passphrase.
async fn files_of(folder: &Path, holds_keys: bool) -> Result<Vec<(String, PathBuf)>> {
    let folder = folder.to_owned();
    let found = tokio::task::spawn_blocking(move || {
        let mut found = Vec::new();
        gather(&folder, "", &mut found)?;
        let keys: &[&str] = if holds_keys { &["seal.key", "sign.key"] } else { &["sign.key"] };
        for key in keys {
            let path = folder.join("keys").join(key);
            if path.exists() {
                found.push((format!("keys/{key}"), path));
            }
        }
        Ok::<_, std::io::Error>(found)
    });
    Ok(found.await.map_err(|error| Error::Fault(format!("backup: {error}")))??)
}

fn gather(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if prefix.is_empty() && (LEFT_OUT.contains(&name.as_str()) || name.starts_with("xuncha.db")) {
            continue;
        }
        let name = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            gather(&entry.path(), &format!("{name}/"), found)?;
        } else if kind.is_file() {
            found.push((name, entry.path()));
        }
    }
    Ok(())
}
