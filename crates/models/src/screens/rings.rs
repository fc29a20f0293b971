//! Groups of bidders that keep to themselves: edges weighted by how often two meet (Jaccard), groups grown greedily
//! by `inside / (inside + outside)^α · 1/size^β`, reported with coherence and exclusivity.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use datafusion::arrow::{
    array::{Array as _, ArrayRef, AsArray as _, Float64Array, Int64Array, RecordBatch, StringArray},
    compute::cast,
    datatypes::DataType,
};

use super::Given;
use crate::{Error, Result};

/// Tenders with more bidders tie nobody to anybody and would cost the square of their number.
const WIDEST: usize = 60;
/// Largest group grown.
const LARGEST: usize = 12;

pub(super) fn rings(given: &Given<'_>) -> Result<RecordBatch> {
    let market = Market::read(given.table("bids"))?;
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

/// Who bid where, by numbers in the order of names, so that the order of rows changes nothing.
struct Market {
    firms: Vec<String>,
    /// Bidders of each tender and whether they won, ascending.
    tenders: Vec<Vec<(u32, bool)>>,
    /// Tenders of each firm, ascending.
    attended: Vec<Vec<u32>>,
}

#[derive(Default)]
struct Names(HashMap<String, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = self.0.len() as u32;
        self.0.insert(name.to_owned(), number);
        number
    }

    /// The names in order, and the place of each number among them.
    fn sorted(self) -> (Vec<String>, Vec<u32>) {
        let mut named: Vec<(String, u32)> = self.0.into_iter().collect();
        named.sort_unstable();
        let mut places = vec![0; named.len()];
        for (place, (_, number)) in named.iter().enumerate() {
            if let Some(held) = places.get_mut(*number as usize) {
                *held = place as u32;
            }
        }
        (named.into_iter().map(|(name, _)| name).collect(), places)
    }
}

