//! Developers' commands: everything a build machine or a colleague needs beyond `cargo` itself.
#![expect(clippy::print_stdout, reason = "a command line speaks on standard output")]

mod bench;
mod browser;
mod form;
mod http;
mod keeper;
mod load;
mod papers;
mod postgres;
mod process;
mod procfs;
mod product;
mod programs;
mod provision;
mod screenshots;
mod server;
mod session;
mod stats;
mod tally;
mod test;
mod tree;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Developers' commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Format, lint, all tests on SQLite, database tests on PostgreSQL, browser journeys
    Test(test::Options),
    /// Measure how fast, how lean and how evenly the product answers; never fails on speed
    Bench(bench::Options),
    /// Keep many people reading for a long time and watch answers and memory
    Load(load::Options),
    /// Save pictures of the listed pages for the handbook
    Screenshots(screenshots::Options),
    /// Save pictures of every kind of official document for the handbook, with the page that shows them
    Papers,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Test(options) => Ok(test::run(&options)),
        Command::Bench(options) => bench::run(&options),
        Command::Load(options) => load::run(&options),
        Command::Screenshots(options) => screenshots::run(&options),
        Command::Papers => papers::run(),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
