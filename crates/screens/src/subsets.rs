//! P10: the screens on every group of three and of four bids of one tender, and what they come to together.
//!
//! A ring that hides among honest bidders shows in some of the small groups though not in the whole. A tender of many
//! bidders has too many groups: above the cap, so many different groups are drawn with a fixed seed, and the answer
//! says so.

use std::collections::BTreeSet;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::price::{Prices, Screen, Value, Why, screens_of};

/// How many bids a group has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Groups of three; a tender needs four bids.
    Three,
    /// Groups of four; a tender needs five bids.
    Four,
}

impl Size {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Three, Self::Four];

    /// As a number.
    pub fn bids(self) -> usize {
        match self {
            Self::Three => 3,
            Self::Four => 4,
        }
    }
}

/// How many groups are looked at, and the seed of the draw when there are more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most groups of one size of one tender.
    pub cap: usize,
    /// Seed of the draw.
    pub seed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { cap: 5000, seed: 1 }
    }
}

/// What one screen comes to over the groups in which it has a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The least value.
    pub least: f64,
    /// The mean.
    pub mean: f64,
    /// The median.
    pub median: f64,
    /// The largest value.
    pub most: f64,
    /// In how many groups the screen had a value.
    pub groups: usize,
}

/// The screens over the groups of one size.
#[derive(Clone, Debug, PartialEq)]
pub struct Subsets {
    /// How many groups were looked at.
    pub looked_at: usize,
    /// How many there are; more than looked at means that they were drawn.
    pub of: u128,
    summaries: Vec<Result<Summary, Why>>,
}

impl Subsets {
    /// Whether only a drawn part of the groups was looked at.
    pub fn drawn(&self) -> bool {
        self.of > self.looked_at as u128
    }

    /// What a screen comes to.
    pub fn get(&self, screen: Screen) -> Result<Summary, Why> {
        self.summaries.get(screen as usize).copied().unwrap_or(Err(Why::TooFew))
    }
}

/// The screens on the groups of `size` bids.
pub fn subsets(prices: &Prices, size: Size, limits: Limits) -> Subsets {
    let (amounts, unit) = prices.held();
    let bids = size.bids();
    if amounts.len() <= bids {
        return Subsets { looked_at: 0, of: 0, summaries: vec![Err(Why::TooFew); Screen::ALL.len()] };
    }
    let of = choose(amounts.len(), bids);
    let mut values: Vec<Vec<Value>> = vec![Vec::new(); Screen::ALL.len()];
    let mut group = Vec::with_capacity(bids);
    let mut look = |places: &[usize]| {
        group.clear();
        group.extend(places.iter().filter_map(|place| amounts.get(*place)).copied());
        for (held, value) in values.iter_mut().zip(screens_of(&group, unit)) {
            held.push(value);
        }
    };
    if of <= limits.cap as u128 {
        every(amounts.len(), bids, &mut look);
    } else {
        for rank in ranks(of, limits) {
            look(&places(rank, amounts.len(), bids));
        }
    }
    let looked_at = values.first().map_or(0, Vec::len);
    Subsets { looked_at, of, summaries: values.into_iter().map(summed).collect() }
}

fn summed(values: Vec<Value>) -> Result<Summary, Why> {
    let why = values.iter().find_map(|value| value.err()).unwrap_or(Why::TooFew);
    let mut known: Vec<f64> = values.into_iter().filter_map(Result::ok).collect();
    known.sort_unstable_by(f64::total_cmp);
    let (Some(least), Some(most)) = (known.first(), known.last()) else { return Err(why) };
    let middle = known.len() / 2;
    let upper = known.get(middle).copied().unwrap_or(*most);
    let lower = known.get(middle.saturating_sub(1)).copied().unwrap_or(*least);
    let median = if known.len() % 2 == 1 { upper } else { f64::midpoint(lower, upper) };
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    Ok(Summary { least: *least, mean, median, most: *most, groups: known.len() })
}

