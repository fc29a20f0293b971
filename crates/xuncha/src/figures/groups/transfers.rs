//! Leads and suspect projects handed over, and what became of leads. Counts only; nothing sealed is read.

use crate::figures::{
    Chapter, Figure, Frame, PeriodKind, Unit,
    formula::{Formula, SET, Set},
};
use db::Sql;

const LEADS: Set = Set {
    owner: ("lead", "l"),
    from: "lead l",
    noun: "leads",
    id: "l.id",
    title: "l.number",
    day: "l.transferred_on",
    ..SET
};

fn of_year(frame: &Frame, sql: &mut Sql) {
    frame.in_year("l.transferred_on", sql);
    frame.counted_inspection("l.inspection_id", sql);
}

const DISPOSED: Set = Set {
    from: "lead l join transfer t on t.id = l.transfer_id",
    day: "t.disposal_on",
    filter: |frame, sql| {
        of_year(frame, sql);
        frame.until("t.disposal_on", sql);
    },
    ..LEADS
};

const RESULTED: Set = Set {
    day: "t.result_on",
    filter: |frame, sql| {
        of_year(frame, sql);
        frame.until("t.result_on", sql);
    },
    ..DISPOSED
};

const OF_YEAR: Set = Set { filter: of_year, ..LEADS };

const BASE: Figure = Figure {
    code: "",
    label: "",
    unit: Unit::Item,
    decimals: 0,
    period: PeriodKind::Year,
    chapter: Chapter::What,
    definition: "",
    numerator: "",
    denominator: "",
    by_kind: true,
    source: "问题线索台账",
    mentions: &[],
    formula: Formula::Of(LEADS),
};

pub(super) const FIGURES: &[Figure] = &[
    Figure {
        code: "leads_transferred",
        label: "移送问题线索",
        definition: "本年度移送纪检监察机关、组织部门和主管部门的问题线索，按移送日期统计，一件线索只计一次。",
        mentions: &["移送问题线索", "移交问题线索"],
        formula: Formula::Of(Set {
            list: Some(|frame| {
                let days = vec![
                    ("transferred_on.from", frame.ask.first().to_string()),
                    ("transferred_on.to", frame.ask.last().to_string()),
                ];
                // The list has no column for the kind of inspection; an unknown one sends to the rows.
                let kinds = frame
                    .ask
                    .kinds
                    .iter()
                    .map(|kind| ("inspection_kind", kit::Labelled::code(*kind).to_owned()));
                days.into_iter().chain(kinds).collect()
            }),
            ..OF_YEAR
        }),
        ..BASE
    },
    Figure {
        code: "leads_disposal_rate",
        label: "线索处置率",
        unit: Unit::Percent,
        decimals: 2,
        definition: "本年度移送的问题线索中，统计日前接收单位已确定处置方式的比例，按处置日期统计。",
        numerator: "已确定处置方式的线索",
        denominator: "本年度移送的问题线索",
        mentions: &["线索处置率"],
        formula: Formula::Share(DISPOSED, OF_YEAR),
        ..BASE
    },
    Figure {
        code: "leads_result_rate",
        label: "线索办结反馈率",
        unit: Unit::Percent,
        decimals: 2,
        definition: "本年度移送的问题线索中，统计日前接收单位已反馈办理结果的比例，按反馈结果日期统计。",
        numerator: "已反馈办理结果的线索",
        denominator: "本年度移送的问题线索",
        mentions: &["线索办结反馈率"],
        formula: Formula::Share(RESULTED, OF_YEAR),
        ..BASE
    },
    Figure {
        code: "suspect_projects_transferred",
        label: "移交涉嫌违法违规项目",
        unit: Unit::Case,
        period: PeriodKind::Event,
        by_kind: false,
        definition: "本年度公告的专项、机动等巡察逐次统计：该次巡察移交的涉嫌违法违规项目，按移交日期统计，以项目计，不以线索或人计。",
        source: "可疑项目台账",
        mentions: &["涉嫌违法违规项目"],
        formula: Formula::ByInspection(Set {
            owner: ("suspect_project", "s"),
            from: "suspect_project s",
            noun: "suspect_projects",
            id: "s.id",
            title: "s.name",
            number: Some("s.number"),
            organisation: Some("s.organisation_id"),
            day: "s.transferred_on",
            inspection: Some("s.inspection_id"),
            filter: |frame, sql| frame.until("s.transferred_on", sql),
            ..SET
        }),
        ..BASE
    },
    Figure {
        code: "audit_linked_leads_cum",
        label: "巡审联动问题线索",
        period: PeriodKind::Cumulative,
        chapter: Chapter::Together,
        definition: "通过巡审联动发现并已移送的问题线索，自工作开展以来累计，按移送日期统计；其中一部分同时计入各年度移送问题线索。",
        mentions: &["巡审联动问题线索", "问题线索"],
        formula: Formula::Of(Set {
            filter: |frame, sql| {
                sql.push(" and l.audit_linked = true");
                frame.until("l.transferred_on", sql);
                frame.counted_inspection("l.inspection_id", sql);
            },
            ..LEADS
        }),
        ..BASE
    },
];
