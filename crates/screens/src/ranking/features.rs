//! What the trees are shown of a tender: screens that are free of the size of the market and of names.
//!
//! Never shown are the tender's name, days, names of bidders and amounts of money: they would let the trees learn cases
//! by heart. Participation is told only by how telling meetings are, not by who met.

use std::{collections::HashMap, thread};

use serde::{Deserialize, Serialize};

use crate::{
    network::{Participation, Settings as NetworkSettings},
    price::{Prices, Progression, Screen, Value},
    subsets::{Limits, Size, subsets},
    table::{Columns, Tender},
};

/// One thing the trees may ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    /// The column of the table of screens, where it stands there.
    pub code: String,
    /// Its name for people.
    pub label: String,
}

/// The screens of many tenders, row by row; NaN where there is no value.
pub(super) struct Table {
    pub(super) features: Vec<Feature>,
    pub(super) names: Vec<String>,
    values: Vec<f64>,
    bids: Vec<usize>,
}

/// How many groups of a tender are looked at: the shape is clear long before all 5,000.
const GROUPS: usize = 400;
/// Tenders that one processor takes at a time.
const PORTION: usize = 2_048;

impl Table {
    pub(super) fn of(tenders: &[Tender], columns: &Columns) -> Self {
        let shape = Shape {
            ceiling: columns.ceiling.is_some(),
            winner: columns.winner.is_some(),
            meetings: columns.bidder.is_some().then(|| Meetings::of(tenders)),
        };
        let features = shape.features();
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let mut values = Vec::with_capacity(tenders.len() * features.len());
        for part in tenders.chunks(PORTION * workers) {
            let pieces: Vec<Vec<f64>> = thread::scope(|scope| {
                let handles: Vec<_> = part
                    .chunks(PORTION)
                    .map(|piece| scope.spawn(|| piece.iter().flat_map(|tender| shape.row(tender)).collect()))
                    .collect();
                handles.into_iter().map(|handle| handle.join().unwrap_or_default()).collect()
            });
            values.extend(pieces.into_iter().flatten());
        }
        Self {
            features,
            names: tenders.iter().map(|tender| tender.name.clone()).collect(),
            values,
            bids: tenders.iter().map(|tender| tender.bids.len()).collect(),
        }
    }

    /// How many usable bids a tender has.
    pub(super) fn bids(&self, row: usize) -> usize {
        self.bids.get(row).copied().unwrap_or_default()
    }

    /// The value of a feature, NaN when there is none.
    pub(super) fn value(&self, row: usize, place: Option<usize>) -> f64 {
        let held = place.and_then(|place| self.values.get(row * self.features.len() + place));
        held.copied().unwrap_or(f64::NAN)
    }

    /// Where each feature code stands.
    pub(super) fn places(&self) -> HashMap<&str, usize> {
        self.features.iter().enumerate().map(|(place, feature)| (feature.code.as_str(), place)).collect()
    }
}

struct Shape {
    ceiling: bool,
    winner: bool,
    meetings: Option<Meetings>,
}

/// Screens of the whole tender; the difference in money is left out.
fn whole() -> impl Iterator<Item = Screen> {
    Screen::ALL.into_iter().filter(|screen| *screen != Screen::DiffA)
}

fn of_groups(size: Size) -> impl Iterator<Item = Screen> {
    whole().filter(move |screen| *screen != Screen::Kurtosis || size == Size::Four)
}

const REGULARITIES: [(&str, &str); 7] = [
    ("n", "报价家数"),
    ("dup", "相同报价占比"),
    ("ap_deviation", "等差偏离"),
    ("ap_r2", "等差拟合度"),
    ("gp_deviation", "等比偏离"),
    ("gp_r2", "等比拟合度"),
    ("mean_near", "均价附近报价占比"),
];
const LEVELS: [(&str, &str); 3] =
    [("w", "最低价与控制价之比"), ("a", "均价与控制价之比"), ("near_ceiling", "贴近控制价的报价占比")];
const WINNERS: [(&str, &str); 2] = [("winner_rank", "中标价名次"), ("winner_premium", "中标价高出最低价")];
const MEETINGS: [(&str, &str); 6] = [
    ("meet_z_max", "同场次数最大偏离"),
    ("meet_z_mean", "同场次数平均偏离"),
    ("meet_telling", "异常同场的企业对占比"),
    ("meet_always", "最高同场占比"),
    ("lost_mutually", "互相败给对方的最大占比"),
    ("never_won", "多次投标从未中标的企业占比"),
];
const SUMMARIES: [(&str, &str); 3] = [("min", "最小"), ("mean", "平均"), ("max", "最大")];

impl Shape {
    fn features(&self) -> Vec<Feature> {
        let mut found: Vec<Feature> = whole()
            .map(|screen| Feature { code: screen.column().to_owned(), label: screen.label().to_owned() })
            .collect();
        let mut named = |names: &[(&str, &str)]| {
            found.extend(
                names
                    .iter()
                    .map(|(code, label)| Feature { code: (*code).to_owned(), label: (*label).to_owned() }),
            );
        };
        named(&REGULARITIES);
        if self.ceiling {
            named(&LEVELS);
        }
        if self.winner {
            named(&WINNERS);
        }
        if self.meetings.is_some() {
            named(&MEETINGS);
        }
        for size in Size::ALL {
            for screen in of_groups(size) {
                found.extend(SUMMARIES.map(|(code, label)| Feature {
                    code: format!("{}{}_{code}", screen.column(), size.bids()),
                    label: format!("每{}家组合的{}（{label}）", size.bids(), screen.label()),
                }));
            }
        }
        found
    }

