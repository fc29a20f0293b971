//! A file of bids in, a table of screens out: one row for each tender, in the order in which tenders first appear.
//!
//! Nothing is dropped in silence: [`Report`] counts every row that was not taken and says why, and every screen without
//! a value says its reason in the column `not_computable`.

mod amount;
mod decode;
mod portions;
mod rows;

use std::{
    collections::{BTreeMap, HashMap},
    io::{Read, Write},
    thread,
};

use documents::separated::{Pieces, Row as Cells, Splitter};
use serde::Serialize;

pub(crate) use self::rows::Rows;
use self::{
    amount::{Amount, Cell},
    decode::Text,
    portions::{Portion, Seen},
};
use crate::{
    Error, Result,
    price::{Prices, Progression, Screen, Value, Why},
    subsets::{Limits, Size, subsets},
};

/// Which columns hold what, by the names in the header.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The tender or lot.
    pub tender: String,
    /// The amount of the bid.
    pub bid: String,
    /// Whether the bid won.
    pub winner: Option<String>,
    /// Who bid; a bidder counts once in a tender, with its lowest bid. Without it every row is another bidder.
    pub bidder: Option<String>,
    /// The ceiling price or estimate of the tender.
    pub ceiling: Option<String>,
}

/// What is computed beyond the screens of whole tenders.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Also the screens over groups of three and four bids.
    pub subsets: Option<Limits>,
}

/// Why a row was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// It has another number of cells than the header.
    Ragged,
    /// No tender is named.
    NoTender,
    /// No bid is given.
    NoBid,
    /// The bid is no number.
    NotANumber,
    /// The bid is NaN or infinite.
    NotFinite,
    /// The bid is zero.
    Zero,
    /// The bid is below zero.
    Negative,
    /// The bidder has a lower or equal bid in the same tender.
    HigherOfSameBidder,
}

impl Left {
    /// The reason for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ragged => "列数与表头不同",
            Self::NoTender => "没有标段",
            Self::NoBid => "没有报价",
            Self::NotANumber => "报价不是数字",
            Self::NotFinite => "报价不是有限的数",
            Self::Zero => "报价为零",
            Self::Negative => "报价为负数",
            Self::HigherOfSameBidder => "同一单位在同一标段的另一次报价（取最低一次）",
        }
    }
}

/// How many rows were not taken for one reason, and where the first are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// How many.
    pub rows: u64,
    /// Their first lines in the file.
    pub lines: Vec<u64>,
}

impl LeftOut {
    const SHOWN: usize = 5;

    fn add(&mut self, line: u64) {
        self.rows += 1;
        if self.lines.len() < Self::SHOWN {
            self.lines.push(line);
        }
    }
}

/// What was read and how it was treated.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// The encoding of the file.
    pub encoding: String,
    /// Whether some bytes could not be decoded and stand as replacement signs.
    pub undecodable: bool,
    /// Rows below the header.
    pub rows: u64,
    /// Rows taken as bids.
    pub bids: u64,
    /// Tenders, including those without a usable bid.
    pub tenders: u64,
    /// Tenders by number of usable bids: 0, 1, 2, 3 and "4+".
    pub by_bids: BTreeMap<String, u64>,
    /// Rows not taken, by reason.
    pub left_out: BTreeMap<Left, LeftOut>,
    /// Marks in the column of winners that say neither yes nor no.
    pub unclear_winners: u64,
    /// Tenders with more than one winner.
    pub several_winners: u64,
    /// Tenders whose rows name different ceilings; the first is used.
    pub several_ceilings: u64,
    /// How often each screen could not be computed, by reason.
    pub not_computable: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    /// Tenders of whose groups only a drawn part was looked at.
    pub drawn: u64,
    /// Seed of the draw.
    pub seed: Option<u64>,
}

impl Report {
    /// The treatment in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = vec![format!(
            "读取 {} 行（编码 {}），采用 {} 个报价，共 {} 个标段。",
            self.rows, self.encoding, self.bids, self.tenders
        )];
        for (reason, left) in &self.left_out {
            let lines: Vec<String> = left.lines.iter().map(u64::to_string).collect();
            said.push(format!("{}：{} 行未采用，如第 {} 行。", reason.label(), left.rows, lines.join("、")));
        }
        if self.undecodable {
            said.push("部分字节不能解码，用替代符号代替，请检查文件编码。".to_owned());
        }
        if self.unclear_winners > 0 {
            said.push(format!("中标列有 {} 处写法不明，按未中标处理。", self.unclear_winners));
        }
        if self.several_winners > 0 {
            said.push(format!("{} 个标段有不止一个中标标记，取其中最低的报价。", self.several_winners));
        }
        if self.several_ceilings > 0 {
            said.push(format!("{} 个标段的控制价前后不一，取第一个。", self.several_ceilings));
        }
        for (bids, what) in [("0", "没有可用报价"), ("1", "只有一个报价"), ("2", "只有两个报价")]
        {
            if let Some(count) = self.by_bids.get(bids) {
                said.push(format!("{count} 个标段{what}，需要更多报价的筛查项留空并写明原因。"));
            }
        }
        if let (true, Some(seed)) = (self.drawn > 0, self.seed) {
            said.push(format!("{} 个标段的报价组合过多，按种子 {seed} 抽取一部分。", self.drawn));
        }
        said
    }
}

