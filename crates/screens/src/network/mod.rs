//! Who meets whom: pairs of bidders that meet more often than chance allows, groups that keep to themselves and take
//! turns, and companions that never win.
//!
//! [`Participation`] takes who bid where and who won; [`Participation::network`] answers with measures that can be
//! explained to anybody: how often two met, how often they would have by chance, and how rarely chance does as much when
//! one looks at so many pairs. Plain overlap misleads, because rare pairs score highest; so a pair needs a least number
//! of meetings, and its probability is corrected for the number of pairs.
//!
//! The tenders given should be of one market (category, region, procedure, period): firms of one trade meet more often
//! than chance among all trades, and that is no sign of anything.

mod chance;
mod groups;
mod read;
mod rotation;

use std::collections::HashMap;

use chrono::NaiveDate;

use self::chance::Factorials;
pub use self::{
    read::{Columns, Report, read},
    rotation::{LEAST_WINS, Rotation, rotation},
};

/// From where on something is reported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Two firms must have met so often.
    pub least_joint: u32,
    /// The false discovery rate up to which a pair is telling.
    pub discovery_rate: f64,
    /// Tenders with more bidders tie nobody to anybody.
    pub widest: usize,
    /// A group has at least so many members.
    pub smallest_group: usize,
    /// A companion bid at least so often without winning.
    pub least_lost: u32,
    /// In at least this share of a companion's tenders one and the same firm won.
    pub same_winner: f64,
    /// Seed of the order in which communities form.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            least_joint: 3,
            discovery_rate: 0.05,
            widest: 60,
            smallest_group: 3,
            least_lost: 5,
            same_winner: 0.6,
            seed: 1,
        }
    }
}

/// More meetings than this are not held in memory; wide tenders are left out first.
const MOST_MEETINGS: u64 = 100_000_000;

#[derive(Clone, Debug, Default)]
struct Tender {
    name: String,
    day: Option<NaiveDate>,
    /// Bidders, and whether each won.
    bidders: Vec<(u32, bool)>,
}

/// Who bid where, and who won.
#[derive(Clone, Debug, Default)]
pub struct Participation {
    firms: Vec<String>,
    by_firm: HashMap<String, u32>,
    tenders: Vec<Tender>,
    by_tender: HashMap<String, usize>,
}

impl Participation {
    /// A firm bid in a tender. Said twice it counts once, and the answer is no; it won when it is said so once.
    pub fn bid(&mut self, tender: &str, firm: &str, won: bool) -> bool {
        let firm = self.number(firm);
        let Some(tender) = self.tender(tender) else { return false };
        if let Some((_, held)) = tender.bidders.iter_mut().find(|(held, _)| *held == firm) {
            *held |= won;
            false
        } else {
            tender.bidders.push((firm, won));
            true
        }
    }

    /// The day of a tender, by which turns are taken; without days the order of first mention counts.
    pub fn day(&mut self, tender: &str, day: NaiveDate) {
        if let Some(tender) = self.tender(tender) {
            tender.day = Some(day);
        }
    }

    /// Tenders whose bidders are known by number alone; the firms have no names.
    pub(crate) fn numbered(tenders: impl IntoIterator<Item = Vec<(u32, bool)>>) -> Self {
        let tenders: Vec<Tender> = tenders
            .into_iter()
            .map(|mut bidders| {
                bidders.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
                bidders.dedup_by_key(|(firm, _)| *firm);
                Tender { bidders, ..Tender::default() }
            })
            .collect();
        let numbers =
            tenders.iter().flat_map(|tender| tender.bidders.iter().map(|(firm, _)| *firm as usize + 1));
        let firms = vec![String::new(); numbers.max().unwrap_or_default()];
        Self { firms, tenders, ..Self::default() }
    }

    /// How many firms bid anywhere.
    pub fn firms(&self) -> usize {
        self.firms.len()
    }

    fn number(&mut self, firm: &str) -> u32 {
        if let Some(number) = self.by_firm.get(firm) {
            return *number;
        }
        let number = self.firms.len() as u32;
        self.by_firm.insert(firm.to_owned(), number);
        self.firms.push(firm.to_owned());
        number
    }

