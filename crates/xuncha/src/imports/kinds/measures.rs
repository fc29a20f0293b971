//! The rectification ledger (整改台账): problems that were fed back, with their measures.
//!
//! A measure that the ledger calls done is handed in for review and not closed: who closes it must be
//! somebody else than who says that it is done. Overdue is no state but follows from the deadline.

use std::collections::HashMap;

use documents::{
    recognise::{Choices, Due, ValueKind as V},
    synonyms,
};
use kit::{Result, Role, WriteCx};
use uuid::Uuid;

use super::at;
use crate::imports::{
    Column, Kind, close,
    memo::{self, Memo, plain, with_close},
    row::{Filled, Row, Step, Target},
};

const STATES: Choices = &[
    ("not_started", &["未启动", "未开始", "尚未启动"]),
    (
        "in_progress",
        &[
            "进行中",
            "整改中",
            "正在整改",
            "推进中",
            "部分完成",
            "正在推进",
            "基本完成",
            "基本整改到位",
            "未整改到位",
            "整改不到位",
            "退回",
            "重开",
        ],
    ),
    ("overdue", &["超期未完", "超期未完成", "逾期未完成", "逾期", "未完成", "未销号", "否", "超期"]),
    ("done", &["已完成", "完成", "已整改", "整改完成", "已整改到位", "已销号", "是", "已办结", "已提交"]),
    ("long_term", &["长期坚持", "持续整改", "长期整改", "持续推进"]),
];

/// 整改台账.
pub(super) const KIND: Kind = Kind {
    code: "rectification",
    label: "整改台账",
    noun: "measures",
    about: "把整改措施登记到已反馈的问题上；一格里写了几条措施的拆成几条。写明“已完成”的提交审核，由巡察办办结；超期按完成期限自动判断。",
    columns: &[
        Column::number("number", "措施编号", &["措施序号"]).note("系统给出的编号，用来认出已有的措施。"),
        Column::own("problem_number", "问题编号", &["编号", "台账编号", "反馈问题编号"], V::Text)
            .fill_down()
            .note("有编号的按编号查找问题。"),
        Column::pick("organisation", "被巡察单位", synonyms::ORGANISATION, "organisations").fill_down(),
        Column::own("problem", "反馈问题", synonyms::PROBLEM_TEXT, V::LongText)
            .fill_down()
            .note("与反馈意见逐字一致。"),
        Column::own("text", "整改措施", synonyms::MEASURES, V::Numbered)
            .required()
            .note("几条措施写在一格的，用 1. 2. 3. 或 （1）（2）编号。"),
        Column::field("goal", "整改目标", &["目标", "目标要求", "整改目标任务"], V::LongText).fill_down(),
        Column::field(
            "leader",
            "责任领导",
            &["牵头领导", "分管领导", "牵头责任人", "领导责任人", "包抓领导"],
            V::People,
        )
        .fill_down(),
        Column::field("owner", "责任人", &["整改责任人", "具体责任人", "直接责任人", "经办人"], V::People)
            .fill_down(),
        Column::field("department", "责任部门", synonyms::DEPARTMENT, V::People).fill_down(),
        Column::field("cooperating", "配合部门", &["配合单位", "协办部门", "配合科室"], V::People),
        Column::own("due_on", "完成期限", synonyms::DEADLINE, V::Deadline)
            .fill_down()
            .note("日期、年月、“4月底前”，或立行立改、长期坚持。"),
        Column::own("progress", "最新进展", synonyms::PROGRESS, V::LongText),
        Column::own("state", "状态", synonyms::STATE, V::Choice(STATES)),
        Column::own("started_on", "启动日期", &["启动时间", "开始日期"], V::Date)
            .note("没有这一列的，已开始的措施按导入当天启动。"),
        Column::told("evidence", "佐证材料", synonyms::EVIDENCE, "请在措施页面上传佐证材料。"),
        Column::told("remark", "备注", synonyms::REMARK, "措施没有备注，请写入进展情况。"),
        Column::told("inspection", "巡察", &["巡察名称", "巡察任务"], "措施随所属问题。"),
        Column::told("submitted_on", "提交日期", &[], "由系统内的提交形成。"),
        Column::told("closed_on", "完成日期", &["销号日期"], "完成须经审核。"),
    ],
    key: &["number", "problem_number", "organisation", "problem", "text"],
    number: Some("number"),
    title: None,
    parts: &[("measure_progress", "measure_id")],
    sealed: false,
    complete: |cx, memo, row, filled| Box::pin(complete(cx, memo, row, filled)),
};

