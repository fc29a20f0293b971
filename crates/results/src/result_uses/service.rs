//! How the ledger appears: the columns of the ledgers in use, and a page that leads to the record.

use kit::{Column, Cx, Labelled as _, RecordView, Result, Secrecy, Service, Shown, Table, service::Group};
use registry::transfers;
use uuid::Uuid;

use super::{NOUN, UseKind, UseState, store, visible};
use crate::{
    handing::{self, ADOPTIONS, ANSWERED, RESULTS},
    shared::{self, INSPECTIONS, ORGANISATIONS, TERMS},
};

const COLUMNS: &[Column] = &[
    Column::choice("kind", "成果类别", "u.kind", UseKind::CHOICES),
    Column::text("number", "编号", "u.number"),
    Column::text("title", "内容", "u.title").opens(),
    Column::reference("term", "届次", "t.id", "t.name", TERMS).hidden(),
    Column::integer(
        "year",
        "年度",
        "coalesce(i.year, cast(substr(cast(u.handed_on as text), 1, 4) as bigint))",
    )
    .hidden(),
    Column::text("round", "轮次", "n.name").hidden(),
    Column::text("team", "巡察组", "i.team").hidden(),
    Column::reference("inspection", "来源巡察", "u.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::reference("organisation", "被巡察单位", "u.organisation_id", "o.name", ORGANISATIONS).hidden(),
    Column::reference("recipient", "移交单位", "u.recipient_id", "r.name", ORGANISATIONS),
    Column::date("handed_on", "移交时间", "u.handed_on").sortable().filled(),
    Column::integer("items", "建议（问题）数", "u.items"),
    Column::clock("due", "反馈期限", "tr.due_on", ANSWERED),
    Column::choice("state", "办理情况", "u.state", UseState::CHOICES),
    Column::choice("adoption", "采纳情况", "tr.disposal", ADOPTIONS).hidden(),
    Column::choice("result", "办理结果", "tr.result", RESULTS).hidden(),
    Column::text(
        "use",
        "成果运用情况",
        "case when u.kind = 'special_report' then sr.decision else tr.result_note end",
    ),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "成果运用台账",
        table: "result_use",
        group: Group::Results,
        listed: true,
        icon: "table",
        secrecy: Secrecy::Internal,
        about: "已发出的巡察建议、已上报的专题报告和已移交的共性问题，自动汇总办理和运用情况；不含问题线索和可疑项目。",
        list: Table {
            from: "result_use u left join transfer tr on tr.id = u.transfer_id \
                   left join special_report sr on sr.id = u.id \
                   left join inspection i on i.id = u.inspection_id \
                   left join term t on t.id = coalesce(u.term_id, i.term_id) \
                   left join round n on n.id = i.round_id \
                   left join organisation o on o.id = u.organisation_id \
                   left join organisation r on r.id = u.recipient_id",
            alias: "u",
            title: "u.title",
            number: Some("u.number"),
            columns: COLUMNS,
            order: "-handed_on",
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
    let line = store::find(cx, id).await?;
    let label = format!("{} {}", line.kind.label(), line.number);
    let record = shared::linked(cx, line.kind.noun(), Some(id), label).await?;
    let transfer_id = line.transfer_id.map(|id| id.0);
    let transfer = handing::latest(cx, id).await?;
    let number = transfer.as_ref().map(|transfer| transfer.number.clone()).unwrap_or_default();
    let view = RecordView::new(line.title, line.version)
        .fact("record", "原始记录", record)
        .fact("kind", "成果类别", Shown::choice(line.kind.choice()))
        .fact("inspection", "来源巡察", shared::inspection(cx, line.inspection_id).await?)
        .fact("organisation", "被巡察单位", shared::organisation(cx, line.organisation_id).await?)
        .fact("recipient", "移交单位", shared::organisation(cx, line.recipient_id).await?)
        .fact("handed_on", "移交时间", Shown::Date(line.handed_on))
        .fact("items", "移交建议（问题）数", Shown::Integer(line.items))
        .fact("transfer", "移交事项", shared::linked(cx, transfers::NOUN, transfer_id, number).await?);
    let mut view = handing::describe(&*kit::alarms(cx).await?, view, transfer);
    if line.kind == UseKind::SpecialReport {
        let decision = shared::text_of(cx, "special_report", "decision", Some(id)).await?;
        view = view.fact("decision", "批示内容", Shown::long(decision));
    }
    view.number = line.number;
    view.state = Some(line.state.choice());
    Ok(view)
}
