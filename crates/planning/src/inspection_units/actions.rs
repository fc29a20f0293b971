//! Moving an inspected organisation from stage to stage.

use chrono::NaiveDate;
use kit::{Audience, Cx, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::{
    organisations::{Organisation, OrganisationId},
    policies::{self, Deadline},
};

use super::{
    Deed, InspectionUnit, InspectionUnitId, NOUN, OnsiteInterval, Stage, day_label, field_of, stage_of, store,
};
use crate::{
    days,
    inspections::{self, Inspection},
    progress::State,
};

/// A new organisation of `inspection`, not stored yet, with its history begun.
pub(crate) fn planned(
    cx: &mut WriteCx,
    inspection: &Inspection,
    organisation: &Organisation,
    planned_on: NaiveDate,
) -> InspectionUnit {
    let id = InspectionUnitId(cx.new_id());
    cx.index(NOUN, id, format!("{} {} {}", organisation.name, inspection.number, inspection.name));
    cx.done(Done::new(NOUN, id, "create", "列入巡察"));
    InspectionUnit {
        id,
        version: 1,
        inspection_id: inspection.id,
        organisation_id: organisation.id,
        kind: inspection.kind,
        state: Stage::Planned,
        planned_on,
        authorised_on: None,
        notified_on: None,
        entered_on: None,
        left_on: None,
        reported_on: None,
        heard_on: None,
        decided_on: None,
        fed_back_on: None,
        rectifying_on: None,
        evaluated_on: None,
        closed_on: None,
        looked_back_on: None,
        district_id: inspection.district_id,
        due_on: None,
        due_basis: String::new(),
    }
}

/// Puts one organisation into an inspection.
pub async fn put_in(
    cx: &mut WriteCx,
    inspection: inspections::InspectionId,
    organisation: OrganisationId,
    planned_on: NaiveDate,
) -> Result<InspectionUnitId> {
    inspections::actions::add_units(cx, inspection, vec![organisation], planned_on).await?;
    let units = store::of_inspection(cx, inspection).await?;
    let unit = units.into_iter().find(|unit| unit.organisation_id == organisation);
    Ok(unit.ok_or_else(Refusal::not_found)?.id)
}

/// Moves the organisation to the stage that a feedback meeting on `on` leads to, when its report has been
/// decided on; an organisation whose stages are kept otherwise stays where it is.
pub async fn feed_back(cx: &mut WriteCx, id: InspectionUnitId, on: NaiveDate) -> Result<()> {
    let unit = store::find(cx, id).await?;
    if InspectionUnit::transition(unit.state, Deed::FeedBack).is_some() {
        step(cx, id, Deed::FeedBack, on).await?;
    }
    Ok(())
}

/// Moves the organisation through the stages for which the decisions on its report stand, each as of its day, and answers
/// whether it stands at the last of them then.
///
/// Whoever decided on the report has decided on them, so no right beside that one is asked. An organisation whose stages are
/// kept otherwise, or which is further already, stays where it is. A stage begins when what comes before it has ended: a
/// report handed in before the team has left counts from the day it left.
pub async fn follow_report(
    cx: &mut WriteCx,
    id: InspectionUnitId,
    reached: &[(Deed, NaiveDate)],
) -> Result<bool> {
    let mut unit = store::find(cx, id).await?;
    for (deed, on) in reached {
        let Some(next) = InspectionUnit::transition(unit.state, *deed) else { continue };
        let last = unit.days().into_iter().filter_map(|(_, day)| day).max();
        unit = move_on(cx, unit, (*deed, next), last.map_or(*on, |last| last.max(*on))).await?;
    }
    Ok(reached.last().is_some_and(|(deed, _)| unit.state == stage_of(*deed)))
}

/// Takes a planned organisation out again; the inspection keeps the history of it.
pub(crate) async fn discard(cx: &mut WriteCx, unit: &InspectionUnit) -> Result<()> {
    store::delete(cx, unit.id).await
}

/// Does `deed` as of day `on`: the stage's day is stored, times on site opened or closed, and the
/// deadline of the next stage set.
///
/// # Errors
/// Refusals when the actor may not, the stage does not allow it, or the day is not plausible.
pub async fn step(cx: &mut WriteCx, id: InspectionUnitId, deed: Deed, on: NaiveDate) -> Result<Stage> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    move_on(cx, before, (deed, state), on).await?;
    Ok(state)
}

