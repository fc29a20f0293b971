//! Screens on the bids of one tender.
//!
//! Let `b₍₁₎ ≤ … ≤ b₍ₙ₎` be the valid bids of different bidders in one currency. All spread is computed on the
//! distances from the lowest bid, which are exact when bids are close together, so amounts of ten digits that differ by
//! a cent keep their precision.

use serde::{Serialize, Serializer};

/// Why a screen has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// Fewer bids than the formula needs.
    TooFew,
    /// More bids than a search over all of them can bear.
    TooMany,
    /// All bids are the same, so nothing can be divided by their spread.
    AllEqual,
    /// All bids but the lowest are the same.
    LosersEqual,
    /// There is no ceiling price or estimate to compare with.
    NoEstimate,
    /// The numbers are so far apart that the result is no longer a number.
    OutOfRange,
}

impl Why {
    /// The reason as tables show it.
    pub fn label(self) -> &'static str {
        match self {
            Self::TooFew => "报价太少",
            Self::TooMany => "报价太多",
            Self::AllEqual => "报价全部相同",
            Self::LosersEqual => "其余报价相同",
            Self::NoEstimate => "没有控制价",
            Self::OutOfRange => "超出数值范围",
        }
    }

    /// The reason as files and programs read it.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::TooMany => "too_many",
            Self::AllEqual => "all_equal",
            Self::LosersEqual => "losers_equal",
            Self::NoEstimate => "no_estimate",
            Self::OutOfRange => "out_of_range",
        }
    }
}

impl Serialize for Why {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A number, or the reason why there is none.
pub type Value = Result<f64, Why>;

/// The screens that need nothing but the bids (P1 to P9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Screen {
    /// Coefficient of variation: `s / b̄`.
    Cv,
    /// `(b₍ₙ₎ − b₍₁₎) / b₍₁₎`.
    Spread,
    /// `b₍₂₎ − b₍₁₎`.
    DiffA,
    /// `(b₍₂₎ − b₍₁₎) / b₍₁₎`.
    DiffP,
    /// `(b₍₂₎ − b₍₁₎) / sd(b₍₂₎ … b₍ₙ₎)`.
    Rd,
    /// `(b₍₂₎ − b₍₁₎)(n−1) / (b₍ₙ₎ − b₍₁₎)`.
    RdNor,
    /// `(b₍₂₎ − b₍₁₎)(n−2) / (b₍ₙ₎ − b₍₂₎)`.
    AltRd,
    /// Sample skewness G1.
    Skewness,
    /// Sample excess kurtosis G2.
    Kurtosis,
    /// Largest distance from the uniform distribution between lowest and highest bid.
    Ks,
}

impl Screen {
    /// All of them, in the order of [`Screens`].
    pub const ALL: [Self; 10] = [
        Self::Cv,
        Self::Spread,
        Self::DiffA,
        Self::DiffP,
        Self::Rd,
        Self::RdNor,
        Self::AltRd,
        Self::Skewness,
        Self::Kurtosis,
        Self::Ks,
    ];

    /// The name of its column.
    pub fn column(self) -> &'static str {
        match self {
            Self::Cv => "cv",
            Self::Spread => "spread",
            Self::DiffA => "diffa",
            Self::DiffP => "diffp",
            Self::Rd => "rd",
            Self::RdNor => "rdnor",
            Self::AltRd => "altrd",
            Self::Skewness => "skewness",
            Self::Kurtosis => "kurtosis",
            Self::Ks => "ks",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cv => "变异系数",
            Self::Spread => "极差率",
            Self::DiffA => "最低两价差额",
            Self::DiffP => "最低两价差率",
            Self::Rd => "相对距离",
            Self::RdNor => "标准化距离",
            Self::AltRd => "替代距离",
            Self::Skewness => "偏度",
            Self::Kurtosis => "峰度",
            Self::Ks => "与均匀分布的距离",
        }
    }
}

/// The values of all [`Screen::ALL`], in their order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screens([Value; Screen::ALL.len()]);

impl Screens {
    /// The value of one screen.
    pub fn get(&self, screen: Screen) -> Value {
        self.0.get(screen as usize).copied().unwrap_or(Err(Why::TooFew))
    }

    /// Screens with their values.
    pub fn each(&self) -> impl Iterator<Item = (Screen, Value)> {
        Screen::ALL.into_iter().zip(self.0)
    }
}

