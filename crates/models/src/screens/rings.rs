//! Groups of bidders that keep to themselves: edges weighted by how often two meet (Jaccard), groups grown greedily
//! by `inside / (inside + outside)^α · 1/size^β`, reported with coherence and exclusivity.

use std::{cmp::Ordering, collections::BTreeSet, sync::Arc};

use datafusion::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

use super::{
    Given,
    market::{Market, Meeting},
};
use crate::Result;

/// Largest group grown.
const LARGEST: usize = 12;

pub(super) fn rings(given: &Given<'_>) -> Result<RecordBatch> {
    let market = Market::read(given)?;
    let graph = Graph::of(&market, given.number("meetings") as u32);
    // What a group did is asked of those alone that are a hit: most of the others contain firms that bid everywhere.
    let kept: Vec<Ring> = graph
        .groups(given.number("alpha"), given.number("beta"))
        .into_iter()
        .map(|members| Group::new(members, &graph))
        .filter(|group| {
            group.coherence >= given.number("coherence") && group.exclusivity >= given.number("exclusivity")
        })
        .map(|group| Ring::new(group, &market))
        .collect();
    table(&kept, &market)
}

/// Firms with the weight of their edges.
struct Graph {
    /// Neighbours of each firm, ascending.
    near: Vec<Vec<(u32, f64)>>,
    /// Neighbours of each firm, the heaviest edges first.
    nearest: Vec<Vec<(u32, f64)>>,
    /// Weight of all edges of a firm.
    strength: Vec<f64>,
}

impl Graph {
    fn of(market: &Market, meetings: u32) -> Self {
        let mut near: Vec<Vec<(u32, f64)>> = vec![Vec::new(); market.firms.len()];
        for Meeting { one, other, joint } in market.meetings(meetings) {
            let count = |firm: u32| market.attended(firm).len() as u32;
            let weight = f64::from(joint) / f64::from(count(one) + count(other) - joint);
            for (firm, met) in [(one, other), (other, one)] {
                if let Some(neighbours) = near.get_mut(firm as usize) {
                    neighbours.push((met, weight));
                }
            }
        }
        Self::new(near)
    }

    fn new(mut near: Vec<Vec<(u32, f64)>>) -> Self {
        for neighbours in &mut near {
            neighbours.sort_unstable_by_key(|(firm, _)| *firm);
        }
        let mut nearest = near.clone();
        for neighbours in &mut nearest {
            // Of equally heavy ones the last: groups have always begun with it.
            neighbours.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(other.0.cmp(&one.0)));
        }
        let sum = |neighbours: &Vec<(u32, f64)>| neighbours.iter().map(|(_, weight)| weight).sum();
        let strength = near.iter().map(sum).collect();
        Self { near, nearest, strength }
    }

    fn nearest(&self, firm: u32) -> &[(u32, f64)] {
        self.nearest.get(firm as usize).map_or(&[], Vec::as_slice)
    }

    fn strength(&self, firm: u32) -> f64 {
        self.strength.get(firm as usize).copied().unwrap_or_default()
    }

    fn weight(&self, one: u32, other: u32) -> f64 {
        let near = self.near.get(one as usize).map_or(&[][..], Vec::as_slice);
        let found = near.binary_search_by_key(&other, |(firm, _)| *firm).ok().and_then(|at| near.get(at));
        found.map_or(0.0, |(_, weight)| *weight)
    }

    /// Grows a group from the heaviest edge of every bidder; equal groups count once. The members of each ascend.
    fn groups(&self, alpha: f64, beta: f64) -> BTreeSet<Vec<u32>> {
        let firms = self.nearest.iter().enumerate();
        firms
            .filter_map(|(bidder, nearest)| {
                let (nearest, _) = nearest.first()?;
                Some(Growing::new(self, alpha, beta).grown(bidder as u32, *nearest))
            })
            .filter(|members| members.len() >= 3)
            .collect()
    }
}

/// A group on its way.
struct Growing<'a> {
    graph: &'a Graph,
    alpha: f64,
    beta: f64,
    /// In the order in which they came: weights are always added in it, so that equal sums are equal to the last digit.
    members: Vec<u32>,
    inside: f64,
    /// Weight of all edges of the members; those inside count twice.
    strength: f64,
}

