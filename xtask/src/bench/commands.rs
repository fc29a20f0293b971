//! What is measured by running the program: figures, import, start.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::{
    process,
    product::{self, Place},
    server::Server,
    session::Session,
    stats::Samples,
};

use super::{
    Maker, Store,
    city::{self, City},
    finding::Reading,
    pages,
};

const RUNS: usize = 5;
/// Rows of the sheet that is imported.
const SHEET_ROWS: u64 = 10_000;

/// From starting the server to its first good answer.
pub(crate) fn start(program: &Path, place: &Place) -> Result<Reading> {
    let log = place.data.with_extension("start.log");
    let starts: Result<Vec<_>> =
        (0..RUNS).map(|_| Ok(Server::start(program, place, log.clone())?.first_answer)).collect();
    reading(starts?)
}

/// All figures of a year, with the start of the program.
pub(crate) fn figures(program: &Path, place: &Place) -> Result<Reading> {
    let runs: Result<Vec<_>> =
        (0..RUNS).map(|_| Ok(timed(&mut product::figures(program, place))?.0)).collect();
    reading(runs?)
}

/// A sheet of another city's problems taken over, once.
pub(crate) fn import(maker: &Maker, place: &Place) -> Result<Reading> {
    let sheet = sheet(maker)?;
    let (duration, answer) = timed(&mut product::import(&maker.program, place, &sheet))?;
    let answer: Value = serde_json::from_str(&answer).context("the import's answer is not JSON")?;
    Ok(reading(vec![duration])?.with_note(counts(&answer)))
}

fn reading(durations: Vec<Duration>) -> Result<Reading> {
    let samples = Samples::new(durations).context("nothing was measured")?;
    Ok(Reading::durations(&samples, None))
}

fn timed(command: &mut Command) -> Result<(Duration, String)> {
    let started = Instant::now();
    let printed = process::output(command)?;
    Ok((started.elapsed(), printed))
}

/// The numbers on the top level of the answer: rows taken over, refused, left out.
fn counts(answer: &Value) -> String {
    let fields = answer.as_object().into_iter().flatten();
    let numbers =
        fields.filter(|(_, value)| value.is_number()).map(|(name, value)| format!("{name} {value}"));
    numbers.collect::<Vec<_>>().join(", ")
}

/// The problems of another city as a sheet, exported once and kept.
fn sheet(maker: &Maker) -> Result<PathBuf> {
    let path = city::folder().join(format!("problems-{SHEET_ROWS}.xlsx"));
    if !path.exists() {
        let size = product::Size { problems: Some(SHEET_ROWS), term: false };
        let other = maker.city(Store::Sqlite, size, product::OTHER_SEED)?;
        fs::write(&path, exported(maker, &other)?)?;
    }
    Ok(path)
}

fn exported(maker: &Maker, city: &City) -> Result<Vec<u8>> {
    let server = Server::start(&maker.program, &city.place, city.place.data.with_extension("log"))?;
    let mut session = Session::sign_in(server.address, product::all_seeing(&city.accounts)?)?;
    pages::exported(&mut session)
}
