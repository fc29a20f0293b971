//! P11: the screens on the bids of one fixed group of bidders, over all tenders in which enough of them bid.

use std::collections::BTreeSet;

use crate::price::{Prices, Screen, Value, Why, screens_of};

/// The screens of one group, as means over its tenders.
#[derive(Clone, Debug, PartialEq)]
pub struct Coalition {
    /// In how many tenders enough members bid.
    pub tenders: usize,
    means: Vec<(Value, usize)>,
}

impl Coalition {
    /// The mean of a screen over the tenders in which it has a value.
    pub fn get(&self, screen: Screen) -> Value {
        self.means.get(screen as usize).map_or(Err(Why::TooFew), |(mean, _)| *mean)
    }

    /// In how many tenders a screen has a value.
    pub fn counted(&self, screen: Screen) -> usize {
        self.means.get(screen as usize).map_or(0, |(_, count)| *count)
    }
}

/// The screens of `group` over `tenders`, each the bids by bidder, where at least `least` members bid.
///
/// A bidder counts once in a tender, with its lowest bid.
pub fn coalition(tenders: &[&[(u32, f64)]], group: &BTreeSet<u32>, least: usize) -> Coalition {
    let mut sums = vec![(0.0, 0_usize, Why::TooFew); Screen::ALL.len()];
    let mut met = 0;
    for bids in tenders {
        let prices = Prices::new(one_each(bids, group));
        if prices.len() < least.max(2) {
            continue;
        }
        met += 1;
        let sorted: Vec<f64> = prices.amounts().collect();
        for ((sum, count, reason), value) in sums.iter_mut().zip(screens_of(&sorted, 1.0)) {
            match value {
                Ok(value) => {
                    *sum += value;
                    *count += 1;
                }
                Err(why) => *reason = why,
            }
        }
    }
    let mean = |(sum, count, why): (f64, usize, Why)| {
        if count > 0 { (Ok(sum / count as f64), count) } else { (Err(why), 0) }
    };
    Coalition { tenders: met, means: sums.into_iter().map(mean).collect() }
}

fn one_each(bids: &[(u32, f64)], group: &BTreeSet<u32>) -> Vec<f64> {
    let mut members: Vec<(u32, f64)> = bids
        .iter()
        .filter(|(bidder, amount)| group.contains(bidder) && amount.is_finite() && *amount > 0.0)
        .copied()
        .collect();
    members.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    members.dedup_by_key(|(bidder, _)| *bidder);
    members.into_iter().map(|(_, amount)| amount).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tenders_with_enough_members_count_and_outsiders_do_not() {
        let first: &[(u32, f64)] = &[(1, 100.0), (2, 110.0), (9, 50.0)];
        let second: &[(u32, f64)] = &[(1, 100.0), (2, 130.0), (2, 120.0)];
        let third: &[(u32, f64)] = &[(1, 100.0), (9, 900.0)];
        let found = coalition(&[first, second, third], &BTreeSet::from([1, 2]), 2);
        assert_eq!(found.tenders, 2);
        let spread = found.get(Screen::Spread).expect("a mean");
        assert!((spread - 0.15).abs() < 1e-12, "0.1 and, by the lower of two bids, 0.2: {spread}");
        assert_eq!((found.get(Screen::Rd), found.counted(Screen::Rd)), (Err(Why::TooFew), 0));
    }
}