/// Binomial coefficient; saturates, which is above every cap.
fn choose(n: usize, k: usize) -> u128 {
    let mut found: u128 = 1;
    for step in 0..k.min(n) {
        found = found.saturating_mul((n - step) as u128) / (step as u128 + 1);
    }
    if k > n { 0 } else { found }
}

/// Calls `look` with the places of every group, in lexicographic order.
fn every(n: usize, k: usize, look: &mut impl FnMut(&[usize])) {
    fn deeper(start: usize, n: usize, k: usize, held: &mut Vec<usize>, look: &mut impl FnMut(&[usize])) {
        if held.len() == k {
            look(held);
            return;
        }
        for place in start..n {
            held.push(place);
            deeper(place + 1, n, k, held, look);
            held.pop();
        }
    }
    deeper(0, n, k, &mut Vec::with_capacity(k), look);
}

/// As many different numbers below `of` as the cap allows (Floyd's way of drawing without replacement).
fn ranks(of: u128, limits: Limits) -> BTreeSet<u128> {
    let mut drawn = BTreeSet::new();
    let mut random = ChaCha8Rng::seed_from_u64(limits.seed);
    for last in (of - limits.cap as u128)..of {
        let rank = random.random_range(0..=last);
        if !drawn.insert(rank) {
            drawn.insert(last);
        }
    }
    drawn
}

/// The group that has this rank in the combinatorial number system, places ascending.
fn places(mut rank: u128, n: usize, k: usize) -> Vec<usize> {
    let mut found = Vec::with_capacity(k);
    let mut top = n;
    for left in (1..=k).rev() {
        while top > 0 && choose(top - 1, left) > rank {
            top -= 1;
        }
        top = top.saturating_sub(1);
        rank -= choose(top, left);
        found.push(top);
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rank_names_a_different_group() {
        let named: BTreeSet<Vec<usize>> = (0..choose(8, 4)).map(|rank| places(rank, 8, 4)).collect();
        let mut all = BTreeSet::new();
        every(8, 4, &mut |places| {
            all.insert(places.to_vec());
        });
        assert_eq!(named, all);
        assert_eq!(all.len(), 70);
    }

    #[test]
    fn a_group_of_all_bids_is_no_subset() {
        let prices = Prices::new([1.0, 2.0, 3.0]);
        assert_eq!(subsets(&prices, Size::Three, Limits::default()).get(Screen::Cv), Err(Why::TooFew));
    }

    #[test]
    fn four_bids_have_four_groups_of_three() {
        let prices = Prices::new([100.0, 110.0, 130.0, 160.0]);
        let found = subsets(&prices, Size::Three, Limits::default());
        assert_eq!((found.looked_at, found.of, found.drawn()), (4, 4, false));
        let spread = found.get(Screen::Spread).expect("spreads");
        // 130/100, 160/100, 160/100, 160/110
        assert!((spread.least - 0.3).abs() < 1e-12 && (spread.most - 0.6).abs() < 1e-12);
        assert!((spread.median - f64::midpoint(0.6, 5.0 / 11.0)).abs() < 1e-12);
        assert!((spread.mean - (0.3 + 0.6 + 0.6 + 5.0 / 11.0) / 4.0).abs() < 1e-12);
        assert_eq!(found.get(Screen::Kurtosis), Err(Why::TooFew), "three bids have no kurtosis");
    }

    #[test]
    fn a_tender_of_199_bidders_is_drawn_the_same_each_time() {
        let prices = Prices::new((0..199).map(|at| 1000.0 + f64::from(at * at % 97)));
        let limits = Limits { cap: 500, seed: 7 };
        let once = subsets(&prices, Size::Four, limits);
        assert_eq!((once.looked_at, once.of, once.drawn()), (500, 63_391_251, true));
        assert_eq!(once, subsets(&prices, Size::Four, limits));
        assert_ne!(once, subsets(&prices, Size::Four, Limits { seed: 8, ..limits }));
    }
}
