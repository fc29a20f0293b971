//! What is measured by running the program: figures, import, start.

use std::{
    path::Path,
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
    city::{self, City},
    finding::Reading,
    workbook,
};

const RUNS: usize = 5;
/// Rows of the sheet that is imported.
const SHEET_ROWS: usize = 10_000;
/// Its columns, and the fields of a problem that fill them.
const LEDGER: [(&str, &str); 11] = [
    ("问题", "title"),
    ("问题表现", "text"),
    ("被巡察单位", "organisation"),
    ("巡察", "inspection"),
    ("发现日期", "found_on"),
    ("反馈日期", "fed_back_on"),
    ("问题性质", "nature"),
    ("监督重点", "framework_1"),
    ("问题类别", "category_1"),
    ("责任类型", "responsibility"),
    ("涉及金额（元）", "amount"),
];

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

/// As many new problems as a large ledger has, taken over once.
pub(crate) fn import(program: &Path, city: &City) -> Result<Reading> {
    let sheet = city::folder().join(format!("new-problems-{SHEET_ROWS}.xlsx"));
    workbook::save_table(&sheet, ledger(program, city)?.into_iter())?;
    let (duration, answer) = timed(&mut product::import(program, &city.place, &sheet))?;
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

/// A ledger of problems that the city does not have yet, worded after those it has.
fn ledger(program: &Path, city: &City) -> Result<Vec<Vec<String>>> {
    let server = Server::start(program, &city.place, city.place.data.with_extension("log"))?;
    let mut session = Session::sign_in(server.address, product::all_seeing(&city.accounts)?)?;
    let mut rows: Vec<Vec<String>> = vec![LEDGER.iter().map(|(header, _)| (*header).to_owned()).collect()];
    let mut after = None;
    while rows.len() <= SHEET_ROWS {
        let page = session.json(&product::api_whole(after.as_deref()))?;
        for problem in product::rows(&page)? {
            rows.push(LEDGER.iter().map(|(_, field)| told(problem, field, rows.len())).collect());
        }
        after = product::next_cursor(&page); // a small city is told again from its beginning
    }
    rows.truncate(SHEET_ROWS + 1);
    Ok(rows)
}

/// A field as a ledger writes it; what is worded freely is told apart by its row.
fn told(problem: &Value, field: &str, row: usize) -> String {
    match problem.get(field) {
        Some(Value::String(text)) if matches!(field, "title" | "text") => format!("{text}（补录{row}）"),
        Some(Value::String(text)) => text.clone(),
        Some(value) => ["label", "yuan"]
            .iter()
            .find_map(|part| value.get(part).and_then(Value::as_str))
            .unwrap_or_default()
            .to_owned(),
        None => String::new(),
    }
}
