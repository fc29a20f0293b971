//! How transfers appear: list, page, forms, and what waits for whom.

use chrono::NaiveDate;
use kit::{
    Actor, Choice, Column, Cx, Field, Form, Governed, Labelled, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle::{Permission, permissions, transitions},
    service::{Group, Waiting, Work, can_see, target},
    shown::Alarms,
};
use uuid::Uuid;

use super::{
    Disposal, Kind, Mode, NOUN, RECIPIENTS, ResultKind, State, Transfer, TransferId,
    actions::{self, Disposing, Report},
    store,
};
use crate::organisations::{self, OrganisationId};

const COLUMNS: &[Column] = &[
    Column::number("number", "移交编号", "t.number"),
    Column::title("title", "移交事项", "t.title"),
    Column::choice("kind", "事项类别", "t.kind", Kind::CHOICES),
    Column::reference("recipient", "接收单位", "t.recipient_id", "r.name", organisations::NOUN),
    Column::reference("organisation", "被巡察单位", "t.organisation_id", "o.name", organisations::NOUN)
        .hidden(),
    Column::choice("state", "办理状态", "t.state", State::CHOICES),
    Column::date("sent_on", "移交日期", "t.sent_on").sortable().filled(),
    Column::clock("due_on", "反馈期限", "t.due_on", "t.state not in ('sent', 'received', 'disposing')")
        .sortable()
        .filled(),
    Column::choice("disposal", "处置方式", "t.disposal", Disposal::CHOICES),
    Column::choice("result", "办理结果", "t.result", ResultKind::CHOICES).hidden(),
    Column::choice("mode", "移交方式", "t.mode", Mode::CHOICES).hidden(),
    Column::flag("early", "边巡边移", "t.early").hidden(),
    Column::date("received_on", "签收日期", "t.received_on").hidden(),
    Column::date("disposal_on", "处置日期", "t.disposal_on").hidden(),
    Column::date("result_on", "结果日期", "t.result_on").hidden(),
    Column::integer("urges", "督促次数", "t.urges").hidden(),
    Column::date("closed_on", "办结日期", "t.closed_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "移交事项",
        table: "transfer",
        group: Group::Transfer,
        listed: true,
        icon: "send",
        secrecy: Secrecy::Sensitive,
        about: "移交给纪检监察机关、组织部门和职能部门的线索、建议、可疑项目和共性问题，从签收到反馈结果全程跟踪。",
        list: Table {
            from: "transfer t left join organisation r on r.id = t.recipient_id \
                   left join organisation o on o.id = t.organisation_id",
            alias: "t",
            title: "t.title",
            number: Some("t.number"),
            columns: COLUMNS,
            order: "-sent_on",
        },
        visible: Transfer::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |_| false,
        waiting: vec![
            Waiting {
                label: "待签收的移交",
                condition: |actor, _| owed(actor, State::Sent),
                due: Some("due_on"),
            },
            Waiting {
                label: "待选择处置方式",
                condition: |actor, _| owed(actor, State::Received),
                due: Some("due_on"),
            },
            Waiting {
                label: "待反馈结果",
                condition: |actor, _| owed(actor, State::Disposing),
                due: Some("due_on"),
            },
            Waiting { label: "逾期未反馈的移交", condition: overdue, due: Some("due_on") },
            Waiting {
                label: "被退回、待补充的移交",
                condition: |actor, _| office(actor, State::Returned),
                due: None,
            },
            Waiting {
                label: "已反馈结果、待办结",
                condition: |actor, _| office(actor, State::ResultReturned),
                due: None,
            },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "移交事项",
            transitions: transitions::<Transfer>,
            permissions: table,
        }),
    }
}

fn deeds() -> Vec<kit::Deed> {
    use kit::Deed;
    vec![
        Deed::on("receive", "签收", receive_fields, |cx, id, form| Box::pin(receive(cx, id, form)))
            .primary()
            .next("签收后反馈期限从签收之日起计算，请接着选择处置方式。"),
        Deed::on("dispose", "选择处置方式", dispose_fields, |cx, id, form| {
            Box::pin(dispose(cx, id, form))
        })
        .primary()
        .next("选定后进入办理；办理结束请反馈结果。处置方式以后可以再次变更。"),
        Deed::on("report_result", "反馈结果", result_fields, |cx, id, form| {
            Box::pin(report_result(cx, id, form))
        })
        .primary()
        .next("结果送巡察办审核办结；办结前可以补充。"),
        Deed::on("return_for_more", "退回补充", return_fields, |cx, id, form| {
            Box::pin(return_for_more(cx, id, form))
        })
        .next("退回巡察办补充材料，补充后重新移交。"),
        Deed::on("urge", "督促", urge_fields, |cx, id, form| Box::pin(urge(cx, id, form)))
            .bulk()
            .next("接收单位会收到督促通知，督促记录留在办理经过中。"),
        Deed::on("resend", "补充后重新移交", resend_fields, |cx, id, form| {
            Box::pin(resend(cx, id, form))
        })
        .primary()
        .next("接收单位重新签收，期限重新计算。"),
        Deed::on("close", "办结", close_fields, |cx, id, form| Box::pin(close(cx, id, form)))
            .primary()
            .next("办结后不能再修改。"),
    ]
}

