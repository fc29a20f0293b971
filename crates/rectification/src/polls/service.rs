//! How polls appear: list, page, form.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Outcome, RecordView, Result, Secrecy, Service,
    Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Work, target},
};
use registry::policies;
use uuid::Uuid;

use super::{
    Answers, Audience, NOUN, Poll, PollId, Way,
    actions::{self, Entry},
    store, visible,
};
use crate::{
    common::about,
    subjects::{self, INSPECTIONS, ORGANISATIONS, UNITS},
};

const COLUMNS: &[Column] = &[
    Column::date("on_day", "测评日期", "y.on_day").sortable().filled().opens(),
    Column::reference("organisation", "被巡察单位", "y.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "巡察", "y.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::choice("audience", "测评对象", "y.audience", Audience::CHOICES),
    Column::choice("way", "测评方式", "y.way", Way::CHOICES),
    Column::integer("issued", "发出", "y.issued"),
    Column::integer("returned", "收回", "y.returned"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "满意度测评",
        table: "satisfaction_poll",
        group: Group::Rectify,
        listed: false,
        icon: "message-star",
        secrecy: Secrecy::Internal,
        about: "对整改情况的满意度测评，只登记合计数；收回数太少时不显示比例，保护作答人。",
        list: Table {
            from: "satisfaction_poll y join organisation o on o.id = y.organisation_id join inspection i on i.id = y.inspection_id",
            alias: "y",
            title: "o.name",
            number: None,
            columns: COLUMNS,
            order: "-on_day",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("登记满意度测评", new_fields, |cx, _, form| Box::pin(create(cx, form))),
            DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            kit::files::attach_deed(),
        ],
        creates: kit::Actor::is_office,
        waiting: Vec::new(),
        governed: None,
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
            Some(id) => Some(store::find(cx, PollId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Poll>) -> Vec<Field> {
    let number = |name, label| Field::new(name, label, Kind::Integer { min: 0, max: 1_000_000 }).required();
    vec![
        Field::choice::<Audience>("audience", "测评对象").required().chosen(held.map(|y| y.audience)),
        Field::choice::<Way>("way", "测评方式").required().chosen(held.map(|y| y.way)),
        Field::date("on_day", "测评日期").required().maybe(held.map(|y| y.on_day)),
        number("issued", "发出份数").maybe(held.map(|y| y.issued)),
        number("returned", "收回份数").maybe(held.map(|y| y.returned)),
        number("very", "满意").maybe(held.map(|y| y.very)),
        number("mostly", "基本满意").maybe(held.map(|y| y.mostly)),
        number("hardly", "不满意").maybe(held.map(|y| y.hardly)),
        number("unsure", "不了解").maybe(held.map(|y| y.unsure)),
        Field::text("note", "主要意见")
            .max(4_000)
            .maybe(held.map(|y| &y.note))
            .help("归纳意见建议，不写作答人姓名。"),
    ]
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        audience: form.need_choice("audience")?,
        way: form.need_choice("way")?,
        on_day: form.need_date("on_day")?,
        answers: Answers {
            issued: form.need_integer("issued")?,
            returned: form.need_integer("returned")?,
            very: form.need_integer("very")?,
            mostly: form.need_integer("mostly")?,
            hardly: form.need_integer("hardly")?,
            unsure: form.need_integer("unsure")?,
        },
        note: form.text("note"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PollId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, PollId(id)).await?;
    let unit = subjects::unit(cx, held.unit_id).await?;
    let few = policies::amount(cx, "small_numbers", cx.today()).await?;
    let answers = held.answers();
    let (numerator, denominator) = answers.satisfied();
    let shown = answers.returned >= few;
    let count =
        |number: i64| if shown { Shown::Integer(number) } else { Shown::text("人数过少，不显示") };
    let rate = if shown { Shown::Rate { numerator, denominator } } else { count(0) };
    let title = format!("{}满意度测评（{}）", unit.organisation_name, held.audience.label());
    let mut view = about(RecordView::new(title, held.version), &unit)
        .fact("audience", "测评对象", Shown::choice(held.audience.choice()))
        .fact("way", "测评方式", Shown::choice(held.way.choice()))
        .fact("on_day", "测评日期", Shown::Date(held.on_day))
        .fact("issued", "发出份数", Shown::Integer(answers.issued))
        .fact("returned", "收回份数", Shown::Integer(answers.returned))
        .fact(
            "returned_rate",
            "回收率",
            Shown::Rate { numerator: answers.returned, denominator: answers.issued },
        )
        .fact("very", "满意", count(answers.very))
        .fact("mostly", "基本满意", count(answers.mostly))
        .fact("hardly", "不满意", count(answers.hardly))
        .fact("unsure", "不了解", count(answers.unsure))
        .fact("rate", "满意率（满意加基本满意）", rate)
        .fact("note", "主要意见", Shown::long(&held.note));
    if cx.actor.is_office() {
        view.deeds.push("edit");
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
