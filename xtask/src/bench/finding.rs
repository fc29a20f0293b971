//! What is measured, what we want it to be, and what it was.

use std::time::Duration;

use crate::stats::{Samples, milliseconds};

use super::Store;

/// A thing that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The city itself could not be had; never measured.
    City,
    StaticPage,
    FirstPage,
    FilteredPage,
    SortedPage,
    NarrowedPage,
    DeepPage,
    Record,
    Figures,
    FiguresCold,
    FiguresWarm,
    AnnualCold,
    AnnualWarm,
    Import,
    Export,
    Write,
    StaticRate,
    ListRate,
    ListShare,
    MemoryAtStart,
    MemoryPeak,
    Start,
    /// A file of 500 MB.
    Upload,
    /// How much more memory that takes.
    UploadMemory,
    /// Files made to exhaust a reader.
    Hostile,
    /// How much more memory these take than a harmless one.
    HostileMemory,
    /// Of a city with a whole term's work on site.
    Home,
    Profile,
    DraftList,
    DraftRecord,
    EvidenceList,
    TalkList,
    LetterList,
}

/// The unit of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Milliseconds,
    PerSecond,
    Mebibytes,
    Ratio,
}

/// What we want.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Goal {
    /// Half of the samples are at most this.
    Median(f64),
    /// Half of the samples are at most the first, and 99 of 100 at most the second.
    MedianAndP99(f64, f64),
    AtLeast(f64),
    /// At least so many answers per second, 99 of 100 of them within so many milliseconds.
    RateWithin(f64, f64),
    /// Measured to compare others with.
    None,
}

/// The rows of the city for which the rate and the memory under load are promised.
pub(crate) const OFFICE_ROWS: u64 = 10_000;
/// The rows of the city for which the processor time of a list page is promised.
const CPU_ROWS: u64 = 100_000;
/// The most processor time of a list page there, in milliseconds.
pub(crate) const LIST_CPU: f64 = 2.5;
/// How much the cost of a target may grow from the smallest to the largest city.
pub(crate) const GROWTH: f64 = 2.0;

impl What {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::City => "the city",
            Self::StaticPage => "static page",
            Self::FirstPage => "list, first page",
            Self::FilteredPage => "list, filtered by two states",
            Self::SortedPage => "list, by deadline",
            Self::NarrowedPage => "list, narrowed for the first time",
            Self::DeepPage => "list, deep page",
            Self::Record => "record",
            Self::Figures => "figures of a past day, command",
            Self::FiguresCold => "figures of a past day, first time",
            Self::FiguresWarm => "figures of a past day, again",
            Self::AnnualCold => "annual review, first time",
            Self::AnnualWarm => "annual review, again",
            Self::Import => "import of 10,000 rows",
            Self::Export => "export of the list to xlsx",
            Self::Write => "change of a record",
            Self::StaticRate => "static page, many connections",
            Self::ListRate => "list, many connections",
            Self::ListShare => "list to static page, answers/s",
            Self::MemoryAtStart => "memory after start",
            Self::MemoryPeak => "memory at most",
            Self::Start => "start to first answer",
            Self::Upload => "upload of 500 MB, once broken off",
            Self::UploadMemory => "more memory by that upload",
            Self::Hostile => "refusal of the worst hostile file",
            Self::HostileMemory => "more memory by such a file",
            Self::Home => "a term: home page",
            Self::Profile => "a term: profile of an organisation",
            Self::DraftList => "a term: 7,000 drafts, list",
            Self::DraftRecord => "a term: record of a draft",
            Self::EvidenceList => "a term: 42,000 pieces of evidence, list",
            Self::TalkList => "a term: 20,000 talks, list",
            Self::LetterList => "a term: 30,000 letters, list",
        }
    }

    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::StaticRate | Self::ListRate => Unit::PerSecond,
            Self::ListShare => Unit::Ratio,
            Self::MemoryAtStart | Self::MemoryPeak | Self::UploadMemory | Self::HostileMemory => {
                Unit::Mebibytes
            }
            _ => Unit::Milliseconds,
        }
    }

    /// The goals of the product on two cores; where nothing else is said they hold for a million problems.
    pub(crate) fn goal(self, rows: u64) -> Goal {
        match self {
            Self::FirstPage
            | Self::FilteredPage
            | Self::SortedPage
            | Self::NarrowedPage
            | Self::DeepPage
            | Self::DraftList
            | Self::EvidenceList
            | Self::TalkList
            | Self::LetterList => Goal::MedianAndP99(15.0, 60.0),
            Self::Record | Self::Write | Self::DraftRecord => Goal::Median(10.0),
            Self::Profile => Goal::Median(100.0),
            Self::UploadMemory | Self::HostileMemory => Goal::Median(64.0),
            Self::Hostile => Goal::Median(2_000.0),
            Self::FiguresCold => Goal::Median(500.0),
            Self::FiguresWarm => Goal::Median(50.0),
            Self::AnnualCold | Self::AnnualWarm => Goal::Median(300.0),
            Self::Import => Goal::Median(5_000.0),
            Self::Export if rows == CPU_ROWS => Goal::Median(6_000.0),
            Self::ListRate if rows <= OFFICE_ROWS => Goal::RateWithin(1_500.0, 80.0),
            Self::ListShare => Goal::AtLeast(0.3),
            Self::MemoryPeak if rows <= OFFICE_ROWS => Goal::Median(250.0),
            Self::Start => Goal::Median(1_000.0),
            Self::City
            | Self::StaticPage
            | Self::StaticRate
            | Self::Figures
            | Self::MemoryAtStart
            | Self::Upload
            | Self::Home
            | Self::Export
            | Self::ListRate
            | Self::MemoryPeak => Goal::None,
        }
    }

    /// The most processor time per answer, in milliseconds, where one is promised.
    pub(crate) fn cpu_goal(self, rows: u64) -> Option<f64> {
        (self == Self::FirstPage && rows == CPU_ROWS).then_some(LIST_CPU)
    }
}

