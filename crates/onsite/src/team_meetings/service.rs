//! How meetings of teams appear.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, no_fields, target},
};
use planning::{inspections, samples, teams};
use preparation::cite::cited;
use uuid::Uuid;

use super::{
    Kind, NOUN, State, TeamMeeting, TeamMeetingId,
    actions::{self, Decision, Entry},
    store,
};
use crate::{rights, tasks};

const BY_NUMBER: &[&str] = &["number"];

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "m.number").opens(),
    Column::choice("kind", "会议类别", "m.kind", Kind::CHOICES).indexed_by(BY_NUMBER),
    Column::reference("inspection", "巡察", "m.inspection_id", "i.name", inspections::NOUN)
        .indexed_by(BY_NUMBER),
    Column::date("held_on", "召开日期", "m.held_on").sortable().filled(),
    Column::text("place", "地点", "m.place"),
    Column::integer("present", "实到", "m.present"),
    Column::integer("tasks", "形成任务", "(select count(*) from task k where k.source_id = m.id)"),
    Column::choice("state", "状态", "m.state", State::CHOICES).indexed_by(BY_NUMBER),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "组内会议",
        table: "team_meeting",
        group: Group::Fieldwork,
        listed: true,
        icon: "users",
        secrecy: Secrecy::Sensitive,
        about: "组务会、临时党支部会、列席会议、座谈会和组办会商的议题、到会情况和记录；会议决定直接形成任务。",
        list: Table {
            from: "team_meeting m left join inspection i on i.id = m.inspection_id",
            alias: "m",
            title: "m.number",
            number: Some("m.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: TeamMeeting::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记会议", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("保存后可以形成决定、继续修改，核对后定稿。"),
            Offer::on("decide", "形成决定", decide_fields, |cx, id, form| Box::pin(decide(cx, id, form)))
                .primary()
                .next("每项决定成为一项任务，承办人收到通知。"),
            Offer::on("finalise", "定稿", no_fields, |cx, id, _| Box::pin(finalise(cx, id)))
                .next("定稿后记录不再修改，仍可以形成决定。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        ],
        creates: rights::of_a_team,
        waiting: vec![Waiting {
            label: "会议记录待定稿",
            condition: |actor, _| rights::own_work(actor, Pred::is("state", State::Draft)),
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "组内会议",
            transitions: lifecycle::transitions::<TeamMeeting>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("inspection", "巡察任务", inspections::NOUN).required()];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, TeamMeetingId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&TeamMeeting>) -> Vec<Field> {
    let count = |name, label, value: Option<i64>| {
        Field::new(name, label, FieldKind::Integer { min: 0, max: 10_000 }).value(value.unwrap_or(0))
    };
    vec![
        Field::choice::<Kind>("kind", "会议类别").required().chosen(held.map(|m| m.kind)),
        Field::date("held_on", "召开日期").required().maybe(held.map(|m| m.held_on)),
        Field::line("place", "地点").max(80).maybe(held.map(|m| &m.place)),
        Field::line("chair", "主持人").max(60).maybe(held.map(|m| &m.chair)),
        count("expected", "应到人数", held.map(|m| m.expected)).help("列席会议和座谈会可不填。"),
        count("present", "实到人数", held.map(|m| m.present)),
        Field::text("attendees", "到会人员").max(1_000).maybe(held.map(|m| &m.attendees)),
        Field::text("agenda", "议题").max(2_000).required().maybe(held.map(|m| &m.agenda)),
        Field::text("minutes", "会议记录").maybe(held.map(|m| &m.minutes)),
        Field::new("files", "材料", FieldKind::Files),
    ]
}

fn decide_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let columns = vec![
            Field::line("text", "决定事项").max(120).required(),
            Field::pick("assignee", "承办人", teams::NOUN).among(teams::held_today),
            Field::date("due_on", "期限"),
        ];
        Ok(vec![Field::new("decisions", "决定", FieldKind::Rows(columns)).required()])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        kind: form.need_choice("kind")?,
        held_on: form.need_date("held_on")?,
        place: form.text("place"),
        chair: form.text("chair"),
        expected: form.integer("expected").unwrap_or(0),
        present: form.integer("present").unwrap_or(0),
        attendees: form.text("attendees"),
        agenda: form.text("agenda"),
        minutes: form.text("minutes"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("inspection")?, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已登记会议。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TeamMeetingId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn decide(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TeamMeetingId = target(id)?;
    let decisions: Vec<Decision> = form
        .rows("decisions")
        .iter()
        .map(|row| Decision {
            text: row.text("text"),
            assignee: row.id("assignee"),
            due_on: row.date("due_on"),
        })
        .collect();
    let count = decisions.len();
    actions::decide(cx, id, decisions).await?;
    Ok(Outcome::new(NOUN, id, format!("已形成 {count} 项任务。")))
}

async fn finalise(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: TeamMeetingId = target(id)?;
    actions::finalise(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已定稿。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let meeting = store::find(cx, TeamMeetingId(id)).await?;
    cx.record_read(NOUN, id).await;
    let inspection = kit::web::list::title_of(cx, inspections::NOUN, meeting.inspection_id).await?;
    let attendance = match meeting.expected {
        0 => format!("{} 人", meeting.present),
        expected => format!("应到 {expected} 人，实到 {} 人", meeting.present),
    };
    let mut view = RecordView::new(format!("{} {}", meeting.kind.label(), meeting.held_on), meeting.version)
        .fact(
            "inspection",
            "巡察",
            Shown::link(inspections::NOUN, Some(meeting.inspection_id), inspection.unwrap_or_default()),
        )
        .fact("place", "地点", Shown::text(meeting.place.as_str()))
        .fact("chair", "主持人", Shown::text(meeting.chair.as_str()))
        .fact("attendance", "到会", Shown::text(attendance))
        .fact("attendees", "到会人员", Shown::long(meeting.attendees.as_str()))
        .fact("agenda", "议题", Shown::long(meeting.agenda.as_str()))
        .fact("minutes", "会议记录", Shown::long(meeting.minutes.as_str()));
    view = view.related("tasks", "形成的任务", tasks::NOUN, Pred::is("source_id", id), None);
    view = cited(cx, view, NOUN, id, None);
    view.tabs.push(Tab::Files);
    view.number.clone_from(&meeting.number);
    view.state = Some(meeting.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = meeting.open_deeds(&cx.actor);
    Ok(view)
}
