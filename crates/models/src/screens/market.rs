//! Who bid where, and who met whom how often: what screens of the market of bidders have in common.

use datafusion::arrow::{
    array::{Array as _, AsArray as _, Int64Array, RecordBatch},
    datatypes::Int64Type,
};

use super::Given;
use crate::{Error, Result};

/// Tenders with more bidders tie nobody to anybody and would cost the square of their number.
const WIDEST: usize = 60;
/// Pairs of bidders that are counted at a time.
const PAIRS: usize = 8_000_000;

/// Who bid where. Firms are numbered in the order of names, so that the order of rows changes nothing.
pub(super) struct Market {
    pub(super) firms: Vec<String>,
    /// Firms of each tender, ascending.
    bids: Lists<Bid>,
    /// Tenders of each firm, ascending.
    attended: Lists<u32>,
}

/// A firm in a tender.
#[derive(Clone, Copy, Default)]
pub(super) struct Bid {
    pub(super) firm: u32,
    pub(super) won: bool,
}

/// How often two firms met; `one` stands before `other` in the order of names.
pub(super) struct Meeting {
    pub(super) one: u32,
    pub(super) other: u32,
    pub(super) joint: u32,
}

impl Market {
    pub(super) fn read(given: &Given<'_>) -> Result<Self> {
        let (firms, places) = names(given.table("bids_bidder"))?;
        // A bid in one number, which sorts by tender, firm and winners first.
        let mut packed: Vec<u64> = Vec::new();
        for batch in given.table("bids_numbered") {
            let (tender, bidder) = (whole(batch, "tender_no")?, whole(batch, "bidder_no")?);
            let winner = batch.column_by_name("winner").and_then(|column| column.as_boolean_opt());
            let lost = |at: usize| !winner.is_some_and(|winner| winner.is_valid(at) && winner.value(at));
            for (at, (tender, bidder)) in tender.iter().zip(bidder.iter()).enumerate() {
                let firm = bidder.and_then(|bidder| places.get(bidder as usize));
                if let (Some(tender), Some(firm)) = (tender, firm) {
                    packed.push((tender as u64) << 32 | u64::from(*firm) << 1 | u64::from(lost(at)));
                }
            }
        }
        // A firm that is named twice in a tender counts once, as winner when one of its rows says so.
        packed.sort_unstable();
        packed.dedup_by_key(|bid| *bid >> 1);
        let tenders = packed.last().map_or(0, |bid| (bid >> 32) as usize + 1);
        let unpacked = |bid: &u64| {
            let (tender, firm) = ((bid >> 32) as u32, (*bid as u32) >> 1);
            (tender, Bid { firm, won: bid & 1 == 0 })
        };
        let bids = Lists::new(tenders, packed.iter().map(unpacked));
        let attended =
            Lists::new(firms.len(), packed.iter().map(unpacked).map(|(tender, bid)| (bid.firm, tender)));
        Ok(Self { firms, bids, attended })
    }

    pub(super) fn name(&self, firm: u32) -> &str {
        self.firms.get(firm as usize).map_or("", String::as_str)
    }

    pub(super) fn bids(&self, tender: u32) -> &[Bid] {
        self.bids.of(tender)
    }

    pub(super) fn attended(&self, firm: u32) -> &[u32] {
        self.attended.of(firm)
    }

    /// How many tenders anybody bid in.
    pub(super) fn tenders(&self) -> usize {
        self.bids.iter().filter(|bids| !bids.is_empty()).count()
    }

    /// Firms that met in at least `least` tenders, ascending.
    pub(super) fn meetings(&self, least: u32) -> Vec<Meeting> {
        let narrow = || self.bids.iter().filter(|bids| bids.len() <= WIDEST);
        let all: usize = narrow().map(|bids| bids.len() * bids.len().saturating_sub(1) / 2).sum();
        // A list of all pairs of all tenders is longer than the file: it is gone through in shares.
        let shares = (all / PAIRS + 1) as u32;
        let (mut found, mut together) = (Vec::new(), Vec::new());
        for share in 0..shares {
            together.clear();
            for bids in narrow() {
                for (at, one) in bids.iter().enumerate().filter(|(_, one)| one.firm % shares == share) {
                    let others = bids.iter().skip(at + 1);
                    together.extend(others.map(|other| u64::from(one.firm) << 32 | u64::from(other.firm)));
                }
            }
            together.sort_unstable();
            let meetings = together.chunk_by(|one, other| one == other).filter_map(|met| {
                let (pair, joint) = (met.first()?, met.len() as u32);
                let meeting = Meeting { one: (pair >> 32) as u32, other: *pair as u32, joint };
                (joint >= least.max(1)).then_some(meeting)
            });
            found.extend(meetings);
        }
        found.sort_unstable_by_key(|meeting| (meeting.one, meeting.other));
        found
    }
}

/// Many short lists in one piece: a list of its own for each of millions of tenders takes more room than what it holds.
struct Lists<T> {
    starts: Vec<usize>,
    held: Vec<T>,
}

impl<T: Copy + Default> Lists<T> {
    /// So many lists of what `items` say, each item in the list of its number; their order stays.
    fn new(lists: usize, items: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut ends = vec![0; lists + 1];
        for (list, _) in items.clone() {
            if let Some(count) = ends.get_mut(list as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut held = vec![T::default(); sum];
        let mut next = ends.clone();
        for (list, item) in items {
            let Some(next) = next.get_mut(list as usize) else { continue };
            if let Some(place) = held.get_mut(*next) {
                *place = item;
            }
            *next += 1;
        }
        Self { starts: ends, held }
    }

    fn of(&self, list: u32) -> &[T] {
        let at = list as usize;
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else { return &[] };
        self.held.get(*start..*end).unwrap_or_default()
    }

    fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.starts.len().saturating_sub(1) as u32).map(|list| self.of(list))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn market(bids: &[(u32, u32)], firms: usize) -> Market {
        let bid = |(tender, firm): (u32, u32)| (tender, Bid { firm, won: false });
        let tenders = bids.iter().map(|(tender, _)| *tender as usize + 1).max().unwrap_or_default();
        Market {
            firms: (0..firms).map(|firm| firm.to_string()).collect(),
            bids: Lists::new(tenders, bids.iter().copied().map(bid)),
            attended: Lists::new(firms, bids.iter().map(|(tender, firm)| (*firm, *tender))),
        }
    }

    #[test]
    fn two_firms_meet_where_both_bid_and_a_tender_with_everybody_in_it_ties_nobody() {
        let mut bids = vec![(0, 0), (0, 2), (1, 0), (1, 1), (1, 2), (3, 2)];
        bids.extend((0..61).map(|firm| (4, firm)));
        let market = market(&bids, 61);
        let met: Vec<(u32, u32, u32)> =
            market.meetings(1).iter().map(|met| (met.one, met.other, met.joint)).collect();
        assert_eq!(met, [(0, 1, 1), (0, 2, 2), (1, 2, 1)]);
        assert_eq!(market.meetings(2).len(), 1);
        assert_eq!((market.tenders(), market.attended(2)), (4, &[0, 1, 3, 4][..]));
    }
}
