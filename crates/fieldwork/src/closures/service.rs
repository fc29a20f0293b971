//! How closures appear. They are written by the closing and reopening of problems and by nobody's hand.

use kit::{Column, Cx, RecordView, Result, Secrecy, Service, Shown, Table, service::Group};
use registry::organisations;
use uuid::Uuid;

use super::{ClosureId, NOUN, store, visible};
use crate::problems;
use planning::units;

const COLUMNS: &[Column] = &[
    Column::text("number", "问题编号", "p.number").opens(),
    Column::reference("problem", "问题", "c.problem_id", "p.title", problems::NOUN),
    Column::reference("organisation", "被巡察单位", "c.organisation_id", "o.name", organisations::NOUN),
    Column::reference("inspection", "巡察", "c.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::date("closed_on", "销号日期", "c.closed_on").sortable().filled(),
    Column::text("opinion", "审核意见", "c.opinion"),
    Column::text("reviewer_name", "审核人", "c.reviewer_name"),
    Column::date("reopened_on", "重开日期", "c.reopened_on"),
    Column::text("reason", "重开理由", "c.reason"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "销号记录",
        table: "closure",
        group: Group::Rectify,
        listed: true,
        icon: "circle-check",
        secrecy: Secrecy::Internal,
        about: "每次销号和重开各留一条记录，据此可以还原任何一天的整改完成情况。",
        list: Table {
            from: "closure c left join problem p on p.id = c.problem_id \
                   left join organisation o on o.id = c.organisation_id \
                   left join inspection i on i.id = c.inspection_id",
            alias: "c",
            title: "p.title",
            number: Some("p.number"),
            columns: COLUMNS,
            order: "-closed_on",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: Vec::new(),
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let closure = store::find(cx, ClosureId(id)).await?;
    let problem = problems::find(cx, closure.problem_id).await?;
    let names = units::names(cx, closure.organisation_id, closure.inspection_id).await?;
    let mut view = RecordView::new(format!("销号：{}", problem.title), closure.version)
        .fact("problem", "问题", Shown::link(problems::NOUN, Some(problem.id.0), problem.title))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(closure.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(closure.inspection_id), names.inspection),
        )
        .fact("closed_on", "销号日期", Shown::Date(closure.closed_on))
        .fact("reviewer_name", "审核人", Shown::text(closure.reviewer_name))
        .fact("opinion", "审核意见", Shown::long(closure.opinion))
        .fact("reopened_on", "重开日期", Shown::date(closure.reopened_on))
        .fact("reason", "重开理由", Shown::long(closure.reason));
    view.number = problem.number;
    Ok(view)
}
