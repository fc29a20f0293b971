//! Markets made up from a seed: honest bidders who compete, and rings whose members take turns, cover each other with
//! higher bids or hide among honest bidders. For tests and measurements; no bidder or tender is real.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// How a market is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Market {
    /// How many tenders.
    pub tenders: usize,
    /// How many honest firms.
    pub firms: usize,
    /// How many rings of three to six members.
    pub rings: usize,
    /// Share of the tenders that a ring takes for itself.
    pub rigged: f64,
    /// Mean number of bidders.
    pub bidders: usize,
    /// Where everything comes from.
    pub seed: u64,
}

impl Default for Market {
    fn default() -> Self {
        Self { tenders: 1_000, firms: 200, rings: 8, rigged: 0.15, bidders: 5, seed: 1 }
    }
}

/// A bid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bid {
    /// The bidder's number; members of rings come after the honest firms.
    pub bidder: usize,
    /// The amount in fen.
    pub fen: u64,
    /// Whether it won.
    pub won: bool,
}

/// A tender.
#[derive(Clone, Debug, PartialEq)]
pub struct Tender {
    /// Its number.
    pub number: usize,
    /// The ring that took it.
    pub ring: Option<usize>,
    /// The ceiling in fen.
    pub ceiling: u64,
    /// The bids.
    pub bids: Vec<Bid>,
}

/// The most members of a ring.
const MEMBERS: usize = 6;

impl Market {
    /// The tenders one after the other.
    pub fn tenders(self) -> impl Iterator<Item = Tender> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        (0..self.tenders).map(move |number| self.tender(number, &mut random))
    }

    /// The whole market as csv: tender, bidder, bid, winner, ceiling, collusive, ring.
    pub fn csv(self) -> String {
        let mut text = String::from("标段,投标人,报价,中标,控制价,已确认,案件\n");
        for tender in self.tenders() {
            self.rows(&tender, &mut text);
        }
        text
    }

    /// The rows of one tender.
    pub fn rows(self, tender: &Tender, text: &mut String) {
        use std::fmt::Write as _;
        let ring = tender.ring.map_or_else(String::new, |ring| format!("案件{ring}"));
        for bid in &tender.bids {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "T{},企业{},{}.{:02},{},{},{},{ring}",
                tender.number,
                bid.bidder,
                bid.fen / 100,
                bid.fen % 100,
                u8::from(bid.won),
                tender.ceiling / 100,
                u8::from(tender.ring.is_some()),
            );
        }
    }

    fn tender(self, number: usize, random: &mut ChaCha8Rng) -> Tender {
        let cost = (12.0 + 3.0 * random.random::<f64>()).exp() * 10.0;
        let count = (self.bidders + random.random_range(0..5)).saturating_sub(2).max(2);
        let ring = (self.rings > 0 && random.random::<f64>() < self.rigged)
            .then(|| random.random_range(0..self.rings));
        let mut bids = match ring {
            Some(ring) => self.rigged_bids(number, ring, cost, count, random),
            None => Vec::new(),
        };
        while bids.len() < count {
            // Some firms bid far more often than others.
            let bidder = (self.firms as f64 * random.random::<f64>().powi(2)) as usize;
            if bids.iter().all(|held: &(usize, f64)| held.0 != bidder) || self.firms < count {
                bids.push((bidder, cost * (1.08 + 0.09 * normal(random)).max(0.8)));
            }
        }
        let lowest = bids.iter().map(|(_, amount)| *amount).fold(f64::INFINITY, f64::min);
        let bids = bids.into_iter().map(|(bidder, amount)| Bid {
            bidder,
            fen: (amount * 100.0).round() as u64,
            won: amount <= lowest,
        });
        let ceiling = ((cost * 1.35) as u64).max(1) * 100;
        Tender { number, ring, ceiling, bids: bids.collect() }
    }

    /// The member whose turn it is bids high but lowest; the others stay a little above. Every third ring leaves room
    /// for honest bidders, and one tender in six goes wrong for the ring in that its covers stray.
    fn rigged_bids(
        self,
        number: usize,
        ring: usize,
        cost: f64,
        count: usize,
        random: &mut ChaCha8Rng,
    ) -> Vec<(usize, f64)> {
        let members = 3 + ring % (MEMBERS - 2);
        let present = members.min(if ring.is_multiple_of(3) { count.div_ceil(2) } else { count }).max(2);
        let agreed = cost * (1.16 + 0.03 * normal(random));
        let loose = if random.random_range(0..6) == 0 { 4.0 } else { 1.0 };
        let turn = number % members;
        (0..present)
            .map(|at| {
                let member = self.firms + ring * MEMBERS + (turn + at) % members;
                let above = if at == 0 { 0.0 } else { 0.012 + loose * 0.012 * random.random::<f64>() };
                (member, agreed * (1.0 + above))
            })
            .collect()
    }
}

/// A standard normal number (Box and Muller).
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let (one, other): (f64, f64) = (random.random(), random.random());
    (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}
