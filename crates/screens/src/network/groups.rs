//! Groups of firms that meet far more often than chance allows: communities of the graph of telling pairs.

use std::collections::{BTreeMap, HashMap};

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;

use super::{Pair, Settings};

/// Passes of label propagation; it settles long before.
const PASSES: usize = 40;

/// Members of every community with at least the smallest size, in order.
pub(super) fn communities(pairs: &[Pair], settings: &Settings) -> Vec<Vec<u32>> {
    let mut near: BTreeMap<u32, Vec<(u32, f64)>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.telling(settings)) {
        near.entry(pair.one).or_default().push((pair.other, pair.jaccard));
        near.entry(pair.other).or_default().push((pair.one, pair.jaccard));
    }
    let mut order: Vec<u32> = near.keys().copied().collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(settings.seed));
    let mut labels: HashMap<u32, u32> = order.iter().map(|firm| (*firm, *firm)).collect();
    for _ in 0..PASSES {
        let mut changed = false;
        for firm in &order {
            let held = labels.get(firm).copied().unwrap_or(*firm);
            let strongest = strongest(near.get(firm).map_or(&[], Vec::as_slice), &labels, held);
            if strongest != held {
                labels.insert(*firm, strongest);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let mut found: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for firm in near.keys() {
        found.entry(labels.get(firm).copied().unwrap_or(*firm)).or_default().push(*firm);
    }
    let mut found: Vec<Vec<u32>> =
        found.into_values().filter(|members| members.len() >= settings.smallest_group).collect();
    found.sort_unstable();
    found
}

/// The label with most weight around a firm; it keeps its own among equals, else takes the lowest.
fn strongest(near: &[(u32, f64)], labels: &HashMap<u32, u32>, held: u32) -> u32 {
    let mut weights: BTreeMap<u32, f64> = BTreeMap::new();
    for (other, weight) in near {
        *weights.entry(labels.get(other).copied().unwrap_or(*other)).or_default() += weight;
    }
    let most = weights.values().copied().fold(0.0, f64::max);
    let among = |label: u32| weights.get(&label).is_some_and(|weight| *weight >= most * (1.0 - 1e-12));
    if among(held) { held } else { weights.keys().copied().find(|label| among(*label)).unwrap_or(held) }
}
