//! The first pass: what each release says by itself, and the counts that the second pass needs.

use std::collections::{BTreeSet, HashSet, hash_map::Entry};

use chrono::DateTime;
use foldhash::fast::RandomState;

use super::{
    Indicator, Settings,
    shape::{Award, Bid, Party, Release},
};

/// By names of the file, millions of times.
pub(super) type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;

/// Names by number, so that the counts of a tenderer are found with one search.
#[derive(Default)]
pub(super) struct Names {
    numbers: HashMap<String, usize>,
}

impl Names {
    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.numbers.len();
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// Names and numbers, in no order.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, usize)> {
        self.numbers.iter().map(|(name, number)| (name.as_str(), *number))
    }

    /// Names in the order of their numbers.
    pub(super) fn in_order(&self) -> Vec<&str> {
        let mut names: Vec<(usize, &str)> = self.each().map(|(name, number)| (number, name)).collect();
        names.sort_unstable();
        names.into_iter().map(|(_, name)| name).collect()
    }
}

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) part: u64,
    pub(super) whole: u64,
}

impl Share {
    fn add(&mut self, part: u64, whole: u64) {
        self.part += part;
        self.whole += whole;
    }

    pub(super) fn ratio(self) -> f64 {
        self.part as f64 / self.whole as f64
    }
}

/// What is counted of a tenderer.
#[derive(Clone, Debug, Default)]
pub(super) struct Tenderer {
    /// R025: processes won, of those with a valid bid.
    pub(super) won: Share,
    /// R038: bids disqualified, of those submitted.
    pub(super) disqualified: Share,
    /// R048: processes in which it supplies classified items.
    pub(super) supplied: u64,
    /// R048: the first levels of their classes.
    pub(super) classes: BTreeSet<String>,
    /// Indicators that flag it whatever the others do.
    pub(super) flagged: Marks,
}

/// Some indicators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(u16);

impl Marks {
    fn set(&mut self, indicator: Indicator) {
        self.0 |= 1 << indicator as u16;
    }

    pub(super) fn has(self, indicator: Indicator) -> bool {
        self.0 & (1 << indicator as u16) != 0
    }
}

/// What flags a process whatever the others do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Process {
    pub(super) marks: Marks,
    /// R035: how many other tenderers were disqualified.
    pub(super) disqualified: u64,
}

/// R024 and R058: the difference between the winner and the lowest other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Difference {
    pub(super) ratio: f64,
    pub(super) winner: usize,
    pub(super) runner_up: usize,
    /// Where the release stands in the file: of two with one `ocid` the later counts.
    order: u64,
}

/// Everything counted in the first pass; two can be put together.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) currency: Option<String>,
    pub(super) processes: HashMap<String, Process>,
    pub(super) differences: HashMap<String, Difference>,
    pub(super) tenderers: Names,
    pub(super) by_tenderer: Vec<Tenderer>,
    pub(super) buyers: HashMap<String, Share>,
    pub(super) entities: HashMap<String, Share>,
    /// Digests of the `ocid`s seen; enough to notice that a file was not compiled.
    seen: HashSet<u64, RandomState>,
    pub(super) report: super::Report,
}

/// A price: the tenderer and what it asks.
type Offer<'r> = (&'r str, f64);

impl Tally {
    /// With a main currency from the start.
    pub(super) fn in_currency(currency: Option<String>) -> Self {
        Self { currency, ..Self::default() }
    }

