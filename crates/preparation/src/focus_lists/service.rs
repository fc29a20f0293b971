//! How checklists appear: list with progress, page with the points, forms.

use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use planning::{inspection_units::InspectionUnitId, samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{FocusList, ListId, NOUN, State, actions, store};
use crate::{focus_items, shared};

const COLUMNS: &[Column] = &[
    Column::reference("organisation", "被巡察单位", "l.organisation_id", "o.name", organisations::NOUN)
        .opens(),
    Column::reference("inspection", "巡察", "l.inspection_id", "i.name", units::INSPECTIONS),
    Column::choice("state", "状态", "l.state", State::CHOICES),
    Column::integer("points", "监督重点", "(select count(*) from focus_item f where f.list_id = l.id)"),
    Column::integer(
        "covered",
        "已覆盖",
        "(select count(*) from focus_item f where f.list_id = l.id and f.state = 'covered')",
    ),
    Column::integer(
        "open",
        "未覆盖",
        "(select count(*) from focus_item f where f.list_id = l.id and f.state = 'open')",
    ),
    Column::date("drawn_on", "生成日期", "l.drawn_on").sortable().filled(),
    Column::date("confirmed_on", "确认日期", "l.confirmed_on").hidden(),
    Column::date("concluded_on", "完成日期", "l.concluded_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "监督重点清单",
        table: "focus_list",
        group: Group::Prepare,
        listed: true,
        icon: "list-check",
        secrecy: Secrecy::Internal,
        about: "一家单位一份：由单位职责和规则库生成，巡察组补充确认，现场逐条登记由什么覆盖、还有什么没看。",
        list: Table {
            from: "focus_list l left join organisation o on o.id = l.organisation_id \
                   left join inspection i on i.id = l.inspection_id",
            alias: "l",
            title: "o.name",
            number: None,
            columns: COLUMNS,
            order: "-drawn_on",
        },
        visible: FocusList::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("生成清单", create_fields, |cx, _, form| Box::pin(draw(cx, form)))
                .next("按单位现行职责、单位类别和规则库逐条生成，之后可以补充、修改。"),
            Offer::on("confirm", "确认清单", no_fields, |cx, id, _| Box::pin(confirm(cx, id)))
                .primary()
                .next("清单进入执行，组员逐条登记覆盖情况；仍可以补充。"),
            Offer::on("conclude", "完成清单", no_fields, |cx, id, _| Box::pin(conclude(cx, id)))
                .primary()
                .next("全部监督重点已覆盖或写明理由后完成；需要时可以重新打开。"),
            Offer::on("derive", "按规则补充", no_fields, |cx, id, _| Box::pin(derive(cx, id)))
                .next("只补充清单里还没有的监督重点，已有的不变。"),
            Offer::on("reopen", "重新打开", no_fields, |cx, id, _| Box::pin(reopen(cx, id))),
        ],
        creates: |actor| {
            actor.is_any(&[Role::OfficeDirector, Role::OfficeLiaison, Role::TeamHead, Role::TeamMember])
        },
        waiting: vec![Waiting {
            label: "待确认的监督重点清单",
            condition: |actor, _| to_confirm(actor),
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "监督重点清单",
            transitions: lifecycle::transitions::<FocusList>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_confirm(actor: &Actor) -> Pred {
    actor.own_inspections(Role::TeamHead).and(Pred::is("state", State::Drawn))
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::pick("unit", "被巡察对象", units::NOUN).required()]) })
}

async fn draw(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let unit: InspectionUnitId = form.need_id("unit")?;
    let (id, added) = actions::draw(cx, unit.0).await?;
    Ok(Outcome::new(NOUN, id, format!("已生成清单，共 {added} 条监督重点。")))
}

async fn derive(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ListId = target(id)?;
    let added = actions::derive(cx, id).await?;
    Ok(Outcome::new(NOUN, id, format!("已补充 {added} 条。")))
}

async fn confirm(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ListId = target(id)?;
    actions::confirm(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已确认清单。"))
}

async fn conclude(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ListId = target(id)?;
    actions::conclude(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "清单已完成。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ListId = target(id)?;
    actions::reopen(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "清单已重新打开。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let list = store::find(cx, ListId(id)).await?;
    let organisation = organisations::find(cx, list.organisation_id).await?.name;
    let progress = store::progress(cx, list.id).await?;
    let board = Shown::Link {
        label: String::from("打开全部监督重点，可以多选后一次登记"),
        href: format!("/{}?f.list={id}&size=200", focus_items::NOUN),
    };
    let covered =
        Shown::Rate { numerator: progress.covered + progress.left_out, denominator: progress.total() };
    let mut view = RecordView::new(format!("{organisation}监督重点清单"), list.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(list.organisation_id.0), &organisation),
        )
        .fact("inspection", "巡察", shared::inspection_link(cx, list.inspection_id).await?)
        .fact("unit", "被巡察对象", Shown::link(units::NOUN, Some(list.unit_id), "查看办理环节"))
        .fact("profile", "单位画像", profile_link(list.organisation_id.0))
        .fact("points", "监督重点", Shown::Integer(progress.total()))
        .fact("covered", "已覆盖", Shown::Integer(progress.covered))
        .fact("left_out", "不作了解", Shown::Integer(progress.left_out))
        .fact("rate", "完成进度", covered)
        .fact("board", "批量登记", board)
        .fact("confirmed_on", "确认日期", Shown::date(list.confirmed_on))
        .fact("concluded_on", "完成日期", Shown::date(list.concluded_on));
    let new = Some(format!("list={id}"));
    view = view.related("items", "监督重点", focus_items::NOUN, Pred::is("list_id", id), new);
    view.state = Some(list.state.choice());
    view.deeds = list.open_deeds(&cx.actor);
    Ok(view)
}

fn profile_link(organisation: Uuid) -> Shown {
    Shown::Link { label: String::from("查看单位画像"), href: format!("/profiles/{organisation}") }
}
