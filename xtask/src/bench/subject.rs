//! One city under measurement: first what a running server answers, then what the command line does.

use anyhow::Result;

use crate::{
    procfs,
    product::{self, Size},
    server::Server,
    session::Session,
};

use super::{
    Effort, Maker, Store, Target,
    city::City,
    commands, crowd, cursor,
    finding::{Finding, Reading, What},
    hostile, pages, term, upload, write,
};

pub(crate) const MEBIBYTE: f64 = 1_048_576.0;

/// The longest list that is exported; a sheet ends soon after a million rows.
const EXPORTED_AT_MOST: u64 = 100_000;

pub(crate) struct Subject<'a> {
    maker: &'a Maker,
    store: Store,
    rows: u64,
    city: City,
}

/// A served city with someone signed in who sees all problems.
pub(crate) struct Stand {
    pub(crate) server: Server,
    pub(crate) session: Session,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(maker: &'a Maker, store: Store, rows: u64, term: bool) -> Result<Self> {
        let size = Size { problems: Some(rows), term };
        Ok(Self { maker, store, rows, city: maker.city(store, size, product::SEED)? })
    }

    /// The pages of a city with the work on site of a whole term.
    pub(crate) fn measure_term(&self, effort: &Effort) -> Vec<Finding> {
        let measured =
            self.serve().and_then(|stand| term::pages(stand, &self.city.accounts, effort.requests));
        match measured {
            Ok(readings) => readings.into_iter().map(|(what, reading)| self.finding(what, reading)).collect(),
            Err(error) => vec![self.missing(What::City, &error)],
        }
    }

    /// All that belongs to the target, each measured or missing for a reason.
    pub(crate) fn measure(&self, target: Target, effort: &Effort) -> Vec<Finding> {
        let mut findings =
            self.served(target, effort).unwrap_or_else(|error| vec![self.missing(What::Start, &error)]);
        let program = &self.maker.program;
        if target.covers(Target::Start) {
            findings.push(self.finding(What::Start, commands::start(program, &self.city.place)));
        }
        if target.covers(Target::Figures) {
            findings.push(self.finding(What::Figures, commands::figures(program, &self.city.place)));
        }
        if target.covers(Target::Import) {
            findings.push(self.finding(What::Import, commands::import(program, &self.city)));
        }
        if target.covers_once(Target::Hostile, self.rows) {
            let readings = hostile::refusals(program, &self.city.place);
            findings.extend(self.time_and_memory(What::Hostile, What::HostileMemory, readings));
        }
        findings
    }

