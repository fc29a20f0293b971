//! How evaluations appear: list, page, forms.

use chrono::NaiveDate;
use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Refusal, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    Grade, NOUN, ReportEvaluation, ReportEvaluationId, Score, State,
    actions::{self, Entry},
    store,
};
use crate::{
    districts::{district_field, may_keep},
    samples,
    shared::{self, ORGANISATIONS, next_number},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "评查编号", "x.number"),
    Column::title("report_title", "巡察报告", "x.report_title"),
    Column::reference("district", "区", "x.district_id", "d.name", ORGANISATIONS),
    Column::integer("year", "年度", "x.year").sortable().filled(),
    Column::date("evaluated_on", "评查日期", "x.evaluated_on"),
    Column::text(
        "score",
        "得分",
        "cast(x.score_tenths / 10 as text) || '.' || cast(x.score_tenths % 10 as text)",
    ),
    Column::choice("grade", "等次", "x.grade", Grade::CHOICES),
    Column::choice("state", "评查状态", "x.state", State::CHOICES),
    Column::text("evaluator", "评查人", "x.evaluator").hidden(),
    Column::date("published_on", "通报日期", "x.published_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "报告评查",
        table: "report_evaluation",
        group: Group::District,
        listed: true,
        icon: "file-search",
        secrecy: Secrecy::Internal,
        about: "抽取区级巡察报告和底稿进行评查打分，通报所在区并跟踪改进；不作排名公布。",
        list: Table {
            from: "report_evaluation x join organisation d on d.id = x.district_id",
            alias: "x",
            title: "x.report_title",
            number: Some("x.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: ReportEvaluation::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记报告评查", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("publish", "通报", kit::service::no_fields, |cx, id, _| Box::pin(publish(cx, id)))
                .primary()
                .next("通报后所在区委巡察办可以看到评查结果，评查内容不能再修改。"),
            Offer::on("follow_up", "登记改进情况", follow_up_fields, |cx, id, form| {
                Box::pin(follow_up(cx, id, form))
            })
            .next("记录所在区针对评查意见的改进情况。"),
            kit::files::attach_deed(),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "报告评查",
            transitions: lifecycle::transitions::<ReportEvaluation>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn score_of(evaluation: &ReportEvaluation) -> String {
    Score::of_tenths(evaluation.score_tenths).map(|score| score.to_string()).unwrap_or_default()
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ReportEvaluationId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let number = match held {
            Some(held) => held.number.clone(),
            None => next_number(cx, "report_evaluation", "PC").await?,
        };
        let day: NaiveDate = held.map_or_else(|| cx.today(), |x| x.evaluated_on);
        Ok(vec![
            Field::line("number", "评查编号").max(40).required().value(number),
            district_field(held.map(|x| x.district_id)),
            Field::line("report_title", "巡察报告").max(120).required().maybe(held.map(|x| &x.report_title)),
            Field::date("evaluated_on", "评查日期").required().value(day),
            Field::line("evaluator", "评查人").max(80).required().maybe(held.map(|x| &x.evaluator)),
            Field::line("score", "得分")
                .max(5)
                .required()
                .maybe(held.map(score_of))
                .help(
                    "满分 100 分，最多一位小数。看政治巡察把握、核心职责聚焦、问题定性归类、建议针对性和文字质量，\
                     并看底稿支撑、线索处置和报告时效。",
                ),
            Field::choice::<Grade>("grade", "等次").required().chosen(held.map(|x| x.grade)),
            Field::text("comments", "评查意见").max(4_000).required().maybe(held.map(|x| &x.comments)),
            Field::text("typical_problems", "典型问题")
                .max(4_000)
                .maybe(held.map(|x| &x.typical_problems))
                .help("带有普遍性、可供各区借鉴的问题。"),
        ])
    })
}

fn follow_up_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ReportEvaluationId(id)).await?.follow_up),
            None => None,
        };
        Ok(vec![Field::text("follow_up", "改进情况").max(4_000).required().maybe(held)])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    let score = Score::parse(&form.text("score"))
        .ok_or_else(|| Refusal::field("score", "得分应在 0 到 100 之间，最多一位小数"))?;
    Ok(Entry {
        number: form.text("number"),
        district: form.need_id("district")?,
        report_title: form.text("report_title"),
        evaluated_on: form.need_date("evaluated_on")?,
        evaluator: form.text("evaluator"),
        score,
        grade: form.need_choice("grade")?,
        comments: form.text("comments"),
        typical_problems: form.text("typical_problems"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记报告评查。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportEvaluationId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn publish(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ReportEvaluationId = target(id)?;
    actions::publish(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已通报所在区。"))
}

async fn follow_up(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportEvaluationId = target(id)?;
    actions::follow_up(cx, id, form.text("follow_up")).await?;
    Ok(Outcome::new(NOUN, id, "已登记改进情况。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let evaluation = store::find(cx, ReportEvaluationId(id)).await?;
    let deeds = evaluation.open_deeds(&cx.actor);
    let mut view = RecordView::new(&evaluation.report_title, evaluation.version)
        .fact("district", "区", shared::organisation(cx, Some(evaluation.district_id)).await?)
        .fact("year", "年度", Shown::Integer(evaluation.year))
        .fact("evaluated_on", "评查日期", Shown::Date(evaluation.evaluated_on))
        .fact("evaluator", "评查人", Shown::text(&evaluation.evaluator))
        .fact("score", "得分", Shown::text(score_of(&evaluation)))
        .fact("grade", "等次", Shown::choice(evaluation.grade.choice()))
        .fact("comments", "评查意见", Shown::long(evaluation.comments))
        .fact("typical_problems", "典型问题", Shown::long(evaluation.typical_problems))
        .fact("published_on", "通报日期", Shown::date(evaluation.published_on))
        .fact("follow_up", "改进情况", Shown::long(evaluation.follow_up));
    view.number = evaluation.number;
    view.state = Some(evaluation.state.choice());
    view.deeds = deeds;
    view.tabs.push(Tab::Files);
    Ok(view)
}
