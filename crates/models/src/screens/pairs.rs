//! Two bidders that meet far more often than by chance: standard score of the hypergeometric distribution.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

use super::{
    Given,
    market::{Market, Meeting},
};
use crate::Result;

struct Pair {
    meeting: Meeting,
    first: f64,
    second: f64,
    chance: f64,
    z: f64,
}

pub(super) fn pairs(given: &Given<'_>) -> Result<RecordBatch> {
    let market = Market::read(given)?;
    let tenders = market.tenders() as f64;
    let least = given.number("z");
    let found: Vec<Pair> = market
        .meetings(given.number("joint") as u32)
        .into_iter()
        .filter_map(|meeting| Pair::new(meeting, &market, tenders))
        .filter(|pair| pair.z >= least)
        .collect();
    table(&found, &market)
}

impl Pair {
    /// None for a firm that bids in every tender: it meets everybody, and no chance is left.
    fn new(meeting: Meeting, market: &Market, tenders: f64) -> Option<Self> {
        let count = |firm: u32| market.attended(firm).len() as f64;
        let (first, second) = (count(meeting.one), count(meeting.other));
        if first >= tenders || second >= tenders {
            return None;
        }
        let chance = first * second / tenders;
        let spread =
            first * second * (tenders - first) * (tenders - second) / (tenders * tenders * (tenders - 1.0));
        let z = (f64::from(meeting.joint) - chance) / spread.sqrt();
        Some(Self { meeting, first, second, chance, z })
    }
}

fn table(pairs: &[Pair], market: &Market) -> Result<RecordBatch> {
    // Numbers follow the names, so the two of a pair already stand in the order of names.
    let name = |pick: &dyn Fn(&Pair) -> u32| {
        Arc::new(pairs.iter().map(|pair| Some(market.name(pick(pair)))).collect::<StringArray>()) as ArrayRef
    };
    let whole =
        |pick: &dyn Fn(&Pair) -> i64| Arc::new(pairs.iter().map(pick).collect::<Int64Array>()) as ArrayRef;
    let number =
        |pick: &dyn Fn(&Pair) -> f64| Arc::new(pairs.iter().map(pick).collect::<Float64Array>()) as ArrayRef;
    Ok(RecordBatch::try_from_iter([
        ("one", name(&|pair| pair.meeting.one)),
        ("other", name(&|pair| pair.meeting.other)),
        ("joint", whole(&|pair| i64::from(pair.meeting.joint))),
        ("first", whole(&|pair| pair.first as i64)),
        ("second", whole(&|pair| pair.second as i64)),
        ("chance", number(&|pair| pair.chance)),
        ("z", number(&|pair| pair.z)),
    ])?)
}
