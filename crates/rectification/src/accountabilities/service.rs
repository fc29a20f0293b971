//! How accountability appears: list, page, form.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Outcome, RecordView, Result, Role, Secrecy, Service, Shown, Tab,
    Table, WriteCx,
    form::Kind,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    Accountability, AccountabilityId, NOUN,
    actions::{self, Entry},
    may_keep, store, visible,
};
use crate::{
    access,
    common::about,
    subjects::{self, INSPECTIONS, ORGANISATIONS, UNITS},
};

const COLUMNS: &[Column] = &[
    Column::date("on_day", "截至日期", "w.on_day").sortable().filled().opens(),
    Column::reference("organisation", "被巡察单位", "w.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "巡察", "w.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::integer("talks", "谈话提醒", "w.talks"),
    Column::integer("criticised", "批评教育", "w.criticised"),
    Column::integer("admonished", "诫勉", "w.admonished"),
    Column::integer("organised", "组织处理", "w.organised"),
    Column::integer("party", "党纪处分", "w.party"),
    Column::integer("administrative", "政务处分", "w.administrative"),
    Column::integer("filed", "立案", "w.filed"),
    Column::integer("judicial", "移送司法", "w.judicial").hidden(),
    Column::money("recovered", "追缴挽损（元）", "w.recovered_fen"),
];

/// Names and labels of the counts, in the order of [`Entry::persons`].
const PERSONS: [(&str, &str); 8] = [
    ("talks", "谈话提醒（人）"),
    ("criticised", "批评教育（人）"),
    ("admonished", "诫勉（人）"),
    ("organised", "组织处理（人）"),
    ("party", "党纪处分（人）"),
    ("administrative", "政务处分（人）"),
    ("filed", "立案（人）"),
    ("judicial", "移送司法（人）"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改问责",
        table: "accountability",
        group: Group::Rectify,
        listed: true,
        icon: "gavel",
        secrecy: Secrecy::Sensitive,
        about: "整改中追责问责的合计数，按截至日期登记，自反馈之日起累计；只登记人数，不登记个人。",
        list: Table {
            from: "accountability w join organisation o on o.id = w.organisation_id join inspection i on i.id = w.inspection_id",
            alias: "w",
            title: "o.name",
            number: None,
            columns: COLUMNS,
            order: "-on_day",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("登记问责情况", new_fields, |cx, _, form| Box::pin(create(cx, form))),
            DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            kit::files::attach_deed(),
        ],
        creates: |actor| access::may_begin(actor) || actor.is(Role::Discipline),
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
            Some(id) => Some(store::find(cx, AccountabilityId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn persons_of(held: &Accountability) -> [i64; 8] {
    [
        held.talks,
        held.criticised,
        held.admonished,
        held.organised,
        held.party,
        held.administrative,
        held.filed,
        held.judicial,
    ]
}

fn entry_fields(held: Option<&Accountability>) -> Vec<Field> {
    let mut fields = vec![
        Field::date("on_day", "截至日期")
            .required()
            .maybe(held.map(|w| w.on_day))
            .help("填写自反馈之日起累计到这一天的合计数。"),
    ];
    let counts = held.map_or([0; 8], persons_of);
    for ((name, label), count) in PERSONS.into_iter().zip(counts) {
        fields.push(Field::new(name, label, Kind::Integer { min: 0, max: 100_000 }).required().value(count));
    }
    fields.push(
        Field::new("recovered", "追缴挽损金额（元）", Kind::Money).maybe(held.map(|w| w.recovered_fen)),
    );
    fields.push(
        Field::line("source", "数字来源")
            .max(200)
            .required()
            .maybe(held.map(|w| &w.source))
            .help("如驻局纪检监察组统计、单位党组文件。"),
    );
    fields
}

fn entry(form: &Form) -> Result<Entry> {
    let mut persons = [0; 8];
    for (count, (name, _)) in persons.iter_mut().zip(PERSONS) {
        *count = form.need_integer(name)?;
    }
    Ok(Entry {
        on_day: form.need_date("on_day")?,
        persons,
        recovered: form.money("recovered").unwrap_or_default(),
        source: form.text("source"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AccountabilityId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, AccountabilityId(id)).await?;
    let unit = subjects::unit(cx, held.unit_id).await?;
    let title = format!("{}问责情况（截至 {}）", unit.organisation_name, held.on_day);
    let mut view = about(RecordView::new(title, held.version), &unit).fact(
        "on_day",
        "截至日期",
        Shown::Date(held.on_day),
    );
    for ((name, label), count) in PERSONS.into_iter().zip(persons_of(&held)) {
        view = view.fact(name, label, Shown::Integer(count));
    }
    view = view.fact("recovered", "追缴挽损金额（元）", Shown::Money(held.recovered_fen)).fact(
        "source",
        "数字来源",
        Shown::text(&held.source),
    );
    view.secrecy = Secrecy::Sensitive;
    if may_keep(&cx.actor, held.organisation_id) {
        view.deeds.push("edit");
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
