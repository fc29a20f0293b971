//! A demonstration city served for Chromium: journeys through it and pictures of it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    process,
    product::{self, Place, Profile},
    provision,
    server::Server,
    tally::Tally,
    tree::{self, Scratch},
};

/// Walks the journeys whose name has `filter` in it.
pub(crate) fn journeys(filter: Option<&str>) -> Result<Tally> {
    let stage = Stage::build()?;
    let mut tally = None;
    let succeeded = process::follow(stage.script("run.mjs").args(filter), |line| {
        tally = Tally::from_browser(line).or(tally);
    })?;
    let tally = tally.context("the journeys ended without a result")?;
    ensure!(succeeded == (tally.failed == 0), "the journeys' result and their exit disagree");
    Ok(tally)
}

/// The folder of the journeys.
pub(crate) fn folder() -> PathBuf {
    tree::root().join("tests/browser")
}

/// A served city; all of it disappears with this value.
pub(crate) struct Stage {
    program: PathBuf,
    server: Server,
    accounts: PathBuf,
    _scratch: Scratch,
}

impl Stage {
    /// Builds the program, makes a city, serves it and brings the scripts' packages.
    pub(crate) fn build() -> Result<Self> {
        install_packages(&folder())?;
        let program = product::build(Profile::Debug)?;
        let scratch = Scratch::new("browser")?;
        let place = Place { data: scratch.path().join("data"), database: None };
        let accounts = scratch.path().join("accounts.json");
        fs::write(
            &accounts,
            product::make_city(
                &program,
                &place,
                product::SEED,
                product::Size { problems: None, term: false },
            )?,
        )?;
        let server = Server::start(&program, &place, scratch.path().join("server.log"))?;
        Ok(Self { program, server, accounts, _scratch: scratch })
    }

    /// A script of `tests/browser` that knows where the city is and who lives there.
    pub(crate) fn script(&self, name: &str) -> Command {
        let mut command = Command::new("node");
        command.arg(folder().join(name)).current_dir(folder());
        command.env("BASE_URL", self.server.base_url()).env("ACCOUNTS", &self.accounts);
        // For the sites beside the office's own, which a journey starts itself.
        command.env("CHROMIUM", provision::CHROMIUM).env("PROGRAM", &self.program);
        command
    }
}

/// Installs exactly what the lock file names, unless it is there already.
fn install_packages(folder: &Path) -> Result<()> {
    let changed =
        |path: PathBuf| fs::metadata(path).and_then(|file| file.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    if changed(folder.join("node_modules/.package-lock.json")) > changed(folder.join("package-lock.json")) {
        return Ok(());
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    process::run(Command::new("npm").args(arguments).current_dir(folder))
}
