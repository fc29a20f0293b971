//! Inheriting a list, setting drawn checks, entering what was found, opening again.

use chrono::NaiveDate;
use fieldwork::problems::{self, ProblemId, actions::Reopening};
use kit::{Done, Form, Lifecycle as _, Refusal, Result, WriteCx};
use planning::inspections::{self, InspectionId, InspectionKind};
use uuid::Uuid;

use super::{Deed, NOUN, State, Verification, VerificationId, Way, store};
use crate::{
    common::{Step, put},
    rechecks::RecheckId,
    subjects::not_after_today,
};

/// Takes over what the parent of a looking-back inspection found. Answers one of the checks and how many there are.
pub async fn inherit(cx: &mut WriteCx, inspection: InspectionId) -> Result<(VerificationId, usize)> {
    let inspection = inspections::find(cx, inspection).await?;
    if !(cx.actor.is_office() || cx.actor.in_team(inspection.id.0)) {
        return Err(Refusal::forbidden("承接问题清单").into());
    }
    let (InspectionKind::LookBack, Some(parent)) = (inspection.kind, inspection.parent_id) else {
        return Err(Refusal::field("inspection", "只有“回头看”巡察承接原巡察的问题清单").into());
    };
    let found = store::inherited(cx, inspection.id.0, parent.0).await?;
    let checks: Vec<Verification> =
        found.iter().map(|problem| blank(cx, Way::LookBack, None, inspection.id.0, problem)).collect();
    set(cx, checks).await
}

/// Sets a check for each problem drawn.
pub(crate) async fn of_draw(cx: &mut WriteCx, recheck: RecheckId, problems: &[Uuid]) -> Result<()> {
    let found = store::drawn(cx, problems).await?;
    let checks: Vec<Verification> = found
        .iter()
        .map(|problem| blank(cx, Way::Drawn, Some(recheck), problem.inspection_id, problem))
        .collect();
    set(cx, checks).await?;
    Ok(())
}

async fn set(cx: &mut WriteCx, checks: Vec<Verification>) -> Result<(VerificationId, usize)> {
    let Some(first) = checks.first().map(|check| check.id) else {
        return Err(Refusal::conflict("没有新的问题需要核查：清单为空，或者已经全部承接。").into());
    };
    for check in &checks {
        cx.done(Done::new(NOUN, check.id, "create", "列入核查"));
    }
    let count = checks.len();
    cx.insert_all(checks).await?;
    Ok((first, count))
}

fn blank(
    cx: &WriteCx,
    way: Way,
    recheck: Option<RecheckId>,
    inspection: Uuid,
    problem: &store::Inherited,
) -> Verification {
    Verification {
        id: VerificationId(cx.new_id()),
        version: 1,
        way,
        recheck_id: recheck,
        inspection_id: inspection,
        problem_id: problem.id,
        organisation_id: problem.organisation_id,
        state: State::Pending,
        made_on: cx.today(),
        checked_on: None,
        checked_by: None,
        checker_name: String::new(),
        text: String::new(),
        reopened_on: None,
    }
}

/// Enters what was found, with the files of `form` as evidence.
pub async fn conclude(
    cx: &mut WriteCx,
    id: VerificationId,
    deed: Deed,
    on: NaiveDate,
    text: String,
    form: &Form,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    not_after_today(cx, "checked_on", on)?;
    kit::service::keep_files(cx, NOUN, id, form).await?;
    cx.index(NOUN, id, text.as_str());
    let after = Verification {
        state,
        checked_on: Some(on),
        checked_by: cx.actor.account,
        checker_name: cx.actor.name.clone(),
        text: text.clone(),
        ..before.clone()
    };
    put(cx, &before, after, step(id, deed, text)).await
}

/// Takes a conclusion back, to check again.
pub async fn redo(cx: &mut WriteCx, id: VerificationId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Redo)?;
    put(cx, &before, Verification { state, ..before.clone() }, step(id, Deed::Redo, reason)).await
}

/// Opens the problem again because of what was found.
pub async fn reopen(
    cx: &mut WriteCx,
    id: VerificationId,
    reason: String,
    due_on: Option<NaiveDate>,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Reopen)?;
    let on = cx.today();
    let reopening = Reopening { on, reason: reason.clone(), due_on };
    problems::actions::reopen(cx, ProblemId(before.problem_id), reopening).await?;
    let after = Verification { state, reopened_on: Some(on), ..before.clone() };
    put(cx, &before, after, step(id, Deed::Reopen, reason)).await
}

fn step(id: VerificationId, deed: Deed, note: String) -> Step<Verification> {
    Step { noun: NOUN, id: id.0, deed, note }
}
