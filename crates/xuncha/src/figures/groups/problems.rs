//! Problems: fed back, found by one inspection, found through linkage with audit.

use crate::figures::{
    Chapter, Figure, Frame, PeriodKind, Unit,
    formula::{Formula, PROBLEM_TALLY, SET, Set},
};
use db::Sql;

pub(super) const PROBLEMS: Set = Set {
    owner: ("problem", "p"),
    from: "problem p",
    noun: "problems",
    id: "p.id",
    title: "p.title",
    number: Some("p.number"),
    organisation: Some("p.organisation_id"),
    team: Some("p.team"),
    day: "p.fed_back_on",
    tally: Some(PROBLEM_TALLY),
    ..SET
};

fn kinds(frame: &Frame, sql: &mut Sql) {
    frame.kinds("p.inspection_kind", sql);
    frame.municipal("p.inspection_id", sql);
}

pub(super) fn fed_back_in_term(frame: &Frame, sql: &mut Sql) {
    frame.in_term("p.term_id", sql);
    frame.until("p.fed_back_on", sql);
    kinds(frame, sql);
}

fn fed_back_list(frame: &Frame) -> Vec<(&'static str, String)> {
    let mut filters = vec![
        ("fed_back_on.from", frame.ask.first().to_string()),
        ("fed_back_on.to", frame.ask.last().to_string()),
    ];
    for kind in &frame.ask.kinds {
        filters.push(("inspection_kind", kit::Labelled::code(*kind).to_owned()));
    }
    filters
}

const BASE: Figure = Figure {
    code: "",
    label: "",
    unit: Unit::Count,
    decimals: 0,
    period: PeriodKind::Year,
    chapter: Chapter::What,
    definition: "",
    numerator: "",
    denominator: "",
    by_kind: true,
    source: "问题台账",
    mentions: &[],
    formula: Formula::Of(PROBLEMS),
};

pub(super) const FIGURES: &[Figure] = &[
    Figure {
        code: "problems_fed_back",
        label: "反馈问题",
        definition: "本年度向被巡察单位反馈的问题，按反馈日期统计。",
        mentions: &["反馈问题"],
        formula: Formula::Of(Set {
            list: Some(fed_back_list),
            filter: |frame, sql| {
                frame.in_year("p.fed_back_on", sql);
                kinds(frame, sql);
            },
            ..PROBLEMS
        }),
        ..BASE
    },
    Figure {
        code: "problems_fed_back_term",
        label: "本届反馈问题",
        period: PeriodKind::Term,
        definition: "本届以来向被巡察单位反馈的问题，按反馈日期统计；整改完成率的分母。",
        mentions: &["本届反馈问题", "累计反馈问题"],
        formula: Formula::Of(Set { filter: fed_back_in_term, ..PROBLEMS }),
        ..BASE
    },
    Figure {
        code: "problems_found",
        label: "专项（机动等）巡察发现问题",
        period: PeriodKind::Event,
        definition: "本年度公告的专项、机动等巡察（常规巡察除外）逐次统计：该次巡察发现并已反馈的问题，按反馈日期统计。",
        by_kind: false,
        mentions: &["巡察发现问题"],
        formula: Formula::ByInspection(Set {
            inspection: Some("p.inspection_id"),
            filter: |frame, sql| frame.until("p.fed_back_on", sql),
            ..PROBLEMS
        }),
        ..BASE
    },
    Figure {
        code: "audit_linked_problems_cum",
        label: "巡审联动发现问题",
        period: PeriodKind::Cumulative,
        chapter: Chapter::Together,
        definition: "通过巡审联动发现并已反馈的问题，自工作开展以来累计，按反馈日期统计。",
        mentions: &["巡审联动发现问题", "累计发现问题"],
        formula: Formula::Of(Set {
            filter: |frame, sql| {
                sql.push(" and p.audit_linked = true");
                frame.until("p.fed_back_on", sql);
                kinds(frame, sql);
            },
            ..PROBLEMS
        }),
        ..BASE
    },
];
