//! What an office may set: thresholds and exclusions, by the names and defaults that the publisher gives them.

use std::collections::{BTreeMap, BTreeSet};

use super::Indicator;
use crate::{Error, Result};

/// The settings of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The indicators that are answered.
    pub only: BTreeSet<Indicator>,
    /// The main currency; none for the first that is compared.
    pub currency: Option<String>,
    /// Procurement method details that are left out altogether.
    pub excluded_details: BTreeSet<String>,
    /// Procurement method details whose prices are not compared.
    pub no_price_comparison: BTreeSet<String>,
    /// If not empty, the only procurement method details whose prices are compared.
    pub price_comparison: BTreeSet<String>,
    /// R003: fewer whole days are too short.
    pub r003_threshold: i64,
    /// R003: other thresholds by procurement method details.
    pub r003_by_details: BTreeMap<String, i64>,
    /// R003: if not empty, the only procurement methods looked at.
    pub r003_methods: BTreeSet<String>,
    /// R018: the methods that are open to competition.
    pub r018_methods: BTreeSet<String>,
    /// R024: the lower fence.
    pub r024_threshold: Option<f64>,
    /// R025: the percentile of the number of bids from which a tenderer counts.
    pub r025_percentile: u32,
    /// R025: the lower fence.
    pub r025_threshold: Option<f64>,
    /// R035: how many other tenderers must have been disqualified; at least one.
    pub r035_threshold: usize,
    /// R038: the upper fence.
    pub r038_threshold: Option<f64>,
    /// R038: the least bids of a tenderer.
    pub r038_tenderer_minimum: u64,
    /// R038: the least of a buyer or procuring entity. The publisher calls it a number of processes and counts bids
    /// submitted, also in its published example; so does this.
    pub r038_buyer_minimum: u64,
    /// R048: how many digits of a class are its first level.
    pub r048_digits: usize,
    /// R048: the upper fence.
    pub r048_threshold: Option<u64>,
    /// R048: the least processes of a supplier.
    pub r048_minimum: u64,
    /// R058: the upper fence.
    pub r058_threshold: Option<f64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            only: Indicator::ALL.into(),
            currency: None,
            excluded_details: BTreeSet::new(),
            no_price_comparison: BTreeSet::new(),
            price_comparison: BTreeSet::new(),
            r003_threshold: 15,
            r003_by_details: BTreeMap::new(),
            r003_methods: BTreeSet::new(),
            r018_methods: ["open", "selective"].map(str::to_owned).into(),
            r024_threshold: None,
            r025_percentile: 75,
            r025_threshold: None,
            r035_threshold: 1,
            r038_threshold: None,
            r038_tenderer_minimum: 2,
            r038_buyer_minimum: 2,
            r048_digits: 2,
            r048_threshold: None,
            r048_minimum: 20,
            r058_threshold: None,
        }
    }
}

impl Settings {
    /// Sets one setting by its published name, such as `R024.threshold` or `currency`; lists are separated by `|`.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let list = || value.split_terminator('|').map(str::to_owned).collect();
        match name {
            "currency" => self.currency = Some(value.to_owned()),
            "exclusions.procurement_method_details" => self.excluded_details = list(),
            "no_price_comparison_procurement_methods" => self.no_price_comparison = list(),
            "price_comparison_procurement_methods" => self.price_comparison = list(),
            "R003.threshold" => self.r003_threshold = read(name, value)?,
            "R003.procurement_methods" => self.r003_methods = list(),
            "R018.procurement_methods" => self.r018_methods = list(),
            "R024.threshold" => self.r024_threshold = Some(fence(name, value)?),
            "R025.percentile" => self.r025_percentile = percentile(name, value)?,
            "R025.threshold" => self.r025_threshold = Some(fence(name, value)?),
            "R035.threshold" => self.r035_threshold = read::<usize>(name, value)?.max(1),
            "R038.threshold" => self.r038_threshold = Some(fence(name, value)?),
            "R038.minimum_submitted_bids" => self.r038_tenderer_minimum = read(name, value)?,
            "R038.minimum_contracting_processes" => self.r038_buyer_minimum = read(name, value)?,
            "R048.digits" => self.r048_digits = read(name, value)?,
            "R048.threshold" => self.r048_threshold = Some(read(name, value)?),
            "R048.minimum_contracting_processes" => self.r048_minimum = read(name, value)?,
            "R058.threshold" => self.r058_threshold = Some(fence(name, value)?),
            _ => match name.strip_prefix("R003.procurement_method_details.") {
                Some(details) => {
                    self.r003_by_details.insert(details.to_owned(), read(name, value)?);
                }
                None => return Err(Error::Refused(format!("指标没有名为 {name} 的设置。"))),
            },
        }
        Ok(())
    }

    /// Whether prices of a process with these details are compared.
    pub(super) fn compares(&self, details: Option<&str>) -> bool {
        match details {
            Some(details) if self.price_comparison.is_empty() => !self.no_price_comparison.contains(details),
            Some(details) => self.price_comparison.contains(details),
            None => self.price_comparison.is_empty(),
        }
    }
}

fn read<T: std::str::FromStr>(name: &str, value: &str) -> Result<T> {
    value.trim().parse().map_err(|_| Error::Refused(format!("设置 {name} 应为整数，现在是“{value}”。")))
}

fn fence(name: &str, value: &str) -> Result<f64> {
    value
        .trim()
        .parse()
        .ok()
        .filter(|fence: &f64| fence.is_finite())
        .ok_or_else(|| Error::Refused(format!("设置 {name} 应为小数，现在是“{value}”。")))
}

fn percentile(name: &str, value: &str) -> Result<u32> {
    match read(name, value)? {
        percentile @ 0..=100 => Ok(percentile),
        _ => Err(Error::Refused(format!("设置 {name} 应在 0 到 100 之间，现在是“{value}”。"))),
    }
}
