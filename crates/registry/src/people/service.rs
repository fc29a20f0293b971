//! How people appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Outcome, RecordView, Result, Secrecy, Service, Shown, Table, WriteCx,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, PersonId,
    actions::{self, Entry},
    may_keep, store, visible,
};
use crate::organisations;

const COLUMNS: &[Column] = &[
    Column::title("name", "姓名", "p.name").sortable().filled(),
    Column::reference("organisation", "工作单位", "p.organisation_id", "o.name", organisations::NOUN),
    Column::text("title", "职务", "p.title"),
    Column::text("speciality", "专长", "p.speciality"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "人员",
        table: "person",
        group: Group::Prepare,
        listed: true,
        icon: "id-badge",
        secrecy: Secrecy::Internal,
        about: "参加巡察、联络和整改工作的人员及其单位、职务和专长，供组建巡察组时选用。",
        list: Table {
            from: "person p left join organisation o on o.id = p.organisation_id",
            alias: "p",
            title: "p.name",
            number: None,
            columns: COLUMNS,
            order: "name",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("登记人员", fields, |cx, _, form| Box::pin(create(cx, form))),
            Deed::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, PersonId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::line("name", "姓名").max(40).required().maybe(held.map(|p| &p.name)),
            Field::pick("organisation", "工作单位", organisations::NOUN)
                .maybe(held.and_then(|p| p.organisation_id)),
            Field::line("title", "职务").max(80).maybe(held.map(|p| &p.title)),
            Field::line("speciality", "专长")
                .max(120)
                .maybe(held.map(|p| &p.speciality))
                .help("如财务审计、工程招投标、党建、纪检、数据分析；组建巡察组时按专长搭配。"),
            Field::text("note", "备注").max(2_000).maybe(held.map(|p| &p.note)),
        ])
    })
}

fn entry(form: &Form) -> Entry {
    Entry {
        name: form.text("name"),
        organisation: form.id("organisation"),
        title: form.text("title"),
        speciality: form.text("speciality"),
        note: form.text("note"),
    }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已登记人员。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PersonId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let person = store::find(cx, PersonId(id)).await?;
    let organisation = match person.organisation_id {
        Some(at) => Shown::link(organisations::NOUN, Some(at.0), organisations::find(cx, at).await?.name),
        None => Shown::Empty,
    };
    let mut view = RecordView::new(&person.name, person.version)
        .fact("organisation", "工作单位", organisation)
        .fact("title", "职务", Shown::text(person.title))
        .fact("speciality", "专长", Shown::text(person.speciality))
        .fact("note", "备注", Shown::long(person.note));
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit"];
    }
    Ok(view)
}