    /// Evaluates one release that stands at `order` in the file.
    pub(super) fn release(&mut self, release: &Release<'_>, order: u64, settings: &Settings) {
        let Some(ocid) = release.ocid.get() else {
            self.report.without_ocid += 1;
            return;
        };
        if release.tender.status.is("cancelled") {
            self.report.cancelled += 1;
            return;
        }
        let details = release.tender.details.get();
        if details.is_some_and(|details| settings.excluded_details.contains(details)) {
            self.report.excluded += 1;
            return;
        }
        self.report.evaluated += 1;
        if !self.seen.insert(digest(ocid)) {
            self.report.repeated += 1;
        }
        let compares = settings.compares(details);
        if compares {
            self.difference(ocid, release, order);
        }
        self.short_period(ocid, release, settings);
        self.single_bid(ocid, release, settings);
        self.wins(release);
        if compares {
            self.identical_prices(ocid, release);
        }
        self.late_bid(ocid, release);
        self.others_disqualified(ocid, release, settings);
        if compares {
            self.lowest_disqualified(ocid, release);
        }
        self.disqualifications(release);
        self.varieties(release, settings);
    }

    fn computed(&mut self, indicator: Indicator) {
        self.report.indicators.entry(indicator).or_default().computed += 1;
    }

    fn mark(&mut self, ocid: &str, indicator: Indicator) -> &mut Process {
        let process = self.processes.entry(ocid.to_owned()).or_default();
        process.marks.set(indicator);
        process
    }

    fn tenderer(&mut self, id: &str) -> Option<&mut Tenderer> {
        let number = self.tenderers.number(id);
        if number == self.by_tenderer.len() {
            self.by_tenderer.push(Tenderer::default());
        }
        self.by_tenderer.get_mut(number)
    }

    fn mark_tenderer(&mut self, id: &str, indicator: Indicator) {
        if let Some(tenderer) = self.tenderer(id) {
            tenderer.flagged.set(indicator);
        }
    }

    /// Whether a bid in this currency is compared; the first currency that is asked for becomes the main one.
    fn in_main_currency(&mut self, currency: &str) -> bool {
        let main = self.currency.get_or_insert_with(|| currency.to_owned());
        let same = main == currency;
        self.report.other_currency += u64::from(!same);
        same
    }

    /// R003: fewer whole days between the ends of the period than the threshold.
    fn short_period(&mut self, ocid: &str, release: &Release<'_>, settings: &Settings) {
        let tender = &release.tender;
        let looked_at = settings.r003_methods.is_empty()
            || tender.method.get().is_some_and(|method| settings.r003_methods.contains(method));
        let instant = |text: Option<&str>| DateTime::parse_from_rfc3339(text?).ok();
        let ends = (instant(tender.period.start.get()), instant(tender.period.end.get()));
        let (true, (Some(start), Some(end))) = (looked_at, ends) else { return };
        self.computed(Indicator::R003);
        let own = tender.details.get().and_then(|details| settings.r003_by_details.get(details));
        if (end - start).num_days() < *own.unwrap_or(&settings.r003_threshold) {
            self.mark(ocid, Indicator::R003);
        }
    }

    /// R018: one tenderer in a method that is open to competition.
    fn single_bid(&mut self, ocid: &str, release: &Release<'_>, settings: &Settings) {
        let tender = &release.tender;
        let open = settings.r018_methods.is_empty()
            || tender.method.get().is_some_and(|method| settings.r018_methods.contains(method));
        if let (true, Some(tenderers)) = (open, tender.tenderers.whole()) {
            self.computed(Indicator::R018);
            if tenderers == 1 {
                self.mark(ocid, Indicator::R018);
            }
        }
    }

    /// R024, R058: of a process with one award in force, to one supplier, by price alone.
    fn difference(&mut self, ocid: &str, release: &Release<'_>, order: u64) {
        let Some(supplier) = only_supplier(release) else { return };
        let (mut winner, mut runner_up) = (None::<Offer<'_>>, None::<Offer<'_>>);
        for bid in release.bids.details.each().filter(|bid| bid.status.is("valid")) {
            let (Some(tenderer), Some((amount, currency))) = (only_tenderer(bid), price(bid)) else {
                continue;
            };
            if self.in_main_currency(currency) {
                let lowest = if tenderer == supplier { &mut winner } else { &mut runner_up };
                if lowest.is_none_or(|(_, held)| amount < held) {
                    *lowest = Some((tenderer, amount));
                }
            }
        }
        let (Some((winner, won)), Some((runner_up, other))) = (winner, runner_up) else { return };
        if won <= 0.0 {
            self.report.no_positive_price += 1;
        } else if other >= won {
            let difference = Difference {
                ratio: (other - won) / won,
                winner: self.tenderers.number(winner),
                runner_up: self.tenderers.number(runner_up),
                order,
            };
            self.by_tenderer.resize_with(self.tenderers.numbers.len(), Tenderer::default);
            later(self.differences.entry(ocid.to_owned()), difference);
        }
    }

