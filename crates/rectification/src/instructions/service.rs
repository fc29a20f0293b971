//! How instructions appear: list, page, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Table, WriteCx, form,
    service::{Group, Waiting, Work, target},
};
use uuid::Uuid;

use super::{
    Deed, Instruction, InstructionId, NOUN, State,
    actions::{self, Entry},
    governed, store,
};
use crate::{access, html::short, reports, subjects::ORGANISATIONS};

const COLUMNS: &[Column] = &[
    Column::title("text", "批示内容", "n.text"),
    Column::text("leader", "批示领导", "n.leader_name"),
    Column::date("given_on", "批示日期", "n.given_on").sortable().filled(),
    Column::reference("organisation", "被巡察单位", "n.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("report", "所批报告", "n.report_id", "r.number", reports::NOUN).hidden(),
    Column::choice("state", "落实情况", "n.state", State::CHOICES),
    Column::clock("due_on", "落实期限", "n.due_on", "n.state <> 'open'").sortable().filled(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改批示",
        table: "rect_instruction",
        group: Group::Rectify,
        listed: false,
        icon: "signature",
        secrecy: Secrecy::Internal,
        about: "分管领导在整改报告上的批示及落实结果，报结果的人不能自己办结。",
        list: Table {
            from: "rect_instruction n join organisation o on o.id = n.organisation_id join rect_report r on r.id = n.report_id",
            alias: "n",
            title: "n.text",
            number: None,
            columns: COLUMNS,
            order: "-given_on",
        },
        visible: Instruction::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("登记批示", new_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("单位收到提醒，按期报告落实结果。"),
            DeedOf::on("answer", "报告结果", answer_fields, |cx, id, form| {
                Box::pin(answer(cx, id, form))
            })
            .primary()
            .next("由巡察办核对后办结。"),
            DeedOf::on("close", "办结", opinion_fields, |cx, id, form| {
                Box::pin(review(cx, id, Deed::Close, form))
            })
            .primary(),
            DeedOf::on("return", "退回", return_fields, |cx, id, form| {
                Box::pin(review(cx, id, Deed::Return, form))
            })
            .danger(),
            kit::files::attach_deed(),
        ],
        creates: access::may_begin,
        waiting: vec![
            Waiting {
                label: "待落实的整改批示",
                condition: |actor, _| {
                    let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
                    own.and(Pred::is("state", State::Open))
                },
                due: Some("due_on"),
            },
            Waiting {
                label: "待办结的整改批示",
                condition: |actor, _| {
                    if actor.is_office() { Pred::is("state", State::Answered) } else { Pred::Nothing }
                },
                due: None,
            },
        ],
        governed: Some(governed()),
    }
}

fn new_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::pick("report", "整改报告", reports::NOUN).required(),
            Field::line("leader", "批示领导").max(80).required(),
            Field::date("given_on", "批示日期").required().value(cx.today()),
            Field::text("text", "批示内容").max(2_000).required().help("按批示原文录入。"),
            Field::text("task", "落实要求").max(2_000).help("谁来办、办什么、怎样算办好。"),
            Field::date("due_on", "落实期限").help("批示没有写明的留空，按规定期限计算。"),
        ])
    })
}

fn answer_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("answer", "落实结果").max(4_000).required(),
            Field::new("files", "证明材料", form::Kind::Files),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "意见").max(2_000)]) })
}

fn return_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "退回意见").max(2_000).required()]) })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = Entry {
        leader: form.text("leader"),
        given_on: form.need_date("given_on")?,
        text: form.text("text"),
        task: form.text("task"),
        due_on: form.date("due_on"),
    };
    let id = actions::create(cx, form.need_id("report")?, entry).await?;
    Ok(Outcome::new(NOUN, id, "已登记批示。"))
}

async fn answer(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InstructionId = target(id)?;
    actions::answer(cx, id, form.text("answer"), form).await?;
    Ok(Outcome::new(NOUN, id, "已报告结果。"))
}

async fn review(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, form: &Form) -> Result<Outcome> {
    let id: InstructionId = target(id)?;
    actions::review(cx, id, deed, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, if deed == Deed::Close { "已办结。" } else { "已退回。" }))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, InstructionId(id)).await?;
    let report = reports::find(cx, held.report_id).await?;
    let organisation = registry::organisations::find(cx, held.organisation_id).await?;
    let mut view = RecordView::new(short(&held.text), held.version)
        .fact("report", "所批报告", Shown::link(reports::NOUN, Some(report.id.0), report.number))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(ORGANISATIONS, Some(organisation.id.0), organisation.name),
        )
        .fact("leader", "批示领导", Shown::text(&held.leader_name))
        .fact("given_on", "批示日期", Shown::Date(held.given_on))
        .fact("text", "批示内容", Shown::long(&held.text))
        .fact("task", "落实要求", Shown::long(&held.task))
        .fact("due_on", "落实期限", Shown::Date(held.due_on))
        .fact("due_basis", "期限依据", Shown::text(&held.due_basis))
        .fact("answer", "落实结果", Shown::long(&held.answer))
        .fact("answered_on", "报告结果日期", Shown::date(held.answered_on))
        .fact("opinion", "核对意见", Shown::long(&held.opinion))
        .fact("closed_on", "办结日期", Shown::date(held.closed_on));
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    let settled = held.state != State::Open;
    view.clock = Some(("落实期限", kit::alarms(cx).await?.clock(Some(held.due_on), settled)));
    view.tabs.push(kit::Tab::Files);
    Ok(view)
}
