//! Groups of bidders that keep to themselves: edges weighted by how often two meet (Jaccard), groups grown greedily
//! by `inside / (inside + outside)^α · 1/size^β`, reported with coherence and exclusivity.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use datafusion::arrow::{
    array::{ArrayRef, AsArray as _, Float64Array, Int64Array, RecordBatch, StringArray},
    compute::cast,
    datatypes::DataType,
};

use super::Given;
use crate::{Error, Result};

/// Tenders with more bidders tie nobody to anybody and would cost the square of their number.
const WIDEST: usize = 60;
/// Largest group grown.
const LARGEST: usize = 12;

/// The network: neighbours with the weight of the edge.
type Edges = BTreeMap<u32, BTreeMap<u32, f64>>;

pub(super) fn rings(given: &Given<'_>) -> Result<RecordBatch> {
    let mut bidders = Names::default();
    let mut tenders: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    let mut winners: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for batch in given.table("bids") {
        let (tender, bidder) = (texts(batch, "tender")?, texts(batch, "bidder")?);
        let winner = batch.column_by_name("winner").and_then(|column| column.as_boolean_opt().cloned());
        for (at, (tender, bidder)) in
            tender.as_string::<i32>().iter().zip(bidder.as_string::<i32>()).enumerate()
        {
            let (Some(tender), Some(bidder)) = (tender, bidder) else { continue };
            let bidder = bidders.number(bidder);
            tenders.entry(tender.to_owned()).or_default().insert(bidder);
            if winner.as_ref().is_some_and(|winner| {
                datafusion::arrow::array::Array::is_valid(winner, at) && winner.value(at)
            }) {
                winners.entry(tender.to_owned()).or_default().insert(bidder);
            }
        }
    }
    let edges = edges(&tenders, given.number("meetings") as u32);
    let groups = groups(&edges, given.number("alpha"), given.number("beta"));
    let kept: Vec<Ring> = groups
        .into_iter()
        .map(|members| Ring::new(members, &edges, &tenders, &winners))
        .filter(|ring| {
            ring.coherence >= given.number("coherence") && ring.exclusivity >= given.number("exclusivity")
        })
        .collect();
    table(&kept, &bidders)
}

#[derive(Default)]
struct Names {
    by_name: BTreeMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.by_name.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.by_name.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }

    fn of(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }
}

fn texts(batch: &RecordBatch, name: &str) -> Result<ArrayRef> {
    let column = batch.column_by_name(name).ok_or_else(|| Error::Fault(format!("缺少列 {name}")))?;
    Ok(cast(column, &DataType::Utf8)?)
}

fn edges(tenders: &BTreeMap<String, BTreeSet<u32>>, meetings: u32) -> Edges {
    let mut together: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut appearances: BTreeMap<u32, u32> = BTreeMap::new();
    for bidders in tenders.values() {
        for bidder in bidders {
            *appearances.entry(*bidder).or_default() += 1;
        }
        if bidders.len() > WIDEST {
            continue;
        }
        for (at, one) in bidders.iter().enumerate() {
            for other in bidders.iter().skip(at + 1) {
                *together.entry((*one, *other)).or_default() += 1;
            }
        }
    }
    let mut edges = Edges::new();
    let count = |bidder: u32| appearances.get(&bidder).copied().unwrap_or_default();
    for ((one, other), joint) in together.into_iter().filter(|(_, joint)| *joint >= meetings.max(1)) {
        let weight = f64::from(joint) / f64::from(count(one) + count(other) - joint);
        edges.entry(one).or_default().insert(other, weight);
        edges.entry(other).or_default().insert(one, weight);
    }
    edges
}

/// Weight inside a group and on the edges that leave it.
fn weights(members: &BTreeSet<u32>, edges: &Edges) -> (f64, f64) {
    let (mut inside, mut outside) = (0.0, 0.0);
    for (other, weight) in members.iter().filter_map(|member| edges.get(member)).flatten() {
        if members.contains(other) { inside += weight / 2.0 } else { outside += weight }
    }
    (inside, outside)
}

fn fitness(members: &BTreeSet<u32>, edges: &Edges, alpha: f64, beta: f64) -> f64 {
    let (inside, outside) = weights(members, edges);
    if inside <= 0.0 {
        0.0
    } else {
        inside / ((inside + outside).powf(alpha) * (members.len() as f64).powf(beta))
    }
}

/// Grows a group from the heaviest edge of every bidder; equal groups count once.
fn groups(edges: &Edges, alpha: f64, beta: f64) -> Vec<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
    for (bidder, neighbours) in edges {
        let Some((nearest, _)) = neighbours.iter().max_by(|one, other| one.1.total_cmp(other.1)) else {
            continue;
        };
        let mut members = BTreeSet::from([*bidder, *nearest]);
        let mut held = fitness(&members, edges, alpha, beta);
        while members.len() < LARGEST {
            let around: BTreeSet<u32> = members
                .iter()
                .filter_map(|member| edges.get(member))
                .flat_map(BTreeMap::keys)
                .filter(|other| !members.contains(other))
                .copied()
                .collect();
            let best = around
                .into_iter()
                .map(|other| {
                    let mut larger = members.clone();
                    larger.insert(other);
                    (fitness(&larger, edges, alpha, beta), other)
                })
                .max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
            match best {
                // A group of two may pass through a worse one: three are the smallest that matter.
                Some((fit, other)) if fit > held || members.len() < 3 => {
                    members.insert(other);
                    held = fit;
                }
                _ => break,
            }
        }
        if members.len() >= 3 {
            found.insert(members);
        }
    }
    found.into_iter().collect()
}

struct Ring {
    members: BTreeSet<u32>,
    coherence: f64,
    exclusivity: f64,
    joint: i64,
    winners: i64,
}

impl Ring {
    fn new(
        members: BTreeSet<u32>,
        edges: &Edges,
        tenders: &BTreeMap<String, BTreeSet<u32>>,
        wins: &BTreeMap<String, BTreeSet<u32>>,
    ) -> Self {
        let (inside, outside) = weights(&members, edges);
        let pairs: Vec<f64> = members
            .iter()
            .flat_map(|one| members.iter().filter(move |other| one < other).map(move |other| (one, other)))
            .map(|(one, other)| edges.get(one).and_then(|near| near.get(other)).copied().unwrap_or_default())
            .collect();
        let mean = pairs.iter().sum::<f64>() / pairs.len() as f64;
        let geometric = (pairs.iter().map(|weight| weight.ln()).sum::<f64>() / pairs.len() as f64).exp();
        let met: Vec<&String> = tenders
            .iter()
            .filter(|(_, bidders)| bidders.intersection(&members).count() >= 2)
            .map(|(tender, _)| tender)
            .collect();
        let won: BTreeSet<u32> = met
            .iter()
            .filter_map(|tender| wins.get(*tender))
            .flatten()
            .filter(|winner| members.contains(winner))
            .copied()
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

fn table(rings: &[Ring], names: &Names) -> Result<RecordBatch> {
    let members = |ring: &Ring| {
        let mut names: Vec<&str> = ring.members.iter().map(|member| names.of(*member)).collect();
        names.sort_unstable();
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
