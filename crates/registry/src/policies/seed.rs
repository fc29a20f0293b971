//! The policies an office starts with. The amounts are proposals; each basis says how sure it is
//! (domain.md 4.1).

use std::collections::HashSet;

use chrono::NaiveDate;
use kit::{Done, Result, WriteCx};

use super::{NOUN, Policy, PolicyId, Unit, store};

struct Line {
    code: &'static str,
    label: &'static str,
    amount: i64,
    unit: Unit,
    basis: &'static str,
}

const fn line(code: &'static str, label: &'static str, amount: i64, unit: Unit, basis: &'static str) -> Line {
    Line { code, label, amount, unit, basis }
}

const SEED: &[Line] = &[
    line(
        "notice_before_entry",
        "进驻前通知被巡察单位",
        10,
        Unit::WorkingDays,
        "地方惯例（进驻前约10个工作日），待核",
    ),
    line(
        "team_report",
        "巡察组报告",
        15,
        Unit::WorkingDays,
        "撤点后15个工作日内，依2024年修订的巡视工作条例转述，条文待核",
    ),
    line(
        "group_hearing",
        "领导小组听取汇报",
        20,
        Unit::WorkingDays,
        "条例要求及时听取，具体天数为本地建议值，待核",
    ),
    line(
        "feedback_after_decision",
        "巡察反馈",
        15,
        Unit::WorkingDays,
        "条例要求经批准后及时反馈，具体天数为本地建议值，待核",
    ),
    line(
        "rect_plan",
        "报送整改方案",
        1,
        Unit::Months,
        "反馈后1个月内，依2024年修订的巡视工作条例转述，条文待核",
    ),
    line("democratic_life", "召开整改专题民主生活会", 1, Unit::Months, "反馈后1个月内，转述，待核"),
    line("rect_midterm", "报送整改中期情况", 3, Unit::Months, "集中整改期过半报送，本地建议值，待核"),
    line(
        "rect_report",
        "报送集中整改进展情况报告",
        6,
        Unit::Months,
        "集中整改6个月，依2024年修订的巡视工作条例转述；2017年修订第二十七条为2个月，条文待核",
    ),
    line(
        "lead_disposal",
        "线索处置意见",
        1,
        Unit::Months,
        "收到线索后1个月内提出处置意见，监督执纪工作规则口径，待核",
    ),
    line(
        "lead_result",
        "线索办理结果反馈",
        3,
        Unit::Months,
        "巡视工作条例（2017年修订）第二十九条：3个月内反馈办理情况",
    ),
    line("suggestion_reply", "巡察建议回复", 3, Unit::Months, "比照移交事项3个月反馈，本地建议值，待核"),
    line(
        "common_problem_reply",
        "共性问题办理反馈",
        3,
        Unit::Months,
        "比照移交事项3个月反馈，本地建议值，待核",
    ),
    line("project_result", "可疑项目核查反馈", 3, Unit::Months, "比照移交事项3个月反馈，本地建议值，待核"),
    line("immediate_rectification", "立行立改", 15, Unit::Days, "立行立改通知书所定期限，本地建议值，待核"),
    line(
        "immediate_approval",
        "立行立改审批层级（1 组长，2 领导小组）",
        1,
        Unit::Count,
        "本地口径：由组长批准；旧规定下须经领导小组批准，待核",
    ),
    line("fact_sheet_reply", "事实确认单答复", 3, Unit::WorkingDays, "确认单所定期限，本地建议值，待核"),
    line(
        "publicity",
        "整改情况公开",
        15,
        Unit::WorkingDays,
        "条例要求以适当方式公开，具体天数为本地建议值，待核",
    ),
    line("evaluation", "整改评估", 1, Unit::Months, "集中整改结束后1个月内，地方惯例，待核"),
    line("look_back", "回头看间隔", 12, Unit::Months, "按风险确定，本地建议值，待核"),
    line("briefing_reply", "回复巡前通报", 10, Unit::WorkingDays, "商请函所定期限，本地建议值，待核"),
    line(
        "brought_piece_result",
        "反馈带件核查结果",
        60,
        Unit::Days,
        "现场了解期间核查、撤点前后反馈，本地建议值，待核",
    ),
    line("support_reply", "答复支援请求", 3, Unit::WorkingDays, "办组协调口径，由巡察办确定"),
    line("alarm_yellow", "到期前预警（黄色）", 5, Unit::WorkingDays, "平台提醒口径，由巡察办确定"),
    line("alarm_orange", "到期前预警（橙色）", 2, Unit::WorkingDays, "平台提醒口径，由巡察办确定"),
    line("session_idle", "无操作自动退出", 30, Unit::Minutes, "平台安全口径，由巡察办确定"),
    line("session_absolute", "一次登录最长时间", 10, Unit::Hours, "平台安全口径，由巡察办确定"),
];

/// Enters the policies whose codes do not exist yet; what the office has changed stays. Answers how
/// many were entered.
pub async fn seed(cx: &mut WriteCx) -> Result<usize> {
    let held: HashSet<String> = store::all(cx).await?.into_iter().map(|policy| policy.code).collect();
    let missing: Vec<Policy> =
        SEED.iter().filter(|line| !held.contains(line.code)).map(|line| policy(cx, line)).collect();
    let count = missing.len();
    for policy in &missing {
        cx.index(NOUN, policy.id, policy.label.clone());
    }
    if let Some(first) = missing.first() {
        cx.done(Done::new(NOUN, first.id, "seed", "建立期限和口径").note(format!("共{count}项")));
    }
    cx.insert_all(missing).await?;
    Ok(count)
}

fn policy(cx: &WriteCx, line: &Line) -> Policy {
    Policy {
        id: PolicyId(cx.new_id()),
        version: 1,
        code: line.code.to_owned(),
        label: line.label.to_owned(),
        amount: line.amount,
        unit: line.unit,
        basis: line.basis.to_owned(),
        valid_from: FIRST_DAY,
        valid_to: None,
    }
}

/// Early enough for every record an office may bring along.
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2015, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