impl<'a> Growing<'a> {
    fn new(graph: &'a Graph, alpha: f64, beta: f64) -> Self {
        Self { graph, alpha, beta, members: Vec::with_capacity(LARGEST), inside: 0.0, strength: 0.0 }
    }

    fn grown(mut self, bidder: u32, nearest: u32) -> Vec<u32> {
        self.add(bidder);
        self.add(nearest);
        let mut held = self.fitness(self.inside, self.strength, self.factor(2));
        while self.members.len() < LARGEST {
            // A group of two may pass through a worse one: three are the smallest that matter.
            let least = if self.members.len() < 3 { 0.0 } else { held };
            match self.best(least) {
                Some((fit, other)) if fit > held || self.members.len() < 3 => {
                    self.add(other);
                    held = fit;
                }
                _ => break,
            }
        }
        self.members.sort_unstable();
        self.members
    }

    /// The firm with which the group is fittest, of equally good ones the first; perhaps none when no firm makes it
    /// fitter than `least`.
    ///
    /// A firm that bids everywhere has all others around it and is taken into group after group, so that not all who
    /// are around can be asked. The heaviest edges are followed first, and nobody is left out who could be better:
    /// those not yet seen weigh no more towards the group than the next edges of all members together.
    fn best(&self, least: f64) -> Option<(f64, u32)> {
        let factor = self.factor(self.members.len() + 1);
        let mut edges: Vec<&[(u32, f64)]> =
            self.members.iter().map(|member| self.graph.nearest(*member)).collect();
        // Who comes has at least the edges that tie it to the group, so that what leads outside does not become less.
        // A little more than that, for sums that are rounded.
        let fittest = 1.000_000_1 / ((self.strength - self.inside).powf(self.alpha) * factor);
        let mut best: Option<(f64, u32)> = None;
        loop {
            let unseen: f64 = edges.iter().map(|edges| next(edges)).sum();
            let enough = best.map_or(least, |(fit, _)| fit.max(least));
            let heaviest = edges.iter_mut().max_by(|one, other| next(one).total_cmp(&next(other)))?;
            let Some(((other, _), rest)) = heaviest.split_first() else { return best };
            if (self.inside + unseen) * fittest < enough {
                return best;
            }
            *heaviest = rest;
            if self.members.contains(other) {
                continue;
            }
            let fit = self.fitness(
                self.inside + self.towards(*other),
                self.strength + self.graph.strength(*other),
                factor,
            );
            let better = best.is_none_or(|(held, firm)| match fit.total_cmp(&held) {
                Ordering::Greater => true,
                Ordering::Equal => *other < firm,
                Ordering::Less => false,
            });
            if better {
                best = Some((fit, *other));
            }
        }
    }

    fn add(&mut self, firm: u32) {
        self.inside += self.towards(firm);
        self.strength += self.graph.strength(firm);
        self.members.push(firm);
    }

    /// Weight of a firm towards the group.
    fn towards(&self, firm: u32) -> f64 {
        self.members.iter().fold(0.0, |sum, member| sum + self.graph.weight(firm, *member))
    }

    fn factor(&self, size: usize) -> f64 {
        (size as f64).powf(self.beta)
    }

    fn fitness(&self, inside: f64, strength: f64, factor: f64) -> f64 {
        if inside <= 0.0 {
            return 0.0;
        }
        let outside = (strength - 2.0 * inside).max(0.0);
        inside / ((inside + outside).powf(self.alpha) * factor)
    }
}

/// The weight of the next edge.
fn next(edges: &[(u32, f64)]) -> f64 {
    edges.first().map_or(0.0, |(_, weight)| *weight)
}

/// A group by the weight of its edges alone.
struct Group {
    members: Vec<u32>,
    coherence: f64,
    exclusivity: f64,
}

impl Group {
    fn new(members: Vec<u32>, graph: &Graph) -> Self {
        let pairs: Vec<f64> = members
            .iter()
            .flat_map(|one| members.iter().filter(move |other| one < other).map(move |other| (one, other)))
            .map(|(one, other)| graph.weight(*one, *other))
            .collect();
        let inside: f64 = pairs.iter().sum();
        let strength: f64 = members.iter().map(|member| graph.strength(*member)).sum();
        let outside = (strength - 2.0 * inside).max(0.0);
        let mean = inside / pairs.len() as f64;
        let geometric = (pairs.iter().map(|weight| weight.ln()).sum::<f64>() / pairs.len() as f64).exp();
        Self {
            coherence: if mean > 0.0 { geometric / mean } else { 0.0 },
            exclusivity: if inside > 0.0 { inside / (inside + outside) } else { 0.0 },
            members,
        }
    }
}

