//! Backups that the program makes by itself and keeps for a while.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use kit::{App, Result, clock::office_instant, jobs::Progress};

use super::{Key, Manifest, restore, write};

/// How the names of kept backups end.
const ENDING: &str = ".backup";

/// Where the backups of an installation are kept.
pub fn folder(app: &App) -> PathBuf {
    app.folder().join("backups")
}

/// Makes a backup, reads it back whole, and removes the oldest beyond `most`. Answers its file, what it
/// holds and how many were removed.
pub async fn take_and_keep(
    app: &App,
    most: usize,
    progress: &Progress,
) -> Result<(PathBuf, Manifest, usize)> {
    let folder = folder(app);
    tokio::fs::create_dir_all(&folder).await?;
    let name = office_instant(app.clock().now()).format("xuncha-%Y%m%d-%H%M%S").to_string();
    let (making, made) = (folder.join(format!("{name}.part")), folder.join(format!("{name}{ENDING}")));
    // Left over from a program that stopped in the middle.
    let _ = tokio::fs::remove_file(&making).await;
    let key = Key::Installation(app.seal().clone());
    write(app, &making, key.clone(), progress).await?;
    progress.say("正在核对备份");
    let manifest = match restore::check(&making, &key).await {
        Ok(manifest) => manifest,
        Err(error) => {
            let _ = tokio::fs::remove_file(&making).await;
            return Err(error);
        }
    };
    tokio::fs::rename(&making, &made).await?;
    let removed = thin_out(&folder, most.max(1))?;
    Ok((made, manifest, removed))
}

fn thin_out(folder: &Path, most: usize) -> Result<usize> {
    let mut held = backups(folder)?;
    // Names carry the time, so the order of names is that of time.
    held.sort();
    let surplus = held.len().saturating_sub(most);
    for path in held.iter().take(surplus) {
        fs::remove_file(path)?;
    }
    Ok(surplus)
}

fn backups(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(ENDING) {
            found.push(path);
        }
    }
    Ok(found)
}

/// The newest kept backup and when it was written.
pub fn newest(folder: &Path) -> Result<Option<(PathBuf, SystemTime)>> {
    let Some(path) = backups(folder)?.into_iter().max() else { return Ok(None) };
    let written = fs::metadata(&path)?.modified()?;
    Ok(Some((path, written)))
}
