//! Tenders in the order in which they resemble an office's own confirmed cases.
//!
//! A random forest is grown on the screens of labelled tenders ([`train`]), and [`Ranking::score`] gives every
//! other tender of the same market a calibrated probability, its place, and the screens that drove it. It ranks and
//! never decides.
//!
//! Nothing carries from one market to another, so nothing is trained beforehand. Whatever the card of a ranking claims
//! is measured on tenders that the trees did not see: folds keep the tenders of one case together, the probability is
//! fitted out of fold and judged on yet other folds. Where the labels teach nothing, the card says so.
//!
//! The same data, labels and seed give the same file, byte for byte: no clock, no threads in the growing, no machine.

mod calibration;
mod card;
mod features;
mod folds;
mod kept;
mod labels;
mod learn;
mod measures;
mod trees;

use std::io::Read;

use serde::{Deserialize, Serialize};

pub use self::{
    card::{Bin, Card, Importance, Origin, Top, Validation},
    features::Feature,
    kept::Ranking,
    labels::{Labelling, LabelsReport},
    learn::Settings,
};
use self::{
    features::Table,
    labels::{Label, Labels},
};
use crate::{
    Result,
    table::{self, Columns, Report},
};

/// What training was given, besides the files.
#[derive(Clone, Debug)]
pub struct Lesson<'a> {
    /// Where the bids stand.
    pub columns: &'a Columns,
    /// Where the labels stand.
    pub labelling: &'a Labelling,
    /// How the trees are grown.
    pub settings: Settings,
    /// The files, for the card.
    pub origin: Vec<Origin>,
}

/// A ranking and what became of the rows of both files.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The ranking with its card.
    pub ranking: Ranking,
    /// The treatment of the bids.
    pub bids: Report,
    /// The treatment of the labels.
    pub labels: LabelsReport,
}

/// Grows a ranking on the labelled tenders of `bids`.
///
/// # Errors
/// A sentence when a column is missing or there are too few labelled tenders to learn and to judge.
pub fn train(mut bids: impl Read, labels: impl Read, lesson: Lesson<'_>) -> Result<Trained> {
    let mut report = Report::default();
    let tenders = table::gather(&mut bids, lesson.columns, &mut report)?;
    let labels = Labels::read(labels, lesson.labelling)?;
    let table = Table::of(&tenders, lesson.columns);
    let mut labels_report = labels.report.clone();
    let examples = examples(&table, &labels, &lesson.settings, &mut labels_report);
    let ranking = learn::learn(&table, &examples, &lesson, &labels_report)?;
    table::closed(&tenders, &mut report);
    Ok(Trained { ranking, bids: report, labels: labels_report })
}

/// A labelled tender.
struct Example {
    row: usize,
    collusive: bool,
    /// What must not be torn apart by folds.
    group: String,
}

fn examples(table: &Table, labels: &Labels, settings: &Settings, report: &mut LabelsReport) -> Vec<Example> {
    let mut found = Vec::new();
    for (row, name) in table.names.iter().enumerate() {
        let Some(Label { collusive, group }) = labels.of(name) else { continue };
        report.matched += 1;
        if table.bids(row) < settings.least_bids {
            report.too_few_bids += 1;
            continue;
        }
        let group = group.clone().unwrap_or_else(|| format!("\u{1}{name}"));
        found.push(Example { row, collusive: *collusive, group });
    }
    report.unknown = report.labelled.saturating_sub(report.matched);
    found
}

/// The place of one tender.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scored {
    /// The tender.
    pub tender: String,
    /// One for the tender that resembles the confirmed cases most; none without a score.
    pub rank: Option<u64>,
    /// Calibrated on the training's share of cases; none without a score.
    pub probability: Option<f64>,
    /// Mean of the trees, from which the place follows.
    pub score: Option<f64>,
    /// Share of the honest training tenders that score at least as high: what a line drawn here would wrong.
    pub false_positive_rate: Option<f64>,
    /// Share of the training's cases that score lower: what a line drawn here would miss.
    pub false_negative_rate: Option<f64>,
    /// The screens that moved the score most, strongest first.
    pub drivers: Vec<Driver>,
    /// Why there is no score.
    pub reason: Option<&'static str>,
}

