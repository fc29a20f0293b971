//! The eleven indicators of Open Contracting's *Cardinal*, by their published definitions, over OCDS compiled releases.
//!
//! [`run`] reads one release a line (or a record or release package) on all processors, keeping of each release only
//! what later steps need: what is flagged at once, and the ratios whose quartiles give the fences. The answer has the
//! shape in which Cardinal prints its own, and beside it a [`Report`]: how many lines were read and left out, on how many
//! objects each indicator could be computed at all, and whether it flags so many that the data should be looked at first.
//!
//! Differences, all on purpose: the main currency is the first one compared in the order of the file on any number of
//! processors; a winning price that is not above zero gives no difference, since nothing can be divided by it.

mod fences;
mod fold;
mod read;
mod settings;
mod shape;

use std::{collections::BTreeMap, io::Read};

use serde::{Serialize, Serializer, ser::SerializeMap as _};

pub use self::settings::Settings;
use crate::Result;

/// The indicators by their published codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Indicator {
    /// Short submission period.
    R003,
    /// Single bid received.
    R018,
    /// Price close to winning bid.
    R024,
    /// Excessive unsuccessful bids.
    R025,
    /// Identical bid prices.
    R028,
    /// Late bid won.
    R030,
    /// All except winning bid disqualified.
    R035,
    /// Lowest bid disqualified.
    R036,
    /// Excessive disqualified bids.
    R038,
    /// Heterogeneous supplier.
    R048,
    /// Heavily discounted bid.
    R058,
}

impl Indicator {
    /// All eleven.
    pub const ALL: [Self; 11] = [
        Self::R003,
        Self::R018,
        Self::R024,
        Self::R025,
        Self::R028,
        Self::R030,
        Self::R035,
        Self::R036,
        Self::R038,
        Self::R048,
        Self::R058,
    ];

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::R003 => "投标准备时间过短",
            Self::R018 => "只有一家投标",
            Self::R024 => "次低价紧贴中标价",
            Self::R025 => "大量投标而极少中标",
            Self::R028 => "不同投标人报价相同",
            Self::R030 => "逾期投标中标",
            Self::R035 => "中标人以外全部否决",
            Self::R036 => "最低价被否决",
            Self::R038 => "否决投标比例异常",
            Self::R048 => "供应门类异常庞杂",
            Self::R058 => "中标价异常低",
        }
    }
}

/// What an indicator speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Group {
    /// A contracting process.
    #[serde(rename = "OCID")]
    Process,
    /// A buyer.
    Buyer,
    /// A procuring entity.
    ProcuringEntity,
    /// A tenderer.
    Tenderer,
}

impl Group {
    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Process => "采购过程",
            Self::Buyer => "采购人",
            Self::ProcuringEntity => "采购实体",
            Self::Tenderer => "投标人",
        }
    }
}

/// The indicators that flag one object, with their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flags(Vec<(Indicator, f64)>);

impl Flags {
    /// The value of an indicator that flags the object.
    pub fn get(&self, indicator: Indicator) -> Option<f64> {
        self.0.iter().find(|(held, _)| *held == indicator).map(|(_, value)| *value)
    }

    /// Indicators with their values.
    pub fn each(&self) -> impl Iterator<Item = (Indicator, f64)> {
        self.0.iter().copied()
    }

    fn set(&mut self, indicator: Indicator, value: f64) {
        match self.0.iter_mut().find(|(held, _)| *held == indicator) {
            Some((_, held)) => *held = value,
            None => self.0.push((indicator, value)),
        }
    }
}

impl Serialize for Flags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.each())
    }
}

/// Quartiles and fences, rounded to four places when printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta(BTreeMap<String, f64>);

impl Meta {
    /// A figure by its name, such as `q1` or `Buyer_upper_fence`.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }
}

impl Serialize for Meta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer
            .collect_map(self.0.iter().map(|(name, value)| (name, (value * 10_000.0).round() / 10_000.0)))
    }
}

/// How an indicator went.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Went {
    /// Objects on which it could be computed.
    pub computed: u64,
    /// Objects it flags.
    pub flagged: u64,
    /// Why it says nothing though there were objects, or why its answer should be doubted.
    pub remark: Option<String>,
}

/// What was read and how it was treated.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Lines with something on them, or releases of a package.
    pub read: u64,
    /// Releases evaluated.
    pub evaluated: u64,
    /// Lines that are no JSON, and the first of them.
    pub invalid: u64,
    /// Numbers of the first invalid lines.
    pub invalid_lines: Vec<u64>,
    /// Lines longer than is read.
    pub too_long: u64,
    /// Objects without a text as `ocid`.
    pub without_ocid: u64,
    /// Releases whose tender was cancelled.
    pub cancelled: u64,
    /// Releases left out by their procurement method details.
    pub excluded: u64,
    /// Releases whose `ocid` occurred before; the later price difference replaces the earlier.
    pub repeated: u64,
    /// The main currency.
    pub currency: Option<String>,
    /// Bids not compared because of another currency.
    pub other_currency: u64,
    /// Processes without a price difference because the winning price is not above zero.
    pub no_positive_price: u64,
    /// By indicator.
    pub indicators: BTreeMap<Indicator, Went>,
}

impl Report {
    /// The treatment in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = vec![format!("读取 {} 条，评价 {} 条。", self.read, self.evaluated)];
        let counted = [
            (self.invalid, "行不是 JSON，未采用"),
            (self.too_long, "行过长，未采用"),
            (self.without_ocid, "条没有 ocid，未采用"),
            (self.cancelled, "条的招标已取消，不评价"),
            (self.excluded, "条按采购方式排除"),
            (self.repeated, "条的 ocid 重复出现，请先合并为汇编发布"),
            (self.other_currency, "个报价不是主要币种，不比较价格"),
            (self.no_positive_price, "条的中标价不大于零，无法计算价差"),
        ];
        said.extend(
            counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}。")),
        );
        for (indicator, went) in &self.indicators {
            if let Some(remark) = &went.remark {
                said.push(format!("{indicator:?}（{}）：{remark}", indicator.label()));
            }
        }
        said
    }
}

/// The flags, the fences and the report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The flags by group and id.
    pub groups: BTreeMap<Group, BTreeMap<String, Flags>>,
    /// Quartiles and fences.
    pub meta: BTreeMap<Indicator, Meta>,
    /// What was read and how it went.
    pub report: Report,
}

impl Outcome {
    /// The flags of one object.
    pub fn flags(&self, group: Group, id: &str) -> Option<&Flags> {
        self.groups.get(&group)?.get(id)
    }

    fn flag(&mut self, group: Group, id: &str, indicator: Indicator, value: f64) {
        let held = self.groups.entry(group).or_default();
        match held.get_mut(id) {
            Some(flags) => flags.set(indicator, value),
            None => {
                held.insert(id.to_owned(), Flags(vec![(indicator, value)]));
            }
        }
    }
}

impl Serialize for Outcome {
    /// As Cardinal prints it, with the report beside.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (group, objects) in &self.groups {
            map.serialize_entry(group, objects)?;
        }
        map.serialize_entry("Meta", &self.meta)?;
        map.serialize_entry("Report", &self.report)?;
        map.end()
    }
}

/// Evaluates all releases of `data`.
pub fn run(mut data: impl Read, settings: &Settings) -> Result<Outcome> {
    evaluated(&mut data, settings)
}

// One kind of file, so that it is compiled here with the optimisation of this library, not where it is called.
fn evaluated(data: &mut dyn Read, settings: &Settings) -> Result<Outcome> {
    let tally = read::tally(data, settings)?;
    Ok(fences::settle(tally, settings))
}
