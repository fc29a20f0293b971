//! Rectification: what was closed, reopened, is overdue; feedback meetings; campaigns and look-backs.

use super::problems::{PROBLEMS, fed_back_in_term};
use crate::figures::{
    Chapter, Figure, Frame, PeriodKind, Unit,
    formula::{CLOSURE_TALLY, Formula, MEASURE_TALLY, SET, Set},
};
use db::Sql;

/// Closings; one problem has at most one that holds on a day, and is fed back before it is closed.
const CLOSURES: Set = Set {
    owner: ("problem", "p"),
    from: "closure c",
    more: "join problem p on p.id = c.problem_id",
    noun: "problems",
    id: "c.problem_id",
    title: "p.title",
    number: Some("p.number"),
    organisation: Some("p.organisation_id"),
    team: Some("p.team"),
    day: "c.closed_on",
    tally: Some(CLOSURE_TALLY),
    ..SET
};

fn closed_until(frame: &Frame, sql: &mut Sql) {
    frame.in_term("c.term_id", sql);
    frame.until("c.closed_on", sql);
    frame.counted_inspection("c.inspection_id", sql);
}

const CLOSED: Set = Set {
    filter: |frame, sql| {
        closed_until(frame, sql);
        sql.push(" and (c.reopened_on is null or c.reopened_on > ").bind(frame.ask.as_of).push(")");
    },
    ..CLOSURES
};

const REOPENED: Set = Set {
    day: "c.reopened_on",
    filter: |frame, sql| {
        closed_until(frame, sql);
        frame.until("c.reopened_on", sql);
    },
    ..CLOSURES
};

const MEASURES: Set = Set {
    owner: ("measure", "m"),
    from: "measure m",
    noun: "measures",
    id: "m.id",
    title: "m.text",
    number: Some("m.number"),
    organisation: Some("m.organisation_id"),
    tally: Some(MEASURE_TALLY),
    ..SET
};

/// Measures of the kinds `kinds` that are not done on the day and fulfil `more`; `later` is what else is true of those
/// that were done after it. The two cases stand apart, each with its conditions, so that both are read from an index.
fn write_not_done(
    frame: &Frame,
    kinds: &[&str],
    more: fn(&Frame, &mut Sql),
    later: &'static str,
    sql: &mut Sql,
) {
    sql.push(" and ((m.closed_on is null and m.term_kind in ").bind_list(kinds.iter().copied());
    more(frame, sql);
    sql.push(") or (m.closed_on > ").bind(frame.ask.as_of);
    sql.push(" and m.term_kind in ").bind_list(kinds.iter().copied());
    more(frame, sql);
    sql.push(later).push("))");
    frame.counted_inspection("m.inspection_id", sql);
}

const MEETINGS: Set = Set {
    owner: ("feedback", "f"),
    from: "feedback f",
    more: "join organisation o on o.id = f.organisation_id",
    noun: "feedbacks",
    id: "f.id",
    title: "o.name",
    day: "f.held_on",
    filter: held,
    ..SET
};

fn held(frame: &Frame, sql: &mut Sql) {
    frame.in_year("f.held_on", sql);
    frame.counted_inspection("f.inspection_id", sql);
}

const CAMPAIGNS: Set = Set {
    owner: ("campaign", "c"),
    from: "campaign c join inspection i on i.id = c.inspection_id",
    noun: "campaigns",
    id: "c.id",
    title: "i.name",
    day: "c.starts_on",
    inspection: Some("i.id"),
    filter: |frame, sql| {
        frame.in_year("c.starts_on", sql);
        frame.until("c.ends_on", sql);
    },
    ..SET
};

const LOOK_BACKS: Set = Set {
    owner: ("inspection", "i"),
    from: "inspection i join (select u.inspection_id, min(u.entered_on) as from_on, max(u.left_on) as to_on \
           from inspection_unit u where u.kind = 'look_back' group by u.inspection_id \
           having count(*) = count(u.left_on)) s on s.inspection_id = i.id",
    noun: "inspections",
    id: "i.id",
    title: "i.name",
    day: "s.from_on",
    inspection: Some("i.id"),
    filter: |frame, sql| {
        sql.push(" and i.kind = 'look_back' and i.level = 'city'");
        frame.in_year("s.from_on", sql);
        frame.until("s.to_on", sql);
    },
    ..SET
};

const BASE: Figure = Figure {
    code: "",
    label: "",
    unit: Unit::Count,
    decimals: 0,
    period: PeriodKind::Year,
    chapter: Chapter::PutRight,
    definition: "",
    numerator: "",
    denominator: "",
    by_kind: true,
    source: "问题台账、销号记录",
    mentions: &[],
    formula: Formula::Of(CLOSED),
};

