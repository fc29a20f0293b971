//! How immediate rectification appears to the team, to who approves it and to the unit.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Told, Waiting, Work, no_fields, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    Deed, ImmediateAction, ImmediateActionId, Kind, Level, NOUN, State,
    actions::{self, Entry},
    store,
};
use crate::inspects;

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "m.number"),
    Column::title("title", "事项", "m.title"),
    Column::choice("kind", "类别", "m.kind", Kind::CHOICES),
    Column::reference("organisation", "被巡察单位", "m.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["number"]),
    Column::reference("inspection", "巡察", "m.inspection_id", "i.name", units::INSPECTIONS)
        .indexed_by(&["number"])
        .hidden(),
    Column::choice("state", "状态", "m.state", State::CHOICES).indexed_by(&["number"]),
    Column::date("issued_on", "下达日期", "m.issued_on").sortable(),
    Column::clock("due_on", "报告期限", "m.due_on", "m.state not in ('issued')").sortable(),
    Column::date("reported_on", "报告日期", "m.reported_on").hidden(),
    Column::date("confirmed_on", "确认日期", "m.confirmed_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "立行立改",
        table: "immediate_action",
        group: Group::Fieldwork,
        listed: true,
        icon: "alarm",
        secrecy: Secrecy::Internal,
        about: "巡察期间能够马上改的问题，经批准通知单位限期立即整改；结果写入报告、单独统计，不代替反馈后的整改。",
        list: Table {
            from: "immediate_action m left join organisation o on o.id = m.organisation_id \
                   left join inspection i on i.id = m.inspection_id",
            alias: "m",
            title: "m.title",
            number: Some("m.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: ImmediateAction::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_any(&[Role::TeamHead, Role::TeamMember]),
        waiting: vec![
            Waiting { label: "立行立改待批准", condition: to_approve, due: None },
            Waiting { label: "立行立改待整改报告", condition: to_report, due: Some("due_on") },
            Waiting { label: "立行立改待确认", condition: to_confirm, due: None },
            Waiting { label: "立行立改退回修改", condition: to_correct, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "立行立改",
            transitions: lifecycle::transitions::<ImmediateAction>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("提出立行立改", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("按期限和口径中的审批层级送组长或领导小组批准；批准以前单位看不到。"),
        Offer::on("approve", "批准并下达", no_fields, |cx, id, _| Box::pin(approve(cx, id)))
            .primary()
            .next("通知立即下达单位，报告期限开始计算；提出人不能批准。"),
        Offer::on("report", "报告结果", report_fields, |cx, id, form| Box::pin(report(cx, id, form)))
            .primary()
            .next("送巡察组现场核实确认。"),
        Offer::on("confirm", "确认完成", confirm_fields, |cx, id, form| Box::pin(confirm(cx, id, form)))
            .primary()
            .next("计入立行立改完成数；写入报告的表述供起草报告引用。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
            .next("修改后重新送批准。"),
        Offer::on("return", "未完成，退回", opinion_fields, |cx, id, form| {
            Box::pin(return_for_more(cx, id, form))
        })
        .next("单位继续整改，原期限不变。"),
        Offer::on("reject", "退回修改", opinion_fields, |cx, id, form| Box::pin(reject(cx, id, form))),
        Offer::on("withdraw", "撤回", opinion_fields, |cx, id, form| Box::pin(withdraw(cx, id, form)))
            .danger()
            .next("不再要求单位立行立改；编号保留。"),
    ]
}

fn team(actor: &Actor) -> Pred {
    Pred::any([Role::TeamHead, Role::TeamMember].map(|role| actor.own_inspections(role)).to_vec())
}

fn to_approve(actor: &Actor, _: NaiveDate) -> Pred {
    let head = actor.own_inspections(Role::TeamHead).and(Pred::is("level", Level::Head));
    let group = if actor.is(Role::LeadingGroup) { Pred::is("level", Level::Group) } else { Pred::Nothing };
    Pred::any(vec![head, group]).and(Pred::is("state", State::Drafted))
}

fn to_report(actor: &Actor, _: NaiveDate) -> Pred {
    actor
        .own_organisations(Role::OrganisationLiaison, "organisation_id")
        .and(Pred::is("state", State::Issued))
}

fn to_confirm(actor: &Actor, _: NaiveDate) -> Pred {
    team(actor).and(Pred::is("state", State::Reported))
}

fn to_correct(actor: &Actor, _: NaiveDate) -> Pred {
    team(actor).and(Pred::is("state", State::Returned))
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
            Some(id) => Some(store::find(cx, ImmediateActionId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&ImmediateAction>) -> Vec<Field> {
    vec![
        Field::choice::<Kind>("kind", "类别").required().chosen(held.map(|m| m.kind)),
        Field::line("title", "事项").max(200).required().maybe(held.map(|m| &m.title)),
        Field::text("situation", "发现的情况")
            .max(4_000)
            .required()
            .maybe(held.map(|m| &m.situation))
            .help("限于事实清楚、能够马上改、群众受益或涉及安全的问题；单位可以看到。"),
        Field::text("demand", "整改要求").max(2_000).required().maybe(held.map(|m| &m.demand)),
    ]
}

fn report_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("report", "整改结果")
                .max(4_000)
                .required()
                .help("写明做了什么、何时完成、效果怎样。"),
            Field::new("files", "佐证材料", FieldKind::Files),
        ])
    })
}

fn confirm_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ImmediateActionId(id)).await?),
            None => None,
        };
        Ok(vec![
            Field::text("result", "写入报告的表述")
                .max(2_000)
                .required()
                .maybe(held.map(|m| m.report))
                .help("巡察报告中怎样写这件立行立改，可以在单位报告的基础上修改。"),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "理由").max(2_000).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        kind: form.need_choice("kind")?,
        title: form.text("title"),
        situation: form.text("situation"),
        demand: form.text("demand"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已提出，等待批准。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ImmediateActionId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改，等待批准。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ImmediateActionId = target(id)?;
    actions::approve(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已批准并下达单位。"))
}

async fn reject(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ImmediateActionId = target(id)?;
    actions::reject(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回修改。"))
}

async fn report(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ImmediateActionId = target(id)?;
    actions::report(cx, id, form.text("report"), form).await?;
    Ok(Outcome::new(NOUN, id, "已报告，等待巡察组确认。"))
}

async fn confirm(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ImmediateActionId = target(id)?;
    actions::confirm(cx, id, form.text("result")).await?;
    Ok(Outcome::new(NOUN, id, "已确认完成。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ImmediateActionId = target(id)?;
    actions::return_for_more(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回单位继续整改。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ImmediateActionId = target(id)?;
    actions::withdraw(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let notice = store::find(cx, ImmediateActionId(id)).await?;
    let names = units::names(cx, notice.organisation_id, notice.inspection_id).await?;
    let mut view = RecordView::new(&notice.title, notice.version)
        .fact("kind", "类别", Shown::choice(notice.kind.choice()))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(notice.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(notice.inspection_id), names.inspection),
        )
        .fact("level", "批准", Shown::choice(notice.level.choice()))
        .fact("situation", "发现的情况", Shown::long(&notice.situation))
        .fact("demand", "整改要求", Shown::long(&notice.demand))
        .fact("issued_on", "下达日期", Shown::date(notice.issued_on))
        .fact("due_basis", "期限依据", Shown::text(&notice.due_basis))
        .fact("reported_on", "报告日期", Shown::date(notice.reported_on))
        .fact("report", "整改结果", Shown::long(&notice.report))
        .fact("opinion", "退回理由", Shown::long(&notice.opinion))
        .fact("confirmed_on", "确认日期", Shown::date(notice.confirmed_on));
    // How it stands in the report is not for the unit, which never sees the report.
    if inspects(&cx.actor, notice.inspection_id) {
        view = view.fact("result", "写入报告的表述", Shown::long(&notice.result));
    } else {
        view.told = Told::Since(Deed::Approve.code());
    }
    view.number.clone_from(&notice.number);
    view.state = Some(notice.state.choice());
    view.deeds = notice.open_deeds(&cx.actor);
    if notice.issued_on.is_some() {
        let done = notice.state != State::Issued;
        view.clock = Some(("报告期限", kit::alarms(cx).await?.clock(notice.due_on, done)));
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
