//! Cities to measure: made once and kept under the target folder, measured in copies.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context as _, Result};

use crate::{
    postgres::{Cluster, Durability},
    process,
    product::{self, Account, Place, Profile, Size},
    tree::{self, Scratch},
};

/// Where the records of a city are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

impl Store {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Makes cities with a release build of the program.
pub(crate) struct Maker {
    pub(crate) program: PathBuf,
    fresh: bool,
}

/// A city that may be changed; it disappears with this value.
pub(crate) struct City {
    pub(crate) place: Place,
    pub(crate) accounts: Vec<Account>,
    _cluster: Option<Cluster>,
    _scratch: Scratch,
}

impl Maker {
    /// Builds the program. `fresh` makes every city anew.
    pub(crate) fn build(fresh: bool) -> Result<Self> {
        Ok(Self { program: product::build(Profile::Release)?, fresh })
    }

    /// With a program that is there already.
    pub(crate) fn of(program: PathBuf, fresh: bool) -> Self {
        Self { program, fresh }
    }

    /// A city of that size to do with as one likes.
    pub(crate) fn city(&self, store: Store, size: Size, seed: u32) -> Result<City> {
        match store {
            Store::Sqlite => self.copy_of_kept(size, seed),
            Store::Postgres => self.on_cluster(size, seed),
        }
    }

    fn copy_of_kept(&self, size: Size, seed: u32) -> Result<City> {
        let kept = self.kept(size, seed)?;
        let scratch = Scratch::inside(&folder(), "run")?;
        let data = scratch.path().join("data");
        process::run(Command::new("cp").args(["-a", "--reflink=auto"]).arg(kept.join("data")).arg(&data))?;
        let accounts = product::accounts(&fs::read_to_string(kept.join("accounts.json"))?)?;
        Ok(City { place: Place { data, database: None }, accounts, _cluster: None, _scratch: scratch })
    }

    /// The folder of a kept city; its accounts are written last and mark it whole.
    fn kept(&self, size: Size, seed: u32) -> Result<PathBuf> {
        let rows = size.problems.map_or_else(|| "natural".to_owned(), |problems| problems.to_string());
        let term = if size.term { "-term" } else { "" };
        let kept = folder().join(format!("city-{rows}-{seed}{term}"));
        let mark = kept.join("accounts.json");
        if self.fresh || is_outdated(&mark)? {
            if kept.exists() {
                fs::remove_dir_all(&kept)?;
            }
            fs::create_dir_all(&kept)?;
            let place = Place { data: kept.join("data"), database: None };
            fs::write(mark, product::make_city(&self.program, &place, seed, size)?)?;
        }
        Ok(kept)
    }

    /// On PostgreSQL cities are not kept: the cluster's folder belongs to another account.
    fn on_cluster(&self, size: Size, seed: u32) -> Result<City> {
        let cluster = Cluster::start(Durability::Full)?;
        let scratch = Scratch::inside(&folder(), "run")?;
        let place = Place { data: scratch.path().join("data"), database: Some(cluster.url().to_owned()) };
        let accounts = product::accounts(&product::make_city(&self.program, &place, seed, size)?)?;
        Ok(City { place, accounts, _cluster: Some(cluster), _scratch: scratch })
    }
}

/// Where cities and sheets are kept between runs.
pub(crate) fn folder() -> PathBuf {
    tree::target().join("bench")
}

/// Whether the mark is missing or older than the newest migration.
fn is_outdated(mark: &Path) -> Result<bool> {
    let Ok(made) = fs::metadata(mark).and_then(|file| file.modified()) else { return Ok(true) };
    Ok(newest(&tree::root().join(product::MIGRATIONS))? > made)
}

fn newest(folder: &Path) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder).with_context(|| format!("no folder {}", folder.display()))? {
        let entry = entry?;
        let changed = if entry.file_type()?.is_dir() {
            self::newest(&entry.path())?
        } else {
            entry.metadata()?.modified()?
        };
        newest = newest.max(changed);
    }
    Ok(newest)
}