    /// R025: each tenderer with a valid bid counts once in a process.
    fn wins(&mut self, release: &Release<'_>) {
        let Some(supplier) = only_supplier(release) else { return };
        let valid = release.bids.details.each().filter(|bid| bid.status.is("valid"));
        for id in distinct(valid.filter_map(only_tenderer)) {
            if let Some(tenderer) = self.tenderer(id) {
                tenderer.won.add(u64::from(id == supplier), 1);
            }
        }
    }

    /// R028: different tenderers with the same amount in the same currency.
    fn identical_prices(&mut self, ocid: &str, release: &Release<'_>) {
        let mut offers: Vec<((u64, &str), Vec<&str>)> = submitted(release)
            .filter_map(|bid| {
                let (amount, currency) = price(bid)?;
                let tenderers = distinct(ids(bid.tenderers.get()?));
                // Adding zero makes one of the two zeros.
                (!tenderers.is_empty()).then(|| (((amount + 0.0).to_bits(), currency), tenderers))
            })
            .collect();
        if offers.is_empty() {
            return;
        }
        self.computed(Indicator::R028);
        offers.sort_unstable();
        for same in offers.chunk_by(|one, other| one.0 == other.0) {
            if same.windows(2).any(|pair| pair.first().map(|bid| &bid.1) != pair.last().map(|bid| &bid.1)) {
                self.mark(ocid, Indicator::R028);
                for id in same.iter().flat_map(|(_, tenderers)| tenderers) {
                    self.mark_tenderer(id, Indicator::R028);
                }
            }
        }
    }

    /// R030: a valid bid of an awarded supplier that is dated after the deadline; dates are compared as texts.
    fn late_bid(&mut self, ocid: &str, release: &Release<'_>) {
        let (Some(deadline), Some(awards), Some(bids)) =
            (release.tender.period.end.get(), release.awards.get(), release.bids.details.get())
        else {
            return;
        };
        self.computed(Indicator::R030);
        let suppliers = suppliers(awards.iter().filter(|award| award.status.is("active")));
        let late =
            |bid: &&Bid<'_>| bid.status.is("valid") && bid.date.get().is_some_and(|date| date > deadline);
        for id in bids.iter().filter(late).flat_map(|bid| ids(bid.tenderers.get().unwrap_or_default())) {
            if suppliers.binary_search(&id).is_ok() {
                self.mark(ocid, Indicator::R030);
                self.mark_tenderer(id, Indicator::R030);
            }
        }
    }

