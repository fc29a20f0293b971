//! How due records appear: list with their clocks, page, forms.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, target},
};
use planning::samples;
use registry::organisations;
use uuid::Uuid;

use super::{DueId, NOUN, ObligationDue, State, actions, store};
use crate::{agreements, obligations, shared};

const COLUMNS: &[Column] = &[
    Column::text("text", "约定事项", "ob.text").opens(),
    Column::reference("party", "责任单位", "d.party_id", "p.name", organisations::NOUN),
    Column::reference("agreement", "协作意见", "d.agreement_id", "a.title", agreements::NOUN),
    Column::choice("period", "周期", "ob.period", obligations::Period::CHOICES).hidden(),
    Column::choice("state", "状态", "d.state", State::CHOICES).indexed_by(&["due_on"]),
    Column::clock("due_on", "期限", "d.due_on", "d.state <> 'open'").sortable().filled(),
    Column::date("done_on", "办理日期", "d.done_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "协作到期事项",
        table: "obligation_due",
        group: Group::Prepare,
        listed: true,
        icon: "alarm",
        secrecy: Secrecy::Internal,
        about: "协作配合意见约定的事项，一期一条：责任单位报告办理情况，巡察办核实；报告人不能自己核实。",
        list: Table {
            from: "obligation_due d left join obligation ob on ob.id = d.obligation_id \
                   left join agreement a on a.id = d.agreement_id left join organisation p on p.id = d.party_id",
            alias: "d",
            title: "ob.text",
            number: None,
            columns: COLUMNS,
            order: "due_on",
        },
        visible: ObligationDue::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("report", "报告办理情况", report_fields, |cx, id, form| {
                Box::pin(report(cx, id, form))
            })
            .primary()
            .next("巡察办核实后完成，并续排后面的各期。"),
            Offer::on("confirm", "核实完成", opinion_fields, |cx, id, form| {
                Box::pin(confirm(cx, id, form))
            })
            .primary()
            .next("本期完成，后面的各期继续提醒。"),
            Offer::on("return", "退回续办", reason_fields, |cx, id, form| {
                Box::pin(return_for_more(cx, id, form))
            })
            .next("责任单位会收到通知，继续办理。"),
            Offer::on("waive", "本期免办", reason_fields, |cx, id, form| Box::pin(waive(cx, id, form)))
                .bulk()
                .next("本期不再提醒，后面的各期不变。"),
            kit::files::attach_deed(),
        ],
        creates: |_| false,
        waiting: vec![
            Waiting { label: "协作约定待办", condition: owed, due: Some("due_on") },
            Waiting { label: "协作约定待核实", condition: to_confirm, due: Some("due_on") },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "协作到期事项",
            transitions: lifecycle::transitions::<ObligationDue>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn owed(actor: &Actor, today: NaiveDate) -> Pred {
    let office = if actor.is_office() { Pred::Absent("party_id") } else { Pred::Nothing };
    Pred::any(vec![office, shared::own_bodies(actor, "party_id")])
        .and(Pred::is("state", State::Open))
        .and(Pred::AtMost("waits_from", today.into()))
}

fn to_confirm(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() { Pred::is("state", State::Reported) } else { Pred::Nothing }
}

fn report_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("done_on", "办理日期").required().value(cx.today()),
            Field::text("account", "办理情况").max(4_000).required(),
            Field::new("files", "附件", Kind::Files),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "核实意见").max(1_000)]) })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(1_000).required()]) })
}

async fn report(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DueId = target(id)?;
    actions::report(cx, id, form.need_date("done_on")?, form.text("account")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已报告，等待核实。"))
}

async fn confirm(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DueId = target(id)?;
    actions::confirm(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已核实完成。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DueId = target(id)?;
    actions::return_for_more(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回续办。"))
}

async fn waive(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DueId = target(id)?;
    actions::waive(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "本期已免办。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let due = store::find(cx, DueId(id)).await?;
    let obligation = obligations::find(cx, due.obligation_id).await?;
    let agreement = agreements::find(cx, due.agreement_id).await?;
    let alarms = kit::alarms(cx).await?;
    let party = match due.party_id {
        Some(party) => shared::organisation_link(cx, party).await?,
        None => Shown::text(cx.app().office()),
    };
    let mut view = RecordView::new(&obligation.text, due.version)
        .fact("party", "责任单位", party)
        .fact("period", "周期", Shown::choice(obligation.period.choice()))
        .fact("agreement", "协作意见", Shown::link(agreements::NOUN, Some(agreement.id.0), agreement.title))
        .fact("obligation", "约定事项", Shown::link(obligations::NOUN, Some(obligation.id.0), "查看各期"))
        .fact("due_on", "期限", Shown::Date(due.due_on))
        .fact("done_on", "办理日期", Shown::date(due.done_on))
        .fact("account", "办理情况", Shown::long(&due.account))
        .fact("opinion", "核实意见或理由", Shown::long(&due.opinion));
    view.state = Some(due.state.choice());
    view.clock = Some(("期限", alarms.clock(Some(due.due_on), due.state != State::Open)));
    view.deeds = due.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}
