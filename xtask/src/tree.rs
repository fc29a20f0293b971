//! Where things lie in this repository, and throw-away folders outside it.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};

use crate::keeper::Keeper;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// Cargo's folder for what it builds, as the environment or the default has it.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A folder that disappears with this value, and also when the program is stopped.
pub(crate) struct Scratch {
    path: PathBuf,
    _keeper: Keeper,
}

/// A server that is being stopped at the same time may still write; then the second attempt succeeds.
const REMOVE: &str = "cd /; rm -rf -- \"$1\" 2>/dev/null || { sleep 5; rm -rf -- \"$1\"; }";

impl Scratch {
    /// A new, empty folder in the system's place for such folders.
    pub(crate) fn new(what: &str) -> Result<Self> {
        Self::inside(&std::env::temp_dir(), what)
    }

    /// A new, empty folder inside `parent`.
    pub(crate) fn inside(parent: &Path, what: &str) -> Result<Self> {
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.subsec_nanos());
        let path = parent.join(format!("xuncha-{what}-{}-{nanos}", process::id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot make the folder {}", path.display()))?;
        let name = path.to_str().context("a temporary folder with an unreadable name")?;
        let keeper = Keeper::stand_by(REMOVE, &[name])?;
        Ok(Self { path, _keeper: keeper })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}
