//! Items of briefing replies, as departments keep them in a sheet of their own. Some of them are sealed, so
//! an import keeps no copy of what they say.

use documents::recognise::ValueKind as V;

use crate::imports::{
    Column, Kind,
    memo::Memo,
    row::{Filled, Target},
};

/// Kinds of matters that are sealed when the sheet does not say how closely they are kept.
const CLOSE: [&str; 2] = ["问题线索", "lead"];

/// 通报事项清单.
pub(super) const KIND: Kind = Kind {
    code: "briefing_items",
    label: "通报事项清单",
    noun: "briefing_items",
    about: "部门填报巡前通报的事项；填报后仍须在通报页面提交回复。没有写密级的，问题线索按密封、其他按内部登记。已填报的事项不能用清单更新。",
    columns: &[
        Column::number("number", "事项编号", &["编号"])
            .note("系统给出的编号，用来认出已有的事项；新事项留空。"),
        Column::pick("briefing", "通报编号", &["请求编号", "通报请求编号", "巡前通报编号"], "briefings")
            .required()
            .fill_down()
            .note("本部门收到、尚未提交的通报，如 TB-2023-0007。"),
        Column::field("kind", "类别", &["事项类别", "类型", "问题类型"], V::Text)
            .required()
            .note("问题、问题线索、审计发现、信访反映、履职情况、班子和干部。"),
        Column::field(
            "summary",
            "内容",
            &["主要内容", "事项内容", "通报内容", "情况说明", "摘要", "具体情况"],
            V::LongText,
        )
        .required(),
        Column::field("secrecy", "密级", &["是否密封", "保密要求"], V::Text).note("内部或密封。"),
        Column::field("document", "文号", &["来源文号", "文件号", "依据文号"], V::Text),
        Column::field("arose_on", "发生日期", &["发生时间", "时间", "日期"], V::Date),
        Column::told("outcome", "运用情况", &["核查结果", "办理结果"], "运用情况由巡察组在系统内记录。"),
    ],
    key: &["number", "briefing", "kind", "summary"],
    number: Some("number"),
    title: None,
    parts: &[],
    sealed: true,
    complete: |_, memo, _, filled| Box::pin(std::future::ready(Ok(complete(memo, filled)))),
};

fn complete(memo: &mut Memo, mut filled: Filled) -> Vec<Target> {
    if filled.existing.is_none() && filled.entry("secrecy").is_none() {
        let close = filled.entry("kind").is_some_and(|kind| CLOSE.contains(&kind.trim()));
        filled.put("secrecy", String::from(if close { "sealed" } else { "internal" }));
        memo.note("没有写密级的，问题线索按密封、其他按内部登记。");
    }
    vec![filled.into_target()]
}
