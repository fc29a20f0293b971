//! How readers' sheets appear.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
    units,
};
use planning::samples;
use serde_json::json;
use uuid::Uuid;

use super::{NOUN, QualityScore, QualityScoreId, State, actions, store};
use crate::{
    quality_reviews, reports,
    score_sheets::{self, points},
};

const COLUMNS: &[Column] = &[
    Column::title("title", "报告", "w.title").sortable().filled(),
    Column::text("reader", "评查人", "w.reader_name"),
    Column::choice("state", "状态", "w.state", State::CHOICES),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "评查评分",
        table: "quality_score",
        group: Group::Report,
        listed: false,
        icon: "star",
        secrecy: Secrecy::Sensitive,
        about: "评查人的评分表：双方都提交以前，只有本人能看到自己的评分。",
        list: Table {
            from: "quality_score w",
            alias: "w",
            title: "w.title",
            number: None,
            columns: COLUMNS,
            order: "title",
        },
        visible: QualityScore::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("submit", "提交评分", no_fields, |cx, id, _| Box::pin(submit(cx, id)))
                .primary()
                .next("提交后不能修改；两人都提交后，巡察办可以看到评分和偏差。"),
            Offer::on("score", "评分", score_fields, |cx, id, form| Box::pin(score(cx, id, form))),
        ],
        creates: |_| false,
        waiting: vec![Waiting { label: "报告待评分", condition: to_score, due: None }],
        governed: Some(Governed {
            noun: NOUN,
            label: "评查评分",
            transitions: lifecycle::transitions::<QualityScore>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_score(actor: &Actor, _: NaiveDate) -> Pred {
    actor
        .account
        .map_or(Pred::Nothing, |account| Pred::is("reader_id", account).and(Pred::is("state", State::Open)))
}

fn score_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let columns = vec![
            Field::line("item", "评分项目").max(60).required(),
            Field::line("standard", "评分标准和分值").max(240),
            Field::line("points", "得分").max(6).required(),
        ];
        let (mut rows, mut remarks) = (Vec::new(), String::new());
        if let Some(id) = id {
            let held = store::find(cx, QualityScoreId(id)).await?;
            let marks = held.marks()?;
            for (at, item) in score_sheets::whoever(cx, held.sheet_id).await?.items()?.iter().enumerate() {
                let standard = format!("{}（{} 分）", item.standard, points(item.tenths));
                let given = marks.get(at).map(|tenths| points(*tenths)).unwrap_or_default();
                rows.push(json!({ "item": item.item, "standard": standard, "points": given }));
            }
            remarks = held.remarks;
        }
        Ok(vec![
            Field::new("marks", "逐项评分", FieldKind::Rows(columns))
                .required()
                .value(serde_json::to_string(&rows)?),
            Field::text("remarks", "评查意见").max(4_000).value(remarks),
        ])
    })
}

async fn score(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: QualityScoreId = target(id)?;
    let mark = |row: &Form| -> Result<(String, i64)> {
        let tenths = units::parse_decimal(&row.text("points"), 10);
        let sentence = "得分写数字，最多一位小数";
        Ok((row.text("item"), tenths.ok_or_else(|| Refusal::field("marks", sentence))?))
    };
    let marks = form.rows("marks").iter().map(mark).collect::<Result<Vec<_>>>()?;
    actions::score(cx, id, marks, form.text("remarks")).await?;
    Ok(Outcome::new(NOUN, id, "已保存评分，核对后请提交。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: QualityScoreId = target(id)?;
    actions::submit(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已提交评分。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let one = store::find(cx, QualityScoreId(id)).await?;
    let review = quality_reviews::whoever(cx, one.review_id).await?;
    let marks = one.marks()?;
    let items = score_sheets::whoever(cx, one.sheet_id).await?.items()?;
    let lines: Vec<String> = items
        .iter()
        .zip(&marks)
        .map(|(item, tenths)| format!("{}：{} / {}", item.item, points(*tenths), points(item.tenths)))
        .collect();
    let total = if marks.is_empty() { String::new() } else { points(one.total_tenths) };
    let mut view = RecordView::new(&one.title, one.version)
        .fact("review", "评查", Shown::link(quality_reviews::NOUN, Some(review.id.0), review.number))
        .fact("report", "报告", Shown::link(reports::NOUN, review.report_id.map(|id| id.0), "查看报告"))
        .fact("reader", "评查人", Shown::text(&one.reader_name))
        .fact("total", "总分", Shown::text(total))
        .fact("marks", "逐项评分", Shown::long(lines.join("\n")))
        .fact("remarks", "评查意见", Shown::long(&one.remarks));
    view.state = Some(one.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = one.open_deeds(&cx.actor);
    Ok(view)
}