pub(crate) struct Bid {
    pub(crate) amount: Amount,
    /// The number of the bidder, `u32::MAX` when none is named.
    pub(crate) bidder: u32,
    pub(crate) won: bool,
    line: u64,
}

#[derive(Default)]
pub(crate) struct Tender {
    pub(crate) name: String,
    pub(crate) bids: Vec<Bid>,
    pub(crate) ceiling: Option<f64>,
    ceilings_differ: bool,
}

/// Where the columns are.
struct Places {
    width: usize,
    tender: usize,
    bid: usize,
    winner: Option<usize>,
    bidder: Option<usize>,
    ceiling: Option<usize>,
    bid_unit: u32,
    ceiling_unit: u32,
}

impl Places {
    fn find(header: &csv::StringRecord, columns: &Columns) -> Result<Self> {
        let place = |name: &str| {
            header.iter().position(|held| held.trim() == name.trim()).ok_or_else(|| {
                let held: Vec<&str> = header.iter().map(str::trim).collect();
                Error::Refused(format!("文件里没有名为“{name}”的列，表头是：{}。", held.join("、")))
            })
        };
        let maybe = |name: &Option<String>| name.as_deref().map(place).transpose();
        let (tender, bid, ceiling) =
            (place(&columns.tender)?, place(&columns.bid)?, maybe(&columns.ceiling)?);
        let unit = |place: usize| header.get(place).map_or(0, amount::unit_of_header);
        Ok(Self {
            width: header.len(),
            tender,
            bid,
            winner: maybe(&columns.winner)?,
            bidder: maybe(&columns.bidder)?,
            ceiling,
            bid_unit: unit(bid),
            ceiling_unit: ceiling.map_or(0, unit),
        })
    }
}

/// Computes the screens of all tenders of `data` and writes them to `out` as csv.
pub fn screen_file(
    mut data: impl Read,
    columns: &Columns,
    options: Options,
    mut out: impl Write,
) -> Result<Report> {
    screened(&mut data, columns, options, &mut out)
}

// One kind of file, so that it is compiled here with the optimisation of this library, not where it is called.
fn screened(data: &mut dyn Read, columns: &Columns, options: Options, out: &mut dyn Write) -> Result<Report> {
    let mut report = Report { seed: options.subsets.map(|limits| limits.seed), ..Report::default() };
    let tenders = gather(data, columns, &mut report)?;
    let mut head = csv::Writer::from_writer(&mut *out);
    head.write_record(header(columns, options))?;
    head.flush()?;
    drop(head);
    // Rows are computed on all processors in pieces and written in their order.
    let workers = thread::available_parallelism().map_or(1, usize::from);
    for portion in tenders.chunks(PORTION * workers) {
        for piece in computed(portion, columns, options)? {
            out.write_all(&piece.rows)?;
            report.count(piece.tally);
        }
    }
    out.flush()?;
    closed(&tenders, &mut report);
    Ok(report)
}

/// Counts what was taken.
pub(crate) fn closed(tenders: &[Tender], report: &mut Report) {
    report.tenders = tenders.len() as u64;
    report.bids = tenders.iter().map(|tender| tender.bids.len() as u64).sum();
}

/// Tenders that one processor computes before its rows are written.
const PORTION: usize = 4096;

