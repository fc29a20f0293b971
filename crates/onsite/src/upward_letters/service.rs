//! How the register appears: dates and kinds, no text, no files.

use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, target},
};
use planning::{samples, units};
use uuid::Uuid;

use super::{
    About, Channel, NOUN, Receiver, State, UpwardLetter, UpwardLetterId,
    actions::{self, Entry},
    may_create, store,
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "w.number").opens(),
    Column::choice("about", "上转情形", "w.about", About::CHOICES),
    Column::choice("channel", "渠道", "w.channel", Channel::CHOICES),
    Column::date("received_on", "收到日期", "w.received_on").sortable().filled(),
    Column::choice("receiver", "转交对象", "w.receiver", Receiver::CHOICES),
    Column::date("handed_on", "转交日期", "w.handed_on"),
    Column::choice("state", "状态", "w.state", State::CHOICES),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "上转信件登记",
        table: "upward_letter",
        group: Group::Fieldwork,
        listed: true,
        icon: "arrow-forward-up",
        secrecy: Secrecy::Sealed,
        about: "反映本级巡察机构主要负责人或属于上级管辖的信件，原封转交，只登记转交情况：不拆阅、不摘录、不扫描，巡察办人员看不到也数不到。",
        list: Table {
            from: "upward_letter w",
            alias: "w",
            title: "w.number",
            number: Some("w.number"),
            columns: COLUMNS,
            order: "-received_on",
        },
        visible: UpwardLetter::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记上转信件", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("信件原封保存，尽快当面转交；不通知任何人。"),
            Offer::on("hand_over", "登记转交", on_fields, |cx, id, form| {
                Box::pin(hand_over(cx, id, form))
            })
            .primary()
            .next("登记转交日期，等待对方签收。"),
            Offer::on("receipt", "登记签收", on_fields, |cx, id, form| Box::pin(receipt(cx, id, form)))
                .primary()
                .next("转交完成。"),
        ],
        creates: may_create,
        waiting: vec![Waiting { label: "上转信件待转交", condition: to_hand_over, due: None }],
        governed: Some(Governed {
            noun: NOUN,
            label: "上转信件登记",
            transitions: lifecycle::transitions::<UpwardLetter>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_hand_over(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    let own = actor.account.map_or(Pred::Nothing, |account| Pred::is("entered_by", account));
    if may_create(actor) { own.and(Pred::is("state", State::Sealed)) } else { Pred::Nothing }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::choice::<About>("about", "上转情形").required(),
            Field::choice::<Channel>("channel", "收件渠道").required(),
            Field::date("received_on", "收到日期").required(),
            Field::new("sheets", "封存件数", Kind::Integer { min: 1, max: 100 }).required().value(1),
            Field::choice::<Receiver>("receiver", "转交对象").required(),
            Field::pick("inspection", "巡察任务", units::INSPECTIONS).help("在巡察期间收到的填写。"),
        ])
    })
}

fn on_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::date("on", "日期").required().value(cx.today())]) })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = Entry {
        inspection: form.id("inspection"),
        about: form.need_choice("about")?,
        channel: form.need_choice("channel")?,
        received_on: form.need_date("received_on")?,
        sheets: form.need_integer("sheets")?,
        receiver: form.need_choice("receiver")?,
    };
    let id = actions::create(cx, entry).await?;
    Ok(Outcome::new(NOUN, id, "已登记，请原封保存并尽快转交。"))
}

async fn hand_over(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: UpwardLetterId = target(id)?;
    actions::hand_over(cx, id, form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "已登记转交。"))
}

async fn receipt(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: UpwardLetterId = target(id)?;
    actions::receipt(cx, id, form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "已登记签收。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let letter = store::find(cx, UpwardLetterId(id)).await?;
    cx.record_read(NOUN, id).await;
    let mut view = RecordView::new(&letter.number, letter.version)
        .fact("about", "上转情形", Shown::choice(letter.about.choice()))
        .fact("channel", "收件渠道", Shown::choice(letter.channel.choice()))
        .fact("received_on", "收到日期", Shown::Date(letter.received_on))
        .fact("sheets", "封存件数", Shown::Integer(letter.sheets))
        .fact("receiver", "转交对象", Shown::choice(letter.receiver.choice()))
        .fact("handed_on", "转交日期", Shown::date(letter.handed_on))
        .fact("receipt_on", "签收日期", Shown::date(letter.receipt_on));
    view.number.clone_from(&letter.number);
    view.state = Some(letter.state.choice());
    view.secrecy = Secrecy::Sealed;
    view.deeds = letter.open_deeds(&cx.actor);
    Ok(view)
}
