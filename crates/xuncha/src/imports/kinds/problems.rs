//! Problems: what inspections found, with feedback when the ledger tells its day.

use documents::{
    recognise::{Choices, ValueKind as V},
    synonyms,
};
use fieldwork::problems::State;
use kit::{Labelled as _, Result, WriteCx};

use super::{at, units};
use crate::imports::{
    Column, Kind,
    memo::{Memo, known, plain},
    row::{Filled, Row, Step, Target},
};

/// The code and the label of a state of problems.
macro_rules! of {
    ($state:ident) => {
        State::CHOICES[State::$state as usize]
    };
}

/// What ledgers call the states besides their labels; that a problem was taken up again is a state in ledgers only.
#[expect(
    clippy::indexing_slicing,
    reason = "computed while the program is compiled, where a wrong place is an error"
)]
const STATES: Choices = &[
    (of!(Found).code, &[of!(Found).label, "未反馈"]),
    (of!(FedBack).code, &[of!(FedBack).label, "未整改", "未启动", "未完成", "否", "未销号", "未办结"]),
    (
        of!(Rectifying).code,
        &[
            of!(Rectifying).label,
            "进行中",
            "正在整改",
            "正在推进",
            "部分完成",
            "推进中",
            "基本完成",
            "基本整改到位",
            "未整改到位",
            "整改不到位",
        ],
    ),
    (of!(Submitted).code, &[of!(Submitted).label, "提请销号", "已提交"]),
    (of!(Closed).code, &[of!(Closed).label, "已完成", "销号", "完成", "已整改", "整改完成", "是", "已办结"]),
    (of!(LongTerm).code, &[of!(LongTerm).label, "长期坚持", "持续整改"]),
    (REOPENED, &["重开", "已重开"]),
    (of!(Withdrawn).code, &[of!(Withdrawn).label, "撤销"]),
];

/// What a ledger says of a problem that was closed and taken up again.
const REOPENED: &str = "reopened";

/// Longest title made of the first sentence of a text, in characters.
const TITLE: usize = 60;

/// 问题台账.
pub(super) const KIND: Kind = Kind {
    code: "problems",
    label: "问题台账",
    noun: "problems",
    about: "登记问题；写了反馈日期的同时反馈，状态表明已开始整改的，由巡察办代为登记启动整改。销号须经审核，台账里的“已销号”“完成”“是”不直接采用，按“整改中”登记。",
    columns: &[
        Column::number("number", "问题编号", &["编号", "台账编号"])
            .note("系统给出的编号，用来认出已有的问题；新问题留空。"),
        units::ORGANISATION,
        units::INSPECTION,
        units::ROUND,
        units::BATCH,
        units::TEAM,
        units::TERM,
        Column::field("title", "问题", &["问题标题", "问题名称", "问题概述", "问题摘要"], V::Text)
            .note("一事一条，一句话写明。没有这一列的取问题表现的第一句。"),
        Column::field("text", "问题表现", synonyms::PROBLEM_TEXT, V::LongText)
            .note("被巡察单位看到的是反馈表述；没有反馈表述这一列的，按问题表现反馈。"),
        Column::field("found_on", "发现日期", &["发现时间", "巡察发现日期"], V::Date)
            .required()
            .note("不早于巡察公告（没有公告日期的不早于单位进驻）之日。"),
        Column::own("fed_back_on", "反馈日期", &["反馈时间", "巡察反馈日期", "巡察反馈时间"], V::Date),
        Column::field("feedback_text", "反馈表述", &["反馈意见表述", "反馈原文"], V::LongText),
        Column::field("amount", "涉及金额", synonyms::AMOUNT, V::Money),
        Column::field("people_affected", "涉及人数", &["人数"], V::Integer),
        Column::field("framework_1", "监督重点", &["四个落实"], V::Text),
        Column::field("framework_2", "监督重点（二级）", &[], V::Text),
        Column::field("category_1", "问题类别", &["类别", "问题类型", "分类", "问题分类"], V::Text),
        Column::field("category_2", "问题类别（二级）", &["问题小类"], V::Text),
        Column::field("field", "领域", synonyms::FIELD, V::Text),
        Column::field("nature", "问题性质", &["性质"], V::Text)
            .required()
            .note("从问题性质字典中选，“问题”二字可以不写。"),
        Column::field("responsibility", "责任类型", &["责任类别"], V::Text),
        Column::field("discipline", "六项纪律", &["违反纪律"], V::Text),
        Column::field("key_problem", "重点", &["重点问题", "是否重点问题", "是否重点"], V::YesNo),
        Column::field(
            "eight_rules",
            "违反八项规定精神",
            &["违反中央八项规定精神", "是否违反中央八项规定精神"],
            V::YesNo,
        ),
        Column::field("audit_linked", "巡审联动", &["巡审联动发现", "是否巡审联动"], V::YesNo),
        Column::field("common", "共性问题", &["是否共性问题"], V::YesNo),
        Column::field("source", "问题来源", &["线索来源", "来源"], V::Text),
        Column::field("draft_number", "底稿编号", &["底稿号"], V::Text),
        Column::own("state", "状态", synonyms::STATE, V::Choice(STATES)),
        Column::told("due_on", "整改期限", &["整改时限"], "整改期限从反馈之日起按规定计算。"),
        Column::told("closed_on", "销号日期", &["销号时间"], "销号须在系统内审核。"),
    ],
    key: &["number", "organisation", "inspection", "round", "title", "text"],
    number: Some("number"),
    title: None,
    parts: &[],
    sealed: false,
    complete: |cx, memo, row, filled| Box::pin(complete(cx, memo, row, filled)),
};

