//! Groups of bidders that keep to themselves: edges weighted by how often two meet (Jaccard), groups grown greedily
//! by `inside / (inside + outside)^α · 1/size^β`, reported with coherence and exclusivity.

use std::{cmp::Ordering, collections::BTreeSet, sync::Arc};

use datafusion::arrow::{
    array::{Array as _, ArrayRef, AsArray as _, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::Int64Type,
};

use super::Given;
use crate::{Error, Result};

/// Tenders with more bidders tie nobody to anybody and would cost the square of their number.
const WIDEST: usize = 60;
/// Largest group grown.
const LARGEST: usize = 12;

pub(super) fn rings(given: &Given<'_>) -> Result<RecordBatch> {
    let market = Market::read(given)?;
    let graph = Graph::of(&market, given.number("meetings") as u32);
    let groups = graph.groups(given.number("alpha"), given.number("beta"));
    let kept: Vec<Ring> = groups
        .into_iter()
        .map(|members| Ring::new(members, &graph, &market))
        .filter(|ring| {
            ring.coherence >= given.number("coherence") && ring.exclusivity >= given.number("exclusivity")
        })
        .collect();
    table(&kept, &market.firms)
}

/// Who bid where. Firms are numbered in the order of names, so that the order of rows changes nothing.
struct Market {
    firms: Vec<String>,
    /// Bidders of each tender and whether they won, ascending.
    tenders: Vec<Vec<(u32, bool)>>,
    /// Tenders of each firm, ascending.
    attended: Vec<Vec<u32>>,
}

impl Market {
    fn read(given: &Given<'_>) -> Result<Self> {
        let (firms, places) = names(given.table("bids_bidder"))?;
        let mut bids: Vec<(u32, u32, bool)> = Vec::new();
        for batch in given.table("bids_numbered") {
            let (tender, bidder) = (whole(batch, "tender_no")?, whole(batch, "bidder_no")?);
            let winner = batch.column_by_name("winner").and_then(|column| column.as_boolean_opt());
            let won = |at: usize| winner.is_some_and(|winner| winner.is_valid(at) && winner.value(at));
            for (at, (tender, bidder)) in tender.iter().zip(bidder.iter()).enumerate() {
                let firm = bidder.and_then(|bidder| places.get(bidder as usize));
                if let (Some(tender), Some(firm)) = (tender, firm) {
                    bids.push((tender as u32, *firm, won(at)));
                }
            }
        }
        // A firm that is named twice in a tender counts once, as winner when one of its rows says so.
        bids.sort_unstable_by_key(|(tender, firm, won)| (*tender, *firm, !won));
        bids.dedup_by_key(|(tender, firm, _)| (*tender, *firm));
        let tenders = bids.last().map_or(0, |(tender, ..)| *tender as usize + 1);
        let mut market =
            Self { attended: vec![Vec::new(); firms.len()], tenders: vec![Vec::new(); tenders], firms };
        for (tender, firm, won) in bids {
            if let Some(held) = market.tenders.get_mut(tender as usize) {
                held.push((firm, won));
            }
            if let Some(held) = market.attended.get_mut(firm as usize) {
                held.push(tender);
            }
        }
        Ok(market)
    }

    fn attended(&self, firm: u32) -> &[u32] {
        self.attended.get(firm as usize).map_or(&[], Vec::as_slice)
    }
}

/// The names in order, and the place among them of each number.
fn names(batches: &[RecordBatch]) -> Result<(Vec<String>, Vec<u32>)> {
    let mut named: Vec<(String, usize)> = Vec::new();
    for batch in batches {
        let numbers = whole(batch, "bidder_no")?;
        let column = batch.column_by_name("bidder").and_then(|column| column.as_string_opt::<i32>());
        let names = column.ok_or_else(|| Error::Fault(String::from("缺少列 bidder")))?;
        let both = names.iter().zip(numbers.iter());
        named.extend(both.filter_map(|(name, number)| Some((name?.to_owned(), number? as usize))));
    }
    named.sort_unstable();
    let mut places = vec![0; named.len()];
    for (place, (_, number)) in named.iter().enumerate() {
        if let Some(held) = places.get_mut(*number) {
            *held = place as u32;
        }
    }
    Ok((named.into_iter().map(|(name, _)| name).collect(), places))
}

fn whole<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a Int64Array> {
    let column = batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<Int64Type>());
    column.ok_or_else(|| Error::Fault(format!("缺少列 {name}")))
}