/// The valid bids of one tender in ascending order.
///
/// Amounts are held in whole units when they come from decimal text: every screen but [`Screen::DiffA`] is free of
/// scale, so differences of decimals stay exact and only `DIFFA` is brought back to the currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Prices {
    sorted: Vec<f64>,
    unit: f64,
}

impl Prices {
    /// Of amounts; those that are not finite or not above zero are no bids and left out.
    pub fn new(amounts: impl IntoIterator<Item = f64>) -> Self {
        Self::in_units(amounts, 1.0)
    }

    /// Of amounts counted in units of which `unit` make one of the currency.
    pub fn in_units(amounts: impl IntoIterator<Item = f64>, unit: f64) -> Self {
        let mut sorted: Vec<f64> =
            amounts.into_iter().filter(|amount| amount.is_finite() && *amount > 0.0).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        Self { sorted, unit }
    }

    /// How many bids there are.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there is no bid.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The bids in ascending order, in the currency.
    pub fn amounts(&self) -> impl Iterator<Item = f64> {
        self.sorted.iter().map(|amount| amount / self.unit)
    }

    /// The bids in units, and how many units make one of the currency.
    pub(crate) fn held(&self) -> (&[f64], f64) {
        (&self.sorted, self.unit)
    }

    /// The lowest bid, in the currency.
    pub fn lowest(&self) -> Option<f64> {
        self.sorted.first().map(|amount| amount / self.unit)
    }

    /// The mean of the bids, in the currency.
    pub fn mean(&self) -> Value {
        let lowest = self.nth(0)?;
        Ok((lowest + mean_above(&self.sorted, lowest)) / self.unit)
    }

    /// The sample standard deviation of the bids, in the currency.
    pub fn deviation(&self) -> Value {
        self.least(2)?;
        Ok(spread_of(&self.sorted) / self.unit)
    }

    /// The screens P1 to P9.
    pub fn screens(&self) -> Screens {
        Screens(screens_of(&self.sorted, self.unit))
    }

    /// One screen.
    pub fn screen(&self, screen: Screen) -> Value {
        self.screens().get(screen)
    }

    /// P12: lowest bid and mean bid over the ceiling, and the share of bids within 1 % of it.
    pub fn level(&self, ceiling: Option<f64>) -> Level {
        let Some(ceiling) = ceiling.filter(|ceiling| ceiling.is_finite() && *ceiling > 0.0) else {
            return Level {
                lowest: Err(Why::NoEstimate),
                mean: Err(Why::NoEstimate),
                near: Err(Why::NoEstimate),
            };
        };
        let near = self.amounts().filter(|amount| ceiling - amount <= ceiling / 100.0).count();
        Level {
            lowest: self.lowest().map(|lowest| lowest / ceiling).ok_or(Why::TooFew),
            mean: self.mean().map(|mean| mean / ceiling),
            near: self.least(1).map(|()| near as f64 / self.len() as f64),
        }
    }

    /// P13: `1 − distinct / n`.
    pub fn duplicates(&self) -> Value {
        self.least(2)?;
        let mut distinct = self.sorted.clone();
        distinct.dedup();
        Ok(1.0 - distinct.len() as f64 / self.len() as f64)
    }

    /// P14: how evenly the bids step up. Needs four bids: any three are nearly even.
    pub fn arithmetic(&self, tolerance: f64) -> Progression {
        Progression::of(&self.sorted, tolerance)
    }

    /// P15: the same on the logarithms, so how evenly the bids multiply.
    pub fn geometric(&self, tolerance: f64) -> Progression {
        let Ok(lowest) = self.nth(0) else { return Progression::of(&[], tolerance) };
        // ln(b / b₍₁₎) through the exact distance keeps the digits of bids that are close together.
        let logarithms: Vec<f64> =
            self.sorted.iter().map(|amount| ((amount - lowest) / lowest).ln_1p()).collect();
        Progression::of(&logarithms, tolerance)
    }

    /// P23: how closely all bids stand around their mean.
    pub fn cluster(&self) -> Result<Cluster, Why> {
        self.least(3)?;
        let lowest = self.nth(0)?;
        let above = mean_above(&self.sorted, lowest);
        let mean = lowest + above;
        let away = || self.sorted.iter().map(|amount| ((amount - lowest) - above).abs() / mean);
        let near = away().filter(|away| *away <= Cluster::NEAR).count() as f64 / self.len() as f64;
        let farthest = away().fold(0.0, f64::max);
        Ok(Cluster { near, farthest })
    }

