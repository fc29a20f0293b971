//! Many connections that read as fast as they are answered, for a limited time.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    http::Connection,
    procfs,
    stats::{Samples, milliseconds},
};

use super::{finding::Reading, subject::Stand};

/// As many as there are people reading at the same moment in a large office.
pub(crate) const CONNECTIONS: usize = 16;

/// What a crowd was answered.
pub(crate) struct Load {
    pub(crate) per_second: f64,
    /// Answers other than 200, and connections that broke.
    pub(crate) errors: u64,
    pub(crate) samples: Samples,
    cpu: Option<Duration>,
}

impl Load {
    /// Answers per second; the time of a single answer is in the note.
    pub(crate) fn reading(&self) -> Reading {
        let mut reading = Reading::of(self.per_second).with_note(self.note());
        reading.p99 = Some(milliseconds(self.samples.p99()));
        reading.cpu = self.cpu.map(|total| milliseconds(total) / self.samples.count() as f64);
        reading
    }

    pub(crate) fn note(&self) -> String {
        format!(
            "p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms, {} errors",
            milliseconds(self.samples.median()),
            milliseconds(self.samples.p99()),
            milliseconds(self.samples.most()),
            self.errors
        )
    }
}

/// One page, read by all.
pub(crate) fn page(stand: &mut Stand, path: &str, connections: usize, time: Duration) -> Result<Load> {
    stand.session.page(path)?;
    let requests = [stand.session.request(path)];
    let before = procfs::cpu_time(stand.server.pid())?;
    let mut load = read(stand.server.address, &requests, connections, time)?;
    load.cpu = Some(procfs::cpu_time(stand.server.pid())?.saturating_sub(before));
    ensure!(
        load.errors == 0,
        "{} of {} answers were errors",
        load.errors,
        load.samples.count() as u64 + load.errors
    );
    Ok(load)
}

/// Reads the requests in turn on each connection until the time is over.
pub(crate) fn read(
    address: SocketAddr,
    requests: &[Vec<u8>],
    connections: usize,
    time: Duration,
) -> Result<Load> {
    let errors = AtomicU64::new(0);
    let started = Instant::now();
    let durations = thread::scope(|scope| {
        let one = |number| {
            let errors = &errors;
            move || reader(address, requests, number, started + time, errors)
        };
        let readers: Vec<_> = (0..connections).map(|number| scope.spawn(one(number))).collect();
        readers.into_iter().flat_map(|reader| reader.join().unwrap_or_default()).collect::<Vec<_>>()
    });
    let elapsed = started.elapsed();
    let samples = Samples::new(durations).context("no connection was answered")?;
    let per_second = samples.count() as f64 / elapsed.as_secs_f64();
    Ok(Load { per_second, errors: errors.into_inner(), samples, cpu: None })
}

/// One connection; the readers begin at different requests so that they do not walk in step.
fn reader(
    address: SocketAddr,
    requests: &[Vec<u8>],
    number: usize,
    end: Instant,
    errors: &AtomicU64,
) -> Vec<Duration> {
    let mut connection = Connection::new(address);
    let mut durations = Vec::new();
    for request in requests.iter().cycle().skip(number % requests.len().max(1)) {
        let started = Instant::now();
        if started >= end {
            break;
        }
        match connection.send(request) {
            Ok(answer) if answer.status == 200 => durations.push(started.elapsed()),
            Ok(_) => _ = errors.fetch_add(1, Ordering::Relaxed),
            Err(_) => {
                errors.fetch_add(1, Ordering::Relaxed);
                thread::sleep(Duration::from_millis(10)); // a broken server is not hammered
            }
        }
    }
    durations
}
