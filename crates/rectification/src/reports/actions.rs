//! Making reports due, handing them in, reviewing them, telling the leader in charge.

use chrono::NaiveDate;
use kit::{Done, Form, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::policies::{self, Deadline};
use uuid::Uuid;

use super::{Deed, Kind, NOUN, Report, ReportId, State, end_of, month_of, next_month, store};
use crate::{
    common::{Step, holders, liaisons, put, within_rectification},
    rect_plans::{RectPlan, RectPlanId},
    subjects::{self, Unit},
};

/// Makes due what an approved plan has to be followed by.
pub(crate) async fn open_for_plan(cx: &mut WriteCx, plan: &RectPlan) -> Result<()> {
    let unit = subjects::unit(cx, plan.unit_id).await?;
    let held = store::of_unit(cx, unit.id).await?;
    for &kind in Kind::ALL {
        if held.iter().any(|report| report.kind == kind) {
            continue;
        }
        let month = (kind == Kind::Monthly).then(|| month_of(cx.today()));
        open(cx, &unit, Some(plan.id), kind, month).await?;
    }
    Ok(())
}

/// Makes one report due by hand, for what was fed back before the program came.
pub async fn create(cx: &mut WriteCx, unit: Uuid, kind: Kind, month: Option<NaiveDate>) -> Result<ReportId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("安排整改报告").into());
    }
    let unit = subjects::unit(cx, unit).await?;
    let month = match (kind, month) {
        (Kind::Monthly, None) => return Err(Refusal::field("month", "请选择月报所属月份中的任一天").into()),
        (Kind::Monthly, Some(day)) => Some(month_of(day)),
        _ => None,
    };
    let held = store::of_unit(cx, unit.id).await?;
    if held.iter().any(|report| report.kind == kind && report.month == month) {
        return Err(Refusal::field("kind", "这份报告已经安排，请在原记录上办理").into());
    }
    let plan = crate::rect_plans::of_unit(cx, unit.id).await?.map(|plan| plan.id);
    open(cx, &unit, plan, kind, month).await
}

async fn open(
    cx: &mut WriteCx,
    unit: &Unit,
    plan: Option<RectPlanId>,
    kind: Kind,
    month: Option<NaiveDate>,
) -> Result<ReportId> {
    let Some(fed_back_on) = unit.fed_back_on else {
        return Err(Refusal::field("unit", "巡察意见尚未反馈").into());
    };
    let Deadline { due_on, basis } =
        policies::deadline(cx, kind.policy(), month.map_or(fed_back_on, end_of)).await?;
    let stem = format!("{}-{}-{}", unit.inspection_number, unit.organisation_code, kind.mark());
    let number = month.map_or_else(|| stem.clone(), |month| format!("{stem}{}", month.format("%Y%m")));
    let report = Report {
        id: ReportId(cx.new_id()),
        version: 1,
        number,
        kind,
        plan_id: plan,
        unit_id: unit.id,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        month,
        text: String::new(),
        held_on: None,
        state: State::Due,
        due_on,
        due_basis: basis,
        submitted_on: None,
        submitted_by: None,
        reviewed_on: None,
        reviewed_by: None,
        opinion: String::new(),
        leader_name: String::new(),
        told_on: None,
        told_how: String::new(),
    };
    let id = report.id;
    index(cx, &report, unit);
    cx.done(Done::new(NOUN, id, "create", "安排报送"));
    cx.insert(report).await?;
    Ok(id)
}

fn index(cx: &mut WriteCx, report: &Report, unit: &Unit) {
    let words = [&report.number, &unit.organisation_name, &unit.inspection_name, &report.text];
    let text = format!("{} {}", report.kind.label(), words.map(String::as_str).join(" "));
    cx.index(NOUN, report.id, text);
}

/// Hands a report in; a democratic-life meeting also says when it was held.
pub async fn submit(
    cx: &mut WriteCx,
    id: ReportId,
    text: String,
    held_on: Option<NaiveDate>,
    form: &Form,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    let unit = subjects::unit(cx, before.unit_id).await?;
    if before.kind == Kind::LifeMeeting {
        let day = held_on.ok_or_else(|| Refusal::field("held_on", "请填写民主生活会召开日期"))?;
        within_rectification(cx, "held_on", day, &unit)?;
    }
    if before.month.is_some_and(|month| month > cx.today()) {
        return Err(Refusal::conflict("这个月份还没有开始，不能报送月报。").into());
    }
    kit::service::keep_files(cx, NOUN, id, form).await?;
    let after = Report {
        state,
        text,
        held_on: held_on.filter(|_| before.kind == Kind::LifeMeeting),
        submitted_on: Some(cx.today()),
        submitted_by: cx.actor.account,
        ..before.clone()
    };
    index(cx, &after, &unit);
    let title = format!("{}待审核：{}", before.kind.label(), unit.organisation_name);
    put(cx, &before, after, step(id, Deed::Submit, String::new())).await?;
    cx.notify(holders(Role::OfficeLiaison, None), title, NOUN, id);
    follow(cx, &before, &unit).await
}

/// After a month's report the next month's becomes due, as long as a problem of the unit is open.
async fn follow(cx: &mut WriteCx, report: &Report, unit: &Unit) -> Result<()> {
    let Some(month) = report.month else { return Ok(()) };
    let next = next_month(month);
    let standing = store::standing_as_of(cx, unit.id, cx.today()).await?;
    let held = store::of_unit(cx, unit.id).await?;
    let made = held.iter().any(|other| other.month.is_some_and(|other| other >= next));
    if !made && standing.closed_problems < standing.problems {
        open(cx, unit, report.plan_id, Kind::Monthly, Some(next)).await?;
    }
    Ok(())
}

/// Accepts a report or sends it back.
pub async fn review(cx: &mut WriteCx, id: ReportId, deed: Deed, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let after = Report {
        state,
        reviewed_on: Some(cx.today()),
        reviewed_by: cx.actor.account,
        opinion: opinion.clone(),
        ..before.clone()
    };
    put(cx, &before, after, step(id, deed, opinion)).await?;
    let title = format!("{}{}", before.kind.label(), state.label());
    cx.notify(liaisons(before.organisation_id), title, NOUN, id);
    Ok(())
}

/// Records when and how the leader in charge was told; a file or the name of one proves it.
pub async fn tell_leader(
    cx: &mut WriteCx,
    id: ReportId,
    leader: String,
    on: NaiveDate,
    how: String,
    form: &Form,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::TellLeader)?;
    within_rectification(cx, "told_on", on, &subjects::unit(cx, before.unit_id).await?)?;
    if how.is_empty() && form.files.is_empty() {
        let words = "请上传报告件、呈批单等证明材料，或写明报告方式和文号";
        return Err(Refusal::field("told_how", words).into());
    }
    kit::service::keep_files(cx, NOUN, id, form).await?;
    let note = format!("{on}向{leader}报告");
    let after = Report { state, leader_name: leader, told_on: Some(on), told_how: how, ..before.clone() };
    put(cx, &before, after, step(id, Deed::TellLeader, note)).await
}

fn step(id: ReportId, deed: Deed, note: String) -> Step<Report> {
    Step { noun: NOUN, id: id.0, deed, note }
}
