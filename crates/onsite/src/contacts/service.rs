//! How contact groups appear.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Result, Role, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Work, no_fields, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    Contact, ContactId, NOUN, Part, State,
    actions::{self, Entry},
    store,
};

const COLUMNS: &[Column] = &[
    Column::title("name", "姓名", "c.name"),
    Column::text("post", "职务", "c.post"),
    Column::text("phone", "电话", "c.phone"),
    Column::choice("part", "联络组职责", "c.part", Part::CHOICES),
    Column::reference("organisation", "被巡察单位", "c.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(&["entered_on"]),
    Column::reference("inspection", "巡察", "c.inspection_id", "i.name", units::INSPECTIONS)
        .hidden()
        .indexed_by(&["entered_on"]),
    Column::choice("state", "状态", "c.state", State::CHOICES),
    Column::date("entered_on", "登记日期", "c.entered_on").sortable().filled().hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "联络组名单",
        table: "contact",
        group: Group::Fieldwork,
        listed: true,
        icon: "phone",
        secrecy: Secrecy::Internal,
        about: "被巡察单位联络组的组长、联络员和资料、后勤保障人员；进驻前由被巡察单位报送。",
        list: Table {
            from: "contact c left join organisation g on g.id = c.organisation_id \
                   left join inspection i on i.id = c.inspection_id",
            alias: "c",
            title: "c.name",
            number: None,
            columns: COLUMNS,
            order: "-entered_on",
        },
        visible: Contact::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("报送名单", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("巡察组和巡察办随即可以看到。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("end", "更换", no_fields, |cx, id, _| Box::pin(end(cx, id)))
                .danger()
                .next("此人不再是联络组成员，请另行报送接替人员。"),
        ],
        creates: |actor| {
            actor.is_office() || actor.is_any(&[Role::TeamHead, Role::TeamMember, Role::OrganisationLiaison])
        },
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "联络组名单",
            transitions: lifecycle::transitions::<Contact>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("unit", "被巡察对象", units::NOUN).required(),
            Field::new("people", "人员", Kind::Rows(entry_fields(None))).required(),
        ])
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ContactId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Contact>) -> Vec<Field> {
    vec![
        Field::line("name", "姓名").max(60).required().maybe(held.map(|c| &c.name)),
        Field::line("post", "职务").max(120).maybe(held.map(|c| &c.post)),
        Field::line("phone", "电话").max(40).required().maybe(held.map(|c| &c.phone)),
        Field::choice::<Part>("part", "联络组职责")
            .required()
            .chosen(Some(held.map_or(Part::Liaison, |c| c.part))),
    ]
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        name: form.text("name"),
        post: form.text("post"),
        phone: form.text("phone"),
        part: form.need_choice("part")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entries = form.rows("people").iter().map(entry).collect::<Result<Vec<_>>>()?;
    let id = actions::create(cx, form.need_id("unit")?, entries).await?;
    Ok(Outcome::new(NOUN, id, "已报送名单。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ContactId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ContactId = target(id)?;
    actions::end(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已更换。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let contact = store::find(cx, ContactId(id)).await?;
    let names = units::names(cx, contact.organisation_id, contact.inspection_id).await?;
    let organisation = Some(contact.organisation_id.0);
    let mut view = RecordView::new(&contact.name, contact.version)
        .fact("post", "职务", Shown::text(contact.post.as_str()))
        .fact("phone", "电话", Shown::text(contact.phone.as_str()))
        .fact("part", "联络组职责", Shown::choice(contact.part.choice()))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, organisation, names.organisation),
        )
        .fact("inspection", "巡察", Shown::text(names.inspection))
        .fact("entered_on", "登记日期", Shown::Date(contact.entered_on));
    view.state = Some(contact.state.choice());
    view.deeds = contact.open_deeds(&cx.actor);
    Ok(view)
}
