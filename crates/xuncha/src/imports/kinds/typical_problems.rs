//! The library of typical problems with the rules they are measured by.

use documents::{recognise::ValueKind as V, synonyms};
use kit::Result;

use super::rules;
use crate::imports::{
    Column, Kind,
    row::{Filled, Row, Target},
};

/// 问题类型库.
pub(super) const KIND: Kind = Kind {
    code: "typical_problems",
    label: "问题类型库",
    noun: "typical_problems",
    about: "登记典型问题及其定性依据；编码由系统给出。依据一行一条，写成《法规名称》第几条。",
    columns: &[
        Column::number("code", "编码", &["编号", "序列号"])
            .note("系统给出的编码，用来认出已有的条目；新条目留空。"),
        Column::field("title", "典型问题", &["问题", "问题名称", "问题类型名称", "典型问题名称"], V::Text)
            .required(),
        Column::field(
            "manifestation",
            "典型表现",
            &["表现形式", "主要表现", "问题表现", "具体表现"],
            V::LongText,
        ),
        Column::field("category_2", "问题类别（二级）", &["问题小类", "二级类别"], V::Text)
            .note("新条目必填，从字典中选；一级类别由二级得出。"),
        Column::told("category_1", "问题类别", &["问题大类", "一级类别"], "一级类别由二级类别得出。"),
        Column::field("framework_2", "监督重点（二级）", &["监督重点"], V::Text),
        Column::field("field", "领域", synonyms::FIELD, V::Text),
        Column::own("bases", "依据", &["定性依据", "法规依据", "政策依据", "定性依据及条款"], V::LongText)
            .note("一行一条：《法规名称》第几条。"),
        Column::field("responsibility", "责任提示", &["责任认定", "责任划分"], V::LongText),
        Column::field("evidence", "应取证据", &["应收集证据", "取证要点", "佐证要求"], V::LongText),
        Column::told("state", "状态", synonyms::STATE, "停用和恢复使用在系统中办理。"),
    ],
    key: &["code", "title"],
    number: Some("code"),
    title: Some("title"),
    parts: &[],
    sealed: false,
    complete: |_, _, row, filled| Box::pin(std::future::ready(complete(row, filled))),
};

fn complete(row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    if row.get("bases").is_some() {
        filled.put("bases", rules::bases(&row.text("bases"))?);
    }
    Ok(vec![filled.into_target()])
}
