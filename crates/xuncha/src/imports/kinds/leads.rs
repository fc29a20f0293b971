//! Leads. What they say is sealed where it is stored, so an import keeps no copy of it.

use documents::{
    recognise::{Choices, ValueKind as V},
    synonyms,
};
use kit::{Result, WriteCx};

use super::{at, units};
use crate::imports::{
    Column, Kind,
    memo::Memo,
    row::{Filled, Row, Target},
};

const TIMINGS: Choices = &[
    ("early", &["巡察期间(边巡边移)", "边巡边移", "巡察期间", "快移快查"]),
    ("after_report", &["报告后", "正常移交", "常规移交", "巡后移交", "集中移交"]),
];

/// 问题线索台账.
pub(super) const KIND: Kind = Kind {
    code: "leads",
    label: "问题线索台账",
    noun: "leads",
    about: "登记问题线索，内容加密保存；批准、移交和办理须在系统内进行。已登记的线索不能用台账更新。",
    columns: &[
        Column::number("number", "线索编号", &["编号", "台账编号"]),
        units::ORGANISATION,
        units::INSPECTION,
        units::ROUND,
        units::BATCH,
        units::TEAM,
        units::TERM,
        Column::field(
            "person",
            "反映对象",
            &["被反映人", "涉及人员", "姓名", "人员姓名", "人员", "相关人员"],
            V::Text,
        ),
        Column::field("post", "职务职级", &["职务", "职级", "现任职务"], V::Text),
        Column::field(
            "content",
            "反映内容",
            &["线索内容", "问题线索", "主要内容", "反映的主要问题", "线索描述", "主要问题"],
            V::LongText,
        ),
        Column::field("urgency", "紧急情形", &[], V::LongText),
        Column::field("discipline", "六项纪律", &["违反纪律", "涉嫌违反纪律"], V::Text),
        Column::field("category", "线索类别", &["类别", "线索类型", "类型"], V::Text),
        Column::field("source", "线索来源", &["来源"], V::Text),
        Column::field("route", "移交去向", &["去向", "移交渠道"], V::Text),
        Column::field("timing", "移交时机", &[], V::Choice(TIMINGS)),
        Column::field("audit_linked", "巡审联动", &["巡审联动发现", "是否巡审联动"], V::YesNo),
        Column::field("accepted_on", "受理日期", &["受理时间", "登记日期"], V::Date),
        Column::pick("problem", "关联问题", &["关联问题编号"], "problems"),
        Column::told("recipient", "移交单位", synonyms::RECIPIENT, "移交须经批准，在系统内办理。"),
        Column::told("disposal", "处置方式", synonyms::DISPOSAL, "办理情况由承办单位在系统内反馈。"),
        Column::told("state", "状态", synonyms::STATE, "办理状态由系统内的办理形成。"),
    ],
    key: &["number", "organisation", "person", "content"],
    number: Some("number"),
    title: None,
    parts: &[],
    sealed: true,
    complete: |cx, memo, row, filled| Box::pin(complete(cx, memo, row, filled)),
};

async fn complete(cx: &mut WriteCx, memo: &mut Memo, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    if filled.existing.is_none() {
        let organisation = filled.id("organisation").ok_or_else(|| at("organisation", "请填写被巡察单位"))?;
        let unit = units::find(cx, memo, row, organisation).await?;
        filled.put("unit", unit.to_string());
    }
    Ok(vec![filled.into_target()])
}