    fn nth(&self, place: usize) -> Value {
        self.sorted.get(place).copied().ok_or(Why::TooFew)
    }

    fn least(&self, bids: usize) -> Result<(), Why> {
        if self.len() < bids { Err(Why::TooFew) } else { Ok(()) }
    }
}

/// P12: the bids against the ceiling price or estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// `W = b₍₁₎ / E`.
    pub lowest: Value,
    /// `A = b̄ / E`.
    pub mean: Value,
    /// Share of the bids with `E − b ≤ 1 % E`.
    pub near: Value,
}

/// P23: bids around their mean. A small coefficient of variation by another name, so of little weight by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster {
    /// Share of the bids within 3 % of the mean.
    pub near: f64,
    /// The largest relative distance from the mean.
    pub farthest: f64,
}

impl Cluster {
    /// How near counts as around the mean.
    pub const NEAR: f64 = 0.03;

    /// All bids within 3 % of the mean, or four fifths of them and none as far as 6 %.
    pub fn present(&self) -> bool {
        self.farthest <= Self::NEAR || (self.near >= 0.8 && self.farthest < 2.0 * Self::NEAR)
    }
}

/// P14 and P15: how regularly ordered numbers step up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progression {
    /// `maxᵢ |gᵢ − ḡ| / ḡ` over the gaps.
    pub deviation: Value,
    /// R² of the ordered numbers on their places.
    pub fit: Value,
    /// How many stand in the longest sub-sequence with equal gaps.
    pub longest: Result<usize, Why>,
    tolerance: f64,
    count: usize,
}

impl Progression {
    /// The tolerance that the rule is usually applied with.
    pub const TOLERANCE: f64 = 0.02;
    /// More bids are not searched for sub-sequences: the search takes the cube of their number.
    const SEARCHED: usize = 200;

    fn of(sorted: &[f64], tolerance: f64) -> Self {
        let count = sorted.len();
        if count < 4 {
            let none = Err(Why::TooFew);
            return Self { deviation: none, fit: none, longest: Err(Why::TooFew), tolerance, count };
        }
        if sorted.first() == sorted.last() {
            let none = Err(Why::AllEqual);
            return Self { deviation: none, fit: none, longest: Err(Why::AllEqual), tolerance, count };
        }
        Self {
            deviation: number(gap_deviation(sorted)),
            fit: number(straightness(sorted)),
            longest: longest_even(sorted, tolerance),
            tolerance,
            count,
        }
    }

    /// Whether all gaps are equal, or as many bids as `max(4, ⌈0.6 n⌉)` stand in one sequence of equal gaps.
    pub fn present(&self) -> bool {
        let needed = (3 * self.count).div_ceil(5).max(4);
        self.deviation.is_ok_and(|deviation| deviation <= self.tolerance)
            || self.longest.is_ok_and(|longest| longest >= needed)
    }
}

fn gap_deviation(sorted: &[f64]) -> f64 {
    let gaps = || sorted.windows(2).filter_map(|pair| Some(pair.last()? - pair.first()?));
    let whole = sorted.last().unwrap_or(&0.0) - sorted.first().unwrap_or(&0.0);
    let mean = whole / (sorted.len() - 1) as f64;
    gaps().map(|gap| (gap - mean).abs()).fold(0.0, f64::max) / mean
}

fn straightness(sorted: &[f64]) -> f64 {
    let lowest = sorted.first().copied().unwrap_or_default();
    let mean = mean_above(sorted, lowest);
    let middle = (sorted.len() - 1) as f64 / 2.0;
    let (mut across, mut along, mut up) = (0.0, 0.0, 0.0);
    for (place, amount) in sorted.iter().enumerate() {
        let (x, y) = (place as f64 - middle, amount - lowest - mean);
        across += x * y;
        along += x * x;
        up += y * y;
    }
    across * across / (along * up)
}

/// Takes every pair as the first two members and follows the step through the ordered numbers.
fn longest_even(sorted: &[f64], tolerance: f64) -> Result<usize, Why> {
    if sorted.len() > Progression::SEARCHED {
        return Err(Why::TooMany);
    }
    let mut best = 1;
    for (at, first) in sorted.iter().enumerate() {
        let behind = sorted.get(at + 1..).unwrap_or_default();
        for (next, second) in behind.iter().enumerate() {
            let step = second - first;
            if step > 0.0 {
                best =
                    best.max(followed(*second, step, behind.get(next + 1..).unwrap_or_default(), tolerance));
            }
        }
    }
    Ok(best)
}