    /// R035: one tenderer is valid and supplies all awards in force, others were disqualified.
    fn others_disqualified(&mut self, ocid: &str, release: &Release<'_>, settings: &Settings) {
        let (Some(active), Some(bids)) = (final_awards(release), release.bids.details.get()) else { return };
        self.computed(Indicator::R035);
        let with = |status: &'static str| {
            let bids = bids.iter().filter(move |bid| bid.status.is(status));
            distinct(bids.flat_map(|bid| ids(bid.tenderers.get().unwrap_or_default())))
        };
        let valid = with("valid");
        let [winner] = valid.as_slice() else { return };
        if suppliers(active.into_iter()) != valid {
            return;
        }
        let others = with("disqualified").into_iter().filter(|id| id != winner).count();
        if others >= settings.r035_threshold {
            self.mark(ocid, Indicator::R035).disqualified = others as u64;
            self.mark_tenderer(winner, Indicator::R035);
        }
    }

    /// R036: the lowest submitted bid is disqualified though there are valid ones; of equal bids the first counts.
    fn lowest_disqualified(&mut self, ocid: &str, release: &Release<'_>) {
        if !release.awards.each().any(|award| award.status.is("active")) {
            return;
        }
        let (mut lowest, mut valid) = (None::<(f64, bool)>, false);
        for bid in submitted(release) {
            let Some((amount, currency)) = price(bid) else { continue };
            if self.in_main_currency(currency) {
                if lowest.is_none_or(|(held, _)| amount < held) {
                    lowest = Some((amount, bid.status.is("disqualified")));
                }
                valid |= bid.status.is("valid");
            }
        }
        if let (true, Some((_, disqualified))) = (valid, lowest) {
            self.computed(Indicator::R036);
            if disqualified {
                self.mark(ocid, Indicator::R036);
            }
        }
    }

    /// R038: bids disqualified of those submitted, by tenderer, buyer and procuring entity.
    fn disqualifications(&mut self, release: &Release<'_>) {
        let (mut disqualified, mut all) = (0, 0);
        for bid in submitted(release) {
            let part = u64::from(bid.status.is("disqualified"));
            disqualified += part;
            all += 1;
            for id in ids(bid.tenderers.get().unwrap_or_default()) {
                if let Some(tenderer) = self.tenderer(id) {
                    tenderer.disqualified.add(part, 1);
                }
            }
        }
        if all == 0 {
            return;
        }
        for (shares, id) in
            [(&mut self.buyers, release.buyer.id.get()), (&mut self.entities, release.tender.entity.id.get())]
        {
            if let Some(id) = id {
                add_share(shares, id, disqualified, all);
            }
        }
    }

    /// R048: the first levels of the classes that a supplier delivers, of awards in force to it alone.
    fn varieties(&mut self, release: &Release<'_>, settings: &Settings) {
        let mut counted: Vec<&str> = Vec::new();
        for award in release.awards.each().filter(|award| award.status.is("active")) {
            let Some(supplier) = award.suppliers.only().and_then(|supplier| supplier.id.get()) else {
                continue;
            };
            for class in award.items.each().filter_map(|item| item.classification.id.get()) {
                let first = !counted.contains(&supplier);
                if first {
                    counted.push(supplier);
                }
                let Some(tenderer) = self.tenderer(supplier) else { continue };
                tenderer.supplied += u64::from(first);
                let level = first_letters(class, settings.r048_digits);
                if !tenderer.classes.contains(level) {
                    tenderer.classes.insert(level.to_owned());
                }
            }
        }
    }

    /// Puts the counts of another part of the file to these.
    pub(super) fn join(&mut self, other: Self) {
        for (ocid, process) in other.processes {
            let held = self.processes.entry(ocid).or_default();
            held.marks.0 |= process.marks.0;
            held.disqualified = held.disqualified.max(process.disqualified);
        }
        let numbers: Vec<usize> =
            other.tenderers.in_order().into_iter().map(|name| self.tenderers.number(name)).collect();
        self.by_tenderer.resize_with(self.tenderers.numbers.len(), Tenderer::default);
        for (number, tenderer) in numbers.iter().zip(other.by_tenderer) {
            if let Some(held) = self.by_tenderer.get_mut(*number) {
                held.join(tenderer);
            }
        }
        let number = |number: usize| numbers.get(number).copied().unwrap_or(usize::MAX);
        for (ocid, difference) in other.differences {
            let (winner, runner_up) = (number(difference.winner), number(difference.runner_up));
            later(self.differences.entry(ocid), Difference { winner, runner_up, ..difference });
        }
        for (held, shares) in [(&mut self.buyers, other.buyers), (&mut self.entities, other.entities)] {
            for (id, share) in shares {
                add_share(held, &id, share.part, share.whole);
            }
        }
        let before = self.seen.len() + other.seen.len();
        self.seen.extend(other.seen);
        self.report.repeated += (before - self.seen.len()) as u64;
        self.report.join(other.report);
    }
}

