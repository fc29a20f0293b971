//! How topics appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, Priority, State, Topic, TopicId,
    actions::{self, Entry},
    store,
};
use crate::{
    inspections::{self, InspectionKind, Level, Modes},
    rights,
    terms::{self, TermId},
};

const COLUMNS: &[Column] = &[
    Column::text("number", "编号", "p.number").opens(),
    Column::title("text", "点题内容", "p.text"),
    Column::text("giver", "点题人（会议）", "p.giver"),
    Column::date("named_on", "点题日期", "p.named_on").sortable().filled(),
    Column::choice("priority", "缓急", "p.priority", Priority::CHOICES),
    Column::choice("state", "办理情况", "p.state", State::CHOICES),
    Column::date("reported_on", "报告日期", "p.reported_on"),
    Column::reference("term", "届次", "p.term_id", "t.name", terms::NOUN).hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "市委点题",
        table: "topic",
        group: Group::Plan,
        listed: true,
        icon: "message-star",
        secrecy: Secrecy::Internal,
        about: "市委及市委领导点出的题目：登记指示原文，立为巡察任务，办结后向点题人报告结果。",
        list: Table {
            from: "topic p join term t on t.id = p.term_id",
            alias: "p",
            title: "p.text",
            number: Some("p.number"),
            columns: COLUMNS,
            order: "-named_on",
        },
        visible: Topic::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记点题", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("convert", "立为巡察任务", convert_fields, |cx, id, form| {
                Box::pin(convert(cx, id, form))
            })
            .primary()
            .next("生成一项新的巡察任务，默认为机动巡察；接着在任务页列入单位。"),
            Offer::on("assign", "交由已有任务", assign_fields, |cx, id, form| {
                Box::pin(assign(cx, id, form))
            })
            .next("点题并入所选任务办理。"),
            Offer::on("report", "报告结果", report_fields, |cx, id, form| Box::pin(report(cx, id, form)))
                .primary()
                .next("登记向点题人报告的结果，点题办结。"),
        ],
        creates: rights::keeps,
        waiting: vec![Waiting {
            label: "待安排的市委点题",
            condition: |actor, _| {
                if rights::keeps(actor) { Pred::is("state", State::Registered) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "市委点题",
            transitions: lifecycle::transitions::<Topic>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

fn sample(state: State) -> Topic {
    Topic {
        id: TopicId(rights::OWN),
        version: 1,
        term_id: TermId(rights::OWN),
        number: String::new(),
        giver: String::new(),
        named_on: rights::sample_day(),
        text: String::new(),
        priority: Priority::Ordinary,
        state,
        result: String::new(),
        reported_on: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, TopicId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::pick("term", "届次", terms::NOUN).required().maybe(held.map(|topic| topic.term_id)),
            Field::line("giver", "点题人（会议）")
                .max(120)
                .required()
                .maybe(held.map(|topic| &topic.giver))
                .help("如市委常委会会议、书记专题会议，或批示的市领导。"),
            Field::date("named_on", "点题日期").required().maybe(held.map(|topic| topic.named_on)),
            Field::text("text", "点题内容")
                .max(4_000)
                .required()
                .maybe(held.map(|topic| &topic.text))
                .help("照录指示原文或会议纪要有关内容。"),
            Field::choice::<Priority>("priority", "缓急")
                .required()
                .chosen(Some(held.map_or(Priority::Ordinary, |topic| topic.priority))),
        ])
    })
}

fn convert_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::line("name", "任务名称").max(120).required(),
            Field::choice::<InspectionKind>("kind", "巡察类型")
                .required()
                .chosen(Some(InspectionKind::Mobile)),
            Field::line("team", "巡察组").max(60).help("如市委第一巡察组；尚未组组的可以空着。"),
            Field::date("starts_on", "计划开始日期").required().value(cx.today()),
            Field::date("ends_on", "计划结束日期"),
        ])
    })
}

fn assign_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::pick("inspection", "巡察任务", inspections::NOUN).required()]) })
}

fn report_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("result", "办理结果")
                .max(8_000)
                .required()
                .help("写明巡察了什么、发现的主要问题、处理和整改建议；不写问题线索的具体内容。"),
            Field::date("on", "报告日期").required().value(cx.today()),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        term: form.need_id("term")?,
        giver: form.text("giver"),
        named_on: form.need_date("named_on")?,
        text: form.text("text"),
        priority: form.need_choice("priority")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记点题，请安排巡察任务。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TopicId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn convert(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TopicId = target(id)?;
    let topic = store::find(cx, id).await?;
    let inspection = inspections::actions::Entry {
        name: form.text("name"),
        term: topic.term_id,
        round: None,
        batch: None,
        kind: form.need_choice("kind")?,
        modes: Modes::NONE,
        field: String::new(),
        topic: Some(id),
        parent: None,
        level: Level::City,
        district: None,
        team: form.text("team"),
        starts_on: form.need_date("starts_on")?,
        ends_on: form.date("ends_on"),
    };
    let made = actions::convert(cx, id, inspection).await?;
    Ok(Outcome::new(inspections::NOUN, made, "已立为巡察任务，请补充内容并列入单位。"))
}

async fn assign(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TopicId = target(id)?;
    actions::assign(cx, id, form.need_id("inspection")?).await?;
    Ok(Outcome::new(NOUN, id, "点题已交由所选任务办理。"))
}

async fn report(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TopicId = target(id)?;
    actions::report(cx, id, form.text("result"), form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "已登记报告结果，点题办结。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let topic = store::find(cx, TopicId(id)).await?;
    let term = terms::find(cx, topic.term_id).await?;
    let title: String = topic.text.chars().take(40).collect();
    let mut view = RecordView::new(title, topic.version)
        .fact("term", "届次", Shown::link(terms::NOUN, Some(term.id.0), &term.name))
        .fact("giver", "点题人（会议）", Shown::text(&topic.giver))
        .fact("named_on", "点题日期", Shown::Date(topic.named_on))
        .fact("priority", "缓急", Shown::choice(topic.priority.choice()))
        .fact("text", "点题内容", Shown::long(&topic.text))
        .fact("result", "办理结果", Shown::long(&topic.result))
        .fact("reported_on", "报告日期", Shown::date(topic.reported_on))
        .related("inspections", "巡察任务", inspections::NOUN, Pred::is("topic_id", id), None);
    view.number.clone_from(&topic.number);
    view.state = Some(topic.state.choice());
    view.deeds = topic.open_deeds(&cx.actor);
    Ok(view)
}