/// Stores that `deed` led to `state` on `on`, and answers the unit as it is stored then; that it may is for the caller to
/// know.
async fn move_on(
    cx: &mut WriteCx,
    before: InspectionUnit,
    (deed, state): (Deed, Stage),
    on: NaiveDate,
) -> Result<InspectionUnit> {
    let id = before.id;
    let intervals = store::intervals(cx, id).await?;
    let absence = intervals.last().and_then(|interval| interval.to_on.or(Some(interval.from_on)));
    let mut after = before.after(deed, state, on, absence, cx.today())?;
    if deed == Deed::Enter {
        check_running(cx, &before).await?;
    }
    keep_presence(cx, id, deed, on, intervals).await?;
    set_deadline(cx, &mut after).await?;
    cx.update(&before, after.clone()).await?;
    let note = format!("{}：{on}", day_label(deed));
    cx.done(Done::deed::<InspectionUnit>(NOUN, id, deed, before.state, state).note(note));
    tell(cx, &before, deed);
    Ok(InspectionUnit { version: before.version + 1, ..after })
}

async fn check_running(cx: &Cx, unit: &InspectionUnit) -> Result<()> {
    let inspection = inspections::find(cx, unit.inspection_id).await?;
    if inspection.state == State::Running {
        return Ok(());
    }
    Err(Refusal::conflict("巡察任务尚未启动或已经结束，请先在任务页办理“启动”。").into())
}

