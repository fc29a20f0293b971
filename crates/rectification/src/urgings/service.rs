//! How letters of urging appear: list, page, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    service::{Group, Told, Waiting, Work, no_fields, target},
};
use uuid::Uuid;

use super::{Deed, Kind, NOUN, State, Urging, UrgingId, actions, governed, store};
use crate::{
    access,
    common::about,
    subjects::{self, INSPECTIONS, ORGANISATIONS, UNITS},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "g.number").opens(),
    Column::choice("kind", "种类", "g.kind", Kind::CHOICES),
    Column::reference("organisation", "被巡察单位", "g.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "巡察", "g.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::choice("state", "办理状态", "g.state", State::CHOICES),
    Column::date("sent_on", "发出日期", "g.sent_on"),
    Column::clock("due_on", "回复期限", "g.due_on", "g.state in ('answered', 'closed')").sortable().filled(),
    Column::text("items", "逾期事项", "g.items").hidden(),
    Column::text("demand", "要求", "g.demand").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "督办提醒",
        table: "rect_urging",
        group: Group::Rectify,
        listed: true,
        icon: "bell",
        secrecy: Secrecy::Internal,
        about: "对逾期的措施和报告发提醒函、督办函：逾期事项由台账自动列出，单位按期回复，巡察办核对办结。",
        list: Table {
            from: "rect_urging g join organisation o on o.id = g.organisation_id join inspection i on i.id = g.inspection_id",
            alias: "g",
            title: "o.name",
            number: Some("g.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Urging::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("拟督办提醒", new_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("系统列出该单位今天逾期的措施和报告；核对后发出。"),
            DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("逾期事项按今天的台账重新列出。"),
            DeedOf::on("send", "发出", no_fields, |cx, id, _| Box::pin(send(cx, id)))
                .primary()
                .next("单位从此看到这份函件并收到提醒；正式函件可在“公文”中生成。"),
            DeedOf::on("answer", "回复", answer_fields, |cx, id, form| Box::pin(answer(cx, id, form)))
                .primary(),
            DeedOf::on("close", "办结", opinion_fields, |cx, id, form| {
                Box::pin(review(cx, id, Deed::Close, form))
            })
            .primary(),
            DeedOf::on("return", "退回", return_fields, |cx, id, form| {
                Box::pin(review(cx, id, Deed::Return, form))
            })
            .danger()
            .next("单位补充落实后重新回复。"),
            kit::files::attach_deed(),
        ],
        creates: kit::Actor::is_office,
        waiting: vec![
            Waiting {
                label: "待回复的督办提醒",
                condition: |actor, _| {
                    let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
                    own.and(Pred::is("state", State::Sent))
                },
                due: Some("due_on"),
            },
            Waiting {
                label: "待办结的督办提醒",
                condition: |actor, _| {
                    if actor.is_office() { Pred::is("state", State::Answered) } else { Pred::Nothing }
                },
                due: None,
            },
        ],
        governed: Some(governed()),
    }
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("unit", "被巡察单位", UNITS).required()];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, UrgingId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Urging>) -> Vec<Field> {
    vec![
        Field::choice::<Kind>("kind", "种类").required().chosen(Some(held.map_or(Kind::Remind, |g| g.kind))),
        Field::text("demand", "要求")
            .max(4_000)
            .maybe(held.map(|g| &g.demand))
            .help("要求单位做什么、何时报结果；没有逾期事项的写明督办事由。"),
    ]
}

fn answer_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("answer", "回复")
                .max(4_000)
                .required()
                .help("逐项写明逾期原因、已经采取的措施和完成时间。"),
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
    let id =
        actions::create(cx, form.need_id("unit")?, form.need_choice("kind")?, form.text("demand")).await?;
    Ok(Outcome::new(NOUN, id, "已拟稿，请核对逾期事项后发出。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: UrgingId = target(id)?;
    actions::edit(cx, id, form.need_choice("kind")?, form.text("demand")).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn send(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: UrgingId = target(id)?;
    actions::send(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已发出。"))
}

async fn answer(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: UrgingId = target(id)?;
    actions::answer(cx, id, form.text("answer")).await?;
    Ok(Outcome::new(NOUN, id, "已回复。"))
}

async fn review(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, form: &Form) -> Result<Outcome> {
    let id: UrgingId = target(id)?;
    actions::review(cx, id, deed, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, if deed == Deed::Close { "已办结。" } else { "已退回。" }))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, UrgingId(id)).await?;
    let unit = subjects::unit(cx, held.unit_id).await?;
    let title = format!("{}整改{}", unit.organisation_name, held.kind.label());
    let mut view = about(RecordView::new(title, held.version), &unit)
        .fact("kind", "种类", Shown::choice(held.kind.choice()))
        .fact("sent_on", "发出日期", Shown::date(held.sent_on))
        .fact("due_on", "回复期限", Shown::Date(held.due_on))
        .fact("due_basis", "期限依据", Shown::text(&held.due_basis))
        .fact("items", "逾期事项", Shown::long(&held.items))
        .fact("demand", "要求", Shown::long(&held.demand))
        .fact("answer", "回复", Shown::long(&held.answer))
        .fact("answered_on", "回复日期", Shown::date(held.answered_on))
        .fact("opinion", "核对意见", Shown::long(&held.opinion))
        .fact("closed_on", "办结日期", Shown::date(held.closed_on));
    view.number.clone_from(&held.number);
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    if access::is_liaison_of(&cx.actor, held.organisation_id) {
        view.told = Told::Since(Deed::Send.code());
    }
    let done = matches!(held.state, State::Answered | State::Closed);
    if held.sent_on.is_some() {
        view.clock = Some(("回复期限", kit::alarms(cx).await?.clock(Some(held.due_on), done)));
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
