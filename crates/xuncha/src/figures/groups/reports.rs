//! Reports: whether the three materials came with the main report («1+3», F11).

use crate::figures::{
    Chapter, Figure, Frame, PeriodKind, Unit,
    formula::{Formula, SET, Set},
};
use db::Sql;
use reports::reports::Kind;

const MAIN: Set = Set {
    owner: ("report", "r"),
    from: "report r",
    noun: "reports",
    id: "r.id",
    title: "r.title",
    number: Some("r.number"),
    organisation: Some("r.organisation_id"),
    day: "r.approved_on",
    filter: approved,
    ..SET
};

fn approved(frame: &Frame, sql: &mut Sql) {
    sql.push(" and r.kind = ").bind(Kind::Main);
    frame.in_year("r.approved_on", sql);
    frame.counted_inspection("r.inspection_id", sql);
}

/// All three materials of the same unit are approved too.
fn complete(frame: &Frame, sql: &mut Sql) {
    approved(frame, sql);
    for kind in Kind::THREE {
        sql.push(" and exists (select 1 from report m where m.unit_id = r.unit_id and m.kind = ").bind(kind);
        frame.until("m.approved_on", sql);
        sql.push(")");
    }
}

pub(super) const FIGURES: &[Figure] = &[Figure {
    code: "one_plus_three_complete_rate",
    label: "“1+3”材料齐全率",
    unit: Unit::Percent,
    decimals: 2,
    period: PeriodKind::Year,
    chapter: Chapter::What,
    definition: "本年度审定的巡察报告中，同一单位的一把手情况反映、纪检组长（纪委书记）履职情况报告、领导班子情况汇总也都已审定的比例，按报告审定日期统计。",
    numerator: "三份材料都已审定的巡察报告",
    denominator: "本年度审定的巡察报告",
    by_kind: true,
    source: "巡察报告",
    mentions: &[],
    formula: Formula::Share(Set { filter: complete, ..MAIN }, MAIN),
}];
