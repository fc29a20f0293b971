//! Lists the migration files, so that adding one is adding a file.
#![expect(clippy::expect_used, reason = "a build that cannot list its migrations has to stop")]

use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../migrations");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the migrations folder is part of the source")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("sql")))
        .collect();
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let path = folder.join(&name).canonicalize().expect("just listed");
        writeln!(list, "    ({name:?}, include_str!({:?})),", path.display().to_string())
            .expect("a String takes it");
    }
    list.push_str("]\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("migrations.rs");
    fs::write(out, list).expect("OUT_DIR is writable");
}
