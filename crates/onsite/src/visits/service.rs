//! How visits appear.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, no_fields, target},
};
use planning::{samples, units};
use preparation::cite::cited;
use registry::organisations;
use uuid::Uuid;

use super::{
    NOUN, State, Visit, VisitId, VisitKind,
    actions::{self, Entry},
    store,
};
use crate::{officers, rights};

const BY_NUMBER: &[&str] = &["number"];

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "y.number").opens(),
    Column::choice("kind", "走访方式", "y.kind", VisitKind::CHOICES).indexed_by(BY_NUMBER),
    Column::text("place", "地点", "y.place"),
    Column::reference("organisation", "被巡察单位", "y.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(BY_NUMBER),
    Column::reference("inspection", "巡察", "y.inspection_id", "i.name", units::INSPECTIONS)
        .hidden()
        .indexed_by(BY_NUMBER),
    Column::date("visited_on", "走访日期", "y.visited_on").sortable().filled(),
    Column::text("officers", "走访人", "y.officers"),
    Column::integer("people_met", "见面人数", "y.people_met"),
    Column::choice("state", "状态", "y.state", State::CHOICES).indexed_by(BY_NUMBER),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "下沉走访",
        table: "visit",
        group: Group::Fieldwork,
        listed: true,
        icon: "map-pin",
        secrecy: Secrecy::Sensitive,
        about: "下沉了解、走访群众和企业、“四不两直”、抽查个人有关事项、实地查看等，由两名以上干部进行。",
        list: Table {
            from: "visit y left join organisation g on g.id = y.organisation_id \
                   left join inspection i on i.id = y.inspection_id",
            alias: "y",
            title: "y.number",
            number: Some("y.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Visit::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记走访", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("可以先登记时间地点，回来后补充了解到的情况，再定稿。"),
            Offer::on("finalise", "定稿", no_fields, |cx, id, _| Box::pin(finalise(cx, id)))
                .primary()
                .next("定稿后不再修改，可以据此编写底稿。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        ],
        creates: rights::of_a_team,
        waiting: vec![Waiting {
            label: "走访登记待定稿",
            condition: |actor, _| rights::own_work(actor, Pred::is("state", State::Draft)),
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "下沉走访",
            transitions: lifecycle::transitions::<Visit>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("unit", "被巡察对象", units::NOUN).required()];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, VisitId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Visit>) -> Vec<Field> {
    vec![
        Field::choice::<VisitKind>("kind", "走访方式").required().chosen(held.map(|y| y.kind)),
        Field::date("visited_on", "走访日期").required().maybe(held.map(|y| y.visited_on)),
        Field::line("place", "地点").max(120).required().maybe(held.map(|y| &y.place)),
        officers::field("officers", "走访人"),
        Field::new("people_met", "见面人数", Kind::Integer { min: 0, max: 100_000 })
            .value(held.map_or(0, |y| y.people_met)),
        Field::text("findings", "了解到的情况")
            .maybe(held.map(|y| &y.findings))
            .help("写清时间、地点、人物和见闻；一事一段，便于写底稿时引用。"),
        Field::new("files", "照片和材料", Kind::Files),
    ]
}

async fn entry(cx: &Cx, form: &Form, inspection: Uuid) -> Result<Entry> {
    let visited_on = form.need_date("visited_on")?;
    Ok(Entry {
        kind: form.need_choice("kind")?,
        visited_on,
        place: form.text("place"),
        officers: officers::read(cx, form, "officers", inspection, visited_on).await?,
        people_met: form.integer("people_met").unwrap_or(0),
        findings: form.text("findings"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let unit = units::of(cx, form.need_id("unit")?).await?;
    let entry = entry(cx, form, unit.inspection_id).await?;
    let id = actions::create(cx, &unit, entry).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已登记走访。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: VisitId = target(id)?;
    let inspection = store::find(cx, id).await?.inspection_id;
    let entry = entry(cx, form, inspection).await?;
    actions::edit(cx, id, entry).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn finalise(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: VisitId = target(id)?;
    actions::finalise(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已定稿。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let visit = store::find(cx, VisitId(id)).await?;
    cx.record_read(NOUN, id).await;
    let names = units::names(cx, visit.organisation_id, visit.inspection_id).await?;
    let organisation = Some(visit.organisation_id.0);
    let mut view = RecordView::new(format!("{} {}", visit.kind.label(), visit.place), visit.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, organisation, names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(visit.inspection_id), names.inspection),
        )
        .fact("visited_on", "走访日期", Shown::Date(visit.visited_on))
        .fact("officers", "走访人", Shown::text(visit.officers.as_str()))
        .fact("people_met", "见面人数", Shown::Integer(visit.people_met))
        .fact("findings", "了解到的情况", Shown::long(visit.findings.as_str()));
    view = cited(cx, view, NOUN, id, Some(visit.unit_id));
    view.tabs.push(Tab::Files);
    view.number.clone_from(&visit.number);
    view.state = Some(visit.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = visit.open_deeds(&cx.actor);
    Ok(view)
}
