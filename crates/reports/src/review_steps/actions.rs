//! Keeping the chain of reviews.

use kit::{Done, Labelled as _, Refusal, Result, WriteCx};

use super::{Deed, NOUN, RestsOn, ReviewStep, ReviewStepId, SEED, may_keep, store};
use crate::reports::StepBy;

/// What is entered about a step.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the chain.
    pub position: i64,
    /// Whether it is of the chain of the restricted materials.
    pub restricted: bool,
    /// What it is called.
    pub label: String,
    /// Who decides.
    pub by: StepBy,
    /// The record on which the decision rests.
    pub rests_on: RestsOn,
    /// Kinds of meeting it may rest on.
    pub meeting_kinds: Vec<String>,
    /// Whether «1+3» must be complete before it.
    pub complete: bool,
    /// What it rests on.
    pub basis: String,
}

/// Adds a step.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<ReviewStepId> {
    let id = ReviewStepId(cx.new_id());
    let step = checked(cx, ReviewStep::of(id, 1, entry)).await?;
    cx.index(NOUN, id, step.label.clone());
    cx.insert(step).await?;
    cx.done(Done::new(NOUN, id, "create", "增加审核环节"));
    Ok(id)
}

/// Changes a step; one at which reports wait keeps its place.
pub async fn edit(cx: &mut WriteCx, id: ReviewStepId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let after = checked(cx, ReviewStep::of(id, before.version, entry)).await?;
    let moves = (before.position, before.restricted) != (after.position, after.restricted);
    if moves && store::waiting_at(cx, &before).await? > 0 {
        return Err(Refusal::conflict("有报告正在这个环节审核，暂时不能调整位置。").into());
    }
    cx.index(NOUN, id, after.label.clone());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, Deed::Edit.code(), "修改").changes(changes));
    Ok(())
}

impl ReviewStep {
    fn of(id: ReviewStepId, version: i64, entry: Entry) -> Self {
        Self {
            id,
            version,
            position: entry.position,
            restricted: entry.restricted,
            label: entry.label,
            step_by: entry.by,
            rests_on: entry.rests_on,
            meeting_kinds: entry.meeting_kinds.join(","),
            complete: entry.complete,
            basis: entry.basis,
        }
    }
}

async fn checked(cx: &WriteCx, step: ReviewStep) -> Result<ReviewStep> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("设置审核环节").into());
    }
    if step.restricted && step.step_by == StepBy::Team {
        return Err(Refusal::field("step_by", "专题材料限组长以上知悉，不经组务会审核").into());
    }
    if step.rests_on == RestsOn::Meeting && step.meeting_kinds.is_empty() {
        return Err(Refusal::field("meeting_kinds", "以会议为依据的，请选择会议类型").into());
    }
    let chain = store::chain(cx, step.restricted).await?;
    if chain.iter().any(|one| one.position == step.position && one.id != step.id) {
        return Err(Refusal::field("position", "这个顺序号已有环节，请换一个").into());
    }
    Ok(step)
}

/// Takes a step out of the chain.
pub async fn remove(cx: &mut WriteCx, id: ReviewStepId) -> Result<()> {
    let step = store::find(cx, id).await?;
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("删除审核环节").into());
    }
    if store::waiting_at(cx, &step).await? > 0 {
        return Err(Refusal::conflict("有报告正在这个环节审核，不能删除。").into());
    }
    if store::chain(cx, step.restricted).await?.len() <= 1 {
        return Err(Refusal::conflict("至少要保留一个审核环节。").into());
    }
    store::remove(cx, id).await?;
    cx.done(Done::new(NOUN, id, Deed::Drop.code(), "删除审核环节").note(step.label));
    Ok(())
}

/// Enters the chain when there is none.
pub async fn seed(cx: &mut WriteCx) -> Result<()> {
    if !store::chain(cx, false).await?.is_empty() || !store::chain(cx, true).await?.is_empty() {
        return Ok(());
    }
    for (line, position) in SEED.iter().zip(1_i64..) {
        let entry = Entry {
            position: position * 10,
            restricted: line.restricted,
            label: line.label.to_owned(),
            by: line.by,
            rests_on: line.rests_on,
            meeting_kinds: line
                .meetings
                .split(',')
                .filter(|kind| !kind.is_empty())
                .map(str::to_owned)
                .collect(),
            complete: line.complete,
            basis: String::from("有关市县巡察报告审核做法，由领导小组确定，待核"),
        };
        let id = ReviewStepId(cx.new_id());
        let step = ReviewStep::of(id, 1, entry);
        cx.index(NOUN, id, step.label.clone());
        cx.insert(step).await?;
    }
    Ok(())
}