/// What one screen did to a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Driver {
    /// The screen's column.
    pub screen: String,
    /// Its name for people.
    pub label: String,
    /// Its value; none when it could not be computed, which the trees also weigh.
    pub value: Option<f64>,
    /// By how much it moved the score; above zero towards the confirmed cases.
    pub contribution: f64,
}

/// All tenders of a file in the order of the file, and what to keep in mind.
#[derive(Clone, Debug, Serialize)]
pub struct Scores {
    /// The tenders.
    pub tenders: Vec<Scored>,
    /// What to keep in mind, in sentences.
    pub warnings: Vec<String>,
    /// The treatment of the bids.
    pub bids: Report,
}

/// How many screens are named for a tender.
const DRIVERS: usize = 6;

impl Ranking {
    /// Scores the tenders of `bids`.
    ///
    /// # Errors
    /// A sentence when a column is missing.
    pub fn score(&self, mut bids: impl Read, columns: &Columns) -> Result<Scores> {
        let mut report = Report::default();
        let tenders = table::gather(&mut bids, columns, &mut report)?;
        let table = Table::of(&tenders, columns);
        table::closed(&tenders, &mut report);
        let (places, mut warnings) = self.places(&table);
        let mut scored: Vec<Scored> =
            (0..table.names.len()).map(|row| self.scored(&table, row, &places)).collect();
        let mut order: Vec<usize> = (0..scored.len()).filter(|at| is_scored(&scored, *at)).collect();
        order.sort_by(|one, other| before(&scored, *one, *other));
        for (place, at) in order.into_iter().enumerate() {
            if let Some(tender) = scored.get_mut(at) {
                tender.rank = Some(place as u64 + 1);
            }
        }
        warnings.extend(self.drift(&table, &places));
        Ok(Scores { tenders: scored, warnings, bids: report })
    }

    fn scored(&self, table: &Table, row: usize, places: &[Option<usize>]) -> Scored {
        let tender = table.names.get(row).cloned().unwrap_or_default();
        let none = Scored {
            tender,
            rank: None,
            probability: None,
            score: None,
            false_positive_rate: None,
            false_negative_rate: None,
            drivers: Vec::new(),
            reason: Some("too_few"),
        };
        if table.bids(row) < self.card.settings.least_bids {
            return none;
        }
        let values: Vec<f64> = places.iter().map(|place| table.value(row, *place)).collect();
        let (score, contributions) = self.forest.explain(&values);
        let (wronged, missed) = self.line_at(score);
        Scored {
            probability: Some(self.calibration.probability(score)),
            score: Some(score),
            false_positive_rate: Some(wronged),
            false_negative_rate: Some(missed),
            drivers: self.drivers(&values, &contributions),
            reason: None,
            ..none
        }
    }

    fn drivers(&self, values: &[f64], contributions: &[f64]) -> Vec<Driver> {
        let mut order: Vec<(usize, f64)> =
            contributions.iter().copied().enumerate().filter(|(_, moved)| *moved != 0.0).collect();
        order.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()).then(one.0.cmp(&other.0)));
        let named = order.into_iter().take(DRIVERS).filter_map(|(at, contribution)| {
            let feature = self.features.get(at)?;
            Some(Driver {
                screen: feature.code.clone(),
                label: feature.label.clone(),
                value: values.get(at).copied().filter(|value| value.is_finite()),
                contribution,
            })
        });
        named.collect()
    }
}

fn is_scored(scored: &[Scored], at: usize) -> bool {
    scored.get(at).is_some_and(|tender| tender.score.is_some())
}

/// Higher scores first; equal ones by name, so that places do not hang on the order of the file.
fn before(scored: &[Scored], one: usize, other: usize) -> std::cmp::Ordering {
    let of = |at: usize| scored.get(at).map(|tender| (tender.score.unwrap_or(f64::MIN), &tender.tender));
    match (of(one), of(other)) {
        (Some((one, name)), Some((other, second))) => other.total_cmp(&one).then_with(|| name.cmp(second)),
        _ => std::cmp::Ordering::Equal,
    }
}

/// A score and a value that belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Point {
    score: f64,
    value: f64,
}
