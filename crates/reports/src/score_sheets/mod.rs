//! Score sheets (评分表) for the evaluation of reports, as data: items with their points.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, labelled};
use serde::{Deserialize, Serialize};

use crate::rights;

pub use service::service;
pub use store::Model as ScoreSheet;
pub use store::{find, whoever};

/// Path segment of the noun.
pub const NOUN: &str = "score_sheets";
/// Points of a whole sheet, in tenths.
pub const WHOLE: i64 = 1_000;

kit::id!(
    /// Identity of a sheet.
    ScoreSheetId
);

labelled! {
    /// What can be done to a sheet.
    pub enum Deed: "评分表办理" {
        /// Change it before it is used.
        Edit = "edit" => "修改", Grey;
    }
}

/// An item of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What is looked at.
    pub item: String,
    /// How it is looked at.
    pub standard: String,
    /// Points in tenths.
    pub tenths: i64,
}

/// The office and those who read reports for it; a sheet says nothing about any report.
pub fn visible(actor: &Actor) -> Pred {
    rights::governing(actor)
}

/// The director keeps them.
pub fn may_keep(actor: &Actor) -> bool {
    rights::keeps(actor)
}

/// Points in words: `86.5`.
pub fn points(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, (tenths % 10).abs())
}

/// The sheet an office starts with (domain.md 6.7; points are a local proposal).
pub(crate) const SEED: [(&str, &str, i64); 7] = [
    ("政治站位", "把握政治巡察定位，从业务看政治、从问题看责任", 200),
    ("聚焦职能责任", "紧扣单位核心职能和监督重点，问题有代表性", 150),
    ("问题定性", "定性准确，依据充分，责任清楚", 200),
    ("底稿支撑", "问题逐条有底稿，事实、数字与底稿一致", 150),
    ("线索处理", "线索分类准确，移交及时，不以报告代替移交", 100),
    ("意见建议", "有针对性，具体可行，便于整改和检查", 100),
    ("文字和时效", "结构清晰，文字精练，按期报送", 100),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_points_of_the_sheet_make_a_hundred() {
        assert_eq!(SEED.iter().map(|(.., tenths)| tenths).sum::<i64>(), WHOLE);
        assert_eq!(points(865), "86.5");
    }
}
