//! Arranging, holding and recording feedback meetings.

use chrono::NaiveDate;
use fieldwork::problems::{self, ProblemId};
use kit::{Actor, Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use kit::{dates, numbers};
use planning::{
    inspection_units::{self, InspectionUnitId},
    units,
};
use registry::{organisations, policies};
use uuid::Uuid;

use super::{CopyTo, Deed, Feedback, FeedbackId, NOUN, SERIES, State, store};

/// Who arranges feedback meetings: the office.
pub fn may_create(actor: &Actor) -> bool {
    actor.is_office()
}

/// What is arranged, or corrected later.
#[derive(Clone, Debug)]
pub struct Arrangement {
    /// The day.
    pub planned_on: Option<NaiveDate>,
    /// Where.
    pub place: String,
    /// City leader in charge; empty means: as the register of organisations says.
    pub leader_name: String,
    /// Remark.
    pub note: String,
}

/// Arranges the meeting of the inspected unit `unit`; the clock runs from the decision on its report.
pub async fn create(cx: &mut WriteCx, unit: Uuid, arrangement: Arrangement) -> Result<FeedbackId> {
    if !may_create(&cx.actor) {
        return Err(Refusal::forbidden("安排反馈会").into());
    }
    let unit = units::of(cx, unit).await?;
    if store::of_unit(cx, unit.id).await? {
        return Err(Refusal::field("unit", "这个被巡察对象已经安排过反馈会").into());
    }
    let mut feedback = Feedback {
        id: FeedbackId(cx.new_id()),
        version: 1,
        number: numbers::yearly(cx, SERIES, cx.today()).await?,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        planned_on: None,
        held_on: None,
        place: String::new(),
        leader_name: String::new(),
        leader_attended: None,
        statement: String::new(),
        state: State::Planned,
        note: String::new(),
        due_on: None,
        due_basis: String::new(),
    };
    apply(cx, &mut feedback, arrangement, &unit).await?;
    let id = feedback.id;
    index(cx, &feedback);
    cx.insert(feedback).await?;
    cx.done(Done::new(NOUN, id, "create", "安排反馈会"));
    Ok(id)
}

/// Corrects what is written; the day of a meeting held stays, the clocks of its problems hang on it.
pub async fn edit(cx: &mut WriteCx, id: FeedbackId, arrangement: Arrangement) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let unit = units::of(cx, before.unit_id).await?;
    let mut after = before.clone();
    apply(cx, &mut after, arrangement, &unit).await?;
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Feedback>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

async fn apply(
    cx: &WriteCx,
    feedback: &mut Feedback,
    arrangement: Arrangement,
    unit: &units::Unit,
) -> Result<()> {
    if let Some(planned_on) = arrangement.planned_on {
        dates::not_before("planned_on", "计划日期", planned_on, unit.decided_on, "审议决定日期")?;
    }
    if let Some(decided_on) = unit.decided_on {
        let deadline = policies::deadline(cx, "feedback_after_decision", decided_on).await?;
        feedback.due_on = Some(deadline.due_on);
        feedback.due_basis = deadline.basis;
    }
    let day = feedback.held_on.or(arrangement.planned_on).unwrap_or_else(|| cx.today());
    feedback.leader_name = leader(cx, feedback, arrangement.leader_name, day).await?;
    feedback.planned_on = arrangement.planned_on;
    feedback.place = arrangement.place;
    feedback.note = arrangement.note;
    Ok(())
}

/// The name entered, or that of the leader in charge on `day`.
async fn leader(cx: &WriteCx, feedback: &Feedback, entered: String, day: NaiveDate) -> Result<String> {
    if !entered.is_empty() {
        return Ok(entered);
    }
    let known = organisations::leader_on(cx, feedback.organisation_id, day).await?;
    Ok(known.map(|(name, _)| name).unwrap_or_default())
}

/// How a meeting went.
#[derive(Clone, Debug)]
pub struct Held {
    /// The day; the rectification clocks start on it.
    pub on: NaiveDate,
    /// Where.
    pub place: String,
    /// City leader in charge; empty means: as the register of organisations says.
    pub leader_name: String,
    /// Whether that leader came.
    pub leader_attended: bool,
    /// The problems told; empty means: all of the unit that wait for feedback.
    pub problems: Vec<ProblemId>,
}

/// Holds the meeting: the problems are fed back in one go, and the unit gets one notice.
///
/// Answers how many problems were fed back.
pub async fn hold(cx: &mut WriteCx, id: FeedbackId, held: Held) -> Result<usize> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Hold)?;
    let unit = units::of(cx, before.unit_id).await?;
    dates::happened(cx, "held_on", "召开日期", held.on)?;
    dates::not_before("held_on", "召开日期", held.on, unit.decided_on, "审议决定日期")?;
    let count = problems::actions::feed_back_unit(cx, unit.id, &held.problems, held.on).await?;
    inspection_units::actions::feed_back(cx, InspectionUnitId::from(unit.id), held.on).await?;
    let mut after = before.clone();
    after.leader_name = leader(cx, &before, held.leader_name, held.on).await?;
    after.state = state;
    after.held_on = Some(held.on);
    after.place = held.place;
    after.leader_attended = Some(held.leader_attended);
    index(cx, &after);
    for kind in <CopyTo as kit::Labelled>::ALL {
        let recipient = if *kind == CopyTo::Leader { after.leader_name.clone() } else { String::new() };
        store::put_copy(
            cx,
            id,
            &store::CopyLine { kind: *kind, recipient, sent_on: None, note: String::new() },
        )
        .await?;
    }
    cx.update(&before, after).await?;
    let audience = Audience::Post {
        role: Role::OrganisationLiaison,
        organisation: Some(before.organisation_id.0),
        inspection: None,
    };
    cx.notify(audience, format!("收到巡察反馈意见，共 {count} 个问题"), NOUN, id);
    let done = Done::deed::<Feedback>(NOUN, id, Deed::Hold, before.state, state);
    cx.done(done.note(format!("反馈问题 {count} 个")));
    Ok(count)
}

/// Enters that a copy went out.
pub async fn copy(cx: &mut WriteCx, id: FeedbackId, to: CopyTo, sent: Sent) -> Result<()> {
    let feedback = store::find(cx, id).await?;
    let state = feedback.decide(&cx.actor, Deed::Copy)?;
    dates::happened(cx, "sent_on", "抄送日期", sent.on)?;
    dates::not_before("sent_on", "抄送日期", sent.on, feedback.held_on, "反馈日期")?;
    let copy =
        store::CopyLine { kind: to, recipient: sent.recipient, sent_on: Some(sent.on), note: sent.note };
    store::put_copy(cx, id, &copy).await?;
    let note = format!("{}：{}", kit::Labelled::label(to), copy.recipient);
    cx.done(Done::deed::<Feedback>(NOUN, id, Deed::Copy, state, state).note(note));
    Ok(())
}

/// How a copy went out.
#[derive(Clone, Debug)]
pub struct Sent {
    /// To whom.
    pub recipient: String,
    /// When.
    pub on: NaiveDate,
    /// Number of the letter, receipt.
    pub note: String,
}

/// Puts on record what the unit declared.
pub async fn record(cx: &mut WriteCx, id: FeedbackId, statement: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Record)?;
    let after = Feedback { statement, state, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Feedback>(NOUN, id, Deed::Record, before.state, state));
    Ok(())
}

fn index(cx: &mut WriteCx, feedback: &Feedback) {
    let text = format!("{} {} {}", feedback.number, feedback.place, feedback.leader_name);
    cx.index(NOUN, feedback.id, text);
}
