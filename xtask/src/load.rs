//! `cargo xtask load`: many people reading for a long time; answers and memory, line by line.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;

use crate::{
    bench::{
        Maker, Store,
        crowd::{self, Load},
    },
    procfs, product,
    server::Server,
    session::Session,
};

#[derive(Args)]
pub(crate) struct Options {
    /// How long
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Connections at the same time
    #[arg(long, default_value_t = crowd::CONNECTIONS)]
    connections: usize,
    /// Size of the city, in problems
    #[arg(long, default_value_t = 100_000)]
    rows: u64,
    /// Keep the records in PostgreSQL
    #[arg(long)]
    postgres: bool,
    /// Seconds from line to line
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let maker = Maker::build(false)?;
    let store = if options.postgres { Store::Postgres } else { Store::Sqlite };
    let city =
        maker.city(store, product::Size { problems: Some(options.rows), term: false }, product::SEED)?;
    let server = Server::start(&maker.program, &city.place, city.place.data.with_extension("log"))?;
    let mut session = Session::sign_in(server.address, product::all_seeing(&city.accounts)?)?;
    let requests = readings(&mut session)?;
    let errors = watch(&server, &requests, options)?;
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a crowd of clerks reads: the list, and records on it.
fn readings(session: &mut Session) -> Result<Vec<Vec<u8>>> {
    let ids = product::ids(&session.json(&product::api_list(None))?)?;
    let mut paths = vec![product::list()];
    for id in ids.iter().take(50) {
        paths.extend([product::record(id), product::list()]);
    }
    Ok(paths.iter().map(|path| session.request(path)).collect())
}

/// Prints one line per interval; answers how many errors there were.
fn watch(server: &Server, requests: &[Vec<u8>], options: &Options) -> Result<u64> {
    let started = Instant::now();
    let end = Duration::from_mins(options.minutes);
    let first = procfs::memory(server.pid())?.now;
    let mut errors = 0;
    while started.elapsed() < end {
        let interval = Duration::from_secs(options.every).min(end.saturating_sub(started.elapsed()));
        let load = crowd::read(server.address, requests, options.connections.max(1), interval)?;
        errors += load.errors;
        print_line(started.elapsed(), &load, procfs::memory(server.pid())?.now, first);
    }
    println!("{errors} errors in {:.1} minutes", started.elapsed().as_secs_f64() / 60.0);
    Ok(errors)
}

fn print_line(elapsed: Duration, load: &Load, memory: u64, first: u64) {
    let mebibytes = |bytes: u64| bytes as f64 / 1_048_576.0;
    println!(
        "{:>6} s  {:>7.0}/s  {}  memory {:.1} MiB ({:+.1} MiB since the beginning)",
        elapsed.as_secs(),
        load.per_second,
        load.note(),
        mebibytes(memory),
        mebibytes(memory) - mebibytes(first)
    );
}
