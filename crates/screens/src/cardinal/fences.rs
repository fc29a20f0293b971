//! The second pass: quartiles and fences over all ratios, and what lies beyond them.

use std::collections::BTreeMap;

use super::{
    Group, Indicator, Outcome, Settings,
    fold::{Difference, HashMap, Share, Tally},
};

/// More than this share of the objects flagged is not plausible for a sign of something rare.
const IMPLAUSIBLE: f64 = 0.25;
/// From so many objects on the share says something.
const TELLING: u64 = 20;

/// Quantile by the median-unbiased rule of Hyndman and Fan (number 8), over numbers in order.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let count = sorted.len();
    let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else { return f64::NAN };
    let place = (count as f64 + 1.0 / 3.0) * share + 1.0 / 3.0;
    let below = place as usize;
    if below == 0 || share <= 0.0 {
        return *least;
    }
    if below >= count || share >= 1.0 {
        return *most;
    }
    let at = |place: usize| sorted.get(place).copied().unwrap_or(f64::NAN);
    let (low, high) = (at(below - 1), at(below));
    low + (place - below as f64) * (high - low)
}

struct Quartiles {
    first: f64,
    third: f64,
}

impl Quartiles {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let sorted = in_order(values);
        Self { first: quantile(&sorted, 0.25), third: quantile(&sorted, 0.75) }
    }

    /// `Q1 − 1.5 · IQR`.
    fn lower(&self) -> f64 {
        (self.third - self.first).mul_add(-1.5, self.first)
    }

    /// `Q3 + 1.5 · IQR`.
    fn upper(&self) -> f64 {
        (self.third - self.first).mul_add(1.5, self.third)
    }
}

fn in_order(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Answers the tally of the whole file.
pub(super) fn settle(tally: Tally, settings: &Settings) -> Outcome {
    let mut settled = Settling { names: Vec::new(), tally: &tally, settings, outcome: Outcome::default() };
    settled.names = tally.tenderers.in_order();
    settled.outcome.report = tally.report.clone();
    settled.outcome.report.currency.clone_from(&tally.currency);
    settled.flagged_at_once();
    settled.close_prices();
    settled.discounts();
    settled.losers();
    settled.disqualified();
    settled.varied();
    settled.finish()
}

struct Settling<'t> {
    names: Vec<&'t str>,
    tally: &'t Tally,
    settings: &'t Settings,
    outcome: Outcome,
}

impl<'t> Settling<'t> {
    fn wanted(&self, indicator: Indicator) -> bool {
        self.settings.only.contains(&indicator)
    }

