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
    DeepPage,
    Record,
    Figures,
    Annual,
    Import,
    Export,
    Write,
    StaticRate,
    ListRate,
    ListShare,
    MemoryAtStart,
    MemoryPeak,
    Start,
}

/// The unit of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Milliseconds,
    PerSecond,
    Mebibytes,
    Ratio,
}

/// What we want; judged by the slowest of a hundred where there are so many, else by the median.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// Measured to compare others with.
    None,
}

impl What {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::City => "the city",
            Self::StaticPage => "static page",
            Self::FirstPage => "list, first page",
            Self::DeepPage => "list, deep page",
            Self::Record => "record",
            Self::Figures => "figures of a year, as of a day",
            Self::Annual => "annual review",
            Self::Import => "import of 10,000 rows",
            Self::Export => "export of the whole list",
            Self::Write => "change of a record",
            Self::StaticRate => "static page, many connections",
            Self::ListRate => "list, many connections",
            Self::ListShare => "list to static page, answers/s",
            Self::MemoryAtStart => "memory after start",
            Self::MemoryPeak => "memory at most",
            Self::Start => "start to first answer",
        }
    }

    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::StaticRate | Self::ListRate => Unit::PerSecond,
            Self::ListShare => Unit::Ratio,
            Self::MemoryAtStart | Self::MemoryPeak => Unit::Mebibytes,
            _ => Unit::Milliseconds,
        }
    }

    /// The goals at a million problems on two cores; smaller cities are held to the same.
    pub(crate) fn goal(self) -> Goal {
        match self {
            Self::City | Self::StaticPage | Self::StaticRate => Goal::None,
            Self::FirstPage | Self::DeepPage | Self::Record => Goal::AtMost(200.0),
            Self::Figures => Goal::AtMost(2_000.0),
            Self::Annual | Self::Start => Goal::AtMost(3_000.0),
            Self::Import => Goal::AtMost(10_000.0),
            Self::Export => Goal::AtMost(30_000.0),
            Self::Write => Goal::AtMost(100.0),
            Self::ListRate => Goal::AtLeast(300.0),
            Self::ListShare => Goal::AtLeast(0.15),
            Self::MemoryAtStart => Goal::AtMost(128.0),
            Self::MemoryPeak => Goal::AtMost(512.0),
        }
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
        match goal {
            Goal::AtMost(limit) => Some(self.p99.unwrap_or(self.median) <= limit),
            Goal::AtLeast(limit) => Some(self.median >= limit),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_for_durations_is_judged_by_the_slowest_of_a_hundred() {
        let mut durations = vec![Duration::from_millis(10); 98];
        durations.extend([Duration::from_millis(300); 2]);
        let reading = Reading::durations(&Samples::new(durations).unwrap(), Some(Duration::from_millis(200)));
        assert_eq!(reading.meets(Goal::AtMost(200.0)), Some(false));
        assert_eq!(reading.cpu, Some(2.0));
    }

    #[test]
    fn a_rate_meets_its_goal_from_the_limit_on() {
        assert_eq!(Reading::of(300.0).meets(Goal::AtLeast(300.0)), Some(true));
        assert_eq!(Reading::of(299.0).meets(Goal::AtLeast(300.0)), Some(false));
        assert_eq!(Reading::of(1.0).meets(Goal::None), None);
    }
}
