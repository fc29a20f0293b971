//! Folders in which plain data lie while a job works on them: nobody else's, removed when the work is done, and swept
//! when a process died in the middle.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use kit::{App, Error, Result, files::Attachment};

/// The file whose lock says that somebody works in the folder.
const LOCK: &str = "lock";

/// A folder of one's own; gone when dropped.
pub(crate) struct Work {
    folder: PathBuf,
    _lock: File,
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::error!(%error, "a work folder could not be removed");
        }
    }
}

impl Work {
    /// A new folder under the data folder, after those of dead processes were swept.
    pub(crate) fn begin(app: &App) -> Result<Self> {
        let shelf = app.folder().join("work");
        private(&shelf)?;
        sweep(&shelf)?;
        let folder = shelf.join(kit::ids::random().to_string());
        private(&folder)?;
        let lock = File::create(folder.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::Fault(String::from("a new work folder is taken"))),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// A place in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Puts the plain bytes of a kept file into it, under `name`.
    pub(crate) fn unpack(&self, app: &App, file: &Attachment, name: &str) -> Result<PathBuf> {
        let path = self.path(name);
        let mut to = File::create(&path)?;
        std::io::copy(&mut file.open(app)?, &mut to)?;
        Ok(path)
    }
}

fn private(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    Ok(builder.create(folder)?)
}

/// Removes the folders in which nobody works any more.
fn sweep(shelf: &Path) -> Result<()> {
    for entry in fs::read_dir(shelf)? {
        let folder = entry?.path();
        let held = File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_err());
        if !held {
            // Another process may be sweeping too.
            let _ = fs::remove_dir_all(&folder);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_use_stay_and_those_of_dead_processes_go() {
        let shelf = std::env::temp_dir().join(format!("work-{}", kit::ids::random()));
        let (alive, dead) = (shelf.join("alive"), shelf.join("dead"));
        for folder in [&alive, &dead] {
            private(folder).unwrap();
            fs::write(folder.join(LOCK), "").unwrap();
        }
        let lock = File::open(alive.join(LOCK)).unwrap();
        lock.try_lock().unwrap();
        sweep(&shelf).unwrap();
        assert!(alive.exists() && !dead.exists());
        fs::remove_dir_all(&shelf).unwrap();
    }
}
