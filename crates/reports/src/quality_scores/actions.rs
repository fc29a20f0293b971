//! Scoring a report.

use kit::{Audience, Done, Lifecycle as _, Refusal, Result, WriteCx};
use uuid::Uuid;

use super::{Deed, NOUN, QualityScore, QualityScoreId, State, store};
use crate::{
    quality_reviews::{self, QualityReview},
    score_sheets,
};

/// Asks a reader for a sheet.
pub(crate) async fn ask(cx: &mut WriteCx, review: &QualityReview, reader: Uuid, name: &str) -> Result<()> {
    let id = QualityScoreId(cx.new_id());
    let score = QualityScore {
        id,
        version: 1,
        review_id: review.id,
        title: review.title.clone(),
        sheet_id: review.sheet_id,
        reader_id: reader,
        reader_name: name.to_owned(),
        marks: String::from("[]"),
        remarks: String::new(),
        total_tenths: 0,
        revealed: false,
        state: State::Open,
    };
    cx.notify(Audience::Account(reader), format!("请评查报告：{}", review.number), NOUN, id);
    cx.insert(score).await
}

/// Enters points by item, and what the reader says.
pub async fn score(
    cx: &mut WriteCx,
    id: QualityScoreId,
    marks: Vec<(String, i64)>,
    remarks: String,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Score)?;
    let items = score_sheets::whoever(cx, before.sheet_id).await?.items()?;
    if marks.len() != items.len() {
        return Err(Refusal::field("marks", "请按评分表逐项打分，不增减项目").into());
    }
    for ((name, tenths), item) in marks.iter().zip(&items) {
        if *name != item.item {
            return Err(Refusal::field("marks", "请按评分表逐项打分，不改动项目和顺序").into());
        }
        if !(0..=item.tenths).contains(tenths) {
            let most = score_sheets::points(item.tenths);
            return Err(Refusal::field("marks", format!("“{name}”的得分应在 0 至 {most} 分之间")).into());
        }
    }
    let points: Vec<i64> = marks.iter().map(|(_, tenths)| *tenths).collect();
    let after = QualityScore {
        state,
        total_tenths: points.iter().sum(),
        marks: serde_json::to_string(&points)?,
        remarks,
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<QualityScore>(NOUN, id, Deed::Score, state, state));
    Ok(())
}

/// Hands the sheet in; with the second one both become known.
pub async fn submit(cx: &mut WriteCx, id: QualityScoreId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    if before.marks()?.is_empty() {
        return Err(Refusal::conflict("还没有评分，请先评分再提交。").into());
    }
    cx.update(&before, QualityScore { state, ..before.clone() }).await?;
    cx.done(Done::deed::<QualityScore>(NOUN, id, Deed::Submit, before.state, state));
    let all = store::all_of(cx, before.review_id).await?;
    let totals: Vec<i64> =
        all.iter().filter(|score| score.state == State::Submitted).map(|score| score.total_tenths).collect();
    let [one, two] = totals[..] else { return Ok(()) };
    for score in all {
        cx.update(&score, QualityScore { revealed: true, ..score.clone() }).await?;
    }
    quality_reviews::actions::reveal(cx, before.review_id, [one, two]).await
}