async fn keep_presence(
    cx: &mut WriteCx,
    id: InspectionUnitId,
    deed: Deed,
    on: NaiveDate,
    intervals: Vec<OnsiteInterval>,
) -> Result<()> {
    match deed {
        Deed::Enter | Deed::Resume => store::open_interval(cx, id, on).await,
        Deed::Pause | Deed::Leave => match intervals.into_iter().find(|interval| interval.to_on.is_none()) {
            Some(open) => store::put_interval(cx, &OnsiteInterval { to_on: Some(on), ..open }).await,
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Sets the last day for the next stage, with its basis, or takes it away.
async fn set_deadline(cx: &Cx, unit: &mut InspectionUnit) -> Result<()> {
    let deadline = match unit.state {
        Stage::Authorised => Some(notice_deadline(cx, unit.planned_on).await?),
        Stage::Left => from(cx, "team_report", unit.left_on).await?,
        Stage::Reported => from(cx, "group_hearing", unit.reported_on).await?,
        Stage::Decided => from(cx, "feedback_after_decision", unit.decided_on).await?,
        Stage::FedBack => from(cx, "rect_plan", unit.fed_back_on).await?,
        Stage::Rectifying => from(cx, "rect_report", unit.fed_back_on).await?,
        _ => None,
    };
    let (due_on, basis) = deadline.map_or((None, String::new()), |due| (Some(due.due_on), due.basis));
    unit.due_on = due_on;
    unit.due_basis = basis;
    Ok(())
}

/// Sets the clock of every unit by the policies in force: for units that were brought in with their stages
/// and not led through them by the deeds, which set it themselves.
pub async fn set_clocks(cx: &mut WriteCx) -> Result<()> {
    for mut unit in store::all(cx).await? {
        set_deadline(cx, &mut unit).await?;
        store::put_deadline(cx, &unit).await?;
    }
    Ok(())
}

async fn from(cx: &Cx, code: &str, day: Option<NaiveDate>) -> Result<Option<Deadline>> {
    match day {
        Some(day) => Ok(Some(policies::deadline(cx, code, day).await?)),
        None => Ok(None),
    }
}

/// The last day on which notice can go out so that the whole time of the policy lies before entry.
async fn notice_deadline(cx: &Cx, entry: NaiveDate) -> Result<Deadline> {
    let mut day = entry;
    loop {
        let reached = policies::deadline(cx, "notice_before_entry", day).await?;
        match day.pred_opt() {
            Some(earlier) if reached.due_on > entry => day = earlier,
            _ => return Ok(Deadline { due_on: day, basis: reached.basis }),
        }
    }
}

/// Tells those who have to act or to know.
fn tell(cx: &mut WriteCx, unit: &InspectionUnit, deed: Deed) {
    let post = |role, organisation, inspection| Audience::Post { role, organisation, inspection };
    let liaison = post(Role::OrganisationLiaison, Some(unit.organisation_id.0), None);
    let head = post(Role::TeamHead, None, Some(unit.inspection_id.0));
    let (audience, title) = match deed {
        Deed::Notify => (liaison, "您单位已列入巡察，请查看巡察通知"),
        Deed::Enter if unit.notified_on.is_none() => (liaison, "巡察组已进驻您单位，请查看巡察通知"),
        Deed::FeedBack => (liaison, "巡察意见已反馈，请按期制定整改方案"),
        Deed::Authorise => (head, "巡察组已获授权，请做好进驻准备"),
        Deed::Leave => (head, "已撤点，请按期提交巡察报告"),
        Deed::Decide => (post(Role::OfficeLiaison, None, None), "市委已研究决定，请安排反馈"),
        _ => return,
    };
    cx.notify(audience, title, NOUN, unit.id);
}

/// Corrects the planned day and the days of the stages reached; times on site follow.
pub async fn edit(
    cx: &mut WriteCx,
    id: InspectionUnitId,
    planned_on: NaiveDate,
    corrections: Vec<(Deed, NaiveDate)>,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let mut after = before.corrected(planned_on, &corrections, cx.today())?;
    let held = store::intervals(cx, id).await?;
    let moved = moved(&before, &after, held.clone())?;
    for interval in moved.iter().filter(|interval| !held.contains(interval)) {
        store::put_interval(cx, interval).await?;
    }
    set_deadline(cx, &mut after).await?;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<InspectionUnit>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// The times on site after the first and last day have been corrected.
fn moved(
    before: &InspectionUnit,
    after: &InspectionUnit,
    mut intervals: Vec<OnsiteInterval>,
) -> Result<Vec<OnsiteInterval>> {
    if let (Some(first), Some(entered)) = (intervals.first_mut(), after.entered_on) {
        first.from_on = entered;
    }
    if let (Some(last), Some(left)) = (intervals.last_mut(), after.left_on)
        && last.to_on == before.left_on
    {
        last.to_on = Some(left);
    }
    if let Some(first) = intervals.first()
        && let Some(to) = first.to_on
        && to < first.from_on
    {
        days::not_before(field_of(Deed::Leave), to, first.from_on, "进驻日期")?;
    }
    if let (Some(last), Some(left)) = (intervals.last(), after.left_on) {
        days::not_before(field_of(Deed::Leave), left, last.from_on, "最后一次进驻日期")?;
        days::not_before(field_of(Deed::Leave), left, last.to_on.unwrap_or(left), "最后在现场的日期")?;
    }
    Ok(intervals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: u64) -> NaiveDate {
        kit::clock::days_after(NaiveDate::from_ymd_opt(2023, 1, 1).unwrap(), number)
    }

    proptest! {
        #[test]
        fn times_on_site_stay_in_order_when_first_and_last_day_are_corrected(
            entered in 0u64..40, left in 0u64..40,
        ) {
            let unit = |entered, left| {
                let mut unit = super::super::service::sample(Stage::Left);
                unit.entered_on = Some(day(entered));
                unit.left_on = Some(day(left));
                unit
            };
            let interval = |from, to| OnsiteInterval {
                id: kit::ids::random(),
                unit_id: unit(0, 0).id,
                from_on: day(from),
                to_on: Some(day(to)),
            };
            let held = vec![interval(10, 15), interval(20, 30)];
            if let Ok(moved) = moved(&unit(10, 30), &unit(entered, left), held) {
                let days: Vec<NaiveDate> =
                    moved.iter().flat_map(|interval| [Some(interval.from_on), interval.to_on]).flatten().collect();
                prop_assert!(days.is_sorted());
                prop_assert_eq!(moved.last().and_then(|last| last.to_on), Some(day(left)));
            }
        }
    }
}
