//! Work on site: drafts approved, immediate rectification, consultations and what came of their points.

use crate::figures::{
    Chapter, Figure, PeriodKind, Unit,
    formula::{Formula, SET, Set},
};

const DRAFTS: Set = Set {
    owner: ("draft", "d"),
    from: "draft d",
    noun: "drafts",
    id: "d.id",
    title: "d.title",
    number: Some("d.official_number"),
    organisation: Some("d.organisation_id"),
    day: "d.approved_on",
    ..SET
};

const IMMEDIATE: Set = Set {
    owner: ("immediate_action", "m"),
    from: "immediate_action m",
    noun: "immediate_actions",
    id: "m.id",
    title: "m.title",
    number: Some("m.number"),
    organisation: Some("m.organisation_id"),
    day: "m.confirmed_on",
    ..SET
};

const CONSULTATIONS: Set = Set {
    owner: ("consultation", "c"),
    from: "consultation c",
    noun: "consultations",
    id: "c.id",
    title: "c.title",
    number: Some("c.number"),
    organisation: Some("c.organisation_id"),
    day: "c.held_on",
    ..SET
};

const POINTS: Set = Set {
    owner: ("consultation_point", "q"),
    from: "consultation_point q",
    noun: "consultation_points",
    id: "q.id",
    title: "q.text",
    day: "q.answered_on",
    ..SET
};

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
    by_kind: false,
    source: "问题底稿",
    mentions: &[],
    formula: Formula::Of(DRAFTS),
};

pub(super) const FIGURES: &[Figure] = &[
    Figure {
        code: "drafts_approved",
        label: "审批问题底稿",
        unit: Unit::Copy,
        definition: "本年度经组长审批、正式编号的问题底稿，按审批日期统计。",
        formula: Formula::Of(Set { filter: |frame, sql| frame.in_year("d.approved_on", sql), ..DRAFTS }),
        ..BASE
    },
    Figure {
        code: "immediate_actions_confirmed",
        label: "巡察期间立行立改",
        unit: Unit::Item,
        definition: "本年度巡察期间经批准下达、由巡察组确认完成的立行立改，按确认日期统计；不计入反馈后的整改。",
        source: "立行立改",
        formula: Formula::Of(Set { filter: |frame, sql| frame.in_year("m.confirmed_on", sql), ..IMMEDIATE }),
        ..BASE
    },
    Figure {
        code: "mid_term_consultations",
        label: "中期会商",
        unit: Unit::Times,
        definition: "本年度召开的中期会商，按召开日期统计。",
        source: "会商记录",
        formula: Formula::Of(Set {
            filter: |frame, sql| {
                sql.push(" and c.kind = 'mid_term'");
                frame.in_year("c.held_on", sql);
            },
            ..CONSULTATIONS
        }),
        ..BASE
    },
    Figure {
        code: "consultation_points_added",
        label: "会商意见落实",
        unit: Unit::Piece,
        definition: "本年度各次会商提出并已由巡察组补充落实的意见，按落实日期统计。",
        source: "会商记录",
        formula: Formula::Of(Set { filter: |frame, sql| frame.in_year("q.answered_on", sql), ..POINTS }),
        ..BASE
    },
];