    fn tender(&mut self, name: &str) -> Option<&mut Tender> {
        let place = if let Some(place) = self.by_tender.get(name) {
            *place
        } else {
            let place = self.tenders.len();
            self.by_tender.insert(name.to_owned(), place);
            self.tenders.push(Tender { name: name.to_owned(), ..Tender::default() });
            place
        };
        self.tenders.get_mut(place)
    }

    /// What the meetings tell.
    pub fn network(mut self, settings: &Settings) -> Network {
        // The sort keeps the order of mention among tenders of one day.
        self.tenders.sort_by_key(|tender| tender.day);
        let counts = Counts::of(&self, settings);
        let pairs = pairs(&counts, settings);
        let groups = found_groups(&self, &counts, &pairs, settings);
        let companions = companions(&counts, settings);
        Network {
            tenders: self.tenders.len() as u64,
            wide: counts.wide,
            widest: counts.widest,
            pairs: pairs.into_iter().filter(|pair| pair.telling(settings)).collect(),
            compared: counts.met.len(),
            groups,
            companions,
            attended: counts.attended,
            won: counts.won,
            firms: self.firms,
        }
    }
}

/// Everything counted in one pass.
struct Counts {
    tenders: u64,
    attended: Vec<u32>,
    won: Vec<u32>,
    /// Pairs in order with how often they met.
    met: Vec<(u64, u32)>,
    /// Loser and winner in order with how often that was so.
    lost: Vec<(u64, u32)>,
    widest: usize,
    wide: u64,
}

fn key(one: u32, other: u32) -> u64 {
    u64::from(one) << 32 | u64::from(other)
}

fn parts(key: u64) -> (u32, u32) {
    ((key >> 32) as u32, key as u32)
}

fn add(counts: &mut [u32], firm: u32) {
    if let Some(count) = counts.get_mut(firm as usize) {
        *count += 1;
    }
}

fn of(counts: &[u32], firm: u32) -> u32 {
    counts.get(firm as usize).copied().unwrap_or_default()
}

impl Counts {
    fn of(participation: &Participation, settings: &Settings) -> Self {
        let widest = widest(&participation.tenders, settings.widest);
        let mut counts = Self {
            tenders: participation.tenders.len() as u64,
            attended: vec![0; participation.firms.len()],
            won: vec![0; participation.firms.len()],
            met: Vec::new(),
            lost: Vec::new(),
            widest,
            wide: 0,
        };
        let (mut met, mut lost) = (Vec::new(), Vec::new());
        for tender in &participation.tenders {
            for (firm, won) in &tender.bidders {
                add(&mut counts.attended, *firm);
                if *won {
                    add(&mut counts.won, *firm);
                }
            }
            if tender.bidders.len() > widest {
                counts.wide += 1;
                continue;
            }
            for (at, (one, one_won)) in tender.bidders.iter().enumerate() {
                for (other, other_won) in tender.bidders.iter().skip(at + 1) {
                    met.push(key(*one.min(other), *one.max(other)));
                    match (one_won, other_won) {
                        (false, true) => lost.push(key(*one, *other)),
                        (true, false) => lost.push(key(*other, *one)),
                        _ => {}
                    }
                }
            }
        }
        counts.met = counted(met);
        counts.lost = counted(lost);
        counts
    }

    /// How often `loser` lost to `winner`.
    fn lost(&self, loser: u32, winner: u32) -> u32 {
        let wanted = key(loser, winner);
        let found = self.lost.binary_search_by_key(&wanted, |(key, _)| *key).ok();
        found.and_then(|place| self.lost.get(place)).map_or(0, |(_, count)| *count)
    }
}

fn counted(mut keys: Vec<u64>) -> Vec<(u64, u32)> {
    keys.sort_unstable();
    keys.chunk_by(|one, other| one == other)
        .filter_map(|same| same.first().map(|key| (*key, same.len() as u32)))
        .collect()
}

