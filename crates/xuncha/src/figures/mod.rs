//! Figures (统计指标): named queries with provenance.
//!
//! Every figure says what it counts, by which day, out of what, and opens the rows it counted. Asked
//! for a day of the past it gives the same answer whenever it is asked, because it rests on dated facts
//! only. Values reported by others stand beside the figures and never flow into them.
//!
//! Left out because what they count has no table yet: completeness of the materials beside the
//! report (1+3), and consultations of office and team.

mod ask;
#[cfg(test)]
mod city_tests;
mod compute;
pub mod consistency;
mod cut;
mod formula;
mod groups;
mod overlap;
mod reported;
pub mod review;
mod rows;
mod scope;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;

use kit::labelled;

pub use ask::{Ask, Frame};
pub use compute::{Computed, Scope, compute, json};
pub use cut::Cut;
pub use formula::{Filters, Formula, Set};
pub use groups::all;
pub use overlap::sum;
pub use reported::{Reported, reported};
pub use rows::{Only, PAGE, Row, Rows, Side, rows};
pub use scope::{may_read, reads_all};

labelled! {
    /// The unit a value is printed in.
    pub enum Unit: "单位" {
        /// Organisations, problems, places.
        Count = "count" => "个", Grey;
        /// Inspections of a kind, meetings.
        Times = "times" => "次", Grey;
        /// Leads.
        Item = "item" => "件", Grey;
        /// Projects.
        Case = "case" => "例", Grey;
        /// Suggestions.
        Piece = "piece" => "条", Grey;
        /// Rules, measures.
        Rule = "rule" => "项", Grey;
        /// Reports.
        Copy = "copy" => "份", Grey;
        /// People.
        Person = "person" => "人", Grey;
        /// Batches.
        Batch = "batch" => "批次", Grey;
        /// Shares.
        Percent = "percent" => "%", Grey;
        /// 10^8 yuan; counted in fen.
        YiYuan = "yi_yuan" => "亿元", Grey;
        /// 10^4 square metres; counted in square centimetres.
        WanSquareMetres = "wan_square_metres" => "万㎡", Grey;
        /// Months; counted in days.
        Months = "months" => "个月", Grey;
    }
}

labelled! {
    /// Over which time a figure counts.
    pub enum PeriodKind: "统计期间" {
        /// The calendar year, up to the day asked for.
        Year = "year" => "年度", Grey;
        /// Since the term of the committee began.
        Term = "term" => "本届累计", Grey;
        /// Since the activity began.
        Cumulative = "cumulative" => "累计", Grey;
        /// One inspection or event.
        Event = "event" => "单次", Grey;
        /// How things stand on the day asked for.
        Moment = "moment" => "统计日状态", Grey;
    }
}

labelled! {
    /// Chapters of the annual review.
    pub enum Chapter: "章节" {
        /// What is inspected.
        What = "what" => "巡什么", Grey;
        /// How bodies work together.
        Together = "together" => "怎么联", Grey;
        /// How it is put right.
        PutRight = "put_right" => "怎么改", Grey;
    }
}

/// One figure.
#[derive(Clone, Copy)]
pub struct Figure {
    /// Stable name in addresses and JSON.
    pub code: &'static str,
    /// Chinese name.
    pub label: &'static str,
    /// Unit of the printed value.
    pub unit: Unit,
    /// Decimals of the printed value, rounded half up.
    pub decimals: u32,
    /// Over which time it counts.
    pub period: PeriodKind,
    /// Where it stands in the annual review.
    pub chapter: Chapter,
    /// What is counted, and by which date, in one sentence.
    pub definition: &'static str,
    /// What stands above the line, for shares.
    pub numerator: &'static str,
    /// What stands below the line, for shares.
    pub denominator: &'static str,
    /// Whether the choice of kinds of inspections bears on it.
    pub by_kind: bool,
    /// The ledger it is counted from.
    pub source: &'static str,
    /// Phrases by which texts mean it; they stand before the number, with `…` in front after it.
    pub mentions: &'static [&'static str],
    /// How it is counted.
    pub formula: Formula,
}

/// The figure named `code`.
pub fn figure(code: &str) -> Option<&'static Figure> {
    all().find(|figure| figure.code == code)
}
