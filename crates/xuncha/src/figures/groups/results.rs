//! Use of results: suggestions, special reports, common problems, rules built.

use crate::figures::{
    Chapter, Figure, PeriodKind, Unit,
    formula::{Formula, SET, Set},
};

const SUGGESTIONS: Set = Set {
    owner: ("suggestion", "s"),
    noun: "suggestions",
    id: "s.id",
    title: "s.text",
    number: Some("s.number"),
    organisation: Some("s.organisation_id"),
    ..SET
};

const RULES: Set = Set {
    owner: ("rule_built", "r"),
    from: "rule_built r",
    noun: "rules_built",
    id: "r.id",
    title: "r.title",
    number: Some("r.number"),
    organisation: Some("r.organisation_id"),
    day: "r.issued_on",
    ..SET
};

const BASE: Figure = Figure {
    code: "",
    label: "",
    unit: Unit::Piece,
    decimals: 0,
    period: PeriodKind::Year,
    chapter: Chapter::PutRight,
    definition: "",
    numerator: "",
    denominator: "",
    by_kind: false,
    source: "成果运用台账",
    mentions: &[],
    formula: Formula::Of(SET),
};

pub(super) const FIGURES: &[Figure] = &[
    Figure {
        code: "suggestions_issued",
        label: "提出巡察建议",
        period: PeriodKind::Event,
        chapter: Chapter::What,
        definition: "本年度公告的专项、机动等巡察逐次统计：该次巡察发出的巡察建议，按发出日期统计；专题报告中的建议另计。",
        mentions: &["巡察建议"],
        formula: Formula::ByInspection(Set {
            from: "suggestion s",
            day: "s.issued_on",
            inspection: Some("s.inspection_id"),
            filter: |frame, sql| {
                sql.push(" and s.special_report_id is null");
                frame.until("s.issued_on", sql);
            },
            ..SUGGESTIONS
        }),
        ..BASE
    },
    Figure {
        code: "audit_linked_rules_built_cum",
        label: "巡审联动建章立制",
        unit: Unit::Rule,
        period: PeriodKind::Cumulative,
        chapter: Chapter::Together,
        definition: "通过巡审联动推动新建、修订的制度，自工作开展以来累计，按印发日期统计。",
        source: "建章立制台账",
        mentions: &["推动建章立制", "巡审联动建章立制"],
        formula: Formula::Of(Set {
            filter: |frame, sql| {
                sql.push(" and r.audit_linked = true");
                frame.until("r.issued_on", sql);
            },
            ..RULES
        }),
        ..BASE
    },
    Figure {
        code: "asset_rules_built",
        label: "国有资产整改建章立制",
        unit: Unit::Rule,
        period: PeriodKind::Cumulative,
        definition: "国有资产管理使用问题整改中新建、修订的制度，自工作开展以来累计，按印发日期统计。",
        source: "建章立制台账",
        mentions: &["建章立制"],
        formula: Formula::Of(Set {
            filter: |frame, sql| {
                sql.push(" and r.topic = 'state_assets'");
                frame.until("r.issued_on", sql);
            },
            ..RULES
        }),
        ..BASE
    },
    Figure {
        code: "special_reports",
        label: "提交专题报告",
        unit: Unit::Copy,
        definition: "本年度向市委提交的专题报告，按提交日期统计。",
        mentions: &["专题报告"],
        formula: Formula::Of(Set {
            owner: ("special_report", "r"),
            from: "special_report r",
            noun: "special_reports",
            id: "r.id",
            title: "r.title",
            number: Some("r.number"),
            day: "r.submitted_on",
            filter: |frame, sql| frame.in_year("r.submitted_on", sql),
            ..SET
        }),
        ..BASE
    },
    Figure {
        code: "special_report_suggestions",
        label: "专题报告提出建议",
        definition: "本年度提交的专题报告中提出的建议，按专题报告的提交日期统计。",
        mentions: &["等建议", "专题报告提出建议"],
        formula: Formula::Of(Set {
            from: "suggestion s join special_report r on r.id = s.special_report_id",
            day: "r.submitted_on",
            filter: |frame, sql| frame.in_year("r.submitted_on", sql),
            ..SUGGESTIONS
        }),
        ..BASE
    },
    Figure {
        code: "common_problems_handed_over",
        label: "移交共性及突出问题",
        unit: Unit::Count,
        definition: "本年度梳理后交由监督部门纳入日常监管的共性及突出问题，按移交日期统计，一个问题只计一次。",
        mentions: &["共性及突出问题"],
        formula: Formula::Of(Set {
            owner: ("common_problem", "x"),
            from: "common_problem x",
            noun: "common_problems",
            id: "x.id",
            title: "x.text",
            day: "x.handed_on",
            filter: |frame, sql| frame.in_year("x.handed_on", sql),
            ..SET
        }),
        ..BASE
    },
];
