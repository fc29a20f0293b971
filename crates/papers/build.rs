//! Fetches the fonts that the program always has: whole fonts from npm packages pinned by `package-lock.json`.
//!
//! Nothing is written into the source tree; packages are installed below `OUT_DIR` and only again when the lock file changes.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What is kept of the packages, and the name under which `fonts.rs` includes it.
const FONTS: &[(&str, &str)] = &[
    ("@fontsource/noto-serif-sc/files/noto-serif-sc-chinese-simplified-400-normal.woff2", "song.woff2"),
    ("@fontsource/noto-serif-sc/files/noto-serif-sc-chinese-simplified-700-normal.woff2", "title.woff2"),
    ("@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-500-normal.woff2", "hei.woff2"),
    ("@fontsource/lxgw-wenkai/files/lxgw-wenkai-latin-500-normal.woff2", "kai.woff2"),
];

fn main() {
    if let Err(error) = build() {
        for line in error.to_string().lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

fn build() -> Result<()> {
    for own in ["build.rs", "package.json", "package-lock.json"] {
        println!("cargo::rerun-if-changed={own}");
    }
    let source = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let fonts = PathBuf::from(std::env::var("OUT_DIR")?).join("fonts");
    let lock = fs::read_to_string(source.join("package-lock.json"))?;
    let stamp = fonts.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let _ = fs::remove_dir_all(&fonts);
    fs::create_dir_all(&fonts)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(source.join(name), fonts.join(name))?;
    }
    install(&fonts)?;
    let packages = fonts.join("node_modules");
    for (from, to) in FONTS {
        fs::rename(packages.join(from), fonts.join(to))
            .map_err(|error| format!("the npm packages hold no {from}: {error}"))?;
    }
    fs::remove_dir_all(packages)?;
    Ok(fs::write(stamp, lock)?)
}

fn install(folder: &Path) -> Result<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let answer = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        .current_dir(folder)
        .output()
        .map_err(|_| "Node.js 18 or newer with npm is needed to fetch the fonts of this product.")?;
    if answer.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&answer.stderr).trim().to_owned();
    Err(format!("npm could not install the packages of crates/papers/package-lock.json.\n{words}").into())
}
