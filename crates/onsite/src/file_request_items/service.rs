//! How documents asked for appear: in their request, on home pages, in the register of what was taken and returned.

use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form as Filled, Governed, Labelled as _, Lifecycle as _,
    Outcome, Pred, RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, alarms,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, no_fields, target},
};
use planning::{samples, units};
use preparation::cite::cited;
use registry::organisations;
use uuid::Uuid;

use super::{FileRequestItem, FileRequestItemId, Form, NOUN, State, actions, store};
use crate::{file_requests, rights};

const BY_DUE: &[&str] = &["due_on"];

const COLUMNS: &[Column] = &[
    Column::integer("position", "序号", "z.position"),
    Column::title("name", "资料名称", "z.name"),
    Column::reference("request", "清单", "z.request_id", "f.title", file_requests::NOUN),
    Column::reference("organisation", "被巡察单位", "z.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(BY_DUE),
    Column::reference("inspection", "巡察", "z.inspection_id", "i.name", units::INSPECTIONS)
        .hidden()
        .indexed_by(BY_DUE),
    Column::text("period", "所属期间", "z.period"),
    Column::choice("form", "形式", "z.form", Form::CHOICES),
    Column::choice("state", "状态", "z.state", State::CHOICES).indexed_by(BY_DUE),
    Column::clock("due_on", "提供期限", "z.due_on", "(z.state not in ('asked', 'returned'))").sortable(),
    Column::date("accepted_on", "签收日期", "z.accepted_on"),
    Column::date("given_back_on", "归还日期", "z.given_back_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "调阅资料",
        table: "file_request_item",
        group: Group::Fieldwork,
        listed: false,
        icon: "file-text",
        secrecy: Secrecy::Internal,
        about: "清单中的每一项资料：提供、签收、退回补充、归还，也是调阅资料的交接登记。",
        list: Table {
            from: "file_request_item z left join file_request f on f.id = z.request_id \
                   left join organisation g on g.id = z.organisation_id left join inspection i on i.id = z.inspection_id",
            alias: "z",
            title: "z.name",
            number: None,
            columns: COLUMNS,
            order: "due_on",
        },
        visible: FileRequestItem::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |_| false,
        waiting: vec![
            Waiting { label: "巡察组调阅资料待提供", condition: to_provide, due: Some("due_on") },
            Waiting { label: "调阅资料待签收", condition: to_accept, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "调阅资料",
            transitions: lifecycle::transitions::<FileRequestItem>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::on("provide", "提供", provide_fields, |cx, id, form| Box::pin(provide(cx, id, form)))
            .primary()
            .next("资料交巡察组签收；纸质资料当面移交，在此登记页数。"),
        Offer::on("declare", "说明无此资料", note_fields, |cx, id, form| {
            Box::pin(declare(cx, id, form))
        })
        .next("巡察组确认或退回补充。"),
        Offer::on("accept", "签收", no_fields, |cx, id, _| Box::pin(accept(cx, id)))
            .primary()
            .bulk()
            .next("登记由您签收；原件用毕应归还。"),
        Offer::on("settle", "确认无此资料", no_fields, |cx, id, _| Box::pin(settle(cx, id))).primary(),
        Offer::on("return", "退回补充", reason_fields, |cx, id, form| {
            Box::pin(return_for_more(cx, id, form))
        })
        .next("被巡察单位收到通知，补充后重新提供。"),
        Offer::on("give_back", "归还", give_back_fields, |cx, id, form| Box::pin(give_back(cx, id, form)))
            .next("登记归还日期和接收人。"),
    ]
}

fn to_provide(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    if !actor.is(Role::OrganisationLiaison) {
        return Pred::Nothing;
    }
    rights::own_side(actor, Pred::Present("issued_on")).and(Pred::one_of("state", State::OWED))
}

fn to_accept(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    rights::own_work(actor, Pred::one_of("state", [State::Provided, State::Declared]))
}

fn provide_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::new("files", "资料文件", Kind::Files).help("电子件在此上传；纸质资料不必上传。"),
            Field::new("pages", "页数", Kind::Integer { min: 1, max: 100_000 }),
            Field::text("note", "说明").max(500),
        ])
    })
}

fn note_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("note", "情况说明").max(500).required()]) })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "需要补充的内容").max(500).required()]) })
}

fn give_back_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("on", "归还日期").required().value(cx.today()),
            Field::line("to", "接收人").max(60).required(),
        ])
    })
}

async fn provide(cx: &mut WriteCx, id: Option<Uuid>, form: &Filled) -> Result<Outcome> {
    let id: FileRequestItemId = target(id)?;
    actions::provide(cx, id, form.integer("pages"), form.text("note")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已提供，等待巡察组签收。"))
}

async fn declare(cx: &mut WriteCx, id: Option<Uuid>, form: &Filled) -> Result<Outcome> {
    let id: FileRequestItemId = target(id)?;
    actions::declare(cx, id, form.text("note")).await?;
    Ok(Outcome::new(NOUN, id, "已说明，等待巡察组确认。"))
}

async fn accept(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: FileRequestItemId = target(id)?;
    actions::accept(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已签收。"))
}

async fn settle(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: FileRequestItemId = target(id)?;
    actions::settle(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已确认无此资料。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Filled) -> Result<Outcome> {
    let id: FileRequestItemId = target(id)?;
    actions::return_for_more(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回补充。"))
}

async fn give_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Filled) -> Result<Outcome> {
    let id: FileRequestItemId = target(id)?;
    actions::give_back(cx, id, form.need_date("on")?, form.text("to")).await?;
    Ok(Outcome::new(NOUN, id, "已登记归还。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let item = store::find(cx, FileRequestItemId(id)).await?;
    let request = file_requests::find(cx, item.request_id).await?;
    let by =
        |on: Option<chrono::NaiveDate>, who: &str| on.map_or_else(String::new, |on| format!("{on} {who}"));
    let mut view = RecordView::new(&item.name, item.version)
        .fact("request", "清单", Shown::link(file_requests::NOUN, Some(request.id.0), request.title.as_str()))
        .fact("period", "所属期间", Shown::text(item.period.as_str()))
        .fact("form", "形式", Shown::choice(item.form.choice()))
        .fact("provided", "提供", Shown::text(by(item.provided_on, &item.provided_by)))
        .fact("pages", "页数", item.pages.map_or(Shown::Empty, Shown::Integer))
        .fact("note", "说明", Shown::long(item.note.as_str()))
        .fact("accepted", "签收", Shown::text(by(item.accepted_on, &item.accepted_by)))
        .fact("return_reason", "需要补充的内容", Shown::long(item.return_reason.as_str()))
        .fact("given_back", "归还", Shown::text(by(item.given_back_on, &item.given_back_to)));
    view = cited(cx, view, NOUN, id, Some(request.unit_id));
    view.tabs.push(Tab::Files);
    view.number = format!("{}-{}", request.number, item.position);
    view.state = Some(item.state.choice());
    view.deeds = item.open_deeds(&cx.actor);
    if State::OWED.contains(&item.state) {
        view.clock = Some(("提供期限", alarms(cx).await?.clock(item.due_on, false)));
    }
    Ok(view)
}