    fn name(&self, number: usize) -> &'t str {
        self.names.get(number).copied().unwrap_or_default()
    }

    fn note(&mut self, indicator: Indicator, name: &str, value: f64) {
        self.outcome.meta.entry(indicator).or_default().0.insert(name.to_owned(), value);
    }

    fn computed(&mut self, indicator: Indicator, count: usize) {
        self.outcome.report.indicators.entry(indicator).or_default().computed += count as u64;
    }

    fn remark(&mut self, indicator: Indicator, remark: &str) {
        self.outcome
            .report
            .indicators
            .entry(indicator)
            .or_default()
            .remark
            .get_or_insert_with(|| remark.to_owned());
    }

    fn flagged_at_once(&mut self) {
        const ONCE: [Indicator; 6] = [
            Indicator::R003,
            Indicator::R018,
            Indicator::R028,
            Indicator::R030,
            Indicator::R035,
            Indicator::R036,
        ];
        for (ocid, process) in &self.tally.processes {
            for indicator in ONCE.into_iter().filter(|indicator| process.marks.has(*indicator)) {
                if self.wanted(indicator) {
                    let value = if indicator == Indicator::R035 { process.disqualified as f64 } else { 1.0 };
                    self.outcome.flag(Group::Process, ocid, indicator, value);
                }
            }
        }
        for (name, tenderer) in self.names.clone().into_iter().zip(&self.tally.by_tenderer) {
            for indicator in ONCE.into_iter().filter(|indicator| tenderer.flagged.has(*indicator)) {
                if self.wanted(indicator) {
                    let value = if indicator == Indicator::R035 { 0.0 } else { 1.0 };
                    self.outcome.flag(Group::Tenderer, name, indicator, value);
                }
            }
        }
    }

    fn quartiles(&mut self, indicator: Indicator, values: impl Iterator<Item = f64>) -> Quartiles {
        let quartiles = Quartiles::of(values);
        self.note(indicator, "q1", quartiles.first);
        self.note(indicator, "q3", quartiles.third);
        quartiles
    }

    fn ratios(&self) -> impl Iterator<Item = f64> + use<'t> {
        self.tally.differences.values().map(|difference| difference.ratio)
    }

    /// R024.
    fn close_prices(&mut self) {
        let indicator = Indicator::R024;
        if !self.wanted(indicator) {
            return;
        }
        self.computed(indicator, self.tally.differences.len());
        let (fence, telling) = if let Some(fence) = self.settings.r024_threshold {
            (fence, true)
        } else {
            let quartiles = self.quartiles(indicator, self.ratios());
            (quartiles.lower(), quartiles.first > 0.0)
        };
        self.note(indicator, "lower_fence", fence);
        if !(telling && fence > 0.0) {
            self.remark(indicator, "下限不大于零，价差不可能低于它，本指标对这批数据没有区分力，可改用 R024.threshold 指定下限。");
            return;
        }
        for (ocid, difference) in self.beyond(|ratio| ratio <= fence) {
            self.outcome.flag(Group::Process, ocid, indicator, difference.ratio);
            for number in [difference.winner, difference.runner_up] {
                let name = self.name(number);
                self.outcome.flag(Group::Tenderer, name, indicator, 0.0);
            }
        }
    }

    /// R058.
    fn discounts(&mut self) {
        let indicator = Indicator::R058;
        if !self.wanted(indicator) {
            return;
        }
        self.computed(indicator, self.tally.differences.len());
        let fence = match self.settings.r058_threshold {
            Some(fence) => fence,
            None => self.quartiles(indicator, self.ratios()).upper(),
        };
        self.note(indicator, "upper_fence", fence);
        // Without any difference there is no fence either.
        if fence.is_nan() || fence <= 0.0 {
            self.remark(indicator, "上限不大于零，多数采购没有价差，本指标对这批数据没有区分力。");
            return;
        }
        for (ocid, difference) in self.beyond(|ratio| ratio >= fence) {
            self.outcome.flag(Group::Process, ocid, indicator, difference.ratio);
            let name = self.name(difference.winner);
            self.outcome.flag(Group::Tenderer, name, indicator, 0.0);
        }
    }

    fn beyond(&self, is: impl Fn(f64) -> bool) -> Vec<(&'t str, Difference)> {
        let differences =
            self.tally.differences.iter().map(|(ocid, difference)| (ocid.as_str(), *difference));
        differences.filter(|(_, difference)| is(difference.ratio)).collect()
    }

    /// R025.
    fn losers(&mut self) {
        let indicator = Indicator::R025;
        if !self.wanted(indicator) {
            return;
        }
        let tenderers: Vec<(&str, Share)> = self.shares(|tenderer| tenderer.won).collect();
        self.computed(indicator, tenderers.len());
        let counts = in_order(tenderers.iter().map(|(_, share)| share.whole as f64));
        let upper = quantile(&counts, f64::from(self.settings.r025_percentile) / 100.0);
        let (lower, telling) = if let Some(fence) = self.settings.r025_threshold {
            (fence, true)
        } else {
            let quartiles = self.quartiles(indicator, tenderers.iter().map(|(_, share)| share.ratio()));
            (quartiles.lower(), quartiles.first > 0.0)
        };
        self.note(indicator, "upper_fence", upper);
        self.note(indicator, "lower_fence", lower);
        if !(telling && lower > 0.0) {
            self.remark(indicator, "下限不大于零，中标率不可能低于它，本指标对这批数据没有区分力，可改用 R025.threshold 指定下限。");
            return;
        }
        for (name, share) in tenderers {
            if share.whole as f64 >= upper && share.ratio() <= lower {
                self.outcome.flag(Group::Tenderer, name, indicator, share.ratio());
            }
        }
    }

    fn shares(&self, of: impl Fn(&super::fold::Tenderer) -> Share) -> impl Iterator<Item = (&'t str, Share)> {
        let shares = self.tally.by_tenderer.iter().map(of);
        self.names.clone().into_iter().zip(shares).filter(|(_, share)| share.whole > 0)
    }

    /// R038.
    fn disqualified(&mut self) {
        if !self.wanted(Indicator::R038) {
            return;
        }
        let (organisations, tenderers) =
            (self.settings.r038_buyer_minimum, self.settings.r038_tenderer_minimum);
        let of = |shares: &'t HashMap<String, Share>| -> Vec<(&'t str, Share)> {
            shares.iter().map(|(id, share)| (id.as_str(), *share)).collect()
        };
        let by_tenderer: Vec<(&str, Share)> = self.shares(|tenderer| tenderer.disqualified).collect();
        self.disqualified_of(Group::Buyer, "Buyer", of(&self.tally.buyers), organisations);
        self.disqualified_of(
            Group::ProcuringEntity,
            "ProcuringEntity",
            of(&self.tally.entities),
            organisations,
        );
        self.disqualified_of(Group::Tenderer, "Tenderer", by_tenderer, tenderers);
    }

    fn disqualified_of(&mut self, group: Group, name: &str, shares: Vec<(&str, Share)>, minimum: u64) {
        let indicator = Indicator::R038;
        let shares: Vec<(&str, f64)> = shares
            .into_iter()
            .filter(|(_, share)| share.whole >= minimum.max(1))
            .map(|(id, share)| (id, share.ratio()))
            .collect();
        if shares.is_empty() {
            return;
        }
        self.computed(indicator, shares.len());
        let fence = self.settings.r038_threshold.unwrap_or_else(|| {
            let quartiles = Quartiles::of(shares.iter().map(|(_, ratio)| *ratio));
            self.note(indicator, &format!("{name}_q1"), quartiles.first);
            self.note(indicator, &format!("{name}_q3"), quartiles.third);
            quartiles.upper()
        });
        self.note(indicator, &format!("{name}_upper_fence"), fence);
        if fence > 0.0 {
            for (id, ratio) in shares.into_iter().filter(|(_, ratio)| *ratio >= fence) {
                self.outcome.flag(group, id, indicator, ratio);
            }
        } else {
            self.remark(indicator, "上限不大于零，多数对象没有被否决的投标，本指标对它们没有区分力。");
        }
    }

    /// R048.
    fn varied(&mut self) {
        let indicator = Indicator::R048;
        if !self.wanted(indicator) {
            return;
        }
        let minimum = self.settings.r048_minimum;
        let supplied = |(name, tenderer): (&'t str, &super::fold::Tenderer)| {
            (tenderer.supplied > 0 && tenderer.supplied >= minimum)
                .then_some((name, tenderer.classes.len() as f64))
        };
        let suppliers: Vec<(&str, f64)> =
            self.names.iter().copied().zip(&self.tally.by_tenderer).filter_map(supplied).collect();
        self.computed(indicator, suppliers.len());
        let fence = match self.settings.r048_threshold {
            Some(fence) => fence as f64,
            None => self.quartiles(indicator, suppliers.iter().map(|(_, classes)| *classes)).upper(),
        };
        self.note(indicator, "upper_fence", fence);
        for (name, classes) in suppliers.into_iter().filter(|(_, classes)| *classes >= fence) {
            self.outcome.flag(Group::Tenderer, name, indicator, classes);
        }
    }

    fn finish(mut self) -> Outcome {
        let mut flagged: BTreeMap<Indicator, BTreeMap<Group, u64>> = BTreeMap::new();
        for (group, objects) in &self.outcome.groups {
            for (indicator, _) in objects.values().flat_map(super::Flags::each) {
                *flagged.entry(indicator).or_default().entry(*group).or_default() += 1;
            }
        }
        for indicator in Indicator::ALL.into_iter().filter(|indicator| self.settings.only.contains(indicator))
        {
            let by_group = flagged.remove(&indicator).unwrap_or_default();
            let went = self.outcome.report.indicators.entry(indicator).or_default();
            went.flagged = by_group.get(&Group::Process).copied().unwrap_or_else(|| by_group.values().sum());
            if went.computed == 0 {
                went.remark = Some("没有具备所需字段的数据，或者对象没有达到最少次数，无法计算。".to_owned());
            } else if went.computed >= TELLING && went.flagged as f64 > IMPLAUSIBLE * went.computed as f64 {
                went.remark = Some(format!(
                    "可计算的 {} 个对象中命中 {} 个，比例异常高，请先检查数据和阈值。",
                    went.computed, went.flagged
                ));
            }
        }
        let only = &self.settings.only;
        self.outcome.report.indicators.retain(|indicator, _| only.contains(indicator));
        self.outcome
    }
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quantiles_are_median_unbiased() {
        let numbers = [1.0, 2.0, 3.0, 4.0];
        assert!((quantile(&numbers, 0.25) - 17.0 / 12.0).abs() < 1e-15);
        assert!((quantile(&numbers, 0.75) - 43.0 / 12.0).abs() < 1e-15);
        assert!((quantile(&numbers, 0.5) - 2.5).abs() < 1e-15);
        assert!(quantile(&[], 0.5).is_nan());
        assert!((quantile(&[7.0], 0.25) - 7.0).abs() < f64::EPSILON);
    }
}
