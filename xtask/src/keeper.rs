//! Cleaning up whatever happens: a small shell waits on a pipe that only we hold open. When we go,
//! by return, by panic, by Ctrl-C or by `kill -9`, the pipe closes and the shell cleans up.

use std::{
    io::Write as _,
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result};

/// Holds a cleaning script back. Dropping it runs the script and waits for its end.
pub(crate) struct Keeper(Child);

impl Keeper {
    /// Starts the waiting shell. Texts go in as `arguments` (`$1`, `$2`, …), never inside `script`.
    pub(crate) fn stand_by(script: &str, arguments: &[&str]) -> Result<Self> {
        let waiting =
            format!("trap '' INT TERM HUP; read -r word; test \"$word\" = dismissed && exit 0; {script}");
        let child = Command::new("sh")
            .args(["-c", &waiting, "keeper"])
            .args(arguments)
            .process_group(0) // the terminal's Ctrl-C is for us, not for the one who cleans up
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start the shell that cleans up")?;
        Ok(Self(child))
    }

    /// Nothing is left to clean up: the shell ends without running its script.
    pub(crate) fn dismiss(mut self) {
        if let Some(pipe) = self.0.stdin.as_mut() {
            // a shell that is already gone has nothing to be told
            let _gone = pipe.write_all(b"dismissed\n");
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        if let Err(error) = self.0.wait() {
            eprintln!("xtask: the clean-up was lost: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Scratch;

    #[test]
    fn a_dropped_keeper_has_cleaned_up_when_drop_returns() {
        let folder = Scratch::new("keeper-test").unwrap();
        let trace = folder.path().join("cleaned up");
        drop(Keeper::stand_by("touch \"$1\"", &[trace.to_str().unwrap()]).unwrap());
        assert!(trace.exists());
    }

    #[test]
    fn a_dismissed_keeper_does_nothing() {
        let folder = Scratch::new("keeper-test").unwrap();
        let trace = folder.path().join("cleaned up");
        Keeper::stand_by("touch \"$1\"", &[trace.to_str().unwrap()]).unwrap().dismiss();
        assert!(!trace.exists());
    }
}