fn owed(actor: &Actor, state: State) -> Pred {
    let organisations = RECIPIENTS.iter().flat_map(|&role| actor.organisations(role)).collect();
    Pred::within("recipient_id", organisations).and(Pred::is("state", state))
}

fn office(actor: &Actor, state: State) -> Pred {
    if actor.is_office() { Pred::is("state", state) } else { Pred::Nothing }
}

fn overdue(actor: &Actor, today: NaiveDate) -> Pred {
    match today.pred_opt() {
        Some(yesterday) if actor.is_office() => {
            Pred::one_of("state", State::OWED).and(Pred::AtMost("due_on", yesterday.into()))
        }
        _ => Pred::Nothing,
    }
}

fn table() -> Vec<Permission> {
    let (here, elsewhere) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let person = |role: Role, at: Uuid| {
        let post = kit::Post { organisation: Some(at), inspection: Some(at), ..kit::Post::of(role) };
        Actor::holding(at, post)
    };
    permissions(
        |state| store::sample(Kind::Lead, state, here, OrganisationId(here)),
        |role| person(role, here),
        |role| person(role, elsewhere),
    )
}

/// The transfer whose deed a form is made for; none when only the form is described.
async fn held(cx: &Cx, id: Option<Uuid>) -> Result<Option<Transfer>> {
    match id {
        Some(id) => Ok(Some(store::find(cx, TransferId(id)).await?)),
        None => Ok(None),
    }
}

fn options<T: Labelled>(values: &[T]) -> FieldKind {
    FieldKind::Options(
        values.iter().map(|value| (value.code().to_owned(), value.label().to_owned())).collect(),
    )
}

fn receive_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("received_on", "签收日期").required().value(cx.today()),
            Field::line("received_by", "签收人").max(40).required().value(&cx.actor.name),
        ])
    })
}

fn dispose_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = held(cx, id).await?;
        let open = held.as_ref().map_or(Disposal::ALL, |transfer| transfer.kind.disposals());
        Ok(vec![
            Field::new("disposal", "处置方式", options(open))
                .required()
                .chosen(held.as_ref().and_then(|transfer| transfer.disposal)),
            Field::date("disposal_on", "处置日期").required().value(cx.today()),
            Field::text("disposal_note", "说明")
                .max(2_000)
                .maybe(held.as_ref().map(|transfer| &transfer.disposal_note))
                .help("未采纳、不采纳、不予受理的须写明理由。"),
        ])
    })
}

fn result_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = held(cx, id).await?;
        let open = held.as_ref().map_or(ResultKind::ALL, |transfer| transfer.kind.results());
        Ok(vec![
            Field::new("result", "办理结果", options(open))
                .required()
                .chosen(held.as_ref().and_then(|transfer| transfer.result)),
            Field::date("result_on", "结果日期").required().value(cx.today()),
            Field::text("result_note", "办理情况")
                .max(4_000)
                .required()
                .maybe(held.as_ref().map(|transfer| &transfer.result_note))
                .help("写明办理经过、结论和依据；不写举报人信息。"),
        ])
    })
}

fn return_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "需要补充的内容").max(2_000).required()]) })
}

fn urge_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("note", "督促要求").max(1_000).required()]) })
}

fn resend_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("sent_on", "重新移交日期").required().value(cx.today()),
            Field::text("note", "补充说明").max(2_000).required(),
        ])
    })
}

fn close_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("note", "审核意见").max(1_000)]) })
}

async fn receive(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TransferId = target(id)?;
    actions::receive(cx, id, form.need_date("received_on")?, form.text("received_by")).await?;
    Ok(Outcome::new(NOUN, id, "已签收，请选择处置方式。"))
}

