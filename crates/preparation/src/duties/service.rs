//! How duties appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Refusal, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Work, target},
};
use planning::samples;
use registry::organisations;
use uuid::Uuid;

use super::{
    Duty, DutyId, NOUN, State,
    actions::{self, Entry},
    store,
};
use crate::shared;

const COLUMNS: &[Column] = &[
    Column::reference("organisation", "单位", "d.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["position"]),
    Column::integer("position", "序号", "d.position").sortable().filled(),
    Column::title("text", "职责", "d.text"),
    Column::flag("core", "核心职能", "d.core"),
    Column::text("basis", "依据", "d.basis"),
    Column::choice("state", "状态", "d.state", State::CHOICES),
    Column::date("valid_from", "起", "d.valid_from").hidden(),
    Column::date("valid_to", "止", "d.valid_to").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "单位职责",
        table: "duty",
        group: Group::Prepare,
        listed: true,
        icon: "hierarchy",
        secrecy: Secrecy::Internal,
        about: "各单位“三定”规定的职责，按有效期管理；监督重点清单由职责和规则库生成。",
        list: Table {
            from: "duty d left join organisation o on o.id = d.organisation_id",
            alias: "d",
            title: "d.text",
            number: None,
            columns: COLUMNS,
            order: "position",
        },
        visible: Duty::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记职责", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("可以一次登记一家单位的多项职责，接在已有职责之后。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("更正文字；职责有调整的，请终止旧的、登记新的，以保留历史。"),
            Offer::on("end", "终止", end_fields, |cx, id, form| Box::pin(end(cx, id, form)))
                .danger()
                .next("从所填日期之后不再用于生成监督重点，记录保留。"),
        ],
        creates: kit::Actor::is_office,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "单位职责",
            transitions: lifecycle::transitions::<Duty>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn entry_fields(held: Option<&Duty>) -> Vec<Field> {
    vec![
        Field::text("text", "职责").max(1_000).required().maybe(held.map(|duty| &duty.text)),
        Field::flag("core", "核心职能").value(if held.is_some_and(|duty| duty.core) { "1" } else { "" }),
        Field::line("basis", "依据")
            .max(200)
            .maybe(held.map(|duty| &duty.basis))
            .help("“三定”规定或其他文件的名称和文号。"),
        Field::date("valid_from", "起始日期").required().maybe(held.map(|duty| duty.valid_from)),
    ]
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("organisation", "单位", organisations::NOUN).required(),
            Field::new("duties", "职责", Kind::Rows(entry_fields(None)))
                .required()
                .help("一项一行，可以从表格粘贴。"),
        ])
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, DutyId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn end_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("valid_to", "终止日期").required().value(cx.today()),
            Field::text("reason", "理由").max(1_000).required().help("如：机构改革后划转其他部门。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        text: form.text("text"),
        core: form.flag("core"),
        basis: form.text("basis"),
        valid_from: form.need_date("valid_from")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entries = form.rows("duties").iter().map(entry).collect::<Result<_>>()?;
    let ids = actions::create(cx, form.need_id("organisation")?, entries).await?;
    let first = ids.first().copied().ok_or_else(|| Refusal::field("duties", "请至少填写一行职责"))?;
    Ok(Outcome::new(NOUN, first, format!("已登记 {} 项职责。", ids.len())))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DutyId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DutyId = target(id)?;
    actions::end(cx, id, form.need_date("valid_to")?, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已终止。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let duty = store::find(cx, DutyId(id)).await?;
    let mut view = RecordView::new(&duty.text, duty.version)
        .fact("organisation", "单位", shared::organisation_link(cx, duty.organisation_id).await?)
        .fact("position", "序号", Shown::Integer(duty.position))
        .fact("core", "核心职能", Shown::Flag(duty.core))
        .fact("basis", "依据", Shown::text(&duty.basis))
        .fact("valid_from", "起始日期", Shown::Date(duty.valid_from))
        .fact("valid_to", "终止日期", Shown::date(duty.valid_to));
    view.state = Some(duty.state.choice());
    view.deeds = duty.open_deeds(&cx.actor);
    Ok(view)
}
