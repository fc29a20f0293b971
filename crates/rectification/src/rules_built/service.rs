//! How rules built appear: list, page, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Outcome, Pred, RecordView, Result, Secrecy,
    Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Work, keep_files, target},
};
use uuid::Uuid;

use super::{
    Force, NOUN, RuleBuilt, RuleBuiltId, RuleKind, Topic,
    actions::{self, Entry},
    store, visible,
};
use crate::{
    access,
    subjects::{self, INSPECTIONS, ORGANISATIONS, PROBLEMS},
};

const COLUMNS: &[Column] = &[
    Column::title("title", "制度名称", "b.title"),
    Column::text("number", "发文字号", "b.number"),
    Column::reference("organisation", "印发单位", "b.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "来源巡察", "b.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::choice("kind", "类型", "b.kind", RuleKind::CHOICES),
    Column::choice("topic", "专题", "b.topic", Topic::CHOICES),
    Column::flag("audit_linked", "巡审联动", "b.audit_linked").hidden(),
    Column::date("issued_on", "印发日期", "b.issued_on").sortable().filled(),
    Column::date("ended_on", "废止日期", "b.ended_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "建章立制",
        table: "rule_built",
        group: Group::Rectify,
        listed: true,
        icon: "book",
        secrecy: Secrecy::Internal,
        about: "因巡察整改新建或修订的制度，关联其所回应的问题，废止后保留记录。",
        list: Table {
            from: "rule_built b join organisation o on o.id = b.organisation_id \
                   left join inspection i on i.id = b.inspection_id",
            alias: "b",
            title: "b.title",
            number: Some("b.number"),
            columns: COLUMNS,
            order: "-issued_on",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("登记制度", new_fields, |cx, _, form| Box::pin(create(cx, form))),
            DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            DeedOf::on("link_problems", "关联问题", problem_fields, |cx, id, form| {
                Box::pin(link_problems(cx, id, form))
            }),
            DeedOf::on("unlink_problems", "取消关联", problem_fields, |cx, id, form| {
                Box::pin(unlink_problems(cx, id, form))
            }),
            DeedOf::on("end", "废止", end_fields, |cx, id, form| Box::pin(end(cx, id, form)))
                .danger()
                .next("从所填日期的次日起不再有效；制度和关联的问题仍可查阅，统计以前日期时仍计入。"),
            kit::files::attach_deed(),
        ],
        creates: access::may_begin,
        waiting: Vec::new(),
        governed: None,
    }
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = entry_fields(None);
        fields.push(Field::new("problems", "回应的问题", Kind::PickMany(PROBLEMS)));
        fields.push(Field::new("files", "制度文本", Kind::Files));
        Ok(fields)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, RuleBuiltId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&RuleBuilt>) -> Vec<Field> {
    vec![
        Field::line("title", "制度名称").required().maybe(held.map(|b| &b.title)),
        Field::line("number", "发文字号").max(80).maybe(held.map(|b| &b.number)),
        Field::pick("organisation", "印发单位", ORGANISATIONS)
            .required()
            .maybe(held.map(|b| b.organisation_id)),
        Field::pick("inspection", "来源巡察", INSPECTIONS).maybe(held.and_then(|b| b.inspection_id)),
        Field::choice::<RuleKind>("kind", "类型").required().chosen(held.map(|b| b.kind)),
        Field::date("issued_on", "印发日期").required().maybe(held.map(|b| b.issued_on)),
        Field::choice::<Topic>("topic", "专题").required().chosen(held.map(|b| b.topic)),
        Field::flag("audit_linked", "巡审联动成果")
            .value(if held.is_some_and(|b| b.audit_linked) { "1" } else { "" })
            .help("由巡察与审计联动推动建立的，单独统计。"),
        Field::text("text", "主要内容").maybe(held.map(|b| &b.text)).help("概括针对什么问题、作出哪些规定。"),
    ]
}

fn problem_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::new("problems", "问题", Kind::PickMany(PROBLEMS)).required()]) })
}

fn end_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("ended_on", "最后有效日").required().value(cx.today()),
            Field::text("reason", "废止原因").max(2_000).required(),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        title: form.text("title"),
        number: form.text("number"),
        organisation: form.need_id("organisation")?,
        inspection: form.id("inspection"),
        kind: form.need_choice("kind")?,
        issued_on: form.need_date("issued_on")?,
        topic: form.need_choice("topic")?,
        audit_linked: form.flag("audit_linked"),
        text: form.text("text"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?, form.ids("problems")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已登记制度。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RuleBuiltId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn link_problems(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RuleBuiltId = target(id)?;
    actions::link_problems(cx, id, form.ids("problems")).await?;
    Ok(Outcome::new(NOUN, id, "已关联问题。"))
}

async fn unlink_problems(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RuleBuiltId = target(id)?;
    actions::unlink_problems(cx, id, form.ids("problems")).await?;
    Ok(Outcome::new(NOUN, id, "已取消关联。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RuleBuiltId = target(id)?;
    actions::end(cx, id, form.need_date("ended_on")?, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已登记废止。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let rule = store::find(cx, RuleBuiltId(id)).await?;
    let organisation = registry::organisations::find(cx, rule.organisation_id).await?;
    let inspection = subjects::inspection_name(cx, rule.inspection_id).await?;
    let problems = Pred::within("id", store::problems_of(cx, rule.id).await?);
    let force = rule.force_on(cx.today());
    let mut view = RecordView::new(&rule.title, rule.version)
        .fact(
            "organisation",
            "印发单位",
            Shown::link(ORGANISATIONS, Some(organisation.id.0), organisation.name),
        )
        .fact("inspection", "来源巡察", Shown::link(INSPECTIONS, rule.inspection_id, inspection))
        .fact("kind", "类型", Shown::choice(rule.kind.choice()))
        .fact("topic", "专题", Shown::choice(rule.topic.choice()))
        .fact("audit_linked", "巡审联动成果", Shown::Flag(rule.audit_linked))
        .fact("issued_on", "印发日期", Shown::Date(rule.issued_on))
        .fact("ended_on", "最后有效日", Shown::date(rule.ended_on))
        .fact("text", "主要内容", Shown::long(&rule.text))
        .related("problems", "回应的问题", PROBLEMS, problems, None);
    view.number.clone_from(&rule.number);
    view.state = Some(force.choice());
    if rule.kept_by(&cx.actor) {
        view.deeds = vec!["edit", "link_problems", "unlink_problems"];
        if force == Force::InForce && rule.ended_on.is_none() {
            view.deeds.push("end");
        }
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
