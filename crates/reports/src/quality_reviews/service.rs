//! How evaluations of reports appear.

use std::fmt::Write as _;

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, dictionary,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
    shown::escape,
};
use planning::samples;
use registry::organisations;
use uuid::Uuid;

use super::{
    Deed, NOUN, QualityReview, QualityReviewId, State,
    actions::{self, Entry, Publication},
    may_create, store,
};
use crate::{
    quality_scores, reports,
    score_sheets::{self, points},
};

const FAULTS: &str = "report_fault";
/// The noun in which the results of evaluating districts' reports are kept and published.
const DISTRICT_RESULTS: &str = "report_evaluations";

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "q.number"),
    Column::title("title", "报告", "q.title"),
    Column::reference("district", "区", "q.district_id", "o.name", organisations::NOUN)
        .indexed_by(&["number"]),
    Column::choice("state", "状态", "q.state", State::CHOICES).indexed_by(&["number"]),
    Column::date("begun_on", "评查日期", "q.begun_on").sortable().filled(),
    Column::date("published_on", "通报日期", "q.published_on"),
    Column::clock("due_on", "改进期限", "q.due_on", "q.state <> 'published'"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "报告质量评查",
        table: "quality_review",
        group: Group::Report,
        listed: true,
        icon: "report-analytics",
        secrecy: Secrecy::Sensitive,
        about: "两名评查人互不知情独立评分，汇总后显示偏差和典型问题，通报后跟踪改进；本级报告和区级报告都适用。",
        list: Table {
            from: "quality_review q left join organisation o on o.id = q.district_id",
            alias: "q",
            title: "q.title",
            number: Some("q.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: QualityReview::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("安排评查", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("两名评查人各收到一张评分表，提交前互相看不到。"),
            Offer::on("publish", "通报", publish_fields, |cx, id, form| Box::pin(publish(cx, id, form)))
                .primary()
                .next("巡察组或区委巡察办可以看到评分、意见和典型问题，改进期限开始计算。"),
            Offer::on("improve", "登记改进情况", improve_fields, |cx, id, form| {
                Box::pin(improve(cx, id, form))
            }),
            Offer::on("close", "办结", no_fields, |cx, id, _| {
                Box::pin(close(cx, id, Deed::Close, String::new()))
            })
            .primary(),
            Offer::on("cancel", "取消", cancel_fields, |cx, id, form| {
                Box::pin(close(cx, id, Deed::Cancel, form.text("reason")))
            })
            .danger(),
        ],
        creates: may_create,
        waiting: vec![
            Waiting { label: "报告评查待通报", condition: to_publish, due: None },
            Waiting { label: "报告评查待改进", condition: to_improve, due: Some("due_on") },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "报告质量评查",
            transitions: lifecycle::transitions::<QualityReview>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_publish(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() { Pred::is("state", State::Scored) } else { Pred::Nothing }
}

fn to_improve(actor: &Actor, _: NaiveDate) -> Pred {
    let own = Pred::any(vec![
        actor.own_inspections(Role::TeamHead),
        actor.own_organisations(Role::DistrictOffice, "district_id"),
    ]);
    own.and(Pred::is("state", State::Published)).and(Pred::is("improvement", ""))
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let readers: Vec<(String, String)> =
            store::readers(cx).await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        Ok(vec![
            Field::pick("report", "本级报告", reports::NOUN).help("评查本级报告时选择；只评查已审定的报告。"),
            Field::pick("district", "区", organisations::NOUN).help("评查区级报告时选择，并填写报告标题。"),
            Field::line("title", "区级报告标题").max(200),
            Field::pick("sheet", "评分表", score_sheets::NOUN).required(),
            Field::new("reader_one", "评查人一", FieldKind::Options(readers.clone())).required(),
            Field::new("reader_two", "评查人二", FieldKind::Options(readers)).required(),
        ])
    })
}

fn publish_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("comments", "评查意见").max(4_000).required(),
            Field::dict_many("faults", "典型问题", FAULTS),
        ])
    })
}

fn improve_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("text", "改进情况").max(4_000).required()]) })
}

fn cancel_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(1_000).required()]) })
}

fn account(form: &Form, name: &str) -> Result<Uuid> {
    Ok(form.text(name).parse().map_err(|_| Refusal::field(name, "请选择评查人"))?)
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = Entry {
        report: form.id("report"),
        district: form.id("district"),
        title: form.text("title"),
        sheet: form.need_id("sheet")?,
        readers: [account(form, "reader_one")?, account(form, "reader_two")?],
    };
    let id = actions::create(cx, entry).await?;
    Ok(Outcome::new(NOUN, id, "已安排评查，评查人会收到评分表。"))
}

async fn publish(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: QualityReviewId = target(id)?;
    let publication = Publication { comments: form.text("comments"), faults: form.codes("faults") };
    actions::publish(cx, id, publication).await?;
    Ok(Outcome::new(NOUN, id, "已通报。"))
}