async fn complete(cx: &mut WriteCx, memo: &mut Memo, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    if filled.existing.is_some() {
        return Ok(vec![filled.into_target()]);
    }
    say_both(memo, row, &mut filled)?;
    let organisation = filled.id("organisation").ok_or_else(|| at("organisation", "请填写被巡察单位"))?;
    let unit = units::find(cx, memo, row, organisation).await?;
    filled.put("unit", unit.to_string());
    let app = cx.app().clone();
    if let Some(service) = app.registry().service("problems") {
        let held = known(cx, service, "unit_id", unit, &["text", "title"]).await?;
        let said = [filled.entry("text"), filled.entry("title")].map(|text| plain(text.unwrap_or_default()));
        filled.existing =
            said.iter().filter(|text| !text.is_empty()).find_map(|text| held.get(text)).copied();
    }
    let mut target = filled.into_target();
    target.steps = steps(memo, row);
    Ok(vec![target])
}

/// A ledger often says a problem once: in words for both title and text.
fn say_both(memo: &mut Memo, row: &Row, filled: &mut Filled) -> Result<()> {
    match (filled.entry("title").map(str::to_owned), filled.entry("text").map(str::to_owned)) {
        (None, None) => Err(at("text", "没有写问题内容")),
        (Some(title), None) => {
            filled.put("text", title);
            Ok(())
        }
        (None, Some(text)) if row.get("title").is_none() => {
            filled.put("title", first_sentence(&text));
            if text.chars().count() > TITLE {
                memo.note("没有单独的问题标题，取问题表现的第一句。");
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn first_sentence(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or(text);
    let sentence = line.split(['。', '；', ';']).next().unwrap_or(line);
    if sentence.chars().count() <= TITLE {
        return sentence.to_owned();
    }
    let mut title: String = sentence.chars().take(TITLE - 1).collect();
    title.push('…');
    title
}

fn steps(memo: &mut Memo, row: &Row) -> Vec<Step> {
    let mut steps = Vec::new();
    let day = row.text("fed_back_on");
    let state = row.text("state");
    if !day.is_empty() {
        // A ledger of what was fed back says it in the words of the feedback, whichever column they stand in.
        let told = Some(row.text("feedback_text")).filter(|told| !told.is_empty());
        let told = told.unwrap_or_else(|| row.text("text"));
        let entries = vec![("fed_back_on", day.clone()), ("feedback_text", told)];
        steps.push(Step::on_record("problems", "feed_back", entries));
    }
    let known = State::parse(&state);
    let has_begun = state == REOPENED || known.is_some_and(is_begun);
    if has_begun && !day.is_empty() {
        steps.push(Step::on_record("problems", "begin", Vec::new()));
        if known != Some(State::Rectifying) {
            memo.note("台账写明已销号、提请销号或长期整改，按“整改中”登记；销号和转长期须在系统内办理。");
        }
    } else if (has_begun || known == Some(State::FedBack)) && day.is_empty() {
        memo.note("写了整改状态但没有反馈日期，按“已发现”登记。");
    }
    steps
}

/// Whether somebody has begun to put right what stands there.
fn is_begun(state: State) -> bool {
    matches!(state, State::Rectifying | State::Submitted | State::Closed | State::LongTerm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_problem_is_read_by_its_own_label() {
        for state in State::ALL {
            let (_, words) = STATES.iter().find(|(code, _)| *code == state.code()).unwrap();
            assert_eq!(words[0], state.label());
        }
    }

    #[test]
    fn a_title_is_the_first_sentence_and_never_too_long() {
        assert_eq!(first_sentence("\n 专项资金沉淀。2021年以来……"), "专项资金沉淀");
        assert_eq!(first_sentence(&"长".repeat(300)).chars().count(), TITLE);
    }
}
