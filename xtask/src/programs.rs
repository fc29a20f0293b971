//! Test programs of some packages, run one by one. `cargo test --package …` would choose the features of shared
//! libraries anew for these packages alone, and build half the house a second time.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::product::cargo;

/// A program that runs the tests of a package, or some of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TestProgram {
    executable: PathBuf,
    /// The package's folder, where cargo runs its tests.
    folder: PathBuf,
}

impl TestProgram {
    /// The command that runs it as cargo does.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }

    pub(crate) fn executable(&self) -> &Path {
        &self.executable
    }
}

/// Builds the tests of all packages and answers the programs of those whose manifests are in `manifests`.
pub(crate) fn of(manifests: &[PathBuf]) -> Result<Vec<TestProgram>> {
    let build = ["test", "--workspace", "--tests", "--locked", "--no-run"];
    let output = cargo()
        .args(build)
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    ensure!(output.status.success(), "the tests did not compile");
    let messages = String::from_utf8_lossy(&output.stdout);
    Ok(messages.lines().filter_map(|line| program(&serde_json::from_str(line).ok()?, manifests)).collect())
}

/// The program that one of cargo's messages tells of, when it is a test of such a package.
fn program(message: &Value, manifests: &[PathBuf]) -> Option<TestProgram> {
    let is_test = message.pointer("/profile/test").and_then(Value::as_bool) == Some(true);
    let manifest = Path::new(message.get("manifest_path")?.as_str()?);
    if !is_test || !manifests.iter().any(|wanted| wanted == manifest) {
        return None;
    }
    let executable = PathBuf::from(message.get("executable")?.as_str()?);
    Some(TestProgram { executable, folder: manifest.parent()?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn message(test: bool, manifest: &str, executable: Value) -> Value {
        json!({"reason": "compiler-artifact", "manifest_path": manifest, "profile": {"test": test}, "executable": executable})
    }

    #[test]
    fn only_test_programs_of_the_wanted_packages_are_run() {
        let wanted = [PathBuf::from("/house/kit/Cargo.toml")];
        let found =
            program(&message(true, "/house/kit/Cargo.toml", json!("/target/kit-1")), &wanted).unwrap();
        assert_eq!(
            (found.executable.as_path(), found.folder.as_path()),
            (Path::new("/target/kit-1"), Path::new("/house/kit"))
        );
        for other in [
            message(true, "/house/papers/Cargo.toml", json!("/target/papers-1")),
            message(false, "/house/kit/Cargo.toml", json!("/target/kit")),
            message(true, "/house/kit/Cargo.toml", Value::Null),
            json!({"reason": "build-finished", "success": true}),
        ] {
            assert_eq!(program(&other, &wanted), None, "{other}");
        }
    }
}
