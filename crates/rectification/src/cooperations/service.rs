//! How cooperations appear: list, page, forms, what waits.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    service::{Group, Waiting, Work, target},
};
use registry::organisations;
use uuid::Uuid;

use super::{
    Cooperation, CooperationId, NOUN, State,
    actions::{self, Entry},
    governed, store,
};
use crate::{
    access,
    subjects::{self, INSPECTIONS, ORGANISATIONS, PROBLEMS},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "c.number").opens(),
    Column::reference("problem", "反馈问题", "c.problem_id", "p.title", PROBLEMS),
    Column::reference("organisation", "被巡察单位", "c.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("department", "配合部门", "c.department_id", "d.name", ORGANISATIONS),
    Column::text("duty", "配合事项", "c.duty"),
    Column::choice("state", "配合状态", "c.state", State::CHOICES),
    Column::clock("due_on", "配合期限", "c.due_on", "c.state in ('answered', 'ended')").sortable(),
    Column::reference("inspection", "巡察", "c.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::date("asked_on", "安排日期", "c.asked_on").hidden(),
    Column::date("answered_on", "反馈日期", "c.answered_on").hidden(),
    Column::text("answer", "配合情况", "c.answer").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "配合整改",
        table: "cooperation",
        group: Group::Rectify,
        listed: true,
        icon: "users",
        secrecy: Secrecy::Internal,
        about: "请职能部门配合某个问题的整改：配合期间，该部门可以查阅这个问题及其整改措施，并反馈配合情况。",
        list: Table {
            from: "cooperation c join problem p on p.id = c.problem_id join organisation o on o.id = c.organisation_id \
                   join organisation d on d.id = c.department_id join inspection i on i.id = c.inspection_id",
            alias: "c",
            title: "p.title",
            number: Some("c.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Cooperation::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("安排配合", new_fields, |cx, _, form| Box::pin(create(cx, form))).next(
                "该部门持有“职能部门”岗位的人员收到提醒，从此能查阅这个问题及其整改措施，直到结束配合。",
            ),
            DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            DeedOf::on("answer", "反馈配合情况", answer_fields, |cx, id, form| {
                Box::pin(answer(cx, id, form))
            })
            .primary()
            .next("被巡察单位收到提醒；需要补充的，会请你部门再配合。"),
            DeedOf::on("return", "请再配合", return_fields, |cx, id, form| {
                Box::pin(send_back(cx, id, form))
            })
            .danger(),
            DeedOf::on("end", "结束配合", end_fields, |cx, id, form| Box::pin(end(cx, id, form)))
                .next("该部门不再能查阅这个问题及其整改措施；配合记录双方都还能看到。"),
            kit::files::attach_deed(),
        ],
        creates: access::may_begin,
        waiting: vec![
            Waiting {
                label: "待配合的整改事项",
                condition: |actor, _| {
                    let own = actor.own_organisations(Role::FunctionalDepartment, "department_id");
                    own.and(Pred::is("state", State::Asked))
                },
                due: Some("due_on"),
            },
            Waiting {
                label: "部门已反馈的配合情况",
                condition: |actor, _| {
                    let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
                    own.and(Pred::is("state", State::Answered))
                },
                due: None,
            },
        ],
        governed: Some(governed()),
    }
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::pick("problem", "反馈问题", PROBLEMS)
                .required()
                .help("只能选择已经反馈、尚未销号的问题。"),
            Field::pick("department", "配合部门", ORGANISATIONS).required(),
        ];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, CooperationId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Cooperation>) -> Vec<Field> {
    vec![
        Field::text("duty", "配合事项")
            .max(2_000)
            .required()
            .maybe(held.map(|c| &c.duty))
            .help("写明请该部门做什么，例如提供政策口径、办理审批、协助清收。"),
        Field::date("due_on", "配合期限").maybe(held.and_then(|c| c.due_on)),
    ]
}

fn answer_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("answer", "配合情况")
                .max(4_000)
                .required()
                .help("写明做了什么、结果如何；佐证材料可在“附件”中上传。"),
        ])
    })
}

fn return_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "还需要配合什么").max(2_000).required()]) })
}

fn end_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "说明").max(2_000)]) })
}

fn entry(form: &Form) -> Entry {
    Entry { duty: form.text("duty"), due_on: form.date("due_on") }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let (problem, department) = (form.need_id("problem")?, form.need_id("department")?);
    let id = actions::create(cx, problem, department, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已安排配合。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CooperationId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn answer(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CooperationId = target(id)?;
    actions::answer(cx, id, form.text("answer")).await?;
    Ok(Outcome::new(NOUN, id, "已反馈配合情况。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CooperationId = target(id)?;
    actions::send_back(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已请该部门再配合。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CooperationId = target(id)?;
    actions::end(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已结束配合。"))
}

/// Shown to a department after the end as well, when it reads the problem itself no longer.
async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, CooperationId(id)).await?;
    let title = subjects::text_of(cx, "problem", "title", held.problem_id).await?;
    let organisation = organisations::find(cx, held.organisation_id).await?.name;
    let department = organisations::find(cx, held.department_id).await?.name;
    let inspection = subjects::inspection_name(cx, Some(held.inspection_id)).await?;
    let mut view = RecordView::new(format!("{department}配合：{title}"), held.version)
        .fact("problem", "反馈问题", Shown::link(PROBLEMS, Some(held.problem_id), title))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(ORGANISATIONS, Some(held.organisation_id.0), organisation),
        )
        .fact("department", "配合部门", Shown::link(ORGANISATIONS, Some(held.department_id.0), department))
        .fact("inspection", "巡察", Shown::link(INSPECTIONS, Some(held.inspection_id), inspection))
        .fact("duty", "配合事项", Shown::long(&held.duty))
        .fact("asked_on", "安排日期", Shown::Date(held.asked_on))
        .fact("due_on", "配合期限", Shown::date(held.due_on))
        .fact("answer", "配合情况", Shown::long(&held.answer))
        .fact("answered_on", "反馈日期", Shown::date(held.answered_on))
        .fact("opinion", "意见", Shown::long(&held.opinion))
        .fact("ended_on", "结束日期", Shown::date(held.ended_on));
    view.number.clone_from(&held.number);
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    let done = held.state != State::Asked;
    view.clock = Some(("配合期限", kit::alarms(cx).await?.clock(held.due_on, done)));
    view.tabs.push(Tab::Files);
    Ok(view)
}
