//! What is inspected: units, batches, coverage, special and mobile inspections.

use crate::figures::{
    Chapter, Figure, Frame, PeriodKind, Unit,
    formula::{Formula, SET, Set},
};
use db::Sql;

const REGULAR_UNITS: Set = Set {
    owner: ("inspection_unit", "u"),
    from: "inspection_unit u join inspection i on i.id = u.inspection_id",
    more: "join organisation o on o.id = u.organisation_id",
    noun: "organisations",
    id: "u.organisation_id",
    title: "o.name",
    once: Some("u.organisation_id"),
    ..SET
};

fn regular(sql: &mut Sql) {
    sql.push(" and i.kind = 'regular' and i.level = 'city'");
}

fn entered(frame: &Frame, sql: &mut Sql) {
    regular(sql);
    frame.in_year("u.entered_on", sql);
}

fn announced_last(frame: &Frame, sql: &mut Sql) {
    regular(sql);
    sql.push(
        " and i.announced_on = (select max(l.announced_on) from inspection l \
         where l.kind = 'regular' and l.level = 'city'",
    );
    frame.until("l.announced_on", sql);
    sql.push(")");
}

fn on_site(frame: &Frame, sql: &mut Sql) {
    regular(sql);
    frame.until("u.entered_on", sql);
    sql.push(" and (u.left_on is null or u.left_on > ").bind(frame.ask.as_of).push(")");
}

fn completed(frame: &Frame, sql: &mut Sql) {
    regular(sql);
    frame.in_term("i.term_id", sql);
    frame.until("u.left_on", sql);
}

const INSPECTIONS: Set = Set {
    owner: ("inspection", "i"),
    from: "inspection i",
    noun: "inspections",
    id: "i.id",
    title: "i.name",
    day: "coalesce(i.announced_on, i.starts_on)",
    ..SET
};

fn of_kind(kind: &str, frame: &Frame, sql: &mut Sql) {
    sql.push(" and i.level = 'city' and i.kind = ").bind(kind);
    frame.in_year("coalesce(i.announced_on, i.starts_on)", sql);
}

const BATCHES: Set = Set {
    owner: ("batch", "b"),
    from: "batch b",
    noun: "batches",
    id: "b.id",
    title: "b.name",
    day: "b.starts_on",
    filter: |frame, sql| {
        sql.push(
            " and b.id in (select i.batch_id from inspection i join inspection_unit u on u.inspection_id = i.id \
             where i.batch_id is not null",
        );
        regular(sql);
        frame.in_term("i.term_id", sql);
        sql.push(" group by i.batch_id having count(*) = sum(case when u.left_on <= ");
        sql.bind(frame.ask.as_of).push(" then 1 else 0 end))");
    },
    ..SET
};

const LISTED: Set = Set {
    owner: ("coverage_item", "ci"),
    from: "coverage_item ci",
    more: "join organisation o on o.id = ci.organisation_id join coverage_list cl on cl.id = ci.list_id",
    noun: "organisations",
    id: "ci.organisation_id",
    title: "o.name",
    day: "cl.approved_on",
    filter: listed,
    ..SET
};

fn listed(frame: &Frame, sql: &mut Sql) {
    sql.push(" and ci.exempt_reason = '' and ci.list_id = ").bind(frame.list);
}

const COVERED: Set = Set {
    from: "coverage_item ci join inspection_unit u on u.organisation_id = ci.organisation_id \
           join inspection i on i.id = u.inspection_id",
    more: "join organisation o on o.id = ci.organisation_id",
    once: Some("ci.organisation_id"),
    day: "u.left_on",
    filter: |frame, sql| {
        listed(frame, sql);
        completed(frame, sql);
    },
    ..LISTED
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
    source: "巡察对象台账",
    mentions: &[],
    formula: Formula::Of(REGULAR_UNITS),
};

pub(super) const FIGURES: &[Figure] = &[
    Figure {
        code: "units_inspected_regular",
        label: "常规巡察单位",
        definition: "本年度进驻开展常规巡察的市级单位党组织，按进驻日期统计，同一单位只计一次；进驻不等于完成。",
        mentions: &["…开展常规巡察", "进驻常规巡察单位"],
        formula: Formula::Of(Set { day: "u.entered_on", filter: entered, ..REGULAR_UNITS }),
        ..BASE
    },
    Figure {
        code: "special_inspections",
        label: "专项巡察",
        unit: Unit::Times,
        definition: "本年度公告开展的市级专项巡察次数，按公告日期统计（未公告的按开始日期）。",
        source: "巡察台账",
        mentions: &["开展专项巡察", "专项巡察次数"],
        formula: Formula::Of(Set { filter: |frame, sql| of_kind("special", frame, sql), ..INSPECTIONS }),
        ..BASE
    },
    Figure {
        code: "mobile_inspections",
        label: "机动巡察",
        unit: Unit::Times,
        definition: "本年度公告开展的市级机动巡察次数，按公告日期统计（未公告的按开始日期）。",
        period: PeriodKind::Event,
        source: "巡察台账",
        mentions: &["机动巡察次数"],
        formula: Formula::Of(Set { filter: |frame, sql| of_kind("mobile", frame, sql), ..INSPECTIONS }),
        ..BASE
    },
    Figure {
        code: "round_units",
        label: "最近公告的常规巡察单位",
        definition: "统计日之前最近一次公告的常规巡察所巡察的单位，按公告日期统计，同一单位只计一次。",
        period: PeriodKind::Event,
        mentions: &["最近公告的常规巡察单位"],
        formula: Formula::Of(Set { day: "i.announced_on", filter: announced_last, ..REGULAR_UNITS }),
        ..BASE
    },
    Figure {
        code: "units_on_site_regular",
        label: "常规巡察在巡单位",
        definition: "统计日已进驻、尚未撤点的常规巡察单位，同一单位只计一次。",
        period: PeriodKind::Moment,
        mentions: &["在巡单位"],
        formula: Formula::Of(Set { day: "u.entered_on", filter: on_site, ..REGULAR_UNITS }),
        ..BASE
    },
    Figure {
        code: "regular_batches_completed",
        label: "完成常规巡察批次",
        unit: Unit::Batch,
        period: PeriodKind::Term,
        definition: "本届以来全部单位均已撤点的常规巡察批次，按撤点日期统计；有一个单位未撤点的批次不计。",
        source: "批次台账",
        mentions: &["完成常规巡察批次", "按计划完成"],
        formula: Formula::Of(BATCHES),
        ..BASE
    },
    Figure {
        code: "units_completed_regular_cum",
        label: "完成常规巡察单位",
        period: PeriodKind::Term,
        definition: "本届以来常规巡察已撤点的市级单位，按撤点日期统计，同一单位只计一次。",
        mentions: &["完成常规巡察单位", "…市级单位的常规巡察"],
        formula: Formula::Of(Set { day: "u.left_on", filter: completed, ..REGULAR_UNITS }),
        ..BASE
    },
    Figure {
        code: "coverage_rate",
        label: "全覆盖率",
        unit: Unit::Percent,
        decimals: 2,
        period: PeriodKind::Term,
        definition: "已完成常规巡察的清单内单位占全覆盖对象清单的比例；清单取统计日已批准的最新一版，免予安排的单位不计，同一单位只计一次，按撤点日期统计。",
        numerator: "清单内已完成常规巡察的单位",
        denominator: "全覆盖对象清单单位（不含免予安排）",
        source: "全覆盖对象清单、巡察对象台账",
        mentions: &["全覆盖率", "覆盖率"],
        formula: Formula::Share(COVERED, LISTED),
        ..BASE
    },
];
