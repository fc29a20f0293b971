//! Restoring a backup into an empty place: everything is opened and checked aside first, the database
//! is filled in one transaction, and one rename makes it all visible.

use std::{
    fs,
    io::{BufRead as _, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use db::{
    Db, Target,
    portable::{Loading, Table},
};
use kit::{Error, Refusal, Result, search};
use serde::de::DeserializeOwned;

use super::{INDEX, Key, Manifest, TABLES, archive};
use crate::assemble::Place;

/// Tables that an old state must not bring back: whoever was signed in then has to sign in again.
const NOT_BROUGHT_BACK: [&str; 1] = ["session"];

/// Opens the whole archive and checks every part of it; changes nothing.
pub async fn check(path: &Path, key: &Key) -> Result<Manifest> {
    let (path, key) = (path.to_owned(), key.clone());
    blocking(move || archive::read(&path, &key, &mut archive::Nothing)).await
}

/// Restores the archive `path` into the empty `place`. `seal_key` is the content of the key file that the
/// restored installation gets when the archive does not hold it.
///
/// # Errors
/// A refusal when the place is not empty or the archive is not whole; then nothing is left there.
pub async fn restore(path: &Path, key: &Key, seal_key: Option<&str>, place: &Place) -> Result<Manifest> {
    refuse_used(&place.folder)?;
    let staging = Staging::make(&place.folder)?;
    let manifest = unpack(path, key, &staging.folder).await?;
    if let Some(seal_key) = seal_key {
        put_key(&staging.folder, seal_key)?;
    }
    if !staging.folder.join("keys/seal.key").exists() {
        return Err(Refusal::invalid("备份里没有安装密钥，请用 --key 指定密钥文件的副本。").into());
    }
    let target = place.database_url.clone().map_or_else(|| Target::folder(&staging.folder), Target::Postgres);
    let database = Db::open(&target).await?;
    let loading = fill(&database, &staging.folder, &manifest).await?;
    fs::remove_dir_all(staging.folder.join(TABLES))?;
    fs::remove_file(staging.folder.join(INDEX))?;
    // Files first: if the database then refuses, they go again.
    if place.database_url.is_some() {
        let shown = staging.show(&place.folder)?;
        loading.commit().await?;
        shown.keep();
        survey(&database).await;
    } else {
        loading.commit().await?;
        survey(&database).await;
        drop(database);
        let _ = fs::remove_file(staging.folder.join("xuncha.lock"));
        staging.show(&place.folder)?.keep();
    }
    Ok(manifest)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Fault(format!("restore: {error}")))?
}

fn refuse_used(folder: &Path) -> Result<()> {
    let used = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(error.into()),
    };
    if used {
        let message = format!("{} 不是空目录，没有恢复；请用 --data 指定一个空目录。", folder.display());
        return Err(Refusal::conflict(message).into());
    }
    Ok(())
}

/// The folder in which everything is made ready; gone when it is not shown.
struct Staging {
    folder: PathBuf,
}

impl Staging {
    /// Beside the place, so that showing it is one rename.
    fn make(place: &Path) -> Result<Self> {
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let folder = parent.join(format!(".{name}.{}", kit::ids::random()));
        private_folder(&folder)?;
        Ok(Self { folder })
    }

