//! Calling meetings and entering what they decided.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates, numbers};
use uuid::Uuid;

use super::{Deed, Meeting, MeetingId, NOUN, SERIES, State, may_create, store};

/// What a person enters to call a meeting.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Kind.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// The day it is called for.
    pub planned_on: NaiveDate,
    /// Where.
    pub place: String,
    /// Who chairs it.
    pub chair: String,
    /// The reports it discusses.
    pub reports: Vec<Uuid>,
    /// What else is discussed.
    pub agenda: String,
}

impl Entry {
    fn apply(self, meeting: &mut Meeting) {
        meeting.kind = self.kind;
        meeting.title = self.title;
        meeting.planned_on = self.planned_on;
        meeting.place = self.place;
        meeting.chair = self.chair;
        meeting.agenda = self.agenda;
    }
}

/// Calls a meeting.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<MeetingId> {
    if !may_create(&cx.actor) {
        return Err(Refusal::forbidden("安排会议").into());
    }
    let id = MeetingId(cx.new_id());
    let reports = entry.reports.clone();
    let mut meeting = Meeting {
        id,
        version: 1,
        number: numbers::yearly(cx, SERIES, entry.planned_on).await?,
        kind: String::new(),
        title: String::new(),
        planned_on: entry.planned_on,
        held_on: None,
        place: String::new(),
        chair: String::new(),
        agenda: String::new(),
        present: String::new(),
        absent: String::new(),
        listeners: String::new(),
        decisions: String::new(),
        state: State::Planned,
        created_at: cx.now,
    };
    entry.apply(&mut meeting);
    cx.index(NOUN, id, format!("{} {}", meeting.number, meeting.title));
    cx.insert(meeting).await?;
    store::put_reports(cx, id, &reports).await?;
    cx.done(Done::new(NOUN, id, "create", "安排会议"));
    Ok(id)
}

/// Changes a meeting that was not held.
pub async fn edit(cx: &mut WriteCx, id: MeetingId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let reports = entry.reports.clone();
    let mut after = Meeting { state, ..before.clone() };
    entry.apply(&mut after);
    store::put_reports(cx, id, &reports).await?;
    cx.index(NOUN, id, format!("{} {}", after.number, after.title));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Meeting>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// How a meeting was held.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The day.
    pub on: NaiveDate,
    /// Who chaired it.
    pub chair: String,
    /// Who came.
    pub present: String,
    /// Who was excused.
    pub absent: String,
    /// Who listened.
    pub listeners: String,
    /// What was decided.
    pub decisions: String,
}

/// Enters, or corrects, how a meeting was held.
pub async fn hold(cx: &mut WriteCx, id: MeetingId, deed: Deed, holding: Holding) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    dates::happened(cx, "held_on", "召开日期", holding.on)?;
    let after = Meeting {
        state,
        held_on: Some(holding.on),
        chair: holding.chair,
        present: holding.present,
        absent: holding.absent,
        listeners: holding.listeners,
        decisions: holding.decisions,
        ..before.clone()
    };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Meeting>(NOUN, id, deed, before.state, state).changes(changes));
    Ok(())
}

/// Makes the minutes final, or does without the meeting.
pub async fn close(cx: &mut WriteCx, id: MeetingId, deed: Deed, note: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    if deed == Deed::Minute && before.decisions.is_empty() {
        return Err(Refusal::conflict("还没有填写会议决定，请先修改记录再定稿。").into());
    }
    cx.update(&before, Meeting { state, ..before.clone() }).await?;
    cx.done(Done::deed::<Meeting>(NOUN, id, deed, before.state, state).note(note));
    Ok(())
}
