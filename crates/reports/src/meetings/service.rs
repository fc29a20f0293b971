//! How meetings appear.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, dictionary,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use planning::samples;
use uuid::Uuid;

use super::{
    Deed, Meeting, MeetingId, NOUN, State,
    actions::{self, Entry, Holding},
    may_create, store,
};
use crate::{instructions, reports};

const KINDS: &str = "meeting_kind";

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "g.number"),
    Column::title("title", "会议", "g.title"),
    Column::dict("kind", "类型", "g.kind", KINDS).indexed_by(&["number"]),
    Column::choice("state", "状态", "g.state", State::CHOICES).indexed_by(&["number"]),
    Column::date("planned_on", "安排日期", "g.planned_on").sortable().filled(),
    Column::date("held_on", "召开日期", "g.held_on"),
    Column::text("chair", "主持人", "g.chair"),
    Column::integer(
        "instructions",
        "批示和决定事项",
        "(select count(*) from instruction n where n.meeting_id = g.id)",
    ),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "决策会议",
        table: "meeting",
        group: Group::Report,
        listed: true,
        icon: "gavel",
        secrecy: Secrecy::Sensitive,
        about: "领导小组会、书记专题会、常委会等：议题、到会、决定事项，以及领导批示的跟踪。",
        list: Table {
            from: "meeting g",
            alias: "g",
            title: "g.title",
            number: Some("g.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Meeting::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("安排会议", entry_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("议题中的报告进入相应审核环节后，由会议审议。"),
            Offer::on("hold", "登记召开情况", hold_fields, |cx, id, form| {
                Box::pin(hold(cx, id, form, Deed::Hold))
            })
            .primary()
            .next("召开后，审核环节可以以这次会议为依据；批示另行登记并跟踪。"),
            Offer::on("minute", "纪要定稿", no_fields, |cx, id, _| {
                Box::pin(close(cx, id, Deed::Minute, String::new()))
            })
            .primary()
            .next("定稿后不再修改。"),
            Offer::on("edit", "修改", entry_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("correct", "修改记录", hold_fields, |cx, id, form| {
                Box::pin(hold(cx, id, form, Deed::Correct))
            }),
            Offer::on("cancel", "取消", cancel_fields, |cx, id, form| {
                Box::pin(close(cx, id, Deed::Cancel, form.text("reason")))
            })
            .danger(),
            kit::files::attach_deed(),
        ],
        creates: may_create,
        waiting: vec![
            Waiting { label: "会议待登记召开情况", condition: to_hold, due: None },
            Waiting { label: "会议纪要待定稿", condition: to_minute, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "决策会议",
            transitions: lifecycle::transitions::<Meeting>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_hold(actor: &Actor, today: NaiveDate) -> Pred {
    let office = if actor.is_office() { Pred::All } else { Pred::Nothing };
    office.and(Pred::is("state", State::Planned)).and(Pred::AtMost("planned_on", today.into()))
}

fn to_minute(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() { Pred::is("state", State::Held) } else { Pred::Nothing }
}

fn entry_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, MeetingId(id)).await?),
            None => None,
        };
        let discussed = match &held {
            Some(meeting) => store::reports(cx, meeting.id).await?,
            None => Vec::new(),
        };
        let of = |restricted: bool| {
            let ids = discussed.iter().filter(|(_, one)| *one == restricted).map(|(id, _)| id.to_string());
            ids.collect::<Vec<_>>().join(",")
        };
        let held = held.as_ref();
        let mut fields = vec![
            Field::dict("kind", "会议类型", KINDS).required().maybe(held.map(|meeting| &meeting.kind)),
            Field::line("title", "会议名称").max(120).required().maybe(held.map(|meeting| &meeting.title)),
            Field::date("planned_on", "安排日期")
                .required()
                .value(held.map_or_else(|| cx.today(), |meeting| meeting.planned_on)),
            Field::line("place", "地点").max(120).maybe(held.map(|meeting| &meeting.place)),
            Field::line("chair", "主持人").max(40).maybe(held.map(|meeting| &meeting.chair)),
            Field::new("reports", "审议的报告", FieldKind::PickMany(reports::NOUN)).value(of(false)),
        ];
        // Whoever does not know of the materials keeps them off the agenda without learning of them.
        if reports::restricted_to(&cx.actor) != Pred::Nothing {
            fields.push(
                Field::new("materials", "审议的专题材料", FieldKind::PickMany(reports::MATERIALS))
                    .value(of(true)),
            );
        }
        fields.push(Field::text("agenda", "其他议题").max(4_000).maybe(held.map(|meeting| &meeting.agenda)));
        Ok(fields)
    })
}