async fn improve(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: QualityReviewId = target(id)?;
    actions::improve(cx, id, form.text("text")).await?;
    Ok(Outcome::new(NOUN, id, "已登记改进情况。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, note: String) -> Result<Outcome> {
    let id: QualityReviewId = target(id)?;
    actions::close(cx, id, deed, note).await?;
    Ok(Outcome::new(NOUN, id, "已办理。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let review = store::find(cx, QualityReviewId(id)).await?;
    let labels = dictionary::labels(cx, FAULTS).await?;
    let faults: Vec<&str> = review
        .faults
        .split(',')
        .filter(|code| !code.is_empty())
        .map(|code| labels.get(code).map_or(code, String::as_str))
        .collect();
    let inside = may_create(&cx.actor) || cx.actor.is(Role::LeadingGroup);
    let score = |tenths: Option<i64>| tenths.map_or(Shown::Empty, |tenths| Shown::text(points(tenths)));
    let district = match review.district_id {
        Some(id) => store::organisation(cx, id).await?.map(|(name, _)| name).unwrap_or_default(),
        None => String::new(),
    };
    let mut view = RecordView::new(&review.title, review.version)
        .fact("report", "报告", Shown::link(reports::NOUN, review.report_id.map(|id| id.0), "查看报告"))
        .fact("district", "区", Shown::link(organisations::NOUN, review.district_id.map(|id| id.0), district))
        .fact("begun_on", "评查日期", Shown::Date(review.begun_on))
        .fact("mean", "平均得分", score(review.mean_tenths));
    if inside {
        view = view
            .fact("readers", "评查人", Shown::text(&review.readers))
            .fact("deviation", "两人偏差", deviation(cx, &review).await?)
            .fact("sheet", "评分表", Shown::link(score_sheets::NOUN, Some(review.sheet_id.0), "查看评分表"));
    }
    view = view
        .fact("faults", "典型问题", Shown::text(faults.join("、")))
        .fact("comments", "评查意见", Shown::long(&review.comments))
        .fact("improvement", "改进情况", Shown::long(&review.improvement))
        .fact("due_basis", "期限依据", Shown::text(&review.due_basis));
    if inside && review.mean_tenths.is_some() {
        view.tabs
            .push(Tab::Html { key: "scores", label: "评分对比", html: comparison(cx, &review).await? });
    }
    view = view.related("sheets", "评分", quality_scores::NOUN, Pred::is("review_id", id), None);
    if inside && let (Some(district), Some(mean)) = (review.district_id, review.mean_tenths) {
        // The yearly evaluation of districts is kept with the districts; it is entered from here, not typed again.
        let new = format!(
            "number={}&district={district}&score={}&evaluated_on={}",
            review.number,
            points(mean),
            review.begun_on
        );
        let condition = Pred::is("number", review.number.clone());
        view = view.related("results", "区级评查结果", DISTRICT_RESULTS, condition, Some(new));
    }
    view.number.clone_from(&review.number);
    view.state = Some(review.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.clock =
        Some(("改进期限", kit::alarms(cx).await?.clock(review.due_on, review.state != State::Published)));
    view.deeds = review.open_deeds(&cx.actor);
    Ok(view)
}

/// The deviation, with a word when it is larger than the office allows.
async fn deviation(cx: &Cx, review: &QualityReview) -> Result<Shown> {
    let Some(tenths) = review.deviation_tenths else { return Ok(Shown::Empty) };
    let most = kit::policy::amount(cx, "report_score_deviation").await?;
    let word = if tenths > most * 10 { "，偏差较大，建议复评" } else { "" };
    Ok(Shown::text(format!("{} 分{word}", points(tenths))))
}

/// Both sheets side by side, item by item.
async fn comparison(cx: &Cx, review: &QualityReview) -> Result<String> {
    let items = score_sheets::whoever(cx, review.sheet_id).await?.items()?;
    let scores = quality_scores::of_review(cx, review.id).await?;
    let marks: Vec<Vec<i64>> =
        scores.iter().map(quality_scores::QualityScore::marks).collect::<Result<_>>()?;
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">评分项目</th><th scope=\"col\" class=\"num\">分值</th>",
    );
    for score in &scores {
        html.push_str("<th scope=\"col\" class=\"num\">");
        escape(&score.reader_name, &mut html);
        html.push_str("</th>");
    }
    html.push_str("<th scope=\"col\" class=\"num\">偏差</th></tr></thead><tbody>");
    for (at, item) in items.iter().enumerate() {
        html.push_str("<tr><td>");
        escape(&item.item, &mut html);
        let _ = write!(html, "</td><td class=\"num\">{}</td>", points(item.tenths));
        let given: Vec<i64> = marks.iter().map(|marks| marks.get(at).copied().unwrap_or(0)).collect();
        for tenths in &given {
            let _ = write!(html, "<td class=\"num\">{}</td>", points(*tenths));
        }
        let apart = given.iter().max().unwrap_or(&0) - given.iter().min().unwrap_or(&0);
        let _ = write!(html, "<td class=\"num\">{}</td></tr>", points(apart));
    }
    html.push_str("</tbody></table></div>");
    Ok(html)
}
