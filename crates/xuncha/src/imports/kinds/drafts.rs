//! Working drafts that a team has written outside: matter, facts, statement and place. They arrive as drafts being
//! written; signatures are given here and never imported.

use db::Sql;
use documents::{recognise::ValueKind as V, synonyms};
use kit::{Cx, Result, WriteCx};
use uuid::Uuid;

use super::{at, rules, units};
use crate::imports::{
    Column, Kind,
    memo::{Memo, known, plain},
    row::{Filled, Row, Target},
};

/// 问题底稿.
pub(super) const KIND: Kind = Kind {
    code: "drafts",
    label: "问题底稿",
    noun: "drafts",
    about: "把线下编写的底稿登记为“起草中”，导入人为编写人（第一承办人）；佐证材料和签名在系统中办理，不从台账采用。",
    columns: &[
        Column::number("number", "预编号", &["底稿预编号"])
            .note("系统给出的预编号，用来认出已有的底稿；新底稿留空。"),
        Column::told(
            "official_number",
            "底稿编号",
            &["底稿号", "正式编号"],
            "正式编号在组长审批后由系统给出。",
        ),
        units::ORGANISATION,
        units::INSPECTION,
        units::ROUND,
        units::BATCH,
        units::TEAM,
        units::TERM,
        Column::field("title", "问题标题", &["问题", "问题名称", "问题概述", "问题摘要"], V::Text)
            .required()
            .note("一事一稿，一句话写明什么单位、什么问题。"),
        Column::field("found_on", "发现日期", &["发现时间"], V::Date).note("新底稿必填。"),
        Column::field("source", "问题来源", &["来源"], V::Text),
        Column::field("learnt", "了解方法和经过", &["了解方法", "发现方式"], V::LongText),
        Column::field("overview", "问题概况", &["概况", "问题概要"], V::LongText),
        Column::field("facts", "基本事实", &["事实", "具体事实", "主要事实", "问题事实"], V::LongText),
        Column::field("period_from", "发生时间（起）", &["发生时间起", "起始时间"], V::Date),
        Column::field("period_to", "发生时间（止）", &["发生时间止", "截止时间"], V::Date),
        Column::field("amount", "涉及金额（元）", synonyms::AMOUNT, V::Money),
        Column::field("people_affected", "涉及人数", &["人数"], V::Integer),
        Column::field("effect", "影响和后果", &["后果", "造成的影响", "影响"], V::LongText),
        Column::field("exchange", "交换意见情况", &["与单位主要负责人交换意见情况", "单位意见"], V::LongText),
        Column::field("exchanged_on", "交换意见日期", &["交换意见时间"], V::Date),
        Column::field("phenomenon", "现象", &["问题现象"], V::LongText),
        Column::field("qualification", "定性", &["问题定性"], V::LongText),
        Column::own("bases", "定性依据", &["依据", "法规依据", "政策依据"], V::LongText)
            .note("一行一条：《法规名称》第几条。"),
        Column::field("responsibility", "责任", &["责任认定", "责任分析"], V::LongText),
        Column::own("bodies", "责任主体", &["责任单位和责任人", "责任者"], V::LongText)
            .note("一行一个：责任类型：单位、班子或人员。"),
        Column::field("frameworks", "监督重点（二级）", &["监督重点"], V::Text),
        Column::field("fields", "领域", synonyms::FIELD, V::Text),
        Column::own("officers", "其他承办人", &["承办人", "会签人"], V::People)
            .note("本组现任人员，写姓名。"),
        Column::told("author", "编写人", &["起草人"], "编写人是导入的人。"),
        Column::told("state", "状态", synonyms::STATE, "签名、审批和形成问题在系统中办理。"),
        Column::told("approved_on", "审批日期", &[], "审批在系统中办理。"),
        Column::told("problem", "形成的问题", &[], "形成问题在系统中办理。"),
    ],
    key: &["number", "organisation", "inspection", "round", "title"],
    number: Some("number"),
    title: None,
    parts: &[("draft_officer", "draft_id")],
    sealed: false,
    complete: |cx, memo, row, filled| Box::pin(complete(cx, memo, row, filled)),
};

async fn complete(cx: &mut WriteCx, memo: &mut Memo, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    if row.get("bases").is_some() {
        filled.put("bases", rules::bases(&row.text("bases"))?);
    }
    if row.get("bodies").is_some() {
        filled.put("bodies", rules::bodies(&row.text("bodies"))?);
    }
    if filled.existing.is_some() {
        return Ok(vec![filled.into_target()]);
    }
    let organisation = filled.id("organisation").ok_or_else(|| at("organisation", "请填写被巡察单位"))?;
    let unit = units::find(cx, memo, row, organisation).await?;
    filled.put("unit", unit.to_string());
    let app = cx.app().clone();
    if let Some(service) = app.registry().service("drafts") {
        let known = known(cx, service, "unit_id", unit, &["title"]).await?;
        filled.existing = known.get(&plain(&row.text("title"))).copied();
    }
    for name in row.items("officers") {
        let place = place(cx, unit, &name).await?;
        filled.put("officers", place.to_string());
    }
    Ok(vec![filled.into_target()])
}

/// The place in the team of the unit's inspection that the one person of this name holds today.
async fn place(cx: &Cx, unit: Uuid, name: &str) -> Result<Uuid> {
    let day = cx.today();
    let mut sql = Sql::new(
        "select p.id, a.name from post p join account a on a.id = p.account_id \
         join inspection_unit u on u.inspection_id = p.inspection_id where p.state = 'approved' and u.id = ",
    );
    sql.bind(unit).push(" and p.from_on <= ").bind(day);
    sql.push(" and (p.to_on is null or p.to_on >= ").bind(day).push(")");
    let team = cx.once(format!("import/team/{unit}"), async move {
        let rows = cx.rows(sql).await?;
        let member = |row: &kit::sea_orm::QueryResult| -> Result<(Uuid, String)> {
            Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
        };
        rows.iter().map(member).collect::<Result<Vec<_>>>()
    });
    let team = team.await?;
    let found: Vec<Uuid> =
        team.iter().filter(|(_, held)| plain(held) == plain(name)).map(|(id, _)| *id).collect();
    match found.as_slice() {
        [place] => Ok(*place),
        [] => Err(at("officers", format!("“{name}”不是本巡察组的现任人员"))),
        _ => Err(at("officers", format!("本巡察组有几位“{name}”，请导入后在底稿上选择"))),
    }
}