/// Firms with the weight of their edges, neighbours ascending.
struct Graph {
    near: Vec<Vec<(u32, f64)>>,
    /// Weight of all edges of a firm.
    strength: Vec<f64>,
}

impl Graph {
    fn of(market: &Market, meetings: u32) -> Self {
        let mut together: Vec<u64> = Vec::new();
        for bidders in market.tenders.iter().filter(|bidders| bidders.len() <= WIDEST) {
            for (at, (one, _)) in bidders.iter().enumerate() {
                let others = bidders.iter().skip(at + 1);
                together.extend(others.map(|(other, _)| u64::from(*one) << 32 | u64::from(*other)));
            }
        }
        together.sort_unstable();
        let mut near: Vec<Vec<(u32, f64)>> = vec![Vec::new(); market.firms.len()];
        for met in together.chunk_by(|one, other| one == other) {
            let joint = met.len() as u32;
            let (Some(pair), true) = (met.first(), joint >= meetings.max(1)) else { continue };
            let (one, other) = ((pair >> 32) as u32, *pair as u32);
            let count = |firm: u32| market.attended(firm).len() as u32;
            let weight = f64::from(joint) / f64::from(count(one) + count(other) - joint);
            for (firm, met) in [(one, other), (other, one)] {
                if let Some(neighbours) = near.get_mut(firm as usize) {
                    neighbours.push((met, weight));
                }
            }
        }
        for neighbours in &mut near {
            neighbours.sort_unstable_by_key(|(firm, _)| *firm);
        }
        let sum = |neighbours: &Vec<(u32, f64)>| neighbours.iter().map(|(_, weight)| weight).sum();
        let strength = near.iter().map(sum).collect();
        Self { near, strength }
    }

    fn near(&self, firm: u32) -> &[(u32, f64)] {
        self.near.get(firm as usize).map_or(&[], Vec::as_slice)
    }

    fn strength(&self, firm: u32) -> f64 {
        self.strength.get(firm as usize).copied().unwrap_or_default()
    }

    fn weight(&self, one: u32, other: u32) -> f64 {
        let near = self.near(one);
        let found = near.binary_search_by_key(&other, |(firm, _)| *firm).ok().and_then(|at| near.get(at));
        found.map_or(0.0, |(_, weight)| *weight)
    }

    /// Grows a group from the heaviest edge of every bidder; equal groups count once.
    fn groups(&self, alpha: f64, beta: f64) -> Vec<BTreeSet<u32>> {
        let mut found = BTreeSet::new();
        let mut growing = Growing::new(self, alpha, beta);
        for (bidder, neighbours) in self.near.iter().enumerate() {
            let nearest = neighbours.iter().max_by(|one, other| one.1.total_cmp(&other.1));
            if let Some((nearest, _)) = nearest {
                let members = growing.grown(bidder as u32, *nearest);
                if members.len() >= 3 {
                    found.insert(members);
                }
            }
        }
        found.into_iter().collect()
    }
}

/// A group on its way, one after the other in the same space.
struct Growing<'a> {
    graph: &'a Graph,
    alpha: f64,
    beta: f64,
    members: BTreeSet<u32>,
    inside: f64,
    /// Weight of all edges of the members; those inside count twice.
    strength: f64,
    /// Weight of each firm towards the group; nothing for who has none.
    towards: Vec<f64>,
    /// Firms with a weight, members among them.
    around: Vec<u32>,
}

impl<'a> Growing<'a> {
    fn new(graph: &'a Graph, alpha: f64, beta: f64) -> Self {
        let towards = vec![0.0; graph.near.len()];
        let (members, around) = (BTreeSet::new(), Vec::new());
        Self { graph, alpha, beta, members, inside: 0.0, strength: 0.0, towards, around }
    }

    fn grown(&mut self, bidder: u32, nearest: u32) -> BTreeSet<u32> {
        self.add(bidder);
        self.add(nearest);
        let mut held = self.fitness(self.inside, self.strength, self.factor(2));
        while self.members.len() < LARGEST {
            match self.best() {
                // A group of two may pass through a worse one: three are the smallest that matter.
                Some((fit, other)) if fit > held || self.members.len() < 3 => {
                    self.add(other);
                    held = fit;
                }
                _ => break,
            }
        }
        self.taken()
    }

