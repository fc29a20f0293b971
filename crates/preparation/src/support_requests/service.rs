//! How requests for support appear: list (which is the log of decisions), page, forms.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, target},
};
use planning::{inspections, samples};
use uuid::Uuid;

use super::{
    Asker, Kind, NOUN, RequestId, State, SupportRequest,
    actions::{self, Entry},
    store,
};
use crate::shared;

const COLUMNS: &[Column] = &[
    Column::number("number", "请求编号", "s.number"),
    Column::title("title", "请求事项", "s.title"),
    Column::reference("inspection", "巡察", "s.inspection_id", "i.name", inspections::NOUN),
    Column::text("team", "巡察组", "i.team").hidden(),
    Column::choice("asker", "提出方", "s.asker", Asker::CHOICES),
    Column::choice("kind", "类别", "s.kind", Kind::CHOICES),
    Column::choice("state", "状态", "s.state", State::CHOICES).indexed_by(&["due_on"]),
    Column::clock("due_on", "期限", "s.due_on", "s.state in ('confirmed', 'declined', 'withdrawn')")
        .sortable()
        .filled(),
    Column::date("decided_on", "答复日期", "s.decided_on"),
    Column::text("decided_by", "答复人", "s.decided_by"),
    Column::text("decision", "答复意见", "s.decision").hidden(),
    Column::date("asked_on", "提出日期", "s.asked_on").hidden(),
    Column::date("delivered_on", "反馈日期", "s.delivered_on").hidden(),
    Column::date("confirmed_on", "办结日期", "s.confirmed_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "支援请求",
        table: "support_request",
        group: Group::Prepare,
        listed: true,
        icon: "message-circle",
        secrecy: Secrecy::Internal,
        about: "巡察组与巡察办之间的数据、人员、专家和协调请求：答复、办理、确认都有期限，每次决定留痕。",
        list: Table {
            from: "support_request s left join inspection i on i.id = s.inspection_id",
            alias: "s",
            title: "s.title",
            number: Some("s.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: SupportRequest::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| {
            actor.is_any(&[Role::OfficeDirector, Role::OfficeLiaison, Role::TeamHead, Role::TeamMember])
        },
        waiting: vec![
            Waiting { label: "待答复的支援请求", condition: to_answer, due: Some("due_on") },
            Waiting { label: "办理中的支援请求", condition: to_deliver, due: Some("due_on") },
            Waiting { label: "待确认的支援请求", condition: to_confirm, due: Some("due_on") },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "支援请求",
            transitions: lifecycle::transitions::<SupportRequest>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("提出支援请求", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("对方会收到通知，并在期限内答复。"),
        Offer::on("accept", "同意办理", accept_fields, |cx, id, form| Box::pin(accept(cx, id, form)))
            .primary()
            .next("按商定的期限办理，办好后反馈。"),
        Offer::on("deliver", "反馈办理情况", deliver_fields, |cx, id, form| {
            Box::pin(deliver(cx, id, form))
        })
        .primary()
        .next("提出方确认后办结；不满足的可以退回续办。"),
        Offer::on("confirm", "确认办结", note_fields, |cx, id, form| Box::pin(confirm(cx, id, form)))
            .primary()
            .next("办结后不能再修改。"),
        Offer::on("decline", "不予支持", reason_fields, |cx, id, form| Box::pin(decline(cx, id, form)))
            .next("写明理由，提出方会收到通知。"),
        Offer::on("return", "退回续办", reason_fields, |cx, id, form| {
            Box::pin(return_for_more(cx, id, form))
        })
        .next("对方继续办理，期限重新计算。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("withdraw", "撤回", reason_fields, |cx, id, form| Box::pin(withdraw(cx, id, form)))
            .danger(),
    ]
}

/// Requests that the person's side answers, in `state`.
fn answering(actor: &Actor, state: State) -> Pred {
    let office = if actor.is_office() { Pred::is("asker", Asker::Team) } else { Pred::Nothing };
    let head = actor.own_inspections(Role::TeamHead).and(Pred::is("asker", Asker::Office));
    Pred::any(vec![office, head]).and(Pred::is("state", state))
}

fn to_answer(actor: &Actor, _: NaiveDate) -> Pred {
    answering(actor, State::Asked)
}

fn to_deliver(actor: &Actor, _: NaiveDate) -> Pred {
    answering(actor, State::Accepted)
}

fn to_confirm(actor: &Actor, _: NaiveDate) -> Pred {
    let office = if actor.is_office() { Pred::is("asker", Asker::Office) } else { Pred::Nothing };
    let team = shared::own_team(actor).and(Pred::is("asker", Asker::Team));
    Pred::any(vec![office, team]).and(Pred::is("state", State::Delivered))
}

fn entry_fields(held: Option<&SupportRequest>) -> Vec<Field> {
    vec![
        Field::choice::<Kind>("kind", "类别").required().chosen(held.map(|request| request.kind)),
        Field::line("title", "请求事项").max(120).required().maybe(held.map(|request| &request.title)),
        Field::text("text", "具体内容")
            .max(4_000)
            .required()
            .maybe(held.map(|request| &request.text))
            .help("写明需要什么、用途、范围和希望的时间；不写涉密的线索内容。"),
    ]
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let asker = if cx.actor.is_office() { Asker::Office } else { Asker::Team };
        let mut fields = vec![
            Field::pick("inspection", "巡察任务", inspections::NOUN).required(),
            Field::choice::<Asker>("asker", "提出方").required().chosen(Some(asker)),
        ];
        fields.extend(entry_fields(None));
        fields.push(Field::new("files", "附件", FieldKind::Files));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, RequestId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn accept_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("due_on", "办理期限").required().value(kit::clock::days_after(cx.today(), 7)),
            Field::text("opinion", "答复意见").max(1_000),
        ])
    })
}

