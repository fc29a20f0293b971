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

/// Basis of the points of the ranking.
const RANKING: &str = "人选排序分值，由巡察办与组织部门商定";

/// Basis of what the public intake holds itself to.
const INTAKE: &str = "平台安全口径，随公告包带给收件机，由巡察办确定";

/// From the entry to the look-back.
const PROCESS: &[Line] = &[
    line(
        "notice_before_entry",
        "进驻前通知被巡察单位",
        10,
        Unit::WorkingDays,
        "地方惯例（进驻前约10个工作日），待核",
    ),
    line(
        "data_retention",
        "巡察接收的数据保存期限",
        6,
        Unit::Months,
        "本地建议值：任务结束后及时销毁，具体期限由巡察办规定，待核",
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
];

/// Letters, files, talks and questionnaires of a team on site.
const ON_SITE: &[Line] = &[
    line(
        "petition_decision",
        "信访受理决定",
        3,
        Unit::WorkingDays,
        "收到信访后作出受理或转出决定，本地建议值，待核",
    ),
    line("petition_verification", "信访核实办结", 30, Unit::Days, "现场巡察期间核实办结，本地建议值，待核"),
    line("petition_receipt", "转出信访回执", 5, Unit::WorkingDays, "接收单位签收回执，本地建议值，待核"),
    line(
        "petition_result",
        "转出信访办理结果",
        60,
        Unit::Days,
        "比照信访事项60日内办结的一般要求，转述，待核",
    ),
    line("opening_minutes", "敏感内容一次查阅有效时间", 30, Unit::Minutes, "平台安全口径，由巡察办确定"),
    line("file_request", "调阅资料提供", 3, Unit::WorkingDays, "调阅清单发出后提供，本地建议值，待核"),
    line(
        "small_numbers",
        "问卷结果最少显示人数",
        5,
        Unit::Count,
        "保护作答人，少于此数的结果不显示，由巡察办确定",
    ),
    line(
        "report_problem_share",
        "单位汇报材料问题篇幅占比（%）",
        40,
        Unit::Count,
        "有的县要求汇报材料中问题篇幅不低于四成，本地建议值，待核",
    ),
];

/// Who must keep away.
const AVOIDANCE: &[Line] = &[line(
    "avoidance_after_leaving",
    "离任后回避年限",
    36,
    Unit::Months,
    "曾在被巡察单位任职的，离任满3年前回避；本地建议值，待核",
)];

/// What other bodies know beforehand, and cooperation with them.
const PREPARATION: &[Line] = &[
    line("briefing_reply", "回复巡前通报", 10, Unit::WorkingDays, "商请函所定期限，本地建议值，待核"),
    line(
        "brought_piece_result",
        "反馈带件核查结果",
        60,
        Unit::Days,
        "现场了解期间核查、撤点前后反馈，本地建议值，待核",
    ),
    line(
        "obligation_ahead",
        "协作约定列出今后多少个月的到期事项",
        12,
        Unit::Months,
        "平台口径，由巡察办确定；修改后对今后新列出的生效",
    ),
    line(
        "obligation_soon",
        "协作约定到期前多少天列入待办",
        30,
        Unit::Days,
        "平台口径，由巡察办确定；修改后对今后新列出的生效",
    ),
    line("support_reply", "答复支援请求", 3, Unit::WorkingDays, "办组协调口径，由巡察办确定"),
];

/// Who is put on a team.
const SELECTION: &[Line] = &[
    line(
        "team_rotation",
        "三不固定：轮换期",
        36,
        Unit::Months,
        "组长、巡察对象及其组合不固定；年限为本地建议值，待核",
    ),
    line("rank_speciality", "人选排序：主专长相符", 40, Unit::Count, RANKING),
    line("rank_second_speciality", "人选排序：次专长相符", 20, Unit::Count, RANKING),
    line("rank_service", "人选排序：每参加过一次巡察（最多计五次）", 4, Unit::Count, RANKING),
    line("rank_rested", "人选排序：近一年未抽调", 10, Unit::Count, RANKING),
    line("rank_running", "人选排序：每项在办任务扣分", 15, Unit::Count, RANKING),
    line("rank_appraisal", "人选排序：考核评价", 10, Unit::Count, RANKING),
];

/// Reports, what is decided on them, and their evaluation.
const REPORTING: &[Line] = &[
    line(
        "instruction_follow_up",
        "批示和决定事项办理",
        15,
        Unit::WorkingDays,
        "批示未写明期限时适用，本地建议值，待核",
    ),
    line(
        "report_improvement",
        "报告评查后的改进",
        20,
        Unit::WorkingDays,
        "报告评查通报后的改进期限，本地建议值，待核",
    ),
    line(
        "report_score_deviation",
        "两名评查人评分的最大偏差（分）",
        10,
        Unit::Count,
        "超过的建议复评，本地建议值，待核",
    ),
];

/// Rectification after the plan: reviews, reports, doubts and groups.
const RECTIFYING: &[Line] = &[
    line("plan_review", "整改方案会审", 10, Unit::WorkingDays, "会审单位提出意见的时间，本地建议值，待核"),
    line(
        "rect_monthly",
        "报送整改进展月报",
        5,
        Unit::WorkingDays,
        "每月结束后报送，地方惯例按月调度，具体天数为本地建议值，待核",
    ),
    line(
        "instruction_answer",
        "报告批示落实结果",
        1,
        Unit::Months,
        "批示没有写明期限时适用，本地建议值，待核",
    ),
    line("urging_answer", "回复督办提醒", 5, Unit::WorkingDays, "督办函件所定期限，本地建议值，待核"),
    line(
        "like_text",
        "佐证文字相似度提示线（%）",
        80,
        Unit::Count,
        "只提示疑点，由人核实；数值由巡察办按误报情况调整",
    ),
    line("bunch_days", "集中销号：期限前天数", 3, Unit::Count, "只提示疑点，由人核实；数值由巡察办确定"),
    line("bunch_least", "集中销号：最少个数", 5, Unit::Count, "只提示疑点，由人核实；数值由巡察办确定"),
    line(
        "bunch_share",
        "集中销号：占期限前销号的比例（%）",
        60,
        Unit::Count,
        "只提示疑点，由人核实；数值由巡察办确定",
    ),
    line(
        "reopened_least",
        "重开偏多：最少销号次数",
        5,
        Unit::Count,
        "只提示疑点，由人核实；数值由巡察办确定",
    ),
    line(
        "reopened_share",
        "重开偏多：重开比例（%）",
        15,
        Unit::Count,
        "只提示疑点，由人核实；数值由巡察办确定",
    ),
    line(
        "repeated_likeness",
        "同类问题再现：表述相似度（%）",
        70,
        Unit::Count,
        "只提示疑点，由人核实；数值由巡察办按误报情况调整",
    ),
    line(
        "group_likeness",
        "共性问题归并：表述相似度（%）",
        55,
        Unit::Count,
        "只提出建议，由人确认；数值由巡察办按误报情况调整",
    ),
    line(
        "group_organisations",
        "共性问题归并：最少单位数",
        3,
        Unit::Count,
        "只提出建议，由人确认；由巡察办确定",
    ),
    line(
        "trifle_amount",
        "琐碎问题：涉及金额低于（元）",
        10_000,
        Unit::Count,
        "提醒聚焦主责主业，不替代判断；口径由巡察办确定",
    ),
    line(
        "trifle_share",
        "琐碎问题占比提示线（%）",
        30,
        Unit::Count,
        "提醒聚焦主责主业，不替代判断；口径由巡察办确定",
    ),
];

/// Official documents.
const PAPERWORK: &[Line] =
    &[line("document_batch", "一次成批生成公文的份数上限", 200, Unit::Count, "平台运行口径，由巡察办确定")];

/// When people are reminded, and who is told when that did not help.
const CLOCKS: &[Line] = &[
    line("alarm_yellow", "到期前预警（黄色）", 5, Unit::WorkingDays, "平台提醒口径，由巡察办确定"),
    line("alarm_orange", "到期前预警（橙色）", 2, Unit::WorkingDays, "平台提醒口径，由巡察办确定"),
    line("remind_far", "到期前第一次提醒", 7, Unit::WorkingDays, "平台提醒口径，由巡察办确定；0 为不提醒"),
    line("remind_near", "到期前第二次提醒", 3, Unit::WorkingDays, "平台提醒口径，由巡察办确定；0 为不提醒"),
    line(
        "remind_every",
        "逾期后重复提醒的间隔",
        3,
        Unit::WorkingDays,
        "平台提醒口径，由巡察办确定；0 为只提醒一次",
    ),
    line(
        "escalate_liaison",
        "逾期后提请巡察办联络员督促",
        1,
        Unit::WorkingDays,
        "平台提醒口径，由巡察办确定；0 为不提请",
    ),
    line(
        "escalate_director",
        "逾期后提请巡察办主任督促",
        5,
        Unit::WorkingDays,
        "平台提醒口径，由巡察办确定；0 为不提请",
    ),
    line(
        "escalate_group",
        "逾期后提请领导小组督促",
        15,
        Unit::WorkingDays,
        "平台提醒口径，由巡察办确定；0 为不提请",
    ),
];

/// Files, jobs, backups.
const MACHINE: &[Line] = &[
    line("upload_file", "断点续传的单个文件上限", 2_048, Unit::Megabytes, "平台存储口径，由巡察办确定"),
    line(
        "upload_open",
        "每人上传后尚未提交的文件合计上限",
        8_192,
        Unit::Megabytes,
        "平台存储口径，由巡察办确定",
    ),
    line(
        "background_rows",
        "导入超过多少行转为后台任务",
        2_000,
        Unit::Count,
        "平台运行口径：导入超过这个行数时在后台执行，由巡察办确定",
    ),
    line(
        "background_export_rows",
        "导出超过多少行转为后台任务",
        50_000,
        Unit::Count,
        "平台运行口径：导出超过这个行数时在后台执行，由巡察办确定",
    ),
    line("job_keep", "任务记录和结果文件保留", 30, Unit::Days, "平台运行口径，由巡察办确定"),
    line("backup_age", "最近一次备份不早于", 26, Unit::Hours, "平台运行口径，由巡察办确定"),
    line("backup_keep", "自动备份保留份数", 14, Unit::Count, "平台运行口径，由巡察办确定"),
];

/// Sign-in and what is sealed.
const SAFETY: &[Line] = &[
    line("sealed_minutes", "填写理由后可以反复查看密封内容", 15, Unit::Minutes, "平台安全口径，由巡察办确定"),
    line(
        "factor_administrators",
        "三员必须使用第二因素登录（1 必须，0 自愿）",
        1,
        Unit::Count,
        "GB/T 22239-2019 三级 8.1.4.1 要求两种以上鉴别，由巡察办确定",
    ),
    line(
        "factor_director",
        "巡察办主任必须使用第二因素登录（1 必须，0 自愿）",
        1,
        Unit::Count,
        "GB/T 22239-2019 三级 8.1.4.1 要求两种以上鉴别，由巡察办确定",
    ),
    line(
        "factor_office",
        "领导和巡察办联络员必须使用第二因素登录（1 必须，0 自愿）",
        0,
        Unit::Count,
        "平台安全口径，由巡察办确定",
    ),
    line(
        "factor_others",
        "其他岗位必须使用第二因素登录（1 必须，0 自愿）",
        0,
        Unit::Count,
        "平台安全口径，由巡察办确定",
    ),
    line("session_idle", "无操作自动退出", 30, Unit::Minutes, "平台安全口径，由巡察办确定"),
    line("intake_file", "网上来信单个附件上限", 10, Unit::Megabytes, INTAKE),
    line("intake_files", "网上来信附件个数上限", 5, Unit::Count, INTAKE),
    line("intake_letters", "同一网络地址每小时来信上限", 10, Unit::Count, INTAKE),
    line("intake_queries", "同一网络地址每小时查询上限", 60, Unit::Count, INTAKE),
    line("session_absolute", "一次登录最长时间", 10, Unit::Hours, "平台安全口径，由巡察办确定"),
];

/// All of them, an area a list.
const AREAS: [&[Line]; 11] = [
    PROCESS,
    ON_SITE,
    AVOIDANCE,
    PREPARATION,
    SELECTION,
    REPORTING,
    RECTIFYING,
    PAPERWORK,
    CLOCKS,
    MACHINE,
    SAFETY,
];

/// Enters the policies whose codes do not exist yet; what the office has changed stays. Answers how
/// many were entered.
pub async fn seed(cx: &mut WriteCx) -> Result<usize> {
    let held: HashSet<String> = store::all(cx).await?.into_iter().map(|policy| policy.code).collect();
    let missing: Vec<Policy> = AREAS
        .into_iter()
        .flatten()
        .filter(|line| !held.contains(line.code))
        .map(|line| policy(cx, line))
        .collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_stands_in_one_list_only() {
        let mut codes = HashSet::new();
        for line in AREAS.into_iter().flatten() {
            assert!(codes.insert(line.code), "{} stands twice", line.code);
        }
    }
}