async fn complete(cx: &mut WriteCx, memo: &mut Memo, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    filled.entries.retain(|(name, _)| *name != "organisation");
    if filled.existing.is_some() {
        filled.put("text", row.items("text").join("\n"));
        put_deadline(row, &mut filled, true);
        return Ok(vec![filled.into_target()]);
    }
    let problem = problem(cx, memo, row).await?;
    let known = measures(cx, problem).await?;
    let steps = steps(cx, memo, row);
    let several = row.items("text");
    if several.len() > 1 {
        memo.note("一格里有几条措施，已拆成几条登记。");
    }
    let target = |text: String| {
        let mut one = filled.clone();
        one.existing = known.get(&plain(&text)).copied();
        let existing = one.existing.is_some();
        put_deadline(row, &mut one, existing);
        one.put("text", text);
        one.put("problem", problem.to_string());
        Target { steps: steps.clone(), ..one.into_target() }
    };
    Ok(several.into_iter().map(target).collect())
}

/// A day says nothing about whether an existing measure is an immediate one.
fn put_deadline(row: &Row, filled: &mut Filled, existing: bool) {
    match row.due("due_on") {
        Some(Due::Immediate) => filled.put("term_kind", "immediate"),
        Some(Due::LongTerm) => filled.put("term_kind", "long_term"),
        Some(Due::On(day) | Due::Within(_, day)) => {
            if !existing {
                filled.put("term_kind", "dated");
            }
            filled.put("due_on", day.to_string());
        }
        None if !existing => filled.put("term_kind", "dated"),
        None => {}
    }
}

/// The fed-back problem of the row, by its number or its words.
async fn problem(cx: &WriteCx, memo: &mut Memo, row: &Row) -> Result<Uuid> {
    let number = row.text("problem_number");
    if !number.is_empty() {
        match memo.resolve(cx, "problems", &number).await? {
            Ok(id) => return Ok(id),
            Err(reason) if row.get("problem").is_none() => return Err(at("problem_number", reason)),
            Err(_) => memo.note("问题编号在系统中没有，按问题内容查找。"),
        }
    }
    let said = row.text("problem");
    if said.is_empty() {
        return Err(at("problem", "没有写反馈问题，也没有问题编号"));
    }
    let organisation = organisation(cx, memo, row).await?;
    let app = cx.app().clone();
    let service = app.registry().service("problems").ok_or_else(|| at("problem", "本机没有启用问题台账"))?;
    let known =
        memo::known(cx, service, "organisation_id", organisation, &["feedback_text", "title", "text"])
            .await?;
    known.get(&plain(&said)).copied().ok_or_else(|| {
        let close = close::names(&plain(&said), known.keys().map(String::as_str));
        at("problem", with_close(String::from("在该单位已反馈的问题中没有找到这一条"), &close))
    })
}

async fn organisation(cx: &WriteCx, memo: &mut Memo, row: &Row) -> Result<Uuid> {
    let name = row.text("organisation");
    if !name.is_empty() {
        return memo.resolve(cx, "organisations", &name).await?.map_err(|reason| at("organisation", reason));
    }
    match cx.actor.organisations(Role::OrganisationLiaison).as_slice() {
        [own] => {
            memo.note("没有写单位，按您任联络员的单位登记。");
            Ok(*own)
        }
        _ => Err(at("organisation", "请填写被巡察单位")),
    }
}

async fn measures(cx: &WriteCx, problem: Uuid) -> Result<HashMap<String, Uuid>> {
    let app = cx.app().clone();
    let Some(service) = app.registry().service("measures") else { return Ok(HashMap::new()) };
    Ok(memo::known(cx, service, "problem_id", problem, &["text"]).await?.as_ref().clone())
}

/// What the ledger says about where a new measure stands, done as deeds.
fn steps(cx: &WriteCx, memo: &mut Memo, row: &Row) -> Vec<Step> {
    let (state, progress) = (row.text("state"), row.text("progress"));
    let begun = matches!(state.as_str(), "in_progress" | "overdue" | "done") || !progress.is_empty();
    if !begun || state == "not_started" {
        if !progress.is_empty() {
            memo.note("状态为“未启动”却写了进展，进展没有采用。");
        }
        return Vec::new();
    }
    let on_record = |deed, entries| Step::on_record("measures", deed, entries);
    let started = Some(row.text("started_on")).filter(|day| !day.is_empty()).unwrap_or_else(|| {
        memo.note("没有启动日期，按导入当天启动。");
        cx.today().to_string()
    });
    let mut steps = vec![on_record("start", vec![("started_on", started)])];
    if !progress.is_empty() {
        let entries = vec![("on_day", cx.today().to_string()), ("text", progress.clone())];
        steps.push(on_record("report_progress", entries));
    }
    if state == "done" {
        let text =
            if progress.is_empty() { String::from("台账填报：已完成。") } else { String::new() };
        steps.push(on_record("submit", vec![("text", text)]));
        memo.note("台账写明已完成，已提交审核，由巡察办办结。");
    }
    if state == "overdue" {
        memo.note("台账写明超期未完，按“进行中”登记；是否超期由完成期限判断。");
    }
    steps
}