/// The widest tender that can be borne: as set, and less when all meetings would be too many.
fn widest(tenders: &[Tender], set: usize) -> usize {
    let mut by_width = vec![0_u64; set + 1];
    for tender in tenders {
        if let Some(count) = by_width.get_mut(tender.bidders.len()) {
            *count += 1;
        }
    }
    let mut meetings = 0_u64;
    for (width, count) in by_width.iter().enumerate() {
        meetings = meetings.saturating_add(count * (width * width.saturating_sub(1) / 2) as u64);
        if meetings > MOST_MEETINGS {
            return width.saturating_sub(1);
        }
    }
    set
}

/// Two firms and their meetings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The firm that was mentioned first, by number.
    pub one: u32,
    /// The other, by number.
    pub other: u32,
    /// Tenders in which both bid.
    pub joint: u32,
    /// N1: `nᵢⱼ / (nᵢ + nⱼ − nᵢⱼ)`.
    pub jaccard: f64,
    /// N2: `nᵢⱼ N / (nᵢ nⱼ)`.
    pub lift: f64,
    /// N3: probability of at least so many meetings by chance.
    pub probability: f64,
    /// N3: the same corrected for the number of pairs that met at all.
    pub discovery_rate: f64,
    /// N3: deviations above the expected meetings; none when one of them bids everywhere.
    pub deviations: Option<f64>,
    /// N4: share of the tenders of the first in which the other bid too.
    pub of_one: f64,
    /// N4: share of the tenders of the other.
    pub of_other: f64,
    /// N11: how often the first lost to the other.
    pub lost_to_other: u32,
    /// N11: how often the other lost to the first.
    pub lost_to_one: u32,
}

impl Pair {
    /// N11: the lesser of the losses to each other.
    pub fn mutual_losses(&self) -> u32 {
        self.lost_to_other.min(self.lost_to_one)
    }

    fn telling(&self, settings: &Settings) -> bool {
        self.joint >= settings.least_joint && self.discovery_rate <= settings.discovery_rate
    }
}

/// All pairs that met often enough.
fn pairs(counts: &Counts, settings: &Settings) -> Vec<Pair> {
    let factorials = Factorials::up_to(counts.tenders as usize);
    let often = counts.met.iter().filter(|(_, joint)| *joint >= settings.least_joint.max(1));
    let mut pairs: Vec<Pair> = often
        .map(|(key, joint)| {
            let (one, other) = parts(*key);
            let (n_one, n_other) = (of(&counts.attended, one), of(&counts.attended, other));
            let all = counts.tenders;
            let [joint_f, one_f, other_f] = [*joint, n_one, n_other].map(f64::from);
            Pair {
                one,
                other,
                joint: *joint,
                jaccard: joint_f / (one_f + other_f - joint_f),
                lift: joint_f * all as f64 / (one_f * other_f),
                probability: chance::meetings(
                    &factorials,
                    all,
                    n_one.into(),
                    n_other.into(),
                    (*joint).into(),
                ),
                discovery_rate: 1.0,
                deviations: chance::deviations(all, n_one.into(), n_other.into(), (*joint).into()),
                of_one: joint_f / one_f,
                of_other: joint_f / other_f,
                lost_to_other: counts.lost(one, other),
                lost_to_one: counts.lost(other, one),
            }
        })
        .collect();
    let probabilities: Vec<f64> = pairs.iter().map(|pair| pair.probability).collect();
    let rates = chance::discovery_rates(&probabilities, counts.met.len());
    for (pair, rate) in pairs.iter_mut().zip(rates) {
        pair.discovery_rate = rate;
    }
    pairs
}

/// Firms that keep to themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The members by number, ascending.
    pub members: Vec<u32>,
    /// Share of the pairs of members that ever met.
    pub density: f64,
    /// N7: geometric over arithmetic mean of the weights (Jaccard) of the pairs that met.
    pub coherence: f64,
    /// N7: weight inside over weight inside and to others.
    pub exclusivity: f64,
    /// Names of the tenders in which at least two members bid, in the order of time.
    pub tenders: Vec<String>,
    /// How many of these a member won.
    pub won: usize,
    /// Members that never won one of them.
    pub never_won: Vec<u32>,
    /// N8: whether they take turns.
    pub rotation: Rotation,
}

