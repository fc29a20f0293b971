//! Pages one after the other on one connection.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use crate::{form::Form, procfs, product, session::Session, stats::Samples};

use super::{finding::Reading, subject::Stand};

/// Requests before those that count: caches fill, code is read from disk.
const WARM_UP: usize = 10;
/// Different days of which a page is asked for the first time.
const FIRST_TIMES: u32 = 9;

/// A job that takes longer has hung.
const EXPORTED_WITHIN: Duration = Duration::from_mins(5);

/// The same page again and again.
pub(crate) fn sequence(stand: &mut Stand, path: &str, requests: usize) -> Result<Reading> {
    stand.session.page(path)?;
    requests_of(stand, &[path.to_owned()], requests)
}

/// Pages whose content was never asked for before, so that nothing of it is remembered.
pub(crate) fn first_times(stand: &mut Stand, path: impl Fn(u32) -> String) -> Result<Reading> {
    let cpu = procfs::cpu_time(stand.server.pid())?;
    let timings: Result<Vec<_>> = (1..=FIRST_TIMES)
        .map(|day| {
            let request = stand.session.request(&path(day));
            timed(stand, &request)
        })
        .collect();
    let cpu = procfs::cpu_time(stand.server.pid())?.saturating_sub(cpu);
    let samples = Samples::new(timings?.into_iter().map(|(duration, _)| duration).collect());
    Ok(Reading::durations(&samples.context("nothing was measured")?, Some(cpu)))
}

/// The pages of the records on the first page of the list, in turn.
pub(crate) fn records(stand: &mut Stand, requests: usize) -> Result<Reading> {
    let ids = product::ids(&stand.session.json(&product::api_list(None))?)?;
    let paths: Vec<_> = ids.iter().take(50).map(|id| product::record(id)).collect();
    requests_of(stand, &paths, requests)
}

/// The whole list as a spreadsheet, to its last byte; a long one is ordered as a job and waited for.
pub(crate) fn export(stand: &mut Stand) -> Result<Reading> {
    let cpu = procfs::cpu_time(stand.server.pid())?;
    let mut durations = Vec::new();
    let mut size = 0;
    for _ in 0..3 {
        let started = Instant::now();
        size = exported(&mut stand.session)?.len();
        durations.push(started.elapsed());
    }
    let cpu = procfs::cpu_time(stand.server.pid())?.saturating_sub(cpu);
    let samples = Samples::new(durations).context("nothing was measured")?;
    Ok(Reading::durations(&samples, Some(cpu)).with_note(format!("{size} bytes")))
}

/// The list's spreadsheet, however it is handed out.
pub(crate) fn exported(session: &mut Session) -> Result<Vec<u8>> {
    let answer = session.page(&product::export())?;
    if answer.body.starts_with(b"PK") {
        return Ok(answer.body);
    }
    let form = Form::find(&answer.text(), &[product::EXPORT_FIELD]).context("neither sheet nor form")?;
    let ordered = session.submit(&product::export(), &form)?;
    let job = ordered.header("location").next().context("no job was ordered")?.to_owned();
    let asked = Instant::now();
    while asked.elapsed() < EXPORTED_WITHIN {
        let answer = session.get(&product::result(&job))?;
        if answer.status == 200 {
            return Ok(answer.body);
        }
        thread::sleep(Duration::from_millis(50));
    }
    anyhow::bail!("the job did not end within {EXPORTED_WITHIN:?}")
}

pub(crate) fn requests_of(stand: &mut Stand, paths: &[String], requests: usize) -> Result<Reading> {
    let prepared: Vec<_> = paths.iter().map(|path| stand.session.request(path)).collect();
    for request in prepared.iter().cycle().take(WARM_UP) {
        timed(stand, request)?;
    }
    let cpu = procfs::cpu_time(stand.server.pid())?;
    let timings: Result<Vec<_>> =
        prepared.iter().cycle().take(requests).map(|request| timed(stand, request)).collect();
    let cpu = procfs::cpu_time(stand.server.pid())?.saturating_sub(cpu);
    let timings = timings?;
    let size = timings.iter().map(|(_, size)| *size).max().unwrap_or_default();
    let samples = Samples::new(timings.into_iter().map(|(duration, _)| duration).collect());
    let samples = samples.context("there is no page to measure")?;
    Ok(Reading::durations(&samples, Some(cpu)).with_note(format!("{size} bytes")))
}

/// How long the whole answer took, and how many bytes it has.
fn timed(stand: &mut Stand, request: &[u8]) -> Result<(Duration, usize)> {
    let started = Instant::now();
    let answer = stand.session.send(request)?;
    let duration = started.elapsed();
    ensure!(answer.status == 200, "the answer was {}", answer.status);
    Ok((duration, answer.body.len()))
}