pub(super) const FIGURES: &[Figure] = &[
    Figure {
        code: "feedback_attendance_rate",
        label: "分管市领导参加反馈会比例",
        unit: Unit::Percent,
        decimals: 2,
        definition: "本年度召开的反馈会中有分管市领导参加的比例，按反馈会日期统计。",
        numerator: "有分管市领导参加的反馈会",
        denominator: "本年度召开的反馈会",
        source: "反馈会台账",
        mentions: &["参加反馈会比例"],
        formula: Formula::Share(
            Set {
                filter: |frame, sql| {
                    held(frame, sql);
                    sql.push(" and f.leader_attended = true");
                },
                ..MEETINGS
            },
            MEETINGS,
        ),
        ..BASE
    },
    Figure {
        code: "rect_completion_rate",
        label: "整改完成率",
        unit: Unit::Percent,
        decimals: 2,
        period: PeriodKind::Term,
        definition: "本届以来已反馈的问题中，统计日处于销号状态的比例；销号后重开、尚未再次销号的不算完成，长期整改的不算完成。",
        numerator: "统计日处于销号状态的问题",
        denominator: "本届以来已反馈的问题",
        mentions: &["整改完成率"],
        formula: Formula::Share(CLOSED, Set { filter: fed_back_in_term, ..PROBLEMS }),
        ..BASE
    },
    Figure {
        code: "reopened_rate",
        label: "销号后重开率",
        unit: Unit::Percent,
        decimals: 2,
        period: PeriodKind::Term,
        definition: "本届以来的销号中，统计日前被重开的比例，按次统计：同一问题两次销号计两次。",
        numerator: "被重开的销号",
        denominator: "本届以来的全部销号",
        mentions: &["重开率"],
        formula: Formula::Share(REOPENED, Set { filter: closed_until, ..CLOSURES }),
        ..BASE
    },
    Figure {
        code: "immediate_rectified",
        label: "立行立改完成",
        unit: Unit::Rule,
        definition: "本年度完成的立行立改措施，按完成日期统计。",
        source: "整改措施台账",
        mentions: &["立行立改完成"],
        formula: Formula::Of(Set {
            day: "m.closed_on",
            filter: |frame, sql| {
                sql.push(" and m.term_kind = 'immediate'");
                frame.in_year("m.closed_on", sql);
                frame.counted_inspection("m.inspection_id", sql);
            },
            ..MEASURES
        }),
        ..BASE
    },
    Figure {
        code: "long_term_measures",
        label: "长期坚持措施",
        unit: Unit::Rule,
        period: PeriodKind::Moment,
        definition: "统计日前已启动、尚未完成的长期坚持类整改措施，按启动日期统计。",
        source: "整改措施台账",
        mentions: &["长期坚持措施"],
        formula: Formula::Of(Set {
            day: "m.started_on",
            filter: |frame, sql| {
                let started = |frame: &Frame, sql: &mut Sql| frame.until("m.started_on", sql);
                write_not_done(frame, &["long_term"], started, "", sql);
            },
            ..MEASURES
        }),
        ..BASE
    },
    Figure {
        code: "measures_overdue",
        label: "逾期整改措施",
        unit: Unit::Rule,
        period: PeriodKind::Moment,
        definition: "完成期限早于统计日、统计日仍未完成的立行立改和限期整改措施。",
        source: "整改措施台账",
        mentions: &["逾期整改措施"],
        formula: Formula::Of(Set {
            day: "m.due_on",
            filter: |frame, sql| {
                let due = |frame: &Frame, sql: &mut Sql| {
                    sql.push(" and m.due_on < ").bind(frame.ask.as_of);
                };
                // Due before the day and done after it: done late, which few are.
                write_not_done(frame, &["immediate", "dated"], due, " and m.closed_on > m.due_on", sql);
            },
            ..MEASURES
        }),
        ..BASE
    },
    Figure {
        code: "deepening_months",
        label: "深化整改时长",
        unit: Unit::Months,
        decimals: 1,
        period: PeriodKind::Event,
        by_kind: false,
        definition: "本年度开始、统计日前已结束的深化整改行动，从开始日到结束日的时长，按365.25天折合12个月。",
        source: "整改攻坚台账",
        mentions: &["深化整改时长"],
        formula: Formula::Span(CAMPAIGNS, "c.ends_on"),
        ..BASE
    },
    Figure {
        code: "look_back_months",
        label: "巡察“回头看”时长",
        unit: Unit::Months,
        decimals: 1,
        period: PeriodKind::Event,
        by_kind: false,
        definition: "本年度进驻、统计日前已全部撤点的巡察“回头看”，从首次进驻到最后撤点的时长，按365.25天折合12个月。",
        source: "巡察对象台账",
        mentions: &["“回头看”时长"],
        formula: Formula::Span(LOOK_BACKS, "s.to_on"),
        ..BASE
    },
];