fn deliver_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("delivery", "办理情况").max(4_000).required(),
            Field::new("files", "附件", FieldKind::Files),
        ])
    })
}

fn note_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("note", "意见").max(1_000)]) })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(1_000).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry { kind: form.need_choice("kind")?, title: form.text("title"), text: form.text("text") })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let inspection = form.need_id("inspection")?;
    let id = actions::create(cx, inspection, form.need_choice("asker")?, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已提出，等待对方答复。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RequestId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn accept(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RequestId = target(id)?;
    actions::accept(cx, id, form.need_date("due_on")?, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已同意办理。"))
}

async fn decline(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RequestId = target(id)?;
    actions::decline(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已答复不予支持。"))
}

async fn deliver(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RequestId = target(id)?;
    actions::deliver(cx, id, form.text("delivery")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已反馈，等待提出方确认。"))
}

async fn confirm(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RequestId = target(id)?;
    actions::confirm(cx, id, form.text("note")).await?;
    Ok(Outcome::new(NOUN, id, "已办结。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RequestId = target(id)?;
    actions::return_for_more(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回续办。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RequestId = target(id)?;
    actions::withdraw(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let request = store::find(cx, RequestId(id)).await?;
    let alarms = kit::alarms(cx).await?;
    let mut view = RecordView::new(&request.title, request.version)
        .fact("inspection", "巡察", shared::inspection_link(cx, request.inspection_id).await?)
        .fact("asker", "提出方", Shown::choice(request.asker.choice()))
        .fact("kind", "类别", Shown::choice(request.kind.choice()))
        .fact("asked_on", "提出日期", Shown::Date(request.asked_on))
        .fact("text", "具体内容", Shown::long(&request.text))
        .fact("due_basis", "期限依据", Shown::text(&request.due_basis))
        .fact("decided_on", "答复日期", Shown::date(request.decided_on))
        .fact("decided_by", "答复人", Shown::text(&request.decided_by))
        .fact("decision", "答复意见", Shown::long(&request.decision))
        .fact("delivered_on", "反馈日期", Shown::date(request.delivered_on))
        .fact("delivery", "办理情况", Shown::long(&request.delivery))
        .fact("confirmed_on", "办结日期", Shown::date(request.confirmed_on));
    view.state = Some(request.state.choice());
    view.clock = Some(("期限", alarms.clock(Some(request.due_on), request.settled())));
    view.deeds = request.open_deeds(&cx.actor);
    view.number = request.number;
    view.tabs.push(Tab::Files);
    Ok(view)
}