impl Market {
    fn read(batches: &[RecordBatch]) -> Result<Self> {
        let (mut firms, mut tenders) = (Names::default(), Names::default());
        let mut bids: Vec<(u32, u32, bool)> = Vec::new();
        // Rows of the same tender mostly follow one another.
        let (mut last, mut number) = (String::new(), None);
        for batch in batches {
            let (tender, bidder) = (texts(batch, "tender")?, texts(batch, "bidder")?);
            let winner = batch.column_by_name("winner").and_then(|column| column.as_boolean_opt());
            let won = |at: usize| winner.is_some_and(|winner| winner.is_valid(at) && winner.value(at));
            let rows = tender.as_string::<i32>().iter().zip(bidder.as_string::<i32>());
            for (at, (tender, bidder)) in rows.enumerate() {
                if let (Some(tender), Some(bidder)) = (tender, bidder) {
                    let known = number.filter(|_| last == tender);
                    let tender_number = known.unwrap_or_else(|| tenders.number(tender));
                    if known.is_none() {
                        tender.clone_into(&mut last);
                        number = Some(tender_number);
                    }
                    bids.push((tender_number, firms.number(bidder), won(at)));
                }
            }
        }
        let ((firms, firm_places), (names, tender_places)) = (firms.sorted(), tenders.sorted());
        let place = |places: &[u32], number: u32| places.get(number as usize).copied().unwrap_or_default();
        for (tender, firm, _) in &mut bids {
            (*tender, *firm) = (place(&tender_places, *tender), place(&firm_places, *firm));
        }
        // A firm that is named twice in a tender counts once, as winner when one of its rows says so.
        bids.sort_unstable_by_key(|(tender, firm, won)| (*tender, *firm, !won));
        bids.dedup_by_key(|(tender, firm, _)| (*tender, *firm));
        let mut market =
            Self { attended: vec![Vec::new(); firms.len()], tenders: vec![Vec::new(); names.len()], firms };
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

fn texts(batch: &RecordBatch, name: &str) -> Result<ArrayRef> {
    let column = batch.column_by_name(name).ok_or_else(|| Error::Fault(format!("缺少列 {name}")))?;
    Ok(cast(column, &DataType::Utf8)?)
}

/// Firms with the weight of their edges, neighbours ascending.
struct Graph {
    near: BTreeMap<u32, Vec<(u32, f64)>>,
    /// Weight of all edges of a firm.
    strength: BTreeMap<u32, f64>,
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
        let mut near: BTreeMap<u32, Vec<(u32, f64)>> = BTreeMap::new();
        for met in together.chunk_by(|one, other| one == other) {
            let joint = met.len() as u32;
            let (Some(pair), true) = (met.first(), joint >= meetings.max(1)) else { continue };
            let (one, other) = ((pair >> 32) as u32, *pair as u32);
            let count = |firm: u32| market.attended(firm).len() as u32;
            let weight = f64::from(joint) / f64::from(count(one) + count(other) - joint);
            near.entry(one).or_default().push((other, weight));
            near.entry(other).or_default().push((one, weight));
        }
        for neighbours in near.values_mut() {
            neighbours.sort_unstable_by_key(|(firm, _)| *firm);
        }
        let sum = |neighbours: &Vec<(u32, f64)>| neighbours.iter().map(|(_, weight)| weight).sum();
        let strength = near.iter().map(|(firm, neighbours)| (*firm, sum(neighbours))).collect();
        Self { near, strength }
    }

    fn near(&self, firm: u32) -> &[(u32, f64)] {
        self.near.get(&firm).map_or(&[], Vec::as_slice)
    }

    fn weight(&self, one: u32, other: u32) -> f64 {
        let near = self.near(one);
        let found = near.binary_search_by_key(&other, |(firm, _)| *firm).ok().and_then(|at| near.get(at));
        found.map_or(0.0, |(_, weight)| *weight)
    }

    /// Grows a group from the heaviest edge of every bidder; equal groups count once.
    fn groups(&self, alpha: f64, beta: f64) -> Vec<BTreeSet<u32>> {
        let mut found = BTreeSet::new();
        for (bidder, neighbours) in &self.near {
            let nearest = neighbours.iter().max_by(|one, other| one.1.total_cmp(&other.1));
            if let Some((nearest, _)) = nearest {
                let members =
                    self.grown(*bidder, *nearest, &|growing: &Growing| growing.fitness(alpha, beta));
                if members.len() >= 3 {
                    found.insert(members);
                }
            }
        }
        found.into_iter().collect()
    }

    fn grown(&self, bidder: u32, nearest: u32, fitness: &dyn Fn(&Growing) -> f64) -> BTreeSet<u32> {
        let mut group = Growing::default();
        group.add(bidder, self);
        group.add(nearest, self);
        let mut held = fitness(&group);
        while group.members.len() < LARGEST {
            let with = |other: u32, weight: f64| fitness(&group.with(other, weight, self));
            let best = group
                .around
                .iter()
                .map(|(other, weight)| (with(*other, *weight), *other))
                .max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
            match best {
                // A group of two may pass through a worse one: three are the smallest that matter.
                Some((fit, other)) if fit > held || group.members.len() < 3 => {
                    group.add(other, self);
                    held = fit;
                }
                _ => break,
            }
        }
        group.members
    }
}

/// A group on its way.
#[derive(Default)]
struct Growing {
    members: BTreeSet<u32>,
    size: usize,
    inside: f64,
    /// Weight of all edges of the members; those inside count twice.
    strength: f64,
    /// Neighbours with their weight towards the group.
    around: BTreeMap<u32, f64>,
}

impl Growing {
    fn add(&mut self, firm: u32, graph: &Graph) {
        self.inside += self.around.remove(&firm).unwrap_or_default();
        self.strength += graph.strength.get(&firm).copied().unwrap_or_default();
        self.size += 1;
        self.members.insert(firm);
        for (other, weight) in graph.near(firm) {
            if !self.members.contains(other) {
                *self.around.entry(*other).or_default() += weight;
            }
        }
    }

    /// As it would be with one more, for its fitness alone.
    fn with(&self, firm: u32, weight: f64, graph: &Graph) -> Self {
        Self {
            size: self.size + 1,
            inside: self.inside + weight,
            strength: self.strength + graph.strength.get(&firm).copied().unwrap_or_default(),
            ..Self::default()
        }
    }

    fn outside(&self) -> f64 {
        (self.strength - 2.0 * self.inside).max(0.0)
    }

    fn fitness(&self, alpha: f64, beta: f64) -> f64 {
        if self.inside <= 0.0 {
            return 0.0;
        }
        self.inside / ((self.inside + self.outside()).powf(alpha) * (self.size as f64).powf(beta))
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
        let strength: f64 = members.iter().filter_map(|member| graph.strength.get(member)).sum();
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