impl Tenderer {
    fn join(&mut self, other: Self) {
        self.won.add(other.won.part, other.won.whole);
        self.disqualified.add(other.disqualified.part, other.disqualified.whole);
        self.supplied += other.supplied;
        self.classes.extend(other.classes);
        self.flagged.0 |= other.flagged.0;
    }
}

impl super::Report {
    fn join(&mut self, other: Self) {
        self.read += other.read;
        self.evaluated += other.evaluated;
        self.invalid += other.invalid;
        self.invalid_lines.extend(other.invalid_lines);
        self.too_long += other.too_long;
        self.without_ocid += other.without_ocid;
        self.cancelled += other.cancelled;
        self.excluded += other.excluded;
        self.repeated += other.repeated;
        self.other_currency += other.other_currency;
        self.no_positive_price += other.no_positive_price;
        for (indicator, went) in other.indicators {
            self.indicators.entry(indicator).or_default().computed += went.computed;
        }
    }
}

/// The later of two releases with one `ocid` gives the difference.
fn later(entry: Entry<'_, String, Difference>, difference: Difference) {
    match entry {
        Entry::Occupied(mut held) => {
            if held.get().order <= difference.order {
                held.insert(difference);
            }
        }
        Entry::Vacant(place) => {
            place.insert(difference);
        }
    }
}

fn add_share(shares: &mut HashMap<String, Share>, id: &str, part: u64, whole: u64) {
    match shares.get_mut(id) {
        Some(share) => share.add(part, whole),
        None => {
            shares.insert(id.to_owned(), Share { part, whole });
        }
    }
}

fn digest(ocid: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    ocid.hash(&mut hasher);
    hasher.finish()
}

/// The awards in force, when every award is in a final state and bids are published.
fn final_awards<'r, 'a>(release: &'r Release<'a>) -> Option<Vec<&'r Award<'a>>> {
    let awards = release.awards.get()?;
    release.bids.details.get()?;
    let pending = |award: &Award<'_>| {
        award.status.get().is_some_and(|status| !matches!(status, "active" | "cancelled" | "unsuccessful"))
    };
    if awards.iter().any(pending) {
        return None;
    }
    Some(awards.iter().filter(|award| award.status.is("active")).collect())
}

/// The supplier of the only award in force.
fn only_supplier<'r>(release: &'r Release<'_>) -> Option<&'r str> {
    match final_awards(release)?.as_slice() {
        [award] => award.suppliers.only()?.id.get(),
        _ => None,
    }
}

/// Bids that are pending, valid or disqualified.
fn submitted<'r, 'a>(release: &'r Release<'a>) -> impl Iterator<Item = &'r Bid<'a>> {
    release
        .bids
        .details
        .each()
        .filter(|bid| bid.status.get().is_some_and(|status| status != "invited" && status != "withdrawn"))
}

fn only_tenderer<'r>(bid: &'r Bid<'_>) -> Option<&'r str> {
    bid.tenderers.only()?.id.get()
}

fn price<'r>(bid: &'r Bid<'_>) -> Option<(f64, &'r str)> {
    Some((bid.value.amount.float()?, bid.value.currency.get()?))
}

fn ids<'r>(parties: &'r [Party<'_>]) -> impl Iterator<Item = &'r str> {
    parties.iter().filter_map(|party| party.id.get())
}

fn suppliers<'r>(awards: impl Iterator<Item = &'r Award<'r>>) -> Vec<&'r str> {
    distinct(awards.flat_map(|award| ids(award.suppliers.get().unwrap_or_default())))
}

/// In order, each once.
fn distinct<'r>(ids: impl Iterator<Item = &'r str>) -> Vec<&'r str> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn first_letters(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}