    fn show(&self, place: &Path) -> Result<Shown> {
        if place.exists() {
            fs::remove_dir(place)?;
        }
        fs::rename(&self.folder, place)?;
        Ok(Shown { folder: place.to_owned(), kept: false })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What became visible; gone again when it is not kept.
struct Shown {
    folder: PathBuf,
    kept: bool,
}

impl Shown {
    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn private_folder(folder: &Path) -> Result<()> {
    fs::create_dir(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn put_key(folder: &Path, seal_key: &str) -> Result<()> {
    let mut file = private(&folder.join("keys/seal.key"))?;
    file.write_all(seal_key.trim().as_bytes())?;
    file.sync_all()?;
    Ok(())
}

fn private(path: &Path) -> Result<fs::File> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    Ok(options.open(path)?)
}

struct Unpacking {
    folder: PathBuf,
}

impl archive::Taking for Unpacking {
    fn part(&mut self, name: &str) -> Result<Box<dyn Write + '_>> {
        Ok(Box::new(BufWriter::new(private(&self.folder.join(name))?)))
    }
}

async fn unpack(path: &Path, key: &Key, folder: &Path) -> Result<Manifest> {
    let (path, key, folder) = (path.to_owned(), key.clone(), folder.to_owned());
    blocking(move || archive::read(&path, &key, &mut Unpacking { folder })).await
}

/// Lets the database count what it holds. What was restored stays restored without.
async fn survey(database: &Db) {
    if let Err(error) = database.survey().await {
        tracing::warn!(%error, "what was restored could not be surveyed; it is every night");
    }
}

/// Fills the empty database and compares what is in it with the manifest.
async fn fill(database: &Db, folder: &Path, manifest: &Manifest) -> Result<Loading> {
    let mut loading = Loading::begin(database).await.map_err(refused)?;
    loading.prepare(&manifest.migrations).await.map_err(refused)?;
    let tables = loading.tables().await?;
    for (name, rows) in &manifest.tables {
        let table = tables.iter().find(|table| table.name == *name).ok_or_else(|| unknown(name))?;
        let found = load_table(&loading, table, &folder.join(format!("{TABLES}{name}.jsonl"))).await?;
        if found != *rows {
            return Err(Refusal::invalid(format!("备份中表 {name} 的行数不对，没有恢复。")).into());
        }
    }
    let words = load_index(&loading, &folder.join(INDEX)).await?;
    if words != manifest.index {
        return Err(Refusal::invalid("备份中全文索引的行数不对，没有恢复。").into());
    }
    Ok(loading)
}

/// What the database says about schema and emptiness is an answer to the operator.
fn refused(error: db::DbError) -> Error {
    match error {
        db::DbError::Schema(message) => Refusal::conflict(message).into(),
        other => other.into(),
    }
}

fn unknown(name: &str) -> Refusal {
    Refusal::conflict(format!("本程序没有备份中的表 {name}；请使用做备份的程序版本恢复。"))
}

/// Reads a file of lines, some at a time.
struct Lines<T> {
    lines: std::io::Lines<BufReader<fs::File>>,
    of: std::marker::PhantomData<T>,
}

impl<T: DeserializeOwned> Lines<T> {
    fn next(&mut self, count: usize) -> Result<Vec<T>> {
        self.lines.by_ref().take(count).map(|line| Ok(serde_json::from_str(&line?)?)).collect()
    }
}

fn lines<T>(path: &Path) -> Result<Lines<T>> {
    Ok(Lines { lines: BufReader::new(fs::File::open(path)?).lines(), of: std::marker::PhantomData })
}

async fn load_table(loading: &Loading, table: &Table, path: &Path) -> Result<u64> {
    let names: Vec<String> = lines(path)?.next(1)?.into_iter().next().unwrap_or_default();
    let ordered = table.ordered(&names).ok_or_else(|| unknown(&table.name))?;
    let mut rows: Lines<Vec<serde_json::Value>> = lines(path)?;
    rows.next(1)?;
    let brought_back = !NOT_BROUGHT_BACK.contains(&table.name.as_str());
    let mut count = 0;
    loop {
        let some = rows.next(Loading::at_once(&ordered))?;
        if some.is_empty() {
            return Ok(count);
        }
        if brought_back {
            loading.insert(&ordered, &some).await.map_err(refused)?;
        }
        count += some.len() as u64;
    }
}

async fn load_index(loading: &Loading, path: &Path) -> Result<u64> {
    let mut rows: Lines<search::Words> = lines(path)?;
    let mut count = 0;
    loop {
        let some = rows.next(300)?;
        if some.is_empty() {
            return Ok(count);
        }
        search::restore_words(loading, &some).await?;
        count += some.len() as u64;
    }
}
