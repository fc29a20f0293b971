//! How instructions appear.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use planning::samples;
use uuid::Uuid;

use super::{
    Deed, Instruction, InstructionId, NOUN, State,
    actions::{self, Entry},
    may_create, store,
};
use crate::{meetings, reports};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "n.number").opens(),
    Column::text("leader", "批示领导", "n.leader"),
    Column::date("given_on", "批示日期", "n.given_on").sortable().filled(),
    Column::reference("meeting", "会议", "n.meeting_id", "g.title", meetings::NOUN),
    Column::text("owner", "承办", "n.owner"),
    Column::clock("due_on", "办理期限", "n.due_on", "n.state <> 'open'").sortable(),
    Column::choice("state", "状态", "n.state", State::CHOICES).indexed_by(&["number"]),
    Column::date("progress_on", "最近进展", "n.progress_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "批示和决定事项",
        table: "instruction",
        group: Group::Report,
        listed: false,
        icon: "signature",
        secrecy: Secrecy::Sensitive,
        about: "领导批示和会议决定事项：承办、期限、进展和办结，逾期提醒。",
        list: Table {
            from: "instruction n left join meeting g on g.id = n.meeting_id",
            alias: "n",
            title: "n.number",
            number: Some("n.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Instruction::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记批示", entry_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("期限不填的，按口径自动确定；到期前提醒。"),
            Offer::on("report", "报告办理结果", report_fields, |cx, id, form| {
                Box::pin(report(cx, id, form, Deed::Report))
            })
            .primary()
            .next("由他人确认后办结。"),
            Offer::on("finish", "确认办结", no_fields, |cx, id, _| {
                Box::pin(decide(cx, id, Deed::Finish))
            })
            .primary(),
            Offer::on("progress", "登记进展", report_fields, |cx, id, form| {
                Box::pin(report(cx, id, form, Deed::Progress))
            }),
            Offer::on("reopen", "退回继续办理", no_fields, |cx, id, _| {
                Box::pin(decide(cx, id, Deed::Reopen))
            }),
            Offer::on("edit", "修改", entry_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            kit::files::attach_deed(),
        ],
        creates: may_create,
        waiting: vec![
            Waiting { label: "批示办理中", condition: to_do, due: Some("due_on") },
            Waiting { label: "批示办理结果待确认", condition: to_confirm, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "批示和决定事项",
            transitions: lifecycle::transitions::<Instruction>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_do(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() { Pred::is("state", State::Open) } else { Pred::Nothing }
}

fn to_confirm(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() { Pred::is("state", State::Reported) } else { Pred::Nothing }
}

fn entry_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, InstructionId(id)).await?),
            None => None,
        };
        let text = match &held {
            Some(instruction) => instruction.text(cx)?,
            None => String::new(),
        };
        let held = held.as_ref();
        Ok(vec![
            Field::pick("meeting", "会议", meetings::NOUN).maybe(held.and_then(|one| one.meeting_id)),
            Field::pick("report", "报告", reports::NOUN).maybe(held.and_then(|one| one.report_id)),
            Field::line("leader", "批示领导").max(40).required().maybe(held.map(|one| &one.leader)),
            Field::date("given_on", "批示日期")
                .required()
                .value(held.map_or_else(|| cx.today(), |one| one.given_on)),
            Field::text("text", "批示内容或决定事项").max(4_000).required().value(text),
            Field::line("owner", "承办单位或人员").max(100).required().maybe(held.map(|one| &one.owner)),
            Field::date("due_on", "办理期限").maybe(held.and_then(|one| one.due_on)),
        ])
    })
}

fn report_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move {
        Ok(vec![
            Field::date("on", "日期").required().value(today),
            Field::text("text", "办理情况").max(4_000).required(),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        meeting: form.id("meeting"),
        report: form.id("report"),
        leader: form.text("leader"),
        given_on: form.need_date("given_on")?,
        text: form.text("text"),
        owner: form.text("owner"),
        due_on: form.date("due_on"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记批示。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InstructionId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn report(cx: &mut WriteCx, id: Option<Uuid>, form: &Form, deed: Deed) -> Result<Outcome> {
    let id: InstructionId = target(id)?;
    actions::report(cx, id, deed, form.need_date("on")?, &form.text("text")).await?;
    Ok(Outcome::new(NOUN, id, "已登记。"))
}

async fn decide(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed) -> Result<Outcome> {
    let id: InstructionId = target(id)?;
    actions::decide(cx, id, deed).await?;
    Ok(Outcome::new(NOUN, id, "已办理。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let one = store::find(cx, InstructionId(id)).await?;
    let title = format!("{}批示（{}）", one.leader, one.given_on);
    let mut view = RecordView::new(title, one.version)
        .fact("meeting", "会议", Shown::link(meetings::NOUN, one.meeting_id.map(|id| id.0), "查看会议"))
        .fact("report", "报告", Shown::link(reports::NOUN, one.report_id.map(|id| id.0), "查看报告"))
        .fact("leader", "批示领导", Shown::text(&one.leader))
        .fact("given_on", "批示日期", Shown::Date(one.given_on))
        .fact("owner", "承办", Shown::text(&one.owner))
        .fact("done_on", "办结日期", Shown::date(one.done_on))
        .fact("due_basis", "期限依据", Shown::text(&one.due_basis))
        .fact("text", "批示内容或决定事项", Shown::long(one.text(cx)?))
        .fact("progress", "办理情况", Shown::long(one.progress(cx)?));
    view.number.clone_from(&one.number);
    view.state = Some(one.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.clock = Some(("办理期限", kit::alarms(cx).await?.clock(one.due_on, one.state != State::Open)));
    view.deeds = one.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}
