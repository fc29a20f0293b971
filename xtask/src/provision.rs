//! What the tests need beyond Rust: found, or installed where the package manager may be used.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::process;

/// The browser, where Debian puts it.
pub(crate) const CHROMIUM: &str = "/usr/bin/chromium";

/// The oldest Node.js on which the product's build and the journeys run.
const NODE_AT_LEAST: u32 = 18;

/// Whether we are the superuser, who may install packages and must not run PostgreSQL.
pub(crate) fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The folder with `initdb` and `pg_ctl`; installs PostgreSQL when it is missing and may be installed.
pub(crate) fn postgres_programs() -> Result<PathBuf> {
    need("PostgreSQL", find_postgres, &["postgresql"])
}

/// Browser, Node.js and a font with Chinese characters; installs what is missing and may be installed.
pub(crate) fn browser_programs() -> Result<()> {
    node_programs()?;
    need("Chromium", || Path::new(CHROMIUM).exists().then_some(()), &["chromium"])?;
    need("a font with Chinese characters", find_chinese_font, &["fontconfig", "fonts-noto-cjk"])
}

/// Node.js and npm, which the product's build needs for its browser files.
pub(crate) fn node_programs() -> Result<()> {
    need("Node.js 18 or newer with npm", find_node, &["nodejs", "npm"])
}

/// LibreOffice's writer without windows, by which tests open what is written for word processors. Without it those tests
/// are skipped at a desk and fail on a build machine.
pub(crate) fn word_processor() -> Result<()> {
    let find = || on_path().find(|folder| folder.join("soffice").exists()).map(drop);
    need("LibreOffice", find, &["libreoffice-writer-nogui"])
}

/// The program that turns pages of a PDF into pictures.
pub(crate) fn pdf_pictures() -> Result<PathBuf> {
    let find = || on_path().map(|folder| folder.join("pdftoppm")).find(|program| program.exists());
    need("pdftoppm", find, &["poppler-utils"])
}

fn need<T>(what: &str, find: impl Fn() -> Option<T>, packages: &[&str]) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let packages = packages.join(" ");
    if !may_install() {
        bail!("{what} is missing and may not be installed from here (apt-get install {packages})");
    }
    eprintln!("xtask: {what} is missing; installing {packages}");
    install(&packages)?;
    match find() {
        Some(found) => Ok(found),
        None => bail!("{what} is still missing after installing {packages}"),
    }
}

fn may_install() -> bool {
    is_root() && process::succeeds(Command::new("apt-get").arg("--version"))
}

fn install(packages: &str) -> Result<()> {
    let attempt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "--no-install-recommends"]);
        process::run(command.args(packages.split(' ')))
    };
    process::run(Command::new("apt-get").args(["update", "-q"])).and_then(|()| attempt())
}

fn find_postgres() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, programs)| has_server(programs))
        .collect();
    versions.sort();
    versions.pop().map(|(_, programs)| programs).or_else(|| on_path().find(|programs| has_server(programs)))
}

fn has_server(programs: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| programs.join(name).exists())
}

fn on_path() -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

fn find_chinese_font() -> Option<()> {
    let fonts = process::output(Command::new("fc-list").args([":lang=zh-cn", "family"])).ok()?;
    (!fonts.trim().is_empty()).then_some(())
}

fn find_node() -> Option<()> {
    let version = process::output(Command::new("node").arg("--version")).ok()?;
    let fits = major_version(&version)? >= NODE_AT_LEAST;
    (fits && process::succeeds(Command::new("npm").arg("--version"))).then_some(())
}

fn major_version(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read_from_what_it_prints() {
        assert_eq!(major_version("v20.20.2\n"), Some(20));
        assert_eq!(major_version("unknown"), None);
    }
}