    fn row(&self, tender: &Tender) -> Vec<f64> {
        let prices = tender.prices();
        let screens = prices.screens();
        let mut row: Vec<f64> = whole().map(|screen| number(screens.get(screen))).collect();
        row.extend(regularities(&prices));
        if self.ceiling {
            let level = prices.level(tender.ceiling);
            row.extend([level.lowest, level.mean, level.near].map(number));
        }
        if self.winner {
            row.extend(winner(tender, &prices));
        }
        if let Some(meetings) = &self.meetings {
            row.extend(meetings.row(tender));
        }
        for size in Size::ALL {
            let found = subsets(&prices, size, Limits { cap: GROUPS, ..Limits::default() });
            for screen in of_groups(size) {
                let summary = found.get(screen);
                row.extend([
                    number(summary.map(|summary| summary.least)),
                    number(summary.map(|summary| summary.mean)),
                    number(summary.map(|summary| summary.most)),
                ]);
            }
        }
        row
    }
}

fn number(value: Value) -> f64 {
    value.ok().filter(|value| value.is_finite()).unwrap_or(f64::NAN)
}

fn regularities(prices: &Prices) -> [f64; REGULARITIES.len()] {
    let (even, doubled) =
        (prices.arithmetic(Progression::TOLERANCE), prices.geometric(Progression::TOLERANCE));
    [
        prices.len() as f64,
        number(prices.duplicates()),
        number(even.deviation),
        number(even.fit),
        number(doubled.deviation),
        number(doubled.fit),
        number(prices.cluster().map(|cluster| cluster.near)),
    ]
}

fn winner(tender: &Tender, prices: &Prices) -> [f64; WINNERS.len()] {
    match (tender.winners().reduce(f64::min), prices.lowest()) {
        (Some(winner), Some(lowest)) => {
            let below = tender.bids.iter().filter(|bid| bid.amount.float() < winner).count();
            [below as f64 + 1.0, (winner - lowest) / lowest]
        }
        _ => [f64::NAN; WINNERS.len()],
    }
}

/// What the meetings of two firms tell.
#[derive(Clone, Copy)]
struct Met {
    deviations: f64,
    telling: bool,
    always: f64,
    lost_mutually: f64,
}

struct Meetings {
    pairs: HashMap<(u32, u32), Met>,
    /// How often each firm bid and won.
    firms: Vec<(u32, u32)>,
}

/// From so many tenders on it says something that a firm never won.
const OFTEN: u32 = 5;

impl Meetings {
    fn of(tenders: &[Tender]) -> Self {
        let settings = NetworkSettings {
            // All pairs are wanted, and no groups.
            discovery_rate: 1.0,
            smallest_group: usize::MAX,
            ..NetworkSettings::default()
        };
        let participation = Participation::numbered(tenders.iter().map(|tender| {
            tender.bids.iter().filter(|bid| bid.bidder != u32::MAX).map(|bid| (bid.bidder, bid.won)).collect()
        }));
        let firms = participation.firms() as u32;
        let network = participation.network(&settings);
        let pairs = network.pairs.iter().map(|pair| {
            let met = Met {
                deviations: pair.deviations.unwrap_or_default(),
                telling: pair.discovery_rate <= NetworkSettings::default().discovery_rate,
                always: pair.of_one.max(pair.of_other),
                lost_mutually: f64::from(pair.mutual_losses()) / f64::from(pair.joint),
            };
            ((pair.one, pair.other), met)
        });
        Self {
            pairs: pairs.collect(),
            firms: (0..firms).map(|firm| (network.attended(firm), network.won(firm))).collect(),
        }
    }

    fn row(&self, tender: &Tender) -> [f64; MEETINGS.len()] {
        let bidders: Vec<u32> =
            tender.bids.iter().map(|bid| bid.bidder).filter(|bidder| *bidder != u32::MAX).collect();
        if bidders.len() < 2 {
            return [f64::NAN; MEETINGS.len()];
        }
        let mut found = [f64::MIN, 0.0, 0.0, 0.0, 0.0];
        let mut pairs = 0.0_f64;
        for (at, one) in bidders.iter().enumerate() {
            for other in bidders.iter().skip(at + 1) {
                // Who met too rarely for a pair is told by nothing: no deviation.
                let met = self.pairs.get(&(*one.min(other), *one.max(other)));
                let [most, sum, telling, always, lost] = &mut found;
                *most = most.max(met.map_or(0.0, |met| met.deviations));
                *sum += met.map_or(0.0, |met| met.deviations);
                *telling += f64::from(u8::from(met.is_some_and(|met| met.telling)));
                *always = always.max(met.map_or(0.0, |met| met.always));
                *lost = lost.max(met.map_or(0.0, |met| met.lost_mutually));
                pairs += 1.0;
            }
        }
        let [most, sum, telling, always, lost] = found;
        let seen = |bidder: &u32| self.firms.get(*bidder as usize).copied().unwrap_or_default();
        let never = bidders.iter().map(seen).filter(|(bid, won)| *bid >= OFTEN && *won == 0).count();
        [most, sum / pairs, telling / pairs, always, lost, never as f64 / bidders.len() as f64]
    }
}
