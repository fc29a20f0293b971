//! How dispatches appear: list, page with the document, receipt.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, target},
};
use planning::samples;
use registry::organisations;
use uuid::Uuid;

use super::{Dispatch, DispatchId, NOUN, State, actions, store};

const COLUMNS: &[Column] = &[
    Column::title("title", "标题", "x.title"),
    Column::text("document_number", "发文字号", "x.document_number"),
    Column::reference("organisation", "发往单位", "x.organisation_id", "o.name", organisations::NOUN),
    Column::date("sent_on", "发出日期", "x.sent_on").sortable().filled(),
    Column::date("received_on", "签收日期", "x.received_on"),
    Column::text("receiver", "签收人", "x.receiver"),
    Column::choice("state", "状态", "x.state", State::CHOICES),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "收文签收",
        table: "document_dispatch",
        group: Group::Archive,
        listed: true,
        icon: "send",
        secrecy: Secrecy::Internal,
        about: "发往各单位的公文和签收情况；收文单位只看到发给本单位的。",
        list: Table {
            from: "document_dispatch x left join organisation o on o.id = x.organisation_id",
            alias: "x",
            title: "x.title",
            number: None,
            columns: COLUMNS,
            order: "-sent_on",
        },
        visible: Dispatch::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("receive", "签收", receive_fields, |cx, id, form| Box::pin(receive(cx, id, form)))
                .primary()
                .next("签收后发文机关看到签收人和日期。"),
        ],
        creates: |_| false,
        waiting: vec![Waiting { label: "公文待签收", condition: to_receive, due: None }],
        governed: Some(Governed {
            noun: NOUN,
            label: "收文签收",
            transitions: lifecycle::transitions::<Dispatch>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_receive(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() {
        Pred::Nothing
    } else {
        Dispatch::visible(actor).and(Pred::is("state", State::Sent))
    }
}

fn receive_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("received_on", "签收日期").required().value(cx.today()),
            Field::line("receiver", "签收人").required().max(40).value(&cx.actor.name),
        ])
    })
}

async fn receive(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id = target::<DispatchId>(id)?;
    actions::receive(cx, id, form.need_date("received_on")?, form.text("receiver")).await?;
    Ok(Outcome::new(NOUN, id, "已签收。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let dispatch = store::find(cx, DispatchId(id)).await?;
    let organisation = store::name_of(cx, dispatch.organisation_id).await?;
    let mut view = RecordView::new(dispatch.title.clone(), dispatch.version)
        .fact("document_number", "发文字号", Shown::text(&dispatch.document_number))
        .fact(
            "organisation",
            "发往单位",
            Shown::link(organisations::NOUN, Some(dispatch.organisation_id.0), organisation),
        )
        .fact("sent_on", "发出日期", Shown::Date(dispatch.sent_on))
        .fact("received_on", "签收日期", Shown::date(dispatch.received_on))
        .fact("receiver", "签收人", Shown::text(&dispatch.receiver));
    view.state = Some(dispatch.state.choice());
    view.deeds = dispatch.open_deeds(&cx.actor);
    let html = format!(
        "<p class=\"panel-body\"><a class=\"button\" href=\"/{NOUN}/{id}/pdf\" download>打开公文（PDF）</a> \
         <small class=\"muted\">文件带水印和导出编号，并记入导出登记。</small></p>"
    );
    view.tabs.push(Tab::Html { key: "document", label: "公文", html });
    Ok(view)
}
