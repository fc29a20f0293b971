//! Beginning an evaluation, scoring it, confirming it.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use uuid::Uuid;

use super::{
    Deed, Evaluation, EvaluationId, NOUN, State,
    store::{self, Score},
};
use crate::{
    common::{Step, holders, liaisons, put, within_rectification},
    schemes::{self, ItemKind, Mark, SchemeId},
    subjects,
};

/// Begins the evaluation of a unit by a scheme in force.
pub async fn create(
    cx: &mut WriteCx,
    unit: Uuid,
    scheme: SchemeId,
    evaluated_on: NaiveDate,
) -> Result<EvaluationId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("开展整改评估").into());
    }
    let unit = subjects::unit(cx, unit).await?;
    within_rectification(cx, "evaluated_on", evaluated_on, &unit)?;
    let scheme = schemes::find(cx, scheme).await?;
    if scheme.state != schemes::State::InForce {
        return Err(Refusal::field("scheme", "请选择已启用的评估方案").into());
    }
    let id = EvaluationId(cx.new_id());
    let number = kit::numbers::yearly(cx, store::SERIES, evaluated_on).await?;
    cx.index(NOUN, id, format!("{number} {} {}", unit.organisation_name, scheme.name));
    cx.insert(Evaluation {
        id,
        version: 1,
        number,
        unit_id: unit.id,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        scheme_id: scheme.id,
        evaluated_on,
        state: State::Draft,
        total_tenths: None,
        grade: String::new(),
        look_back: false,
        opinion: String::new(),
        prepared_by: cx.actor.account,
        confirmed_by: None,
        confirmed_on: None,
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "开始评估"));
    Ok(id)
}

/// Scores items; every point taken or given has its reason.
pub async fn score(cx: &mut WriteCx, id: EvaluationId, scores: Vec<Score>, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Score)?;
    let items = schemes::items_of(cx, before.scheme_id).await?;
    for score in &scores {
        let Some(item) = items.iter().find(|item| item.id == score.item_id) else {
            return Err(Refusal::field("scores", "评分项目不属于所用方案").into());
        };
        if score.reason.is_empty() {
            return Err(Refusal::field("scores", format!("“{}”请写明理由", item.label)).into());
        }
        if item.kind != ItemKind::Veto && score.tenths > item.points_tenths.unwrap_or(0) {
            let words =
                format!("“{}”最多 {} 分", item.label, schemes::points(item.points_tenths.unwrap_or(0)));
            return Err(Refusal::field("scores", words).into());
        }
    }
    store::replace(cx, id, &scores).await?;
    let after = Evaluation { state, opinion, prepared_by: cx.actor.account, ..before.clone() };
    put(cx, &before, after, step(id, Deed::Score, String::new())).await
}

/// Confirms total and grade.
pub async fn confirm(cx: &mut WriteCx, id: EvaluationId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Confirm)?;
    let items = schemes::items_of(cx, before.scheme_id).await?;
    let grades = schemes::grades_of(cx, before.scheme_id).await?;
    let marks: Vec<Mark> = store::scores_of(cx, id)
        .await?
        .into_iter()
        .map(|score| Mark { item: score.item_id, tenths: score.tenths })
        .collect();
    let total = schemes::total(&items, &marks);
    let Some(grade) = schemes::grade_of(&grades, total) else {
        return Err(Refusal::conflict("方案没有适用的等次，请先补全评估方案。").into());
    };
    let after = Evaluation {
        state,
        total_tenths: Some(total),
        grade: grade.label.clone(),
        look_back: grade.look_back,
        confirmed_by: cx.actor.account,
        confirmed_on: Some(cx.today()),
        ..before.clone()
    };
    let note = format!("{} 分，{}", schemes::points(total), grade.label);
    put(cx, &before, after, step(id, Deed::Confirm, note)).await?;
    let title = format!("整改评估已审定：{}", before.number);
    cx.notify(liaisons(before.organisation_id), title.clone(), NOUN, id);
    for role in [Role::Discipline, Role::OrganisationDepartment] {
        cx.notify(holders(role, None), title.clone(), NOUN, id);
    }
    Ok(())
}

fn step(id: EvaluationId, deed: Deed, note: String) -> Step<Evaluation> {
    Step { noun: NOUN, id: id.0, deed, note }
}
