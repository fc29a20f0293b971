//! Guidance of districts, and how many districts and teams there are.

use crate::figures::{
    Chapter, Figure, PeriodKind, Unit,
    formula::{Formula, PROBLEM_TALLY, SET, Set},
};

const BASE: Figure = Figure {
    code: "",
    label: "",
    unit: Unit::Count,
    decimals: 0,
    period: PeriodKind::Year,
    chapter: Chapter::Together,
    definition: "",
    numerator: "",
    denominator: "",
    by_kind: false,
    source: "区级指导台账",
    mentions: &[],
    formula: Formula::Of(SET),
};

pub(super) const FIGURES: &[Figure] = &[
    Figure {
        code: "district_liaisons",
        label: "挂钩联系区",
        definition: "本年度由市委巡察办主任、巡察组组长挂钩联系的区，按年度和起始日期统计，一个区只计一次。",
        mentions: &["挂钩联系"],
        formula: Formula::Of(Set {
            owner: ("district_liaison", "x"),
            from: "district_liaison x",
            more: "join organisation o on o.id = x.district_id",
            noun: "organisations",
            id: "x.district_id",
            once: Some("x.district_id"),
            title: "o.name",
            day: "x.from_on",
            filter: |frame, sql| {
                frame.is_year("x.year", sql);
                frame.until("x.from_on", sql);
            },
            ..SET
        }),
        ..BASE
    },
    Figure {
        code: "district_deputy_heads_sent",
        label: "选派区巡察组副组长",
        unit: Unit::Person,
        definition: "本年度选派到各区巡察组任副组长、全程参巡的业务骨干人次，按起始日期统计。",
        mentions: &["选派", "区巡察组副组长"],
        formula: Formula::Of(Set {
            owner: ("district_deputy", "x"),
            from: "district_deputy x",
            noun: "district_deputies",
            id: "x.id",
            title: "x.person_name",
            day: "x.from_on",
            filter: |frame, sql| frame.in_year("x.from_on", sql),
            ..SET
        }),
        ..BASE
    },
    Figure {
        code: "district_check_problems",
        label: "区级巡察专项检查指出问题",
        definition: "本年度对区级巡察工作专项检查指出的问题，按发现日期统计。",
        mentions: &["指出问题"],
        formula: Formula::Of(Set {
            owner: ("district_check_problem", "x"),
            from: "district_check_problem x",
            noun: "district_check_problems",
            id: "x.id",
            title: "x.text",
            day: "x.found_on",
            filter: |frame, sql| frame.in_year("x.found_on", sql),
            ..SET
        }),
        ..BASE
    },
    Figure {
        code: "district_report_reviews",
        label: "开展巡察报告评查的区",
        definition: "本年度巡察报告接受评查的区，按评查日期统计，一个区只计一次。",
        mentions: &["…开展评查", "报告评查"],
        formula: Formula::Of(Set {
            owner: ("report_evaluation", "x"),
            from: "report_evaluation x",
            more: "join organisation o on o.id = x.district_id",
            noun: "organisations",
            id: "x.district_id",
            once: Some("x.district_id"),
            title: "o.name",
            day: "x.evaluated_on",
            filter: |frame, sql| frame.in_year("x.evaluated_on", sql),
            ..SET
        }),
        ..BASE
    },
    Figure {
        code: "district_cadres_trained",
        label: "区级干部跟班参巡",
        unit: Unit::Person,
        definition: "本年度到市级跟班、参巡的区级巡察干部人次，按起始日期统计。",
        mentions: &["跟班"],
        formula: Formula::Of(Set {
            owner: ("shadow_training", "x"),
            from: "shadow_training x",
            noun: "shadow_trainings",
            id: "x.id",
            title: "x.person_name",
            day: "x.from_on",
            filter: |frame, sql| frame.in_year("x.from_on", sql),
            ..SET
        }),
        ..BASE
    },
    Figure {
        code: "districts",
        label: "区",
        period: PeriodKind::Moment,
        definition: "统计日存续的区。",
        source: "组织机构",
        formula: Formula::Of(Set {
            owner: ("organisation", "o"),
            from: "organisation o",
            noun: "organisations",
            id: "o.id",
            title: "o.name",
            day: "o.valid_from",
            filter: |frame, sql| {
                sql.push(" and o.kind = 'district'");
                frame.until("o.valid_from", sql);
                sql.push(" and (o.valid_to is null or o.valid_to >= ").bind(frame.ask.as_of).push(")");
            },
            ..SET
        }),
        ..BASE
    },
    Figure {
        code: "city_teams",
        label: "市委巡察组",
        definition: "本年度反馈过常规巡察问题的市委巡察组，按反馈日期统计，同名的组只计一次。",
        source: "问题台账",
        mentions: &["市委巡察组"],
        formula: Formula::Of(Set {
            owner: ("problem", "p"),
            from: "problem p",
            // A team is a name and no record of its own.
            noun: "",
            id: "cast(null as uuid)",
            once: Some("p.team"),
            title: "p.team",
            day: "p.fed_back_on",
            filter: |frame, sql| {
                sql.push(" and p.inspection_kind = 'regular' and p.team <> ''");
                frame.in_year("p.fed_back_on", sql);
                frame.municipal("p.inspection_id", sql);
            },
            tally: Some(PROBLEM_TALLY),
            ..SET
        }),
        ..BASE
    },
];
