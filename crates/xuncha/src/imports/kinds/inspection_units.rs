//! Inspected organisations with the days of their stages: the chronicle of rounds that an office has kept.

use chrono::NaiveDate;
use db::Sql;
use documents::recognise::{Parsed, ValueKind as V};
use kit::{Cx, Result, WriteCx};
use uuid::Uuid;

use super::at;
use crate::imports::{
    Column, Kind,
    memo::Memo,
    row::{Filled, Row, Step, Target},
};

/// Noun of the records.
const NOUN: &str = "inspection_units";

/// The stages in their order: the column of the day, and the deed that sets it.
const STAGES: [(&str, &str); 12] = [
    ("authorised_on", "authorise"),
    ("notified_on", "notify"),
    ("entered_on", "enter"),
    ("left_on", "leave"),
    ("reported_on", "report"),
    ("heard_on", "hear"),
    ("decided_on", "decide"),
    ("fed_back_on", "feed_back"),
    ("rectifying_on", "rectify"),
    ("evaluated_on", "evaluate"),
    ("closed_on", "close"),
    ("looked_back_on", "look_back"),
];

/// 巡察对象台账.
pub(super) const KIND: Kind = Kind {
    code: "inspection_units",
    label: "巡察对象台账",
    noun: NOUN,
    about: "把单位列入已登记的巡察任务，并按序登记各环节的日期；已列入的单位续登后面的环节。",
    columns: &[
        Column::pick(
            "inspection",
            "巡察任务",
            &["任务名称", "任务编号", "巡察名称", "巡察项目", "巡察", "任务"],
            "inspections",
        )
        .required()
        .fill_down()
        .note("已登记巡察任务的名称或编号；登记进驻以后的环节前，任务须已启动。"),
        Column::pick(
            "organisation",
            "被巡察单位",
            &["单位", "单位名称", "被巡察党组织", "党组织", "巡察对象", "被巡察单位名称"],
            "organisations",
        )
        .required()
        .note("已登记单位的规范全称。"),
        Column::field("planned_on", "计划进驻日期", &["计划进驻", "计划进驻时间", "拟进驻日期"], V::Date)
            .note("没有填写的按进驻日期。"),
        Column::field("authorised_on", "授权日期", &["授权时间"], V::Date),
        Column::field("notified_on", "通知日期", &["通知时间", "下发通知日期"], V::Date),
        Column::field("entered_on", "进驻日期", &["进驻时间", "进点日期", "进点时间"], V::Date),
        Column::field("left_on", "撤点日期", &["撤点时间", "离点日期", "结束日期"], V::Date),
        Column::field("reported_on", "报告提交日期", &["提交报告日期", "报告日期", "报告时间"], V::Date),
        Column::field("heard_on", "领导小组听取日期", &["听取汇报日期", "领导小组听取时间"], V::Date),
        Column::field(
            "decided_on",
            "市委研究日期",
            &["书记专题会日期", "常委会研究日期", "研究日期"],
            V::Date,
        ),
        Column::field("fed_back_on", "反馈日期", &["反馈时间"], V::Date),
        Column::field("rectifying_on", "转入集中整改日期", &["集中整改日期", "整改开始日期"], V::Date),
        Column::field("evaluated_on", "整改评估日期", &["评估日期", "评估时间"], V::Date),
        Column::field("closed_on", "办结日期", &["办结时间"], V::Date),
        Column::field("looked_back_on", "回头看日期", &["回头看时间"], V::Date),
        Column::told("intervals", "现场时间", &["分段进驻时间"], "分段进驻请在页面办理“暂停”和“恢复进驻”。"),
        Column::told("state", "环节", &["状态", "进度", "当前环节"], "环节由各环节日期得出。"),
        Column::told("team", "巡察组", documents::synonyms::TEAM, "巡察组在巡察任务上登记。"),
    ],
    key: &["inspection", "organisation"],
    number: None,
    title: None,
    parts: &[("onsite_interval", "unit_id")],
    sealed: false,
    complete: |cx, memo, row, filled| Box::pin(complete(cx, memo, row, filled)),
};

async fn complete(cx: &mut WriteCx, memo: &mut Memo, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    let days = stage_days(row)?;
    let (inspection, organisation) = (filled.id("inspection"), filled.id("organisation"));
    let reached = match inspection.zip(organisation) {
        Some((inspection, organisation)) => held(cx, inspection, organisation).await?,
        None => None,
    };
    if filled.entry("planned_on").is_none()
        && reached.is_none()
        && let Some((_, entered)) = days.iter().find(|(key, _)| *key == "entered_on")
    {
        filled.put("planned_on", entered.to_string());
        memo.note("没有写计划进驻日期，按进驻日期登记。");
    }
    filled.existing = reached.as_ref().map(|held| held.id);
    let mut target = filled.into_target();
    for (key, day) in days {
        // What was entered before is compared like any other field.
        if reached.as_ref().is_some_and(|held| held.reached.contains(&key)) {
            continue;
        }
        let deed = STAGES.iter().find(|(of, _)| *of == key).map_or("", |(_, deed)| deed);
        let step = Step::on_record(NOUN, deed, vec![("on", day.to_string())]);
        target.steps.push(Step { always: true, ..step });
    }
    Ok(vec![target])
}

/// The days of the row by stage.
///
/// # Errors
/// A refusal at the first day that lies before the one of an earlier stage.
fn stage_days(row: &Row) -> Result<Vec<(&'static str, NaiveDate)>> {
    let mut days: Vec<(&'static str, NaiveDate)> = Vec::new();
    for (key, _) in STAGES {
        let Some(Parsed::Date(day)) = row.get(key).map(|cell| &cell.value) else { continue };
        if let Some((before, last)) = days.last()
            && day < last
        {
            let label = KIND.column(before).map_or("", |column| column.spec.label);
            return Err(at(key, format!("早于{label}（{last}），各环节日期应按先后排列")));
        }
        days.push((key, *day));
    }
    Ok(days)
}

/// A unit that is there, and the stages it has a day for.
struct Held {
    id: Uuid,
    reached: Vec<&'static str>,
}

async fn held(cx: &Cx, inspection: Uuid, organisation: Uuid) -> Result<Option<Held>> {
    let mut sql = Sql::new("select u.id");
    for (column, _) in STAGES {
        sql.push(", u.").push(column);
    }
    sql.push(" from inspection_unit u where u.inspection_id = ").bind(inspection);
    sql.push(" and u.organisation_id = ").bind(organisation);
    if let Some(service) = cx.app().registry().service(NOUN) {
        sql.push(" and ");
        (service.visible)(&cx.actor).write("u", &mut sql);
    }
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut reached = Vec::new();
    for (place, (column, _)) in STAGES.iter().enumerate() {
        if row.try_get_by_index::<Option<NaiveDate>>(place + 1)?.is_some() {
            reached.push(*column);
        }
    }
    Ok(Some(Held { id: row.try_get_by_index(0)?, reached }))
}
