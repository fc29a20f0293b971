//! Samples that can be drawn again: the seed and a digest of the population are part of the result.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};
use sm3::{Digest as _, Sm3};

use crate::{Error, Result};

/// How a sample is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Each item with the same chance.
    Simple,
    /// Every k-th item from a random start.
    Interval,
    /// A share from each stratum, at least one.
    Stratified,
    /// Each unit of money with the same chance: large items are surely drawn.
    MonetaryUnit,
}

/// One item that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What identifies it.
    pub key: String,
    /// The stratum it belongs to.
    pub stratum: String,
    /// Its amount in fen.
    pub amount: i64,
}

/// What was drawn, and from what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// How.
    pub method: Method,
    /// With which seed.
    pub seed: u64,
    /// SM3 digest of the population in its order.
    pub population: String,
    /// Number of items in the population.
    pub size: usize,
    /// Places of the drawn items in the population, ascending, none twice.
    pub drawn: Vec<usize>,
}

/// Draws `count` of `items`.
///
/// # Errors
/// A sentence when more is asked for than there is, or amounts do not allow the method.
pub fn draw(items: &[Item], method: Method, count: usize, seed: u64) -> Result<Sample> {
    if count == 0 || count > items.len() {
        return Err(Error::refused(format!("样本量应在 1 到总体数量 {} 之间。", items.len())));
    }
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    let mut drawn = match method {
        Method::Simple => simple((0..items.len()).collect(), count, &mut random),
        Method::Interval => interval(items.len(), count, &mut random),
        Method::Stratified => stratified(items, count, &mut random),
        Method::MonetaryUnit => monetary(items, count, &mut random)?,
    };
    drawn.sort_unstable();
    drawn.dedup();
    Ok(Sample { method, seed, population: digest(items), size: items.len(), drawn })
}

fn simple(mut places: Vec<usize>, count: usize, random: &mut ChaCha12Rng) -> Vec<usize> {
    for at in 0..count.min(places.len()) {
        let other = random.random_range(at..places.len());
        places.swap(at, other);
    }
    places.truncate(count);
    places
}

fn interval(size: usize, count: usize, random: &mut ChaCha12Rng) -> Vec<usize> {
    // Widened so that the last step never passes the end, however the division falls.
    let start = random.random_range(0..size as u128);
    (0..count as u128).map(|step| ((start + step * size as u128) / count as u128) as usize).collect()
}

fn stratified(items: &[Item], count: usize, random: &mut ChaCha12Rng) -> Vec<usize> {
    let mut strata: std::collections::BTreeMap<&str, Vec<usize>> = std::collections::BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        strata.entry(&item.stratum).or_default().push(at);
    }
    let mut shares: Vec<(usize, usize)> = strata
        .values()
        .map(|places| (count * places.len() / items.len(), count * places.len() % items.len()))
        .collect();
    let given: usize = shares.iter().map(|(share, _)| share).sum();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(shares.get(*at).map(|(_, rest)| *rest)));
    for at in order.into_iter().take(count.saturating_sub(given)) {
        if let Some((share, _)) = shares.get_mut(at) {
            *share += 1;
        }
    }
    strata
        .into_values()
        .zip(shares)
        .flat_map(|(places, (share, _))| simple(places, share.max(1), random))
        .collect()
}

fn monetary(items: &[Item], count: usize, random: &mut ChaCha12Rng) -> Result<Vec<usize>> {
    if items.iter().any(|item| item.amount < 0) {
        return Err(Error::refused("金额单位抽样不能有负数金额；请先把负数另行检查。"));
    }
    let total: i128 = items.iter().map(|item| i128::from(item.amount)).sum();
    let step = total / count as i128;
    if step == 0 {
        return Err(Error::refused("总金额太小，不能按金额单位抽取这么多样本。"));
    }
    let mut target = random.random_range(0..step);
    let mut sum = 0;
    let mut drawn = Vec::new();
    for (at, item) in items.iter().enumerate() {
        sum += i128::from(item.amount);
        if sum > target {
            drawn.push(at);
            target += (sum - target - 1) / step * step + step;
        }
    }
    Ok(drawn)
}

fn digest(items: &[Item]) -> String {
    use std::fmt::Write as _;
    let mut hasher = Sm3::new();
    for item in items {
        for part in [item.key.as_str(), item.stratum.as_str(), &item.amount.to_string()] {
            hasher.update(format!("{}:{part},", part.len()));
        }
    }
    hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn items(amounts: &[i64]) -> Vec<Item> {
        let item = |(at, amount): (usize, &i64)| Item {
            key: at.to_string(),
            stratum: (at % 3).to_string(),
            amount: *amount,
        };
        amounts.iter().enumerate().map(item).collect()
    }

    #[test]
    fn an_item_larger_than_the_step_is_surely_drawn_by_money() {
        let items = items(&[10, 10_000, 10, 10]);
        for seed in 0..50 {
            assert!(draw(&items, Method::MonetaryUnit, 2, seed).unwrap().drawn.contains(&1));
        }
        assert!(draw(&self::items(&[-1, 5]), Method::MonetaryUnit, 1, 1).is_err());
    }

    #[test]
    fn another_population_has_another_digest() {
        let one = draw(&items(&[1, 2]), Method::Simple, 1, 1).unwrap();
        let other = draw(&items(&[1, 3]), Method::Simple, 1, 1).unwrap();
        assert_ne!(one.population, other.population);
    }

    proptest! {
        #[test]
        fn the_same_seed_draws_the_same_and_never_more_than_there_is(
            amounts in prop::collection::vec(1i64..1_000_000, 1..200), part in 1usize..200, seed: u64
        ) {
            let items = items(&amounts);
            let count = part.min(items.len());
            for method in [Method::Simple, Method::Interval, Method::Stratified] {
                let one = draw(&items, method, count, seed).unwrap();
                prop_assert_eq!(&one, &draw(&items, method, count, seed).unwrap());
                prop_assert!(one.drawn.iter().all(|at| *at < items.len()));
                if method == Method::Stratified {
                    prop_assert!(one.drawn.len() >= count.min(3) && one.drawn.len() <= count + 3);
                } else {
                    prop_assert_eq!(one.drawn.len(), count);
                }
            }
        }
    }
}