/// Reads all rows and gathers the usable bids by tender.
pub(crate) fn gather(data: &mut dyn Read, columns: &Columns, report: &mut Report) -> Result<Vec<Tender>> {
    let text = Text::new(data)?;
    text.encoding().clone_into(&mut report.encoding);
    let splitter = Splitter::new(b',');
    let (mut pieces, mut first) = (Pieces::new(text, splitter), Vec::new());
    pieces.next(&mut first)?;
    let places = Places::find(&heading(&first, splitter), columns)?;
    let mut gathered = Gathered::default();
    let mut lines = 0;
    portions::each_portion(&mut pieces, first, splitter, &places, |portion| {
        for seen in &portion.rows {
            report.rows += 1;
            let line = lines + seen.lines + 1;
            if let Err(why) = gathered.take(portion, seen, line, report) {
                report.left_out.entry(why).or_default().add(line);
            }
        }
        lines += portion.lines;
        report.undecodable |= portion.damaged;
    })?;
    report.undecodable |= pieces.source().damaged();
    for tender in &mut gathered.tenders {
        if places.bidder.is_some() {
            one_for_each_bidder(tender, report);
        }
        report.several_ceilings += u64::from(tender.ceilings_differ);
    }
    Ok(gathered.tenders)
}

/// The cells of the first row.
fn heading(piece: &[u8], splitter: Splitter) -> csv::StringRecord {
    let mut row = Cells::default();
    splitter.next(piece, &mut row);
    (0..row.len()).filter_map(|place| row.cell(piece, place)).map(String::from_utf8_lossy).collect()
}

#[derive(Default)]
struct Gathered {
    tenders: Vec<Tender>,
    /// The tender of the row before.
    last: usize,
    by_name: HashMap<String, usize>,
    bidders: HashMap<String, u32>,
}

impl Gathered {
    fn take(&mut self, portion: &Portion, seen: &Seen, line: u64, report: &mut Report) -> Result<(), Left> {
        let said = seen.said.as_ref().map_err(|why| *why)?;
        let bidder = portion.bidder(said).map_or(0, |name| number(&mut self.bidders, name));
        let tender = self.tender(portion.tender(said)).ok_or(Left::NoTender)?;
        if let Some(ceiling) = said.ceiling {
            tender.mind_ceiling(ceiling);
        }
        let amount = match said.bid {
            Cell::Amount(amount) => amount,
            Cell::Blank => return Err(Left::NoBid),
            Cell::Zero => return Err(Left::Zero),
            Cell::Negative => return Err(Left::Negative),
            Cell::NotFinite => return Err(Left::NotFinite),
            Cell::Words => return Err(Left::NotANumber),
        };
        report.unclear_winners += u64::from(said.won.is_none());
        let won = said.won == Some(true);
        tender.bids.push(Bid { amount, bidder, won, line });
        Ok(())
    }

    fn tender(&mut self, name: &str) -> Option<&mut Tender> {
        // Rows of a tender mostly follow one another.
        let last = self.tenders.get(self.last).is_some_and(|tender| tender.name == name);
        let place = if last {
            self.last
        } else if let Some(place) = self.by_name.get(name) {
            *place
        } else {
            let place = self.tenders.len();
            self.by_name.insert(name.to_owned(), place);
            self.tenders.push(Tender { name: name.to_owned(), ..Tender::default() });
            place
        };
        self.last = place;
        self.tenders.get_mut(place)
    }
}

/// The number of a name; an empty name is always another, since nobody knows whether two are the same.
fn number(numbers: &mut HashMap<String, u32>, name: &str) -> u32 {
    if name.is_empty() {
        return u32::MAX;
    }
    if let Some(number) = numbers.get(name) {
        return *number;
    }
    let number = numbers.len() as u32;
    numbers.insert(name.to_owned(), number);
    number
}

/// Whether a mark says that the bid won; none when it cannot be told.
pub(crate) fn mark(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "1.0" | "true" | "t" | "yes" | "y" | "是" | "中标" | "成交" | "√" | "✓" | "winner" | "won" => {
            Some(true)
        }
        "" | "0" | "0.0" | "false" | "f" | "no" | "n" | "否" | "未中标" | "落选" | "×" | "-" | "loser"
        | "lost" => Some(false),
        _ => None,
    }
}

impl Tender {
    fn mind_ceiling(&mut self, cell: Cell) {
        if let Cell::Amount(amount) = cell {
            let amount = amount.float();
            match self.ceiling {
                None => self.ceiling = Some(amount),
                Some(held) => self.ceilings_differ |= held.to_bits() != amount.to_bits(),
            }
        }
    }

    pub(crate) fn prices(&self) -> Prices {
        let amounts: Vec<Amount> = self.bids.iter().map(|bid| bid.amount).collect();
        let (units, unit) = amount::in_one_unit(&amounts);
        Prices::in_units(units, unit)
    }

    pub(crate) fn winners(&self) -> impl Iterator<Item = f64> {
        self.bids.iter().filter(|bid| bid.won).map(|bid| bid.amount.float())
    }
}