async fn dispose(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TransferId = target(id)?;
    let disposing = Disposing {
        disposal: form.need_choice("disposal")?,
        on: form.need_date("disposal_on")?,
        note: form.text("disposal_note"),
    };
    actions::dispose(cx, id, disposing).await?;
    Ok(Outcome::new(NOUN, id, "已登记处置方式。"))
}

async fn report_result(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TransferId = target(id)?;
    let report = Report {
        result: form.need_choice("result")?,
        on: form.need_date("result_on")?,
        note: form.text("result_note"),
    };
    actions::report_result(cx, id, report).await?;
    Ok(Outcome::new(NOUN, id, "已反馈办理结果。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TransferId = target(id)?;
    actions::return_for_more(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回巡察办补充。"))
}

async fn urge(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TransferId = target(id)?;
    actions::urge(cx, id, form.text("note")).await?;
    Ok(Outcome::new(NOUN, id, "已发出督促。"))
}

async fn resend(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TransferId = target(id)?;
    actions::resend(cx, id, form.need_date("sent_on")?, form.text("note")).await?;
    Ok(Outcome::new(NOUN, id, "已重新移交。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TransferId = target(id)?;
    actions::close(cx, id, form.text("note")).await?;
    Ok(Outcome::new(NOUN, id, "已办结。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let transfer = store::find(cx, TransferId(id)).await?;
    let organisation = match transfer.organisation_id {
        Some(about) => organisation_link(cx, about).await?,
        None => Shown::Empty,
    };
    let alarms = kit::alarms(cx).await?;
    let chosen = |choice: Option<Choice>| choice.map_or(Shown::Empty, Shown::choice);
    let mut view = RecordView::new(&transfer.title, transfer.version)
        .fact("kind", "事项类别", Shown::choice(transfer.kind.choice()))
        .fact("subject", "移交的记录", subject_link(cx, &transfer).await?)
        .fact("recipient", "接收单位", organisation_link(cx, transfer.recipient_id).await?)
        .fact("organisation", "被巡察单位", organisation)
        .fact("mode", "移交方式", Shown::choice(transfer.mode.choice()))
        .fact("early", "边巡边移", Shown::Flag(transfer.early))
        .fact("sent_on", "移交日期", Shown::Date(transfer.sent_on))
        .fact("due_basis", "期限依据", Shown::text(&transfer.due_basis))
        .fact("received_on", "签收日期", Shown::date(transfer.received_on))
        .fact("received_by", "签收人", Shown::text(&transfer.received_by))
        .fact("disposal_due_on", "处置意见期限", disposal_clock(&alarms, &transfer))
        .fact("disposal", "处置方式", chosen(transfer.disposal.map(Labelled::choice)))
        .fact("disposal_on", "处置日期", Shown::date(transfer.disposal_on))
        .fact("disposal_note", "处置说明", Shown::long(&transfer.disposal_note))
        .fact("result", "办理结果", chosen(transfer.result.map(Labelled::choice)))
        .fact("result_on", "结果日期", Shown::date(transfer.result_on))
        .fact("result_note", "办理情况", Shown::long(&transfer.result_note))
        .fact("return_reason", "退回原因", Shown::long(&transfer.return_reason))
        .fact("urges", "督促次数", Shown::Integer(transfer.urges))
        .fact("urged_on", "最近督促", Shown::date(transfer.urged_on))
        .fact("closed_on", "办结日期", Shown::date(transfer.closed_on));
    view.state = Some(transfer.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.clock = Some(("反馈期限", alarms.clock(Some(transfer.due_on), transfer.answered())));
    view.deeds = transfer.open_deeds(&cx.actor);
    view.number = transfer.number;
    Ok(view)
}

fn disposal_clock(alarms: &Alarms, transfer: &Transfer) -> Shown {
    alarms.clock(transfer.disposal_due_on, transfer.disposal.is_some())
}

/// The record handed over, as a link for those who may open it.
async fn subject_link(cx: &Cx, transfer: &Transfer) -> Result<Shown> {
    if can_see(cx, &transfer.subject_noun, transfer.subject_id).await? {
        Ok(Shown::link(&transfer.subject_noun, Some(transfer.subject_id), &transfer.title))
    } else {
        Ok(Shown::text(&transfer.title))
    }
}

async fn organisation_link(cx: &Cx, id: OrganisationId) -> Result<Shown> {
    let name = organisations::find(cx, id).await?.name;
    Ok(Shown::link(organisations::NOUN, Some(id.0), name))
}
