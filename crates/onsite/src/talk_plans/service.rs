//! How talk plans appear: the list with its coverage, forms.

use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    NOUN, Need, PersonKind, State, TalkPlan, TalkPlanId,
    actions::{self, Entry},
    store,
};
use crate::{rights, talks};

const BY_DAY: &[&str] = &["planned_on"];

const COLUMNS: &[Column] = &[
    Column::title("person", "姓名", "k.person"),
    Column::text("post", "职务", "k.post"),
    Column::reference("organisation", "被巡察单位", "k.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(BY_DAY),
    Column::reference("inspection", "巡察", "k.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::choice("kind", "对象类别", "k.kind", PersonKind::CHOICES),
    Column::choice("need", "谈话要求", "k.need", Need::CHOICES).indexed_by(BY_DAY),
    Column::date("planned_on", "计划日期", "k.planned_on").sortable(),
    Column::choice("state", "状态", "k.state", State::CHOICES).indexed_by(BY_DAY),
    Column::integer("talks", "谈话次数", "k.talks"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "谈话安排",
        table: "talk_plan",
        group: Group::Fieldwork,
        listed: true,
        icon: "list-check",
        secrecy: Secrecy::Sensitive,
        about: "必谈和选谈名单：按职务自动区分主要负责人、班子成员、重点岗位等；必谈人员不谈须由组长写明理由。",
        list: Table {
            from: "talk_plan k left join organisation g on g.id = k.organisation_id \
                   left join inspection i on i.id = k.inspection_id",
            alias: "k",
            title: "k.person",
            number: None,
            columns: COLUMNS,
            order: "planned_on",
        },
        visible: TalkPlan::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("拟定谈话名单", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("人员按职务归类，主要负责人、班子成员和重点岗位为必谈；已在名单中的不重复列入。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("waive", "不再安排", reason_fields, |cx, id, form| Box::pin(waive(cx, id, form)))
                .danger()
                .next("此人不再计入应谈人数，理由记入经过。"),
            Offer::on("restore", "恢复安排", no_fields, |cx, id, _| Box::pin(restore(cx, id))),
        ],
        creates: rights::of_a_team,
        waiting: vec![Waiting { label: "必谈人员待谈", condition: to_talk, due: Some("planned_on") }],
        governed: Some(Governed {
            noun: NOUN,
            label: "谈话安排",
            transitions: lifecycle::transitions::<TalkPlan>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_talk(actor: &Actor, day: chrono::NaiveDate) -> Pred {
    let due = Pred::AtMost("planned_on", day.into());
    rights::own_work(actor, Pred::is("state", State::Planned)).and(Pred::is("need", Need::Must)).and(due)
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("unit", "被巡察对象", units::NOUN).required(),
            Field::flag("derive", "从人员名册带入").help("把名册中该单位的人员按职务归类后列入。"),
            Field::new("people", "人员", Kind::Rows(entry_fields(None)))
                .help("可从 Excel 粘贴；类别和要求不填的，按职务自动判断。"),
        ])
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, TalkPlanId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&TalkPlan>) -> Vec<Field> {
    vec![
        Field::line("person", "姓名").max(60).required().maybe(held.map(|k| &k.person)),
        Field::line("post", "职务").max(120).required().maybe(held.map(|k| &k.post)),
        Field::choice::<PersonKind>("kind", "对象类别").chosen(held.map(|k| k.kind)),
        Field::choice::<Need>("need", "谈话要求").chosen(held.map(|k| k.need)),
        Field::date("planned_on", "计划日期").maybe(held.and_then(|k| k.planned_on)),
    ]
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

fn entry(form: &Form) -> Entry {
    Entry {
        person: form.text("person"),
        post: form.text("post"),
        kind: form.choice("kind"),
        need: form.choice("need"),
        planned_on: form.date("planned_on"),
    }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entries = form.rows("people").iter().map(entry).collect();
    let (id, count) = actions::create(cx, form.need_id("unit")?, entries, form.flag("derive")).await?;
    Ok(Outcome::new(NOUN, id, format!("已列入 {count} 人。")))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalkPlanId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn waive(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalkPlanId = target(id)?;
    actions::waive(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "不再安排谈话。"))
}

async fn restore(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: TalkPlanId = target(id)?;
    actions::restore(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已恢复安排。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let plan = store::find(cx, TalkPlanId(id)).await?;
    let names = units::names(cx, plan.organisation_id, plan.inspection_id).await?;
    let organisation = Some(plan.organisation_id.0);
    let mut view = RecordView::new(format!("{} {}", plan.person, plan.post), plan.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, organisation, names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(plan.inspection_id), names.inspection),
        )
        .fact("kind", "对象类别", Shown::choice(plan.kind.choice()))
        .fact("need", "谈话要求", Shown::choice(plan.need.choice()))
        .fact("planned_on", "计划日期", Shown::date(plan.planned_on))
        .fact("reason", "不再安排的理由", Shown::long(plan.reason.as_str()));
    let new_talk = format!("unit={}&plan={id}", plan.unit_id);
    let create = cx.actor.in_team(plan.inspection_id).then_some(new_talk);
    view = view.related("talks", "谈话", talks::NOUN, Pred::is("plan_id", id), create);
    view.state = Some(plan.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = plan.open_deeds(&cx.actor);
    Ok(view)
}
