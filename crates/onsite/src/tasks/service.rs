//! How tasks appear: list, page, forms; the board is a page of the program.

use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, alarms,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, no_fields, target},
};
use planning::{inspections, samples, teams};
use uuid::Uuid;

use super::{
    NOUN, Origin, State, Task, TaskId,
    actions::{self, Entry},
    store,
};
use crate::rights;

const BY_DUE: &[&str] = &["due_on"];

const COLUMNS: &[Column] = &[
    Column::title("title", "任务", "k.title"),
    Column::reference("inspection", "巡察", "k.inspection_id", "i.name", inspections::NOUN)
        .indexed_by(BY_DUE),
    Column::text("assignee", "承办人", "k.assignee"),
    Column::choice("origin", "来源", "k.origin", Origin::CHOICES),
    Column::choice("state", "状态", "k.state", State::CHOICES).indexed_by(BY_DUE),
    Column::clock("due_on", "期限", "k.due_on", "(k.state in ('done', 'dropped'))").sortable(),
    Column::date("done_on", "完成日期", "k.done_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "任务",
        table: "task",
        group: Group::Fieldwork,
        listed: false,
        icon: "clipboard-check",
        secrecy: Secrecy::Internal,
        about: "巡察组的任务：来自会议决定、监督重点清单、谈话安排和组内分工；按状态排列的看板见“任务板”。",
        list: Table {
            from: "task k left join inspection i on i.id = k.inspection_id",
            alias: "k",
            title: "k.title",
            number: None,
            columns: COLUMNS,
            order: "due_on",
        },
        visible: Task::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| rights::of_team_or_office(actor),
        waiting: vec![
            Waiting { label: "交您办理的任务", condition: mine, due: Some("due_on") },
            Waiting { label: "任务待确认", condition: to_confirm, due: Some("due_on") },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "任务",
            transitions: lifecycle::transitions::<Task>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("安排任务", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("承办人收到通知，任务出现在任务板的“待办”一栏。"),
        Offer::on("start", "开始", no_fields, |cx, id, _| Box::pin(start(cx, id)))
            .primary()
            .next("任务移到“进行中”；没有承办人的，由您承办。"),
        Offer::on("submit", "报告完成", submit_fields, |cx, id, form| Box::pin(submit(cx, id, form)))
            .next("任务移到“待确认”，由组长确认。"),
        Offer::on("confirm", "确认完成", no_fields, |cx, id, _| Box::pin(confirm(cx, id)))
            .primary()
            .bulk()
            .next("任务完成。"),
        Offer::on("return", "退回", reason_fields, |cx, id, form| Box::pin(send_back(cx, id, form)))
            .next("任务回到“进行中”，承办人收到通知。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("drop", "取消", reason_fields, |cx, id, form| Box::pin(drop_task(cx, id, form)))
            .danger()
            .next("任务不再办理，理由记入经过。"),
    ]
}

fn mine(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    let Some(account) = actor.account else { return Pred::Nothing };
    rights::own_work(actor, Pred::one_of("state", [State::Todo, State::Doing]))
        .and(Pred::is("assignee_id", account))
}

fn to_confirm(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    rights::led_work(actor, Pred::is("state", State::Review))
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("inspection", "巡察任务", inspections::NOUN).required()];
        fields.extend(entry_fields(None));
        fields.push(
            Field::line("source_noun", "来源台账")
                .max(40)
                .help("从其他页面安排任务时自动填写，一般不用改。")
                .group("来源"),
        );
        fields.push(Field::line("source_id", "来源记录").max(40).group("来源"));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, TaskId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Task>) -> Vec<Field> {
    vec![
        Field::line("title", "任务").max(120).required().maybe(held.map(|k| &k.title)),
        Field::text("detail", "要求").max(4_000).maybe(held.map(|k| &k.detail)),
        Field::choice::<Origin>("origin", "来源")
            .required()
            .chosen(Some(held.map_or(Origin::Own, |k| k.origin))),
        Field::pick("assignee", "承办人", teams::NOUN)
            .among(teams::held_today)
            .help("本组授权期内的干部；修改时不选则不变。"),
        Field::date("due_on", "期限").maybe(held.and_then(|k| k.due_on)),
    ]
}

fn submit_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("result", "完成情况").max(4_000).required(),
            Field::new("files", "材料", Kind::Files),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    let source = match (form.optional("source_noun"), form.optional("source_id")) {
        (Some(noun), Some(id)) => {
            let id = Uuid::parse_str(&id).map_err(|_| Refusal::field("source_id", "来源记录不正确"))?;
            Some((noun, id))
        }
        (None, None) => None,
        _ => return Err(Refusal::field("source_id", "来源台账和来源记录应同时填写").into()),
    };
    Ok(Entry {
        title: form.text("title"),
        detail: form.text("detail"),
        origin: form.need_choice("origin")?,
        source,
        assignee: form.id("assignee"),
        due_on: form.date("due_on"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("inspection")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已安排任务。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TaskId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn start(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: TaskId = target(id)?;
    actions::start(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已开始。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TaskId = target(id)?;
    actions::submit(cx, id, form.text("result")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已报告完成，等待组长确认。"))
}

async fn confirm(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: TaskId = target(id)?;
    actions::confirm(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已确认完成。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TaskId = target(id)?;
    actions::send_back(cx, id, &form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回。"))
}

async fn drop_task(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TaskId = target(id)?;
    actions::drop(cx, id, &form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已取消。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let task = store::find(cx, TaskId(id)).await?;
    let inspection = kit::web::list::title_of(cx, inspections::NOUN, task.inspection_id).await?;
    let source = source(cx, &task).await?;
    let mut view = RecordView::new(&task.title, task.version)
        .fact(
            "inspection",
            "巡察",
            Shown::link(inspections::NOUN, Some(task.inspection_id), inspection.unwrap_or_default()),
        )
        .fact("assignee", "承办人", Shown::text(task.assignee.as_str()))
        .fact("due_on", "期限", Shown::date(task.due_on))
        .fact("origin", "来源", Shown::choice(task.origin.choice()))
        .fact("source", "来源记录", source)
        .fact("made", "安排", Shown::text(format!("{} {}", task.made_on, task.made_by)))
        .fact("done_on", "完成日期", Shown::date(task.done_on))
        .fact("detail", "要求", Shown::long(task.detail.as_str()))
        .fact("result", "完成情况", Shown::long(task.result.as_str()));
    view.tabs.push(Tab::Files);
    view.state = Some(task.state.choice());
    view.deeds = task.open_deeds(&cx.actor);
    if !matches!(task.state, State::Done | State::Dropped) {
        view.clock = Some(("任务期限", alarms(cx).await?.clock(task.due_on, false)));
    }
    Ok(view)
}

/// The record a task comes from, to those who may see it.
async fn source(cx: &Cx, task: &Task) -> Result<Shown> {
    let Some(id) = task.source_id else { return Ok(Shown::Empty) };
    if !kit::service::can_see(cx, &task.source_noun, id).await? {
        return Ok(Shown::Empty);
    }
    let title = kit::web::list::title_of(cx, &task.source_noun, id).await?;
    Ok(Shown::link(&task.source_noun, Some(id), title.unwrap_or_default()))
}