/// Keeps the lowest bid of every bidder; whether it won is true when any of its bids won.
fn one_for_each_bidder(tender: &mut Tender, report: &mut Report) {
    let mut best: HashMap<u32, usize> = HashMap::new();
    let mut kept: Vec<Bid> = Vec::with_capacity(tender.bids.len());
    for bid in tender.bids.drain(..) {
        let earlier = if bid.bidder == u32::MAX { None } else { best.get(&bid.bidder).copied() };
        if let Some(held) = earlier.and_then(|place| kept.get_mut(place)) {
            let won = held.won || bid.won;
            let lower = bid.amount.float() < held.amount.float();
            let (stays, goes) = if lower { (bid.amount, held.line) } else { (held.amount, bid.line) };
            report.left_out.entry(Left::HigherOfSameBidder).or_default().add(goes);
            let line = if lower { bid.line } else { held.line };
            *held = Bid { amount: stays, bidder: held.bidder, won, line };
        } else {
            best.insert(bid.bidder, kept.len());
            kept.push(bid);
        }
    }
    tender.bids = kept;
}

/// The rows of some tenders and what is to be counted of them.
struct Piece {
    rows: Vec<u8>,
    tally: Tally,
}

#[derive(Default)]
struct Tally {
    by_bids: BTreeMap<String, u64>,
    not_computable: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    several_winners: u64,
    drawn: u64,
}

impl Report {
    fn count(&mut self, tally: Tally) {
        for (bids, count) in tally.by_bids {
            *self.by_bids.entry(bids).or_default() += count;
        }
        for (screen, reasons) in tally.not_computable {
            let held = self.not_computable.entry(screen).or_default();
            for (reason, count) in reasons {
                *held.entry(reason).or_default() += count;
            }
        }
        self.several_winners += tally.several_winners;
        self.drawn += tally.drawn;
    }
}

fn computed(portion: &[Tender], columns: &Columns, options: Options) -> Result<Vec<Piece>> {
    thread::scope(|scope| {
        let handles: Vec<_> = portion
            .chunks(PORTION)
            .map(|chunk| scope.spawn(move || piece(chunk, columns, options)))
            .collect();
        let joined = handles.into_iter().map(|handle| {
            handle.join().unwrap_or_else(|_| Err(Error::Refused("计算中断，请重新运行。".to_owned())))
        });
        joined.collect()
    })
}

fn piece(tenders: &[Tender], columns: &Columns, options: Options) -> Result<Piece> {
    let mut tally = Tally::default();
    let mut writer = csv::Writer::from_writer(Vec::with_capacity(tenders.len() * 256));
    let mut row = Row { writer: &mut writer, number: Vec::new(), missing: String::new(), tally: &mut tally };
    for tender in tenders {
        row.tender(tender, columns, options)?;
    }
    let rows = writer.into_inner().map_err(|error| Error::Io(error.into_error()))?;
    Ok(Piece { rows, tally })
}

/// Columns of the screens of whole tenders beyond P1 to P9.
const MORE: [&str; 10] = [
    "dup",
    "ap_deviation",
    "ap_r2",
    "ap_longest",
    "ap",
    "gp_deviation",
    "gp_r2",
    "gp_longest",
    "gp",
    "mean_cluster",
];

fn header(columns: &Columns, options: Options) -> Vec<String> {
    let mut header: Vec<String> = ["tender", "n", "lowest", "mean", "sd"].map(str::to_owned).to_vec();
    header.extend(Screen::ALL.map(|screen| screen.column().to_owned()));
    header.extend(MORE.map(str::to_owned));
    if columns.ceiling.is_some() {
        header.extend(["w", "a", "near_ceiling"].map(str::to_owned));
    }
    if columns.winner.is_some() {
        header.extend(["winning_bid", "winner_rank", "winner_premium"].map(str::to_owned));
    }
    if options.subsets.is_some() {
        for size in Size::ALL {
            for screen in Screen::ALL.into_iter().filter(|screen| computable(*screen, size)) {
                for summary in ["min", "mean", "median", "max"] {
                    header.push(format!("{}{}_{summary}", screen.column(), size.bids()));
                }
            }
        }
    }
    header.push("not_computable".to_owned());
    header
}

fn computable(screen: Screen, size: Size) -> bool {
    screen != Screen::Kurtosis || size == Size::Four
}

/// One row in the making.
struct Row<'a> {
    writer: &'a mut csv::Writer<Vec<u8>>,
    number: Vec<u8>,
    missing: String,
    tally: &'a mut Tally,
}

