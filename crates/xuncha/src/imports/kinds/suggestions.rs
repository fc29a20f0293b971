//! Inspection suggestions to competent departments.

use documents::{recognise::ValueKind as V, synonyms};
use kit::{Result, WriteCx};

use crate::imports::{
    Column, Kind,
    memo::Memo,
    row::{Filled, Row, Target},
};

/// 巡察建议台账.
pub(super) const KIND: Kind = Kind {
    code: "suggestions",
    label: "巡察建议台账",
    noun: "suggestions",
    about: "登记巡察建议，状态为“起草”；审定、发出和办理须在系统内进行。",
    columns: &[
        Column::field("number", "建议书编号", &["编号", "文号", "建议编号", "建议书文号"], V::Text)
            .note("没有这一列的由系统编号。"),
        Column::field("text", "建议内容", &["巡察建议", "建议", "意见建议", "建议事项"], V::LongText)
            .required(),
        Column::field("field", "领域", synonyms::FIELD, V::Text).fill_down(),
        Column::pick("addressee", "建议承办单位", synonyms::RECIPIENT, "organisations")
            .required()
            .fill_down(),
        Column::pick("organisation", "被巡察单位", &["涉及单位"], "organisations"),
        Column::pick("inspection", "来源巡察", &["巡察", "巡察名称"], "inspections").fill_down(),
        Column::pick("special_report", "来源专题报告", &["专题报告"], "special_reports"),
        Column::told("state", "建议状态", &["状态", "办理状态"], "建议状态由系统内的办理形成。"),
        Column::told("result", "办理结果", synonyms::DISPOSAL, "办理情况由承办单位在系统内反馈。"),
    ],
    key: &["number", "addressee", "text"],
    number: Some("number"),
    title: None,
    parts: &[],
    sealed: false,
    complete: |cx, memo, row, filled| Box::pin(complete(cx, memo, row, filled)),
};

async fn complete(cx: &mut WriteCx, memo: &mut Memo, _: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    if filled.existing.is_none() && filled.entry("number").is_none() {
        let app = cx.app().clone();
        let service = app.registry().service("suggestions");
        if let Some(create) = service.and_then(|service| service.deed("create")) {
            let fields = (create.fields)(cx, None).await?;
            let next = fields.into_iter().find(|field| field.name == "number").map(|field| field.value);
            filled.put("number", next.unwrap_or_default());
            memo.note("没有建议书编号，由系统按顺序编号。");
        }
    }
    Ok(vec![filled.into_target()])
}
