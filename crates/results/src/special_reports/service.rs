//! How special reports appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, SpecialReport, SpecialReportId, State,
    actions::{self, Decision, Entry},
    may_keep, store,
};
use crate::{
    samples,
    shared::{self, FIELD, INSPECTIONS, TERMS, next_number},
    suggestions,
};

const COLUMNS: &[Column] = &[
    Column::number("number", "报告编号", "r.number"),
    Column::title("title", "报告标题", "r.title"),
    Column::dict("field", "领域", "r.field", FIELD),
    Column::choice("state", "报告状态", "r.state", State::CHOICES),
    Column::date("submitted_on", "上报日期", "r.submitted_on").sortable(),
    Column::date("decided_on", "批示日期", "r.decided_on"),
    Column::text("decided_by", "批示人", "r.decided_by").hidden(),
    Column::integer(
        "suggestions",
        "建议数",
        "(select count(*) from suggestion s where s.special_report_id = r.id and s.state <> 'discarded')",
    ),
    Column::reference("term", "届次", "r.term_id", "t.name", TERMS).hidden(),
    Column::reference("inspection", "来源巡察", "r.inspection_id", "i.name", INSPECTIONS).hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "专题报告",
        table: "special_report",
        group: Group::Results,
        listed: true,
        icon: "report",
        secrecy: Secrecy::Internal,
        about: "对巡察发现的普遍性、倾向性问题作专题分析，向市委报告并提出编号建议，批示后跟踪落实。",
        list: Table {
            from: "special_report r join term t on t.id = r.term_id \
                   left join inspection i on i.id = r.inspection_id",
            alias: "r",
            title: "r.title",
            number: Some("r.number"),
            columns: COLUMNS,
            order: "-submitted_on",
        },
        visible: SpecialReport::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("起草专题报告", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("submit", "上报市委", submit_fields, |cx, id, form| Box::pin(submit(cx, id, form)))
                .primary()
                .next("上报后不能再修改，等待市委领导批示；起草人不能自己上报。"),
            Offer::on("decide", "批示", decide_fields, |cx, id, form| Box::pin(decide(cx, id, form)))
                .primary()
                .next("由市委领导批示，或由巡察办主任录入批示原文。"),
            kit::files::attach_deed(),
        ],
        creates: may_keep,
        waiting: vec![
            Waiting {
                label: "待上报的专题报告",
                condition: |actor, _| {
                    if actor.is(Role::OfficeDirector) {
                        Pred::is("state", State::Drafted)
                    } else {
                        Pred::Nothing
                    }
                },
                due: None,
            },
            Waiting {
                label: "待批示的专题报告",
                condition: |actor, _| {
                    if actor.is(Role::CommitteeLeader) {
                        Pred::is("state", State::Submitted)
                    } else {
                        Pred::Nothing
                    }
                },
                due: None,
            },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "专题报告",
            transitions: lifecycle::transitions::<SpecialReport>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, SpecialReportId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let number = match held {
            Some(held) => held.number.clone(),
            None => next_number(cx, "special_report", "ZT").await?,
        };
        Ok(vec![
            Field::line("number", "报告编号").max(40).required().value(number),
            Field::line("title", "报告标题").max(120).required().maybe(held.map(|r| &r.title)),
            Field::pick("term", "届次", TERMS).required().maybe(held.map(|r| r.term_id)),
            Field::pick("inspection", "来源巡察", INSPECTIONS)
                .maybe(held.and_then(|r| r.inspection_id))
                .help("由一次专项巡察形成的填写；综合多轮巡察的不填。"),
            Field::dict("field", "领域", FIELD).required().maybe(held.map(|r| &r.field)),
            Field::text("text", "主要内容")
                .required()
                .maybe(held.map(|r| &r.text))
                .help("概括总体情况、突出问题和原因；建议逐条编号，另行登记为巡察建议。"),
        ])
    })
}

fn submit_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move { Ok(vec![Field::date("submitted_on", "上报日期").required().value(today)]) })
}

fn decide_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let (today, actor) = (cx.today(), std::sync::Arc::clone(&cx.actor));
    Box::pin(async move {
        let by = actor.is(Role::CommitteeLeader).then(|| actor.name.clone());
        Ok(vec![
            Field::date("decided_on", "批示日期").required().value(today),
            Field::line("decided_by", "批示人").max(80).required().maybe(by).help("姓名和职务。"),
            Field::text("decision", "批示内容").max(4_000).required().help("照录批示原文。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        number: form.text("number"),
        title: form.text("title"),
        term: form.need_id("term")?,
        inspection: form.id("inspection"),
        field: form.text("field"),
        text: form.text("text"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已起草专题报告。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SpecialReportId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SpecialReportId = target(id)?;
    actions::submit(cx, id, form.need_date("submitted_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已上报市委。"))
}

async fn decide(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SpecialReportId = target(id)?;
    let decision = Decision {
        on: form.need_date("decided_on")?,
        by: form.text("decided_by"),
        text: form.text("decision"),
    };
    actions::decide(cx, id, decision).await?;
    Ok(Outcome::new(NOUN, id, "已记录批示。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let report = store::find(cx, SpecialReportId(id)).await?;
    let deeds = report.open_deeds(&cx.actor);
    let term = shared::text_of(cx, "term", "name", Some(report.term_id)).await?;
    let create = may_keep(&cx.actor).then(|| format!("special_report={id}"));
    let mut view = RecordView::new(&report.title, report.version)
        .fact("term", "届次", shared::linked(cx, TERMS, Some(report.term_id), term).await?)
        .fact("inspection", "来源巡察", shared::inspection(cx, report.inspection_id).await?)
        .fact("field", "领域", shared::dictionary(cx, FIELD, &report.field).await?)
        .fact("text", "主要内容", Shown::long(report.text))
        .fact("submitted_on", "上报日期", Shown::date(report.submitted_on))
        .fact("decided_on", "批示日期", Shown::date(report.decided_on))
        .fact("decided_by", "批示人", Shown::text(report.decided_by))
        .fact("decision", "批示内容", Shown::long(report.decision))
        .related("suggestions", "编号建议", suggestions::NOUN, Pred::is("special_report_id", id), create);
    view.number = report.number;
    view.state = Some(report.state.choice());
    view.deeds = deeds;
    view.tabs.push(Tab::Files);
    Ok(view)
}
