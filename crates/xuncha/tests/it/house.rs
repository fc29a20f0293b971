//! The rules of ARCHITECTURE.md that can be read off the source, so that they stay true.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Areas in the order of the office's work; each may use the earlier ones.
const AREAS: &[&str] = &[
    "registry",
    "planning",
    "preparation",
    "onsite",
    "fieldwork",
    "analysis",
    "reports",
    "decisions",
    "paperwork",
    "rectification",
    "results",
    "xuncha",
];
/// Crates without a word of the office; they use no area.
const TOOLS: &[&str] = &[
    "db",
    "assets",
    "documents",
    "models",
    "screens",
    "likeness",
    "papers",
    "kit",
    "city",
    "intake",
    "cluster",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below `folder` whose name ends with `end`.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The folders of slices: those that have a `service.rs`.
fn slices() -> Vec<PathBuf> {
    let areas = AREAS.iter().filter(|area| **area != "xuncha");
    areas
        .flat_map(|area| files(&root().join("crates").join(area).join("src"), "/service.rs"))
        .filter_map(|file| file.parent().map(Path::to_owned))
        .collect()
}

/// The code of a file without comments and without its tests.
fn code(path: &Path) -> String {
    let text = read(path);
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Finds `words` in the file `name` of every slice that has it.
fn mentions(name: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in slices().into_iter().map(|slice| slice.join(name)).filter(|path| path.exists()) {
        let code = code(&path);
        for word in words.iter().filter(|word| code.contains(**word)) {
            let path = path.strip_prefix(root()).expect("a file of the house");
            found.push(format!("{} mentions {word}", path.display()));
        }
    }
    found
}

#[test]
fn there_are_slices_to_look_at() {
    assert!(slices().len() > 30);
}

#[test]
fn what_a_thing_is_knows_neither_database_nor_web_nor_clock() {
    let words = ["sea_orm::", "db::", "axum", "Utc::now", ".await", "WriteCx", ".execute("];
    assert_eq!(mentions("mod.rs", &words), Vec::<String>::new());
}

#[test]
fn a_store_decides_nothing() {
    let words = ["axum", "Utc::now", ".may(", ".decide(", ".done(", ".notify("];
    assert_eq!(mentions("store.rs", &words), Vec::<String>::new());
}

#[test]
fn no_statement_is_limited_by_posts_alone() {
    let mut found = Vec::new();
    for path in AREAS
        .iter()
        .chain(&["kit"])
        .flat_map(|area| files(&root().join("crates").join(area).join("src"), ".rs"))
    {
        for line in code(&path).lines().filter(|line| line.contains("visible(&cx.actor)")) {
            let limited = ["store::find", "store::scope", "-> Pred", "!= Pred::Nothing"];
            // An import is its importer's own, and about no organisation.
            if !path.ends_with("imports/batches.rs") && !limited.iter().any(|word| line.contains(word)) {
                found.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new(), "use `scope`, which leaves out what the person is barred from");
}

#[test]
fn deeds_know_nothing_of_pages() {
    assert_eq!(
        mentions("actions.rs", &["axum", "Utc::now", "askama", "RecordView", "<p"]),
        Vec::<String>::new()
    );
}

#[test]
fn a_service_describes_and_changes_nothing() {
    let words = ["axum", "Utc::now", ".execute(", ".insert(", ".update(", ".decide(", ".done(", ".notify("];
    assert_eq!(mentions("service.rs", &words), Vec::<String>::new());
}

#[test]
fn every_file_says_in_its_first_line_what_it_is_for() {
    for path in files(&root().join("crates"), ".rs") {
        if path.components().any(|part| part.as_os_str() == "target") {
            continue;
        }
        assert!(read(&path).starts_with("//!"), "{} does not open with //!", path.display());
    }
}

/// The own crates that the crate `name` uses, without those it needs for its tests only.
fn used(name: &str) -> BTreeSet<String> {
    let manifest = read(&root().join("crates").join(name).join("Cargo.toml"));
    let section = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    let own = |name: &&str| AREAS.contains(name) || TOOLS.contains(name);
    names.filter(own).map(str::to_owned).collect()
}

#[test]
fn the_arrows_between_crates_are_the_order_of_the_work() {
    let mut crates: Vec<String> = fs::read_dir(root().join("crates"))
        .expect("the crates")
        .flatten()
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    crates.sort();
    let mut known: Vec<&str> = AREAS.iter().chain(TOOLS).copied().collect();
    known.sort_unstable();
    assert_eq!(crates, known, "every crate is an area or a tool");
    for tool in TOOLS {
        for other in used(tool) {
            assert!(TOOLS.contains(&other.as_str()), "the tool {tool} uses the area {other}");
        }
    }
    for (place, area) in AREAS.iter().enumerate() {
        for other in used(area) {
            let earlier = AREAS[..place].contains(&other.as_str()) || TOOLS.contains(&other.as_str());
            assert!(earlier, "{area} uses {other}, which comes later");
        }
    }
}

/// Text in backticks that looks like a path of the repository.
fn paths_in(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .map(|words| words.split(':').next().unwrap_or_default().trim_end_matches('/'))
        .filter(|word| word.contains('/') && !word.contains([' ', '{', '*', '<', '…', '$', '=', '(', '"']))
        .filter(|word| {
            let first = word.split('/').next().unwrap_or_default();
            ["crates", "docs", "migrations", "tests", "xtask", ".github", "kit", "registry", "rectification"]
                .contains(&first)
                || AREAS.contains(&first)
                || TOOLS.contains(&first)
        })
        .map(str::to_owned)
        .collect()
}

/// The files that git keeps; none when this is not a working copy.
fn kept() -> BTreeSet<String> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(arguments).current_dir(root()).output();
    let listed =
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    listed.lines().map(str::to_owned).collect()
}

#[test]
fn every_path_that_a_text_names_exists() {
    let root = root();
    let mut texts = files(&root.join("docs"), ".md");
    texts.extend(["ARCHITECTURE.md", "README.md"].map(|name| root.join(name)));
    let mut missing = Vec::new();
    for text in texts {
        for path in paths_in(&read(&text)) {
            // A path may begin at the root or at the crates, and code paths may leave out `src`.
            let found = ["", "crates"].iter().any(|base| root.join(base).join(&path).exists());
            if !found {
                missing.push(format!("{}: {path}", text.strip_prefix(&root).unwrap_or(&text).display()));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_page_and_picture_that_a_text_links_to_is_in_the_repository() {
    let (root, kept) = (root(), kept());
    let mut texts = files(&root.join("docs"), ".md");
    texts.extend(["ARCHITECTURE.md", "README.md"].map(|name| root.join(name)));
    let mut missing = Vec::new();
    for text in texts {
        let folder = text.parent().expect("a folder").to_owned();
        for part in read(&text).split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap_or_default();
            let picture = Path::new(target).extension().is_some_and(|ending| ending == "png");
            if target.is_empty() || target.contains("://") || target.contains(' ') {
                continue;
            }
            // Pictures are taken from the running program; where none are kept yet, none are asked for.
            if picture
                && !kept.iter().any(|file| Path::new(file).extension().is_some_and(|ending| ending == "png"))
            {
                continue;
            }
            if !folder.join(target).exists() {
                missing.push(format!("{}: {target}", text.strip_prefix(&root).unwrap_or(&text).display()));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