impl Row<'_> {
    fn tender(&mut self, tender: &Tender, columns: &Columns, options: Options) -> Result<()> {
        let prices = tender.prices();
        self.missing.clear();
        self.count(prices.len());
        self.writer.write_field(&tender.name)?;
        self.writer.write_field(prices.len().to_string())?;
        self.value("lowest", prices.lowest().ok_or(Why::TooFew))?;
        self.value("mean", prices.mean())?;
        self.value("sd", prices.deviation())?;
        for (screen, value) in prices.screens().each() {
            self.value(screen.column(), value)?;
        }
        self.regularities(&prices)?;
        if columns.ceiling.is_some() {
            let level = prices.level(tender.ceiling);
            self.value("w", level.lowest)?;
            self.value("a", level.mean)?;
            self.value("near_ceiling", level.near)?;
        }
        if columns.winner.is_some() {
            self.winner(tender, &prices)?;
        }
        if let Some(limits) = options.subsets {
            self.subsets(&prices, limits)?;
        }
        self.writer.write_field(&self.missing)?;
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn count(&mut self, bids: usize) {
        let bids = if bids > 3 { "4+".to_owned() } else { bids.to_string() };
        *self.tally.by_bids.entry(bids).or_default() += 1;
    }

    fn regularities(&mut self, prices: &Prices) -> Result<()> {
        self.value("dup", prices.duplicates())?;
        let progressions = [
            (["ap_deviation", "ap_r2", "ap_longest", "ap"], prices.arithmetic(Progression::TOLERANCE)),
            (["gp_deviation", "gp_r2", "gp_longest", "gp"], prices.geometric(Progression::TOLERANCE)),
        ];
        for ([deviation, fit, longest, present], found) in progressions {
            self.value(deviation, found.deviation)?;
            self.value(fit, found.fit)?;
            self.whole(longest, found.longest)?;
            self.yes(present, found.deviation.map(|_| found.present()))?;
        }
        self.yes("mean_cluster", prices.cluster().map(|cluster| cluster.present()))
    }

    fn winner(&mut self, tender: &Tender, prices: &Prices) -> Result<()> {
        let lowest_winner = tender.winners().reduce(f64::min);
        self.tally.several_winners += u64::from(tender.winners().nth(1).is_some());
        let (Some(winner), Some(lowest)) = (lowest_winner, prices.lowest()) else {
            for _ in 0..3 {
                self.writer.write_field("")?;
            }
            return Ok(());
        };
        let below = tender.bids.iter().filter(|bid| bid.amount.float() < winner).count();
        self.value("winning_bid", Ok(winner))?;
        self.writer.write_field((below + 1).to_string())?;
        self.value("winner_premium", Ok((winner - lowest) / lowest))
    }

    fn subsets(&mut self, prices: &Prices, limits: Limits) -> Result<()> {
        let mut drawn = false;
        for size in Size::ALL {
            let found = subsets(prices, size, limits);
            drawn |= found.drawn();
            for screen in Screen::ALL.into_iter().filter(|screen| computable(*screen, size)) {
                let summary = found.get(screen);
                let values = [
                    summary.map(|summary| summary.least),
                    summary.map(|summary| summary.mean),
                    summary.map(|summary| summary.median),
                    summary.map(|summary| summary.most),
                ];
                for value in values {
                    self.cell(value)?;
                }
                if let Err(why) = summary {
                    self.reason(&format!("{}{}", screen.column(), size.bids()), why);
                }
            }
        }
        self.tally.drawn += u64::from(drawn);
        Ok(())
    }

    fn value(&mut self, column: &'static str, value: Value) -> Result<()> {
        if let Err(why) = value {
            self.reason(column, why);
            *self.tally.not_computable.entry(column).or_default().entry(why.code()).or_default() += 1;
        }
        self.cell(value)
    }

    fn yes(&mut self, column: &'static str, value: Result<bool, Why>) -> Result<()> {
        self.whole(column, value.map(usize::from))
    }

    fn whole(&mut self, column: &'static str, value: Result<usize, Why>) -> Result<()> {
        match value {
            Ok(count) => self.writer.write_field(count.to_string())?,
            Err(why) => self.value(column, Err(why))?,
        }
        Ok(())
    }

    fn reason(&mut self, column: &str, why: Why) {
        if !self.missing.is_empty() {
            self.missing.push(';');
        }
        self.missing.push_str(column);
        self.missing.push(':');
        self.missing.push_str(why.code());
    }

    /// The shortest decimal text that reads back as the same number, or nothing.
    fn cell(&mut self, value: Value) -> Result<()> {
        self.number.clear();
        if let Ok(value) = value {
            serde_json::to_writer(&mut self.number, &value).map_err(std::io::Error::from)?;
        }
        self.writer.write_field(&self.number)?;
        Ok(())
    }
}