impl Unit {
    pub(crate) fn show(self, value: f64) -> String {
        match self {
            Self::Milliseconds if value >= 1000.0 => format!("{:.2} s", value / 1000.0),
            Self::Milliseconds => format!("{value:.2} ms"),
            Self::PerSecond => format!("{value:.0}/s"),
            Self::Mebibytes => format!("{value:.0} MiB"),
            Self::Ratio => format!("{value:.2}"),
        }
    }
}

/// What was measured, in the unit of its [`What`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    pub(crate) median: f64,
    /// From one sample on; of few samples it is the worst one.
    pub(crate) p99: Option<f64>,
    /// The lowest and the highest sample.
    pub(crate) spread: Option<(f64, f64)>,
    /// The server's processor time per request, in milliseconds.
    pub(crate) cpu: Option<f64>,
    /// Said beside the numbers.
    pub(crate) note: String,
}

impl Reading {
    /// A single number.
    pub(crate) fn of(value: f64) -> Self {
        Self { median: value, p99: None, spread: None, cpu: None, note: String::new() }
    }

    /// Durations, and the processor time that all of them together cost the server.
    pub(crate) fn durations(samples: &Samples, cpu: Option<Duration>) -> Self {
        Self {
            median: milliseconds(samples.median()),
            p99: Some(milliseconds(samples.p99())),
            spread: Some((milliseconds(samples.least()), milliseconds(samples.most()))),
            cpu: cpu.map(|total| milliseconds(total) / samples.count() as f64),
            note: String::new(),
        }
    }

    pub(crate) fn with_note(mut self, note: String) -> Self {
        self.note = note;
        self
    }

    /// Whether the goal is met; `None` without a goal.
    pub(crate) fn meets(&self, goal: Goal) -> Option<bool> {
        let within = |limit: f64| self.p99.is_some_and(|p99| p99 <= limit);
        match goal {
            Goal::Median(limit) => Some(self.median <= limit),
            Goal::MedianAndP99(limit, slowest) => Some(self.median <= limit && within(slowest)),
            Goal::AtLeast(limit) => Some(self.median >= limit),
            Goal::RateWithin(limit, slowest) => Some(self.median >= limit && within(slowest)),
            Goal::None => None,
        }
    }
}

/// One measurement, or why there is none.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) what: What,
    pub(crate) store: Store,
    /// Problems in the city.
    pub(crate) rows: u64,
    pub(crate) reading: Result<Reading, String>,
}

impl Finding {
    pub(crate) fn missing(what: What, store: Store, rows: u64, reason: &anyhow::Error) -> Self {
        Self { what, store, rows, reading: Err(format!("{reason:#}")) }
    }
}

impl Finding {
    /// Whether time, rate and processor time are as promised; `None` where nothing is.
    pub(crate) fn meets(&self) -> Option<bool> {
        let reading = self.reading.as_ref().ok()?;
        let goal = reading.meets(self.what.goal(self.rows));
        match (goal, self.what.cpu_goal(self.rows).zip(reading.cpu)) {
            (goal, Some((limit, cpu))) => Some(goal != Some(false) && cpu <= limit),
            (goal, None) => goal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_judged_by_its_median_and_by_the_slowest_of_a_hundred() {
        let mut durations = vec![Duration::from_millis(10); 98];
        durations.extend([Duration::from_millis(300); 2]);
        let reading = Reading::durations(&Samples::new(durations).unwrap(), Some(Duration::from_millis(200)));
        assert_eq!(reading.meets(Goal::Median(15.0)), Some(true));
        assert_eq!(reading.meets(Goal::MedianAndP99(15.0, 60.0)), Some(false));
        assert_eq!(reading.cpu, Some(2.0));
    }

    #[test]
    fn a_rate_meets_its_goal_from_the_limit_on() {
        assert_eq!(Reading::of(300.0).meets(Goal::AtLeast(300.0)), Some(true));
        assert_eq!(Reading::of(299.0).meets(Goal::AtLeast(300.0)), Some(false));
        assert_eq!(Reading::of(1.0).meets(Goal::None), None);
    }

    #[test]
    fn a_quick_page_that_costs_too_much_processor_time_misses() {
        let mut reading = Reading::durations(&Samples::new(vec![Duration::from_millis(4); 9]).unwrap(), None);
        reading.cpu = Some(LIST_CPU + 0.1);
        let finding =
            Finding { what: What::FirstPage, store: Store::Sqlite, rows: CPU_ROWS, reading: Ok(reading) };
        assert_eq!(finding.meets(), Some(false));
    }
}
