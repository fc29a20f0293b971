//! `cargo xtask test`: every check, in order of cost, with one summary and one closing line.

use std::{
    path::PathBuf,
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::{
    browser,
    postgres::{Cluster, Durability},
    process,
    product::{self, cargo},
    programs, provision,
    tally::Tally,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Run one kind of tests only
    #[arg(long)]
    only: Option<Suite>,
    /// Run tests and journeys with this in their name only; leaves out format and lints
    filter: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Suite {
    /// Format, lints, and the tests inside the packages
    Unit,
    /// All of cargo's tests on SQLite
    Sqlite,
    /// The packages with database tests, on a private PostgreSQL cluster
    Postgres,
    /// The journeys in Chromium
    Browser,
}

#[derive(Clone, Copy)]
enum Step {
    Format,
    Lint,
    Unit,
    Sqlite,
    Postgres,
    Browser,
}

enum Outcome {
    Ran(Tally),
    /// Could not run here, and why.
    Skipped(String),
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let filter = options.filter.as_deref();
    let mut report = Report::new(product::on_build_machine());
    if let Err(error) = provision::node_programs() {
        eprintln!("xtask: the product's build will fail: {error:#}");
    }
    for step in plan(options) {
        println!("\n── {}", step.title());
        let started = Instant::now();
        let outcome = step.run(filter).unwrap_or_else(|error| {
            eprintln!("xtask: {}: {error:#}", step.title());
            Outcome::Ran(Tally::ONE_FAILURE)
        });
        println!("── {} took {} s", step.title(), started.elapsed().as_secs());
        report.add(step, outcome);
    }
    report.close()
}

fn plan(options: &Options) -> Vec<Step> {
    let mut steps = match options.only {
        None => vec![Step::Format, Step::Lint, Step::Sqlite, Step::Postgres, Step::Browser],
        Some(Suite::Unit) => vec![Step::Format, Step::Lint, Step::Unit],
        Some(Suite::Sqlite) => vec![Step::Sqlite],
        Some(Suite::Postgres) => vec![Step::Postgres],
        Some(Suite::Browser) => vec![Step::Browser],
    };
    if options.filter.is_some() {
        steps.retain(|step| !matches!(step, Step::Format | Step::Lint));
    }
    steps
}

impl Step {
    fn title(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Lint => "lints",
            Self::Unit => "unit tests",
            Self::Sqlite => "tests on SQLite",
            Self::Postgres => "database tests on PostgreSQL",
            Self::Browser => "browser journeys",
        }
    }

    fn run(self, filter: Option<&str>) -> Result<Outcome> {
        match self {
            Self::Format => check(cargo().args(["fmt", "--all", "--check"])),
            // there, compiling lints
            Self::Lint if product::on_build_machine() => {
                check(cargo_test().args(["--workspace", "--no-run"]))
            }
            Self::Lint => {
                let lints = ["clippy", "--workspace", "--all-targets", "--locked"];
                check(cargo().args(lints).args(["--", "-D", "warnings"]))
            }
            Self::Unit => tests(cargo_test().args(["--workspace", "--lib", "--bins"]), filter),
            Self::Sqlite => {
                if let Err(missing) = provision::word_processor() {
                    eprintln!("xtask: no docx will be opened: {missing:#}");
                }
                tests(cargo_test().arg("--workspace"), filter)
            }
            Self::Postgres => on_postgres(filter),
            Self::Browser => in_browser(filter),
        }
    }
}

/// A check without a count of its own: only its failure counts.
fn check(command: &mut Command) -> Result<Outcome> {
    process::run(command)?;
    Ok(Outcome::Ran(Tally::default()))
}

/// `cargo test` in the form that all suites share.
fn cargo_test() -> Command {
    let mut command = cargo();
    compared(command.args(["test", "--locked", "--no-fail-fast"])).env_remove(product::TEST_DATABASE);
    command
}

/// Snapshots are compared and never written.
fn compared(command: &mut Command) -> &mut Command {
    command.env("INSTA_UPDATE", "no")
}

fn tests(command: &mut Command, filter: Option<&str>) -> Result<Outcome> {
    run_tests(command, filter).map(Outcome::Ran)
}

fn run_tests(command: &mut Command, filter: Option<&str>) -> Result<Tally> {
    let mut sum = Tally::default();
    let succeeded = process::follow(command.args(filter), |line| {
        sum += Tally::from_cargo(line).unwrap_or_default();
    })?;
    if !succeeded && sum.failed == 0 {
        sum += Tally::ONE_FAILURE; // it did not compile, or a test program died
    }
    Ok(sum)
}

fn on_postgres(filter: Option<&str>) -> Result<Outcome> {
    if let Err(missing) = provision::postgres_programs() {
        return Ok(Outcome::Skipped(format!("{missing:#}")));
    }
    let tests = programs::of(&manifests_with_database_tests()?)?;
    let cluster = Cluster::start(Durability::None)?;
    let mut sum = Tally::default();
    for test in tests {
        println!("     Running {}", test.executable().display());
        let mut command = test.command();
        sum += run_tests(compared(&mut command).env(product::TEST_DATABASE, cluster.url()), filter)?;
    }
    Ok(Outcome::Ran(sum))
}

/// The manifests of the database package itself and of whoever asks it for databases to test with.
fn manifests_with_database_tests() -> Result<Vec<PathBuf>> {
    let metadata =
        process::output(cargo().args(["metadata", "--no-deps", "--locked", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("cargo names no packages")?;
    let manifest = |package: &Value| package.get("manifest_path").and_then(Value::as_str).map(PathBuf::from);
    Ok(packages.iter().filter(|package| has_database_tests(package)).filter_map(manifest).collect())
}

fn has_database_tests(package: &Value) -> bool {
    let asks_for_databases = |dependency: &Value| {
        let mut features = dependency.get("features").and_then(Value::as_array).into_iter().flatten();
        gives_databases(name_of(dependency).as_deref())
            && features.any(|feature| feature == product::DATABASE_TEST_FEATURE)
    };
    let mut dependencies = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
    gives_databases(name_of(package).as_deref()) || dependencies.any(asks_for_databases)
}

fn gives_databases(name: Option<&str>) -> bool {
    name.is_some_and(|name| product::DATABASE_PACKAGES.contains(&name))
}

fn name_of(value: &Value) -> Option<String> {
    value.get("name").and_then(Value::as_str).map(str::to_owned)
}

fn in_browser(filter: Option<&str>) -> Result<Outcome> {
    if let Err(missing) = provision::browser_programs() {
        return Ok(Outcome::Skipped(format!("{missing:#}")));
    }
    browser::journeys(filter).map(Outcome::Ran)
}

/// What was run and how it ended.
struct Report {
    skip_is_failure: bool,
    steps: Vec<(Step, Outcome)>,
}

impl Report {
    fn new(skip_is_failure: bool) -> Self {
        Self { skip_is_failure, steps: Vec::new() }
    }

    fn add(&mut self, step: Step, outcome: Outcome) {
        if let Outcome::Skipped(reason) = &outcome {
            eprintln!("xtask: SKIPPED {}: {reason}", step.title());
        }
        self.steps.push((step, outcome));
    }

    fn tally(&self, outcome: &Outcome) -> Tally {
        match outcome {
            Outcome::Ran(tally) => *tally,
            Outcome::Skipped(_) if self.skip_is_failure => Tally::ONE_FAILURE,
            Outcome::Skipped(_) => Tally::ONE_SKIP,
        }
    }

    fn line(&self, step: Step, outcome: &Outcome) -> String {
        let tally = self.tally(outcome);
        let ending = match outcome {
            Outcome::Skipped(reason) => format!("SKIPPED: {reason}"),
            Outcome::Ran(_) if tally.failed > 0 => format!("FAILED  {tally}"),
            Outcome::Ran(_) if tally == Tally::default() => "ok".to_owned(),
            Outcome::Ran(_) => format!("ok      {tally}"),
        };
        format!("{:<30}{ending}", step.title())
    }

    fn sum(&self) -> Tally {
        self.steps.iter().fold(Tally::default(), |mut sum, (_, outcome)| {
            sum += self.tally(outcome);
            sum
        })
    }

    /// Prints the summary; the last line is the sum alone.
    fn close(&self) -> ExitCode {
        println!("\n── summary");
        for (step, outcome) in &self.steps {
            println!("{}", self.line(*step, outcome));
        }
        let sum = self.sum();
        println!("\n{sum}");
        if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(skip_is_failure: bool) -> Report {
        let mut report = Report::new(skip_is_failure);
        report.add(Step::Format, Outcome::Ran(Tally::default()));
        report.add(Step::Sqlite, Outcome::Ran(Tally { passed: 8, failed: 0, skipped: 1 }));
        report.add(Step::Browser, Outcome::Skipped("no browser".to_owned()));
        report
    }

    #[test]
    fn a_suite_that_cannot_run_is_skipped_at_a_desk_and_fails_on_a_build_machine() {
        assert_eq!(report(false).sum(), Tally { passed: 8, failed: 0, skipped: 2 });
        assert_eq!(report(true).sum(), Tally { passed: 8, failed: 1, skipped: 1 });
    }

    #[test]
    fn the_summary_says_why_a_suite_was_skipped() {
        let report = report(false);
        let (step, outcome) = report.steps.last().unwrap();
        assert!(report.line(*step, outcome).ends_with("SKIPPED: no browser"));
    }

    #[test]
    fn packages_that_ask_for_test_databases_are_found() {
        let package = |dependency: &str| {
            serde_json::from_str(&format!(r#"{{"name":"planning","dependencies":[{dependency}]}}"#)).unwrap()
        };
        assert!(has_database_tests(&package(r#"{"name":"db","features":["testing"]}"#)));
        assert!(!has_database_tests(&package(r#"{"name":"db","features":[]}"#)));
        assert!(!has_database_tests(&package(r#"{"name":"other","features":["testing"]}"#)));
    }

    #[test]
    fn a_filter_leaves_out_what_has_no_names_to_filter() {
        let steps = plan(&Options { only: Some(Suite::Unit), filter: Some("deadline".to_owned()) });
        assert!(matches!(steps.as_slice(), [Step::Unit]));
    }
}
