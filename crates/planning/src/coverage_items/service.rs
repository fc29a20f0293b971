//! How the organisations on a list appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView, Result, Secrecy,
    Service, Shown, Table, WriteCx,
    form::Kind,
    service::{Group, Work, no_fields, target},
};
use registry::organisations::{self, OrganisationKind};
use uuid::Uuid;

use super::{
    CoverageItem, CoverageItemId, NOUN,
    actions::{self, Entry},
    store,
};
use crate::{
    coverage_lists::{self, Deed as ListDeed},
    inspection_units,
    review::State,
};

const COLUMNS: &[Column] = &[
    Column::title("organisation_name", "单位", "o.name"),
    Column::choice("organisation_kind", "单位类别", "o.kind", OrganisationKind::CHOICES),
    Column::integer("planned_year", "计划年度", "c.planned_year").sortable(),
    Column::text("exempt_reason", "免予安排的理由", "c.exempt_reason"),
    Column::reference(
        "list",
        "清单",
        "c.list_id",
        "t.name || '第' || cast(l.edition as text) || '版'",
        coverage_lists::NOUN,
    ),
    Column::choice("list_state", "清单状态", "l.state", State::CHOICES),
    Column::reference("organisation", "单位档案", "c.organisation_id", "o.name", organisations::NOUN)
        .hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "清单单位",
        table: "coverage_item",
        group: Group::Plan,
        listed: false,
        icon: "list-details",
        secrecy: Secrecy::Internal,
        about: "全覆盖任务清单上的单位；清单起草时可以调整年度、写明免予安排的理由或移出。",
        list: Table {
            from: "coverage_item c join organisation o on o.id = c.organisation_id \
                   join coverage_list l on l.id = c.list_id join term t on t.id = l.term_id",
            alias: "c",
            title: "o.name",
            number: None,
            columns: COLUMNS,
            order: "planned_year",
        },
        visible: CoverageItem::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Deed::on("remove", "移出清单", no_fields, |cx, id, _| Box::pin(remove(cx, id)))
                .danger()
                .bulk()
                .next("单位从这一版草稿中移出，已批准的各版不受影响。"),
        ],
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, CoverageItemId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::new("planned_year", "计划年度", Kind::Integer { min: 1990, max: 2199 })
                .maybe(held.and_then(|item| item.planned_year)),
            Field::text("exempt_reason", "免予安排的理由")
                .max(500)
                .maybe(held.map(|item| &item.exempt_reason))
                .help("如机构撤并、本届新设且任期将满。写明理由的单位留在清单中，不计入覆盖率的分母。"),
        ])
    })
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CoverageItemId = target(id)?;
    let entry =
        Entry { planned_year: form.integer("planned_year"), exempt_reason: form.text("exempt_reason") };
    actions::edit(cx, id, entry).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn remove(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let list = actions::remove(cx, target(id)?).await?;
    Ok(Outcome::new(coverage_lists::NOUN, list, "已移出清单。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let item = store::find(cx, CoverageItemId(id)).await?;
    let list = coverage_lists::find(cx, item.list_id).await?;
    let organisation = organisations::find(cx, item.organisation_id).await?;
    let list_title = format!("第{}版", list.edition);
    let mut view = RecordView::new(&organisation.name, item.version)
        .fact(
            "organisation",
            "单位",
            Shown::link(organisations::NOUN, Some(organisation.id.0), &organisation.name),
        )
        .fact("kind", "单位类别", Shown::choice(organisation.kind.choice()))
        .fact("list", "清单", Shown::link(coverage_lists::NOUN, Some(list.id.0), list_title))
        .fact("planned_year", "计划年度", item.planned_year.map_or(Shown::Empty, Shown::Integer))
        .fact("exempt_reason", "免予安排的理由", Shown::long(&item.exempt_reason))
        .related(
            "units",
            "历次巡察",
            inspection_units::NOUN,
            Pred::is("organisation_id", organisation.id),
            None,
        );
    view.state = Some(list.state.choice());
    if list.open_deeds(&cx.actor).contains(&ListDeed::AddItems.code()) {
        view.deeds = vec!["edit", "remove"];
    }
    Ok(view)
}