    /// The firm with which the group is fittest, of equally good ones the first.
    fn best(&self) -> Option<(f64, u32)> {
        let factor = self.factor(self.members.len() + 1);
        let mut best: Option<(f64, u32)> = None;
        let (mut heaviest, mut lightest) = (0.0, f64::INFINITY);
        for other in &self.around {
            let (weight, strength) = (self.towards(*other), self.graph.strength(*other));
            // Less inside and more outside than the best has: powers need not be taken. A firm that bids everywhere has
            // all others around it, and this is asked of each of them at every step.
            if (weight < heaviest && strength > lightest) || self.members.contains(other) {
                continue;
            }
            let fit = self.fitness(self.inside + weight, self.strength + strength, factor);
            let better = best.is_none_or(|(held, firm)| match fit.total_cmp(&held) {
                Ordering::Greater => true,
                Ordering::Equal => *other < firm,
                Ordering::Less => false,
            });
            if better {
                best = Some((fit, *other));
                (heaviest, lightest) = (weight, strength);
            }
        }
        best
    }

    fn add(&mut self, firm: u32) {
        self.inside += self.towards(firm);
        self.strength += self.graph.strength(firm);
        self.members.insert(firm);
        for (other, weight) in self.graph.near(firm) {
            if let Some(towards) = self.towards.get_mut(*other as usize) {
                if *towards == 0.0 {
                    self.around.push(*other);
                }
                *towards += weight;
            }
        }
    }

    /// The members, with the space left clean for the next group.
    fn taken(&mut self) -> BTreeSet<u32> {
        for firm in self.around.drain(..) {
            if let Some(towards) = self.towards.get_mut(firm as usize) {
                *towards = 0.0;
            }
        }
        (self.inside, self.strength) = (0.0, 0.0);
        std::mem::take(&mut self.members)
    }

    fn towards(&self, firm: u32) -> f64 {
        self.towards.get(firm as usize).copied().unwrap_or_default()
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

struct Ring {
    members: BTreeSet<u32>,
    coherence: f64,
    exclusivity: f64,
    joint: i64,
    winners: i64,
}

impl Ring {
    fn new(members: BTreeSet<u32>, graph: &Graph, market: &Market) -> Self {
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
        let mut tenders: Vec<u32> =
            members.iter().flat_map(|member| market.attended(*member)).copied().collect();
        tenders.sort_unstable();
        let met: Vec<u32> = tenders
            .chunk_by(|one, other| one == other)
            .filter(|same| same.len() >= 2)
            .filter_map(|same| same.first().copied())
            .collect();
        let won: BTreeSet<u32> = met
            .iter()
            .filter_map(|tender| market.tenders.get(*tender as usize))
            .flatten()
            .filter(|(firm, won)| *won && members.contains(firm))
            .map(|(firm, _)| *firm)
            .collect();
        Self {
            coherence: if mean > 0.0 { geometric / mean } else { 0.0 },
            exclusivity: if inside > 0.0 { inside / (inside + outside) } else { 0.0 },
            joint: met.len() as i64,
            winners: won.len() as i64,
            members,
        }
    }
}

fn table(rings: &[Ring], firms: &[String]) -> Result<RecordBatch> {
    // Numbers follow the names, so members already stand in the order of names.
    let members = |ring: &Ring| {
        let names: Vec<&str> = ring
            .members
            .iter()
            .map(|member| firms.get(*member as usize).map_or("", String::as_str))
            .collect();
        names.join("、")
    };
    let whole =
        |pick: &dyn Fn(&Ring) -> i64| Arc::new(rings.iter().map(pick).collect::<Int64Array>()) as ArrayRef;
    let share =
        |pick: &dyn Fn(&Ring) -> f64| Arc::new(rings.iter().map(pick).collect::<Float64Array>()) as ArrayRef;
    let members: ArrayRef = Arc::new(rings.iter().map(members).map(Some).collect::<StringArray>());
    Ok(RecordBatch::try_from_iter([
        ("members", members),
        ("size", whole(&|ring| ring.members.len() as i64)),
        ("tenders", whole(&|ring| ring.joint)),
        ("winners", whole(&|ring| ring.winners)),
        ("coherence", share(&|ring| ring.coherence)),
        ("exclusivity", share(&|ring| ring.exclusivity)),
    ])?)
}