fn hold_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, MeetingId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let text = |name, label, value: Option<&String>| Field::text(name, label).max(4_000).maybe(value);
        Ok(vec![
            Field::date("held_on", "召开日期")
                .required()
                .value(held.and_then(|meeting| meeting.held_on).unwrap_or_else(|| cx.today())),
            Field::line("chair", "主持人").max(40).required().maybe(held.map(|meeting| &meeting.chair)),
            text("present", "出席人员", held.map(|meeting| &meeting.present)).required(),
            text("absent", "请假人员", held.map(|meeting| &meeting.absent)),
            text("listeners", "列席人员", held.map(|meeting| &meeting.listeners)),
            Field::text("decisions", "决定事项").maybe(held.map(|meeting| &meeting.decisions)),
        ])
    })
}

fn cancel_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(1_000).required()]) })
}

/// The reports of the form, and those of an earlier agenda that this person does not know of.
async fn entry(cx: &Cx, held: Option<MeetingId>, form: &Form) -> Result<Entry> {
    let mut chosen: Vec<Uuid> = form.ids("reports");
    if reports::restricted_to(&cx.actor) == Pred::Nothing {
        if let Some(held) = held {
            let discussed = store::reports(cx, held).await?;
            chosen.extend(discussed.into_iter().filter(|(_, restricted)| *restricted).map(|(id, _)| id));
        }
    } else {
        chosen.extend(form.ids::<Uuid>("materials"));
    }
    Ok(Entry {
        kind: form.text("kind"),
        title: form.text("title"),
        planned_on: form.need_date("planned_on")?,
        place: form.text("place"),
        chair: form.text("chair"),
        reports: chosen,
        agenda: form.text("agenda"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = entry(cx, None, form).await?;
    let id = actions::create(cx, entry).await?;
    Ok(Outcome::new(NOUN, id, "已安排会议。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: MeetingId = target(id)?;
    let entry = entry(cx, Some(id), form).await?;
    actions::edit(cx, id, entry).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn hold(cx: &mut WriteCx, id: Option<Uuid>, form: &Form, deed: Deed) -> Result<Outcome> {
    let id: MeetingId = target(id)?;
    let holding = Holding {
        on: form.need_date("held_on")?,
        chair: form.text("chair"),
        present: form.text("present"),
        absent: form.text("absent"),
        listeners: form.text("listeners"),
        decisions: form.text("decisions"),
    };
    actions::hold(cx, id, deed, holding).await?;
    Ok(Outcome::new(NOUN, id, "已登记召开情况。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, note: String) -> Result<Outcome> {
    let id: MeetingId = target(id)?;
    actions::close(cx, id, deed, note).await?;
    Ok(Outcome::new(NOUN, id, "已办理。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let meeting = store::find(cx, MeetingId(id)).await?;
    let kind = dictionary::shown(cx, KINDS, &meeting.kind).await?;
    let discussed = store::reports(cx, meeting.id).await?;
    let of = |restricted: bool| {
        Pred::within(
            "id",
            discussed.iter().filter(|(_, one)| *one == restricted).map(|(id, _)| *id).collect(),
        )
    };
    let mut view = RecordView::new(&meeting.title, meeting.version)
        .fact("kind", "会议类型", kind)
        .fact("planned_on", "安排日期", Shown::Date(meeting.planned_on))
        .fact("held_on", "召开日期", Shown::date(meeting.held_on))
        .fact("place", "地点", Shown::text(&meeting.place))
        .fact("chair", "主持人", Shown::text(&meeting.chair))
        .fact("agenda", "其他议题", Shown::long(&meeting.agenda))
        .fact("present", "出席人员", Shown::long(&meeting.present))
        .fact("absent", "请假人员", Shown::long(&meeting.absent))
        .fact("listeners", "列席人员", Shown::long(&meeting.listeners))
        .fact("decisions", "决定事项", Shown::long(&meeting.decisions))
        .related("reports", "审议的报告", reports::NOUN, of(false), None);
    if reports::restricted_to(&cx.actor) != Pred::Nothing {
        view = view.related("materials", "审议的专题材料", reports::MATERIALS, of(true), None);
    }
    let new = (meeting.is_held() && instructions::may_create(&cx.actor)).then(|| format!("meeting={id}"));
    view =
        view.related("instructions", "批示和决定事项", instructions::NOUN, Pred::is("meeting_id", id), new);
    view.number.clone_from(&meeting.number);
    view.state = Some(meeting.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = meeting.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}