fn found_groups(
    participation: &Participation,
    counts: &Counts,
    pairs: &[Pair],
    settings: &Settings,
) -> Vec<Group> {
    let communities = groups::communities(pairs, settings);
    let mut group_of: HashMap<u32, usize> = HashMap::new();
    for (number, members) in communities.iter().enumerate() {
        group_of.extend(members.iter().map(|member| (*member, number)));
    }
    let mut tied = vec![Tied::default(); communities.len()];
    for (key, joint) in &counts.met {
        let (one, other) = parts(*key);
        let (here, there) = (group_of.get(&one), group_of.get(&other));
        let all = of(&counts.attended, one) + of(&counts.attended, other) - joint;
        let weight = f64::from(*joint) / f64::from(all);
        if here.is_some() && here == there {
            if let Some(tied) = here.and_then(|group| tied.get_mut(*group)) {
                tied.inside(weight);
            }
        } else {
            for group in [here, there].into_iter().flatten() {
                if let Some(tied) = tied.get_mut(*group) {
                    tied.outside += weight;
                }
            }
        }
    }
    let mut held = vec![(Vec::new(), Vec::new()); communities.len()];
    for tender in &participation.tenders {
        meet(tender, &group_of, &mut held);
    }
    communities
        .into_iter()
        .zip(tied)
        .zip(held)
        .map(|((members, tied), (tenders, winners))| {
            let possible = members.len() * (members.len() - 1) / 2;
            Group {
                density: tied.count as f64 / possible as f64,
                coherence: tied.coherence(),
                exclusivity: tied.inside / (tied.inside + tied.outside),
                tenders,
                won: winners.len(),
                never_won: members.iter().filter(|member| !winners.contains(member)).copied().collect(),
                rotation: rotation(&winners, members.len()),
                members,
            }
        })
        .collect()
}

/// Notes a tender, and who of them won it, with every group of which at least two members bid.
fn meet(tender: &Tender, group_of: &HashMap<u32, usize>, held: &mut [(Vec<String>, Vec<u32>)]) {
    let mut present: Vec<(usize, u32, bool)> = tender
        .bidders
        .iter()
        .filter_map(|(firm, won)| group_of.get(firm).map(|group| (*group, *firm, *won)))
        .collect();
    present.sort_unstable();
    for members in present.chunk_by(|one, other| one.0 == other.0).filter(|members| members.len() > 1) {
        let group = members.first().and_then(|(group, _, _)| held.get_mut(*group));
        if let Some((tenders, winners)) = group {
            tenders.push(tender.name.clone());
            winners.extend(members.iter().find(|(_, _, won)| *won).map(|(_, firm, _)| *firm));
        }
    }
}

/// Weights of a group.
#[derive(Clone, Debug, Default)]
struct Tied {
    inside: f64,
    outside: f64,
    logarithms: f64,
    count: usize,
}

impl Tied {
    fn inside(&mut self, weight: f64) {
        self.inside += weight;
        self.logarithms += weight.ln();
        self.count += 1;
    }

    fn coherence(&self) -> f64 {
        let count = self.count as f64;
        (self.logarithms / count).exp() / (self.inside / count)
    }
}

/// N5: a firm that bids, never wins, and mostly where one other does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Companion {
    /// The firm by number.
    pub firm: u32,
    /// How often it bid.
    pub attended: u32,
    /// The firm that won most of these tenders, by number.
    pub winner: u32,
    /// How many of them.
    pub lost_to: u32,
    /// Probability of at least so many by the winner's share of all tenders.
    pub probability: f64,
}