fn followed(mut last: f64, step: f64, rest: &[f64], tolerance: f64) -> usize {
    let mut found = 2;
    for amount in rest {
        let gap = amount - last;
        if gap > step * (1.0 + tolerance) {
            break;
        }
        if (gap - step).abs() <= step * tolerance {
            found += 1;
            last = *amount;
        }
    }
    found
}

fn number(value: f64) -> Value {
    if value.is_finite() { Ok(value) } else { Err(Why::OutOfRange) }
}

/// Mean of the distances from `lowest`.
fn mean_above(sorted: &[f64], lowest: f64) -> f64 {
    sorted.iter().map(|amount| amount - lowest).sum::<f64>() / sorted.len() as f64
}

/// Sample standard deviation.
fn spread_of(sorted: &[f64]) -> f64 {
    let lowest = sorted.first().copied().unwrap_or_default();
    let mean = mean_above(sorted, lowest);
    let squares: f64 = sorted.iter().map(|amount| (amount - lowest - mean).powi(2)).sum();
    (squares / (sorted.len() - 1) as f64).sqrt()
}

/// P1 to P9 of bids in ascending order, all above zero.
pub(crate) fn screens_of(sorted: &[f64], unit: f64) -> [Value; Screen::ALL.len()] {
    let [lowest, rest @ ..] = sorted else { return [Err(Why::TooFew); 10] };
    let ([second, ..], Some(highest)) = (rest, rest.last()) else { return [Err(Why::TooFew); 10] };
    let (lowest, n) = (*lowest, sorted.len() as f64);
    let (first_gap, range) = (second - lowest, highest - lowest);
    let above = mean_above(sorted, lowest);
    let deviation = spread_of(sorted);
    let three = |value: &dyn Fn() -> Value| if rest.len() < 2 { Err(Why::TooFew) } else { value() };
    let divided =
        |above: f64, below: f64, why: Why| if below > 0.0 { number(above / below) } else { Err(why) };
    [
        number(deviation / (lowest + above)),
        number(range / lowest),
        number(first_gap / unit),
        number(first_gap / lowest),
        three(&|| {
            if highest > second {
                divided(first_gap, spread_of(rest), Why::LosersEqual)
            } else {
                Err(Why::LosersEqual)
            }
        }),
        three(&|| divided(first_gap * (n - 1.0), range, Why::AllEqual)),
        three(&|| divided(first_gap * (n - 2.0), highest - second, Why::LosersEqual)),
        three(&|| skewness(sorted, above, deviation)),
        kurtosis(sorted, above, deviation),
        distance_from_uniform(sorted),
    ]
}

/// Sum of a power of the standardised bids.
fn standardised(sorted: &[f64], above: f64, deviation: f64, power: i32) -> Value {
    if sorted.first() == sorted.last() {
        return Err(Why::AllEqual);
    }
    let lowest = sorted.first().copied().unwrap_or_default();
    Ok(sorted.iter().map(|amount| ((amount - lowest - above) / deviation).powi(power)).sum())
}

fn skewness(sorted: &[f64], above: f64, deviation: f64) -> Value {
    let n = sorted.len() as f64;
    number(n / ((n - 1.0) * (n - 2.0)) * standardised(sorted, above, deviation, 3)?)
}

fn kurtosis(sorted: &[f64], above: f64, deviation: f64) -> Value {
    let n = sorted.len() as f64;
    if sorted.len() < 4 {
        return Err(Why::TooFew);
    }
    let factor = n * (n + 1.0) / ((n - 1.0) * (n - 2.0) * (n - 3.0));
    let normal = 3.0 * (n - 1.0).powi(2) / ((n - 2.0) * (n - 3.0));
    number(factor * standardised(sorted, above, deviation, 4)? - normal)
}

fn distance_from_uniform(sorted: &[f64]) -> Value {
    let (Some(lowest), Some(highest)) = (sorted.first(), sorted.last()) else { return Err(Why::TooFew) };
    if sorted.first() == sorted.last() {
        return Err(Why::AllEqual);
    }
    let n = sorted.len() as f64;
    let farthest = sorted.iter().enumerate().map(|(place, amount)| {
        let share = (amount - lowest) / (highest - lowest);
        let (before, after) = (place as f64 / n, (place + 1) as f64 / n);
        (after - share).max(share - before)
    });
    number(farthest.fold(0.0, f64::max))
}
