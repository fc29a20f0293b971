//! How points of consultations appear: under their consultation, and where they wait.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle, lookup,
    service::{Group, Waiting, Work, no_fields, target},
};
use planning::{samples, units};
use uuid::Uuid;

use super::{
    ConsultationPoint, ConsultationPointId, NOUN, State,
    actions::{self, Addition, Entry},
    store,
};
use crate::{
    consultations::{self, ConsultationId},
    draft_sources, drafts, fact_sheets, immediate_actions, leads, problems,
};

/// Nouns of what may be added because of a point.
const ADDED: [&str; 5] =
    [drafts::NOUN, problems::NOUN, fact_sheets::NOUN, immediate_actions::NOUN, leads::NOUN];

const COLUMNS: &[Column] = &[
    Column::integer("ordinal", "序号", "q.ordinal"),
    Column::title("text", "会商意见", "q.text"),
    Column::text("raised_by", "提出人", "q.raised_by"),
    Column::text("owner", "责任人", "q.owner_name"),
    Column::clock("due_on", "落实期限", "q.due_on", "q.state <> 'open'").sortable().filled(),
    Column::choice("state", "状态", "q.state", State::CHOICES).indexed_by(&["due_on"]),
    Column::text("answer", "补充了什么", "q.answer"),
    Column::date("raised_on", "提出日期", "q.raised_on").sortable().filled().hidden(),
    Column::date("answered_on", "落实日期", "q.answered_on").hidden(),
    Column::reference("consultation", "会商", "q.consultation_id", "c.title", consultations::NOUN),
    Column::reference("inspection", "巡察", "q.inspection_id", "i.name", units::INSPECTIONS).hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "会商意见",
        table: "consultation_point",
        group: Group::Fieldwork,
        listed: false,
        icon: "list-check",
        secrecy: Secrecy::Sensitive,
        about: "会商提出的意见，逐条落实到人、到期，并写明因此补充了什么。",
        list: Table {
            from: "consultation_point q left join consultation c on c.id = q.consultation_id \
                   left join inspection i on i.id = q.inspection_id",
            alias: "q",
            title: "q.text",
            number: None,
            columns: COLUMNS,
            order: "due_on",
        },
        visible: ConsultationPoint::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_office() || actor.is(Role::TeamHead),
        waiting: vec![
            Waiting { label: "会商意见待落实", condition: to_answer, due: Some("due_on") },
            Waiting { label: "会商意见待确认", condition: to_settle, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "会商意见",
            transitions: lifecycle::transitions::<ConsultationPoint>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("登记会商意见", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("巡察组负责同志会收到通知，到期未落实的会提醒。"),
        Offer::on("answer", "填写落实情况", answer_fields, |cx, id, form| {
            Box::pin(answer(cx, id, form))
        })
        .primary()
        .next("送巡察办确认；填写人不能确认。"),
        Offer::on("settle", "确认落实", no_fields, |cx, id, _| Box::pin(settle(cx, id)))
            .primary()
            .next("意见办结；全部意见确认后会商可以办结。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("reopen", "退回继续落实", reopen_fields, |cx, id, form| {
            Box::pin(reopen(cx, id, form))
        })
        .next("巡察组继续落实，原期限不变。"),
    ]
}

fn to_answer(actor: &Actor, _: NaiveDate) -> Pred {
    let own = [Role::TeamHead, Role::TeamMember].map(|role| actor.own_inspections(role));
    Pred::any(own.to_vec()).and(Pred::is("state", State::Open))
}

fn to_settle(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() { Pred::is("state", State::Answered) } else { Pred::Nothing }
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = vec![Field::pick("consultation", "会商", consultations::NOUN).required()];
        fields.extend(entry_fields(cx, None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ConsultationPointId(id)).await?),
            None => None,
        };
        Ok(entry_fields(cx, held.as_ref()))
    })
}

fn entry_fields(cx: &Cx, held: Option<&ConsultationPoint>) -> Vec<Field> {
    vec![
        Field::text("text", "会商意见").max(2_000).required().maybe(held.map(|q| &q.text)),
        Field::line("raised_by", "提出人")
            .max(60)
            .required()
            .value(held.map_or(&cx.actor.name, |q| &q.raised_by)),
        Field::line("owner", "责任人").max(60).required().maybe(held.map(|q| &q.owner_name)),
        Field::date("due_on", "落实期限").required().maybe(held.map(|q| q.due_on)).help("会商时商定的日期。"),
    ]
}

fn kinds(cx: &Cx) -> Vec<(String, String)> {
    let services = ADDED.iter().filter_map(|noun| cx.app().registry().service(noun));
    services.map(|service| (service.noun.to_owned(), service.label.to_owned())).collect()
}

fn answer_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::text("answer", "补充了什么")
                .max(4_000)
                .required()
                .help("写明据此补充的数据、核实的情况、修改的表述。"),
            Field::new("added_noun", "关联记录类别", Kind::Options(kinds(cx))),
            Field::line("added", "关联记录").help("新增或修改的底稿、问题等，填写编号或名称。"),
        ])
    })
}

fn reopen_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "意见").max(1_000).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        text: form.text("text"),
        raised_by: form.text("raised_by"),
        owner: form.text("owner"),
        due_on: form.need_date("due_on")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let consultation: ConsultationId = form.need_id("consultation")?;
    actions::create(cx, consultation, entry(form)?).await?;
    Ok(Outcome::new(consultations::NOUN, consultation, "已登记会商意见。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ConsultationPointId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn answer(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ConsultationPointId = target(id)?;
    let record = match (form.optional("added_noun"), form.optional("added")) {
        (Some(noun), Some(text)) => {
            let found = lookup::record(cx, &noun, &text).await?;
            Some((noun, found.map_err(|sentence| Refusal::field("added", sentence))?))
        }
        (None, Some(_)) => return Err(Refusal::field("added_noun", "请选择关联记录的类别").into()),
        _ => None,
    };
    actions::answer(cx, id, Addition { text: form.text("answer"), record }).await?;
    Ok(Outcome::new(NOUN, id, "已填写落实情况，等待巡察办确认。"))
}

async fn settle(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ConsultationPointId = target(id)?;
    actions::settle(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已确认落实。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ConsultationPointId = target(id)?;
    actions::reopen(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回继续落实。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let point = store::find(cx, ConsultationPointId(id)).await?;
    let consultation = consultations::find(cx, point.consultation_id).await?;
    let title: String = point.text.chars().take(60).collect();
    let added = match point.added_id {
        Some(added) => draft_sources::source_shown(cx, &point.added_noun, added).await?,
        None => Shown::Empty,
    };
    let mut view = RecordView::new(title, point.version)
        .fact(
            "consultation",
            "会商",
            Shown::link(consultations::NOUN, Some(consultation.id.0), consultation.title),
        )
        .fact("raised_by", "提出人", Shown::text(&point.raised_by))
        .fact("raised_on", "提出日期", Shown::Date(point.raised_on))
        .fact("owner", "责任人", Shown::text(&point.owner_name))
        .fact("text", "会商意见", Shown::long(&point.text))
        .fact("answer", "补充了什么", Shown::long(&point.answer))
        .fact("added", "关联记录", added)
        .fact("answered_on", "落实日期", Shown::date(point.answered_on))
        .fact("opinion", "退回意见", Shown::long(&point.opinion));
    view.state = Some(point.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = point.open_deeds(&cx.actor);
    let answered = point.state != State::Open;
    view.clock = Some(("落实期限", kit::alarms(cx).await?.clock(Some(point.due_on), answered)));
    Ok(view)
}
