//! Gathers the browser files: takes the third-party ones from npm packages pinned by `package-lock.json`, joins our own style
//! sheets and scripts, draws the icon sprite, packs everything and writes the table that `lib.rs` includes.
//!
//! Nothing is written into the source tree; packages are installed below `OUT_DIR` and only again when the lock file changes.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Our own files, joined in this order.
const STYLES: &[&str] = &[
    "base.css",
    "shell.css",
    "parts.css",
    "tables.css",
    "forms.css",
    "records.css",
    "views.css",
    "screen.css",
    "print.css",
];
const SCRIPTS: &[&str] = &[
    "core.js",
    "menus.js",
    "lists.js",
    "forms.js",
    "rows.js",
    "words.js",
    "files.js",
    "dialogs.js",
    "charts.js",
    "screen.js",
];

/// Files taken as they are from the packages.
const HTMX: &str = "htmx.org/dist/htmx.min.js";
/// The whole of ECharts: `echarts.common` and `echarts.simple` have neither heat map nor network, treemap or custom series.
const ECHARTS: &str = "echarts/dist/echarts.min.js";
const ICONS: &str = "@tabler/icons/icons/outline";

const OLDEST_NODE: u32 = 18;

fn main() {
    if let Err(error) = build() {
        for line in error.to_string().lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

fn build() -> Result<()> {
    let source = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    for own in
        ["build.rs", "package.json", "package-lock.json", "icons.txt", "src/css", "src/js", "src/mark.svg"]
    {
        println!("cargo::rerun-if-changed={own}");
    }

    let packages = install(&source, &out)?;
    let files = [
        File::new("APP_CSS", "app.css", "text/css; charset=utf-8", joined(&source.join("src/css"), STYLES)?),
        File::new("APP_JS", "app.js", "text/javascript; charset=utf-8", script(&source.join("src/js"))?),
        File::new("HTMX_JS", "htmx.min.js", "text/javascript; charset=utf-8", read(&packages.join(HTMX))?),
        File::new(
            "ECHARTS_JS",
            "echarts.min.js",
            "text/javascript; charset=utf-8",
            read(&packages.join(ECHARTS))?,
        ),
        File::new("ICONS_SVG", "icons.svg", "image/svg+xml", sprite(&source, &packages.join(ICONS))?),
        File::new("MARK_SVG", "mark.svg", "image/svg+xml", read(&source.join("src/mark.svg"))?),
    ];
    write_table(&out, &files)
}

/// The folder of installed packages, made by npm unless the one of an earlier build still fits the lock file.
fn install(source: &Path, out: &Path) -> Result<PathBuf> {
    let folder = out.join("packages");
    let packages = folder.join("node_modules");
    let stamp = folder.join("installed");
    let lock = read(&source.join("package-lock.json"))?;
    let wanted = digest(lock.as_bytes());
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(packages);
    }

    check_node()?;
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(source.join(name), folder.join(name))?;
    }
    run_npm(&folder)?;
    drop_unused(&packages)?;
    fs::write(stamp, wanted)?;
    Ok(packages)
}

fn check_node() -> Result<()> {
    let missing = || {
        format!(
            "Node.js {OLDEST_NODE} or newer with npm is needed to build the browser files of this product.\n\
             Install the package `nodejs` (with `npm`) of your system or from the Node.js project, \
             see that `node --version` and `npm --version` answer, and build again."
        )
    };
    let answer = Command::new("node").arg("--version").output().map_err(|_| missing())?;
    let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    let major =
        version.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        return Err(format!("{}\nFound: node {version}", missing()).into());
    }
    npm().arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().map_err(|_| missing())?;
    Ok(())
}

fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

fn run_npm(folder: &Path) -> Result<()> {
    let answer =
        npm().args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder).output()?;
    if answer.status.success() {
        return Ok(());
    }
    Err(format!(
        "npm could not install the packages of crates/static/package-lock.json. It needs its package registry or a \
         filled cache (`npm config get registry`).\n{}",
        String::from_utf8_lossy(&answer.stderr).trim()
    )
    .into())
}

/// Removes what no build reads: the packages are 118 MB, what we take from them is a tenth.
fn drop_unused(packages: &Path) -> Result<()> {
    let kept = packages.with_file_name("kept");
    for wanted in [HTMX, ECHARTS, ICONS] {
        let target = kept.join(wanted);
        fs::create_dir_all(target.parent().ok_or("a package path has a parent")?)?;
        fs::rename(packages.join(wanted), target)
            .map_err(|error| format!("the npm packages hold no {wanted}: {error}"))?;
    }
    fs::remove_dir_all(packages)?;
    Ok(fs::rename(kept, packages)?)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn joined(folder: &Path, names: &[&str]) -> Result<String> {
    let mut all = String::new();
    for name in names {
        all.push_str(&read(&folder.join(name))?);
    }
    Ok(all)
}

/// The scripts in one closed scope, so that they share helpers and leave no global names.
fn script(folder: &Path) -> Result<String> {
    Ok(format!("(function () {{\n'use strict';\n{}}}());\n", joined(folder, SCRIPTS)?))
}

/// One SVG file with a `<symbol id="i-…">` for every name in `icons.txt`.
fn sprite(source: &Path, icons: &Path) -> Result<String> {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\">\n<!-- Tabler Icons, Copyright (c) 2020-2026 Paweł Kuna, MIT License -->\n",
    );
    for name in
        read(&source.join("icons.txt"))?.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let drawing = read(&icons.join(name).with_extension("svg"))?;
        writeln!(
            svg,
            "<symbol id=\"i-{name}\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\">{}</symbol>",
            shapes(&drawing).ok_or_else(|| format!("the icon {name} is not the SVG this build expects"))?
        )?;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// What stands between `<svg …>` and `</svg>`, on one line.
fn shapes(drawing: &str) -> Option<String> {
    let inside = drawing.get(drawing.find("<svg")?..)?;
    let inside = inside.get(inside.find('>')? + 1..inside.rfind("</svg>")?)?;
    Some(inside.lines().map(str::trim).collect())
}

struct File {
    constant: &'static str,
    path: &'static str,
    mime: &'static str,
    content: String,
}

impl File {
    fn new(constant: &'static str, path: &'static str, mime: &'static str, content: String) -> Self {
        Self { constant, path, mime, content }
    }
}

fn write_table(out: &Path, files: &[File]) -> Result<()> {
    let folder = out.join("files");
    fs::create_dir_all(&folder)?;
    let mut table = String::new();
    for File { constant, path, mime, content } in files {
        fs::write(folder.join(path), content)?;
        fs::write(folder.join(format!("{path}.gz")), packed(content.as_bytes())?)?;
        let digest = digest(content.as_bytes());
        writeln!(
            table,
            "/// The file `{path}`.\npub static {constant}: Asset = Asset {{\n    path: {path:?},\n    \
             bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/files/{path}\")),\n    \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/files/{path}.gz\")),\n    \
             mime: {mime:?},\n    digest: {digest:?},\n    url: \"/static/{path}?v={digest}\",\n}};"
        )?;
    }
    let names: Vec<String> = files.iter().map(|file| format!("&{}", file.constant)).collect();
    writeln!(table, "/// Every file there is.\npub static FILES: &[&Asset] = &[{}];", names.join(", "))?;
    Ok(fs::write(out.join("table.rs"), table)?)
}

fn packed(content: &[u8]) -> Result<Vec<u8>> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(content)?;
    Ok(packer.finish()?)
}

/// 64 bits of FNV-1a: tells contents of one file apart, protects nothing.
fn digest(content: &[u8]) -> String {
    let hash = content.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