fn companions(counts: &Counts, settings: &Settings) -> Vec<Companion> {
    let factorials = Factorials::up_to(counts.attended.iter().copied().max().unwrap_or_default() as usize);
    let by_loser = counts.lost.chunk_by(|one, other| parts(one.0).0 == parts(other.0).0);
    let best = by_loser.filter_map(|losses| {
        // Of several with as many wins the one mentioned first.
        let (key, lost_to) =
            losses.iter().max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)))?;
        let (firm, winner) = parts(*key);
        let attended = of(&counts.attended, firm);
        let mostly = f64::from(*lost_to) >= settings.same_winner * f64::from(attended);
        let never = of(&counts.won, firm) == 0 && attended >= settings.least_lost.max(1);
        (never && mostly).then(|| Companion {
            firm,
            attended,
            winner,
            lost_to: *lost_to,
            probability: chance::trials(
                &factorials,
                attended.into(),
                f64::from(of(&counts.won, winner)) / counts.tenders as f64,
                (*lost_to).into(),
            ),
        })
    });
    best.collect()
}

/// What the meetings tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// All tenders.
    pub tenders: u64,
    /// Tenders with more bidders than [`Network::widest`], which tie nobody to anybody.
    pub wide: u64,
    /// The widest tender whose bidders count as having met.
    pub widest: usize,
    /// How many pairs met at all; the correction reckons with so many.
    pub compared: usize,
    /// The telling pairs.
    pub pairs: Vec<Pair>,
    /// The groups they form.
    pub groups: Vec<Group>,
    /// Companions that never win.
    pub companions: Vec<Companion>,
    firms: Vec<String>,
    attended: Vec<u32>,
    won: Vec<u32>,
}

impl Network {
    /// The name of a firm.
    pub fn name(&self, firm: u32) -> &str {
        self.firms.get(firm as usize).map_or("", String::as_str)
    }

    /// How often a firm bid.
    pub fn attended(&self, firm: u32) -> u32 {
        of(&self.attended, firm)
    }

    /// How often a firm won.
    pub fn won(&self, firm: u32) -> u32 {
        of(&self.won, firm)
    }

    /// A pair in a sentence.
    pub fn explain_pair(&self, pair: &Pair) -> String {
        let expected = f64::from(pair.joint) / pair.lift;
        format!(
            "{}（投标 {} 次）与{}（投标 {} 次）同时投标 {} 次，按各自参与频度预期约 {expected:.1} 次，为 {:.1} 倍；按同时比较的全部企业对校正后，偶然出现的可能约为 {}；前者败给后者 {} 次，后者败给前者 {} 次。",
            self.name(pair.one),
            self.attended(pair.one),
            self.name(pair.other),
            self.attended(pair.other),
            pair.joint,
            pair.lift,
            rare(pair.discovery_rate),
            pair.lost_to_other,
            pair.lost_to_one,
        )
    }

    /// A group in a sentence.
    pub fn explain_group(&self, group: &Group) -> String {
        let mut said = format!(
            "{}共 {} 家在 {} 个标段中至少两家同时投标，其中 {} 个由其成员中标；内聚度 {:.2}，排他度 {:.2}",
            self.list(&group.members),
            group.members.len(),
            group.tenders.len(),
            group.won,
            group.coherence,
            group.exclusivity,
        );
        if group.rotation.present() {
            said.push_str("；中标在成员间较均匀地轮换，连续由同一家中标的次数少于随机顺序");
        }
        if group.won > 0 && !group.never_won.is_empty() {
            said.push('；');
            said.push_str(&self.list(&group.never_won));
            said.push_str("从未在这些标段中标");
        }
        said.push('。');
        said
    }

    /// A companion in a sentence.
    pub fn explain_companion(&self, companion: &Companion) -> String {
        format!(
            "{}投标 {} 次从未中标，其中 {} 次由{}中标；按后者在全部标段中的中标份额，偶然出现的可能约为 {}。",
            self.name(companion.firm),
            companion.attended,
            companion.lost_to,
            self.name(companion.winner),
            rare(companion.probability),
        )
    }

    fn list(&self, firms: &[u32]) -> String {
        /// More names do not help a reader.
        const SHOWN: usize = 8;
        let names: Vec<&str> = firms.iter().take(SHOWN).map(|firm| self.name(*firm)).collect();
        let rest = if firms.len() > SHOWN { "等" } else { "" };
        format!("{}{rest}", names.join("、"))
    }
}

fn rare(probability: f64) -> String {
    if probability < 0.0001 {
        "不到万分之一".to_owned()
    } else {
        format!("{:.2}%", probability * 100.0)
    }
}