    fn served(&self, target: Target, effort: &Effort) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        if !needs_server(target) {
            return Ok(findings);
        }
        let mut stand = self.serve()?;
        procfs::settle(stand.server.pid())?;
        let memory = procfs::memory(stand.server.pid());
        if target.covers(Target::Memory) {
            let reading = memory.map(|memory| Reading::of(memory.now as f64 / MEBIBYTE));
            findings.push(self.finding(What::MemoryAtStart, reading));
        }
        findings.extend(self.pages(&mut stand, target, effort));
        if target.covers(Target::Load) {
            findings.extend(self.crowd(&mut stand, effort));
        }
        if target.covers(Target::Export) && self.rows <= EXPORTED_AT_MOST {
            findings.push(self.finding(What::Export, pages::export(&mut stand)));
        }
        if target.covers(Target::Write) {
            let reading = write::changes(&mut stand, &self.city.accounts, effort.requests);
            findings.push(self.finding(What::Write, reading));
        }
        if target.covers(Target::Memory) {
            let reading =
                procfs::memory(stand.server.pid()).map(|memory| Reading::of(memory.peak as f64 / MEBIBYTE));
            findings.push(self.finding(What::MemoryPeak, reading));
        }
        if target.covers_once(Target::Upload, self.rows) {
            drop(stand); // a fresh process, so that its peak is the upload's
            let readings = self.serve().and_then(|mut stand| upload::large(&mut stand));
            findings.extend(self.time_and_memory(What::Upload, What::UploadMemory, readings));
        }
        Ok(findings)
    }

    fn time_and_memory(
        &self,
        time: What,
        memory: What,
        readings: Result<(Reading, Reading)>,
    ) -> Vec<Finding> {
        match readings {
            Ok((took, more)) => vec![self.finding(time, Ok(took)), self.finding(memory, Ok(more))],
            Err(error) => vec![self.missing(time, &error)],
        }
    }

    fn serve(&self) -> Result<Stand> {
        let log = self.city.place.data.with_extension("log");
        let server = Server::start(&self.maker.program, &self.city.place, log)?;
        let session = Session::sign_in(server.address, product::all_seeing(&self.city.accounts)?)?;
        Ok(Stand { server, session })
    }

    fn pages(&self, stand: &mut Stand, target: Target, effort: &Effort) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut page = |what, path: Result<String>| {
            let reading = path.and_then(|path| pages::sequence(stand, &path, effort.requests));
            findings.push(self.finding(what, reading));
        };
        if target.covers(Target::List) {
            page(What::StaticPage, Ok(product::SIGN_IN.to_owned()));
            page(What::FirstPage, Ok(product::list()));
            page(What::FilteredPage, Ok(product::list_filtered()));
            page(What::SortedPage, Ok(product::list_sorted()));
            findings
                .push(self.finding(What::NarrowedPage, pages::first_times(stand, product::list_narrowed)));
        }
        if target.covers(Target::Figures) {
            findings.push(self.finding(What::FiguresCold, pages::first_times(stand, product::figures_page)));
            let reading = pages::sequence(stand, &product::figures_page(0), effort.requests);
            findings.push(self.finding(What::FiguresWarm, reading));
        }
        if target.covers(Target::Annual) {
            findings.push(self.finding(What::AnnualCold, pages::first_times(stand, product::annual)));
            let reading = pages::sequence(stand, &product::annual(0), effort.requests);
            findings.push(self.finding(What::AnnualWarm, reading));
        }
        if target.covers(Target::List) {
            let reading = cursor::at_depth(&mut stand.session, self.rows, effort.depth).and_then(|place| {
                let reading = pages::sequence(stand, &product::list_after(&place.cursor), effort.requests)?;
                Ok(reading.with_note(format!("behind row {}", place.row)))
            });
            findings.push(self.finding(What::DeepPage, reading));
        }
        if target.covers(Target::Record) {
            let reading = pages::records(stand, effort.requests);
            findings.push(self.finding(What::Record, reading));
        }
        findings
    }

    fn crowd(&self, stand: &mut Stand, effort: &Effort) -> Vec<Finding> {
        let mut rate = |path: &str| crowd::page(stand, path, effort.connections, effort.load);
        let (fixed, list) = (rate(product::SIGN_IN), rate(&product::list()));
        let share = match (&fixed, &list) {
            (Ok(fixed), Ok(list)) if fixed.per_second > 0.0 => {
                Ok(Reading::of(list.per_second / fixed.per_second))
            }
            _ => Err(anyhow::anyhow!("one of the two was not measured")),
        };
        vec![
            self.finding(What::StaticRate, fixed.map(|load| load.reading())),
            self.finding(What::ListRate, list.map(|load| load.reading())),
            self.finding(What::ListShare, share),
        ]
    }

    fn finding(&self, what: What, reading: Result<Reading>) -> Finding {
        match reading {
            Ok(reading) => Finding { what, store: self.store, rows: self.rows, reading: Ok(reading) },
            Err(error) => self.missing(what, &error),
        }
    }

    fn missing(&self, what: What, reason: &anyhow::Error) -> Finding {
        Finding::missing(what, self.store, self.rows, reason)
    }
}

fn needs_server(target: Target) -> bool {
    !matches!(target, Target::Start | Target::Import | Target::Hostile)
}