/// A group that is a hit, with what it did.
struct Ring {
    group: Group,
    joint: i64,
    winners: i64,
}

impl Ring {
    fn new(group: Group, market: &Market) -> Self {
        let mut tenders: Vec<u32> =
            group.members.iter().flat_map(|member| market.attended(*member)).copied().collect();
        tenders.sort_unstable();
        let met: Vec<u32> = tenders
            .chunk_by(|one, other| one == other)
            .filter(|same| same.len() >= 2)
            .filter_map(|same| same.first().copied())
            .collect();
        let won: BTreeSet<u32> = met
            .iter()
            .flat_map(|tender| market.bids(*tender))
            .filter(|bid| bid.won && group.members.binary_search(&bid.firm).is_ok())
            .map(|bid| bid.firm)
            .collect();
        Self { joint: met.len() as i64, winners: won.len() as i64, group }
    }
}

fn table(rings: &[Ring], market: &Market) -> Result<RecordBatch> {
    // Numbers follow the names, so members already stand in the order of names.
    let members = |ring: &Ring| {
        let names: Vec<&str> = ring.group.members.iter().map(|member| market.name(*member)).collect();
        names.join("、")
    };
    let whole =
        |pick: &dyn Fn(&Ring) -> i64| Arc::new(rings.iter().map(pick).collect::<Int64Array>()) as ArrayRef;
    let share =
        |pick: &dyn Fn(&Ring) -> f64| Arc::new(rings.iter().map(pick).collect::<Float64Array>()) as ArrayRef;
    let members: ArrayRef = Arc::new(rings.iter().map(members).map(Some).collect::<StringArray>());
    Ok(RecordBatch::try_from_iter([
        ("members", members),
        ("size", whole(&|ring| ring.group.members.len() as i64)),
        ("tenders", whole(&|ring| ring.joint)),
        ("winners", whole(&|ring| ring.winners)),
        ("coherence", share(&|ring| ring.group.coherence)),
        ("exclusivity", share(&|ring| ring.group.exclusivity)),
    ])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A graph of the edges, each with joint tenders out of ten: few weights, so that many are equal.
    fn graph(edges: &[(u32, u32, u32)]) -> Graph {
        let mut weights = std::collections::BTreeMap::new();
        for (one, other, joint) in edges.iter().filter(|(one, other, _)| one != other) {
            weights.insert((*one.min(other), *one.max(other)), f64::from(*joint) / 10.0);
        }
        let mut near = vec![Vec::new(); 20];
        for ((one, other), weight) in weights {
            near[one as usize].push((other, weight));
            near[other as usize].push((one, weight));
        }
        Graph::new(near)
    }

    /// The best of all firms, each of them asked.
    fn best_of_all(group: &Growing<'_>) -> Option<(f64, u32)> {
        let factor = group.factor(group.members.len() + 1);
        let around = (0..20).filter(|firm| !group.members.contains(firm) && group.towards(*firm) > 0.0);
        let fit = |firm: u32| {
            let strength = group.strength + group.graph.strength(firm);
            (group.fitness(group.inside + group.towards(firm), strength, factor), firm)
        };
        around.map(fit).max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)))
    }

    proptest! {
        #[test]
        fn following_the_heaviest_edges_finds_the_firm_that_asking_all_of_them_finds(
            edges in prop::collection::vec((0_u32..20, 0_u32..20, 1_u32..10), 1..90),
            members in prop::collection::btree_set(0_u32..20, 2..6),
            alpha in 0.5..3.0,
            beta in 0.0..3.0,
            share in 0.0..1.2,
        ) {
            let graph = graph(&edges);
            let mut group = Growing::new(&graph, alpha, beta);
            for member in members {
                group.add(member);
            }
            prop_assume!(group.inside > 0.0);
            let best = best_of_all(&group);
            prop_assert_eq!(group.best(0.0), best);
            // With something to beat, nobody need be found who does not beat it.
            let least = share * best.map_or(1.0, |(fit, _)| fit);
            let beats = |found: Option<(f64, u32)>| found.filter(|(fit, _)| *fit > least);
            prop_assert_eq!(beats(group.best(least)), beats(best));
        }
    }
}
