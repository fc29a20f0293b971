//! `cargo xtask bench`: how fast, how lean and how evenly the product answers, over loopback, with
//! cities of growing size. Slow is a result, not a failure; only what could not be measured fails.

mod city;
mod commands;
pub(crate) mod crowd;
mod cursor;
mod finding;
mod hostile;
mod models;
mod pages;
mod report;
mod subject;
mod term;
mod upload;
mod workbook;
mod write;

use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};

pub(crate) use city::{Maker, Store};
use finding::Finding;
use subject::Subject;

#[derive(Args)]
pub(crate) struct Options {
    /// What to measure
    #[arg(default_value = "all")]
    target: Target,
    /// Sizes of the cities, in problems
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    rows: Vec<u64>,
    /// Where the records are
    #[arg(long, default_value = "sqlite")]
    database: Database,
    /// Requests measured one after the other, per page
    #[arg(long, default_value_t = 200)]
    requests: usize,
    /// How long the load of many connections lasts
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Connections at the same time
    #[arg(long, default_value_t = crowd::CONNECTIONS)]
    connections: usize,
    /// How deep into the list the deep page lies, in per cent of its rows
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u64).range(0..=99))]
    depth: u64,
    /// Measure this program instead of building one
    #[arg(long)]
    program: Option<PathBuf>,
    /// Make the cities anew even if kept ones are there
    #[arg(long)]
    fresh: bool,
    /// The publisher's program of the published indicators, to compare with
    #[arg(long)]
    cardinal: Option<PathBuf>,
    /// With `models`: also ten times as many bids
    #[arg(long)]
    large: bool,
    /// With `models`: how often each is repeated
    #[arg(long, default_value_t = 5)]
    repeats: usize,
    /// Also write the results here, as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    List,
    Record,
    Figures,
    Annual,
    Import,
    Export,
    Write,
    Load,
    Memory,
    Start,
    /// A file of 500 MB with a broken connection
    Upload,
    /// Refusal of files made to exhaust a reader
    Hostile,
    /// The pages of a city with the work on site of a whole term
    Term,
    All,
    /// The commands over data sets: bidding models, screens, network, indicators; not part of `all`
    Models,
}

impl Target {
    fn covers(self, part: Self) -> bool {
        self == part || self == Self::All
    }

    /// The same for a part that grows with nothing, and is measured with the smallest city alone unless it is asked for.
    fn covers_once(self, part: Self, rows: u64) -> bool {
        self == part || (self == Self::All && rows <= finding::OFFICE_ROWS)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
    Both,
}

impl Database {
    fn stores(self) -> &'static [Store] {
        match self {
            Self::Sqlite => &[Store::Sqlite],
            Self::Postgres => &[Store::Postgres],
            Self::Both => &[Store::Sqlite, Store::Postgres],
        }
    }
}

/// How much is measured.
struct Effort {
    requests: usize,
    connections: usize,
    load: Duration,
    depth: u64,
}

impl Options {
    fn effort(&self) -> Effort {
        Effort {
            requests: self.requests.max(1),
            connections: self.connections.max(1),
            load: Duration::from_secs(self.seconds),
            depth: self.depth,
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    if options.target == Target::Models {
        return measure_models(options);
    }
    let maker = match &options.program {
        Some(program) => Maker::of(program.clone(), options.fresh),
        None => Maker::build(options.fresh)?,
    };
    let effort = options.effort();
    let mut findings = Vec::new();
    for store in options.database.stores() {
        for rows in &options.rows {
            eprintln!("xtask: {} with {rows} problems", store.label());
            findings.extend(measure_city(&maker, *store, *rows, options.target, &effort));
        }
    }
    report::print(&findings);
    if let Some(path) = &options.json {
        fs::write(path, report::json(&findings))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let complete = !findings.is_empty() && findings.iter().all(|finding| finding.reading.is_ok());
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn measure_models(options: &Options) -> Result<ExitCode> {
    let built;
    let program = if let Some(program) = &options.program {
        program
    } else {
        built = crate::product::build(crate::product::Profile::Release)?;
        &built
    };
    models::run(&models::Ask {
        program,
        cardinal: options.cardinal.as_deref(),
        large: options.large,
        repeats: options.repeats,
        json: options.json.as_deref(),
    })
}

fn measure_city(maker: &Maker, store: Store, rows: u64, target: Target, effort: &Effort) -> Vec<Finding> {
    let mut findings = Vec::new();
    if target != Target::Term {
        findings.extend(match Subject::new(maker, store, rows, false) {
            Ok(subject) => subject.measure(target, effort),
            Err(error) => vec![Finding::missing(finding::What::City, store, rows, &error)],
        });
    }
    if target.covers_once(Target::Term, rows) {
        findings.extend(match Subject::new(maker, store, rows, true) {
            Ok(subject) => subject.measure_term(effort),
            Err(error) => vec![Finding::missing(finding::What::City, store, rows, &error)],
        });
    }
    findings
}
