//! Entering meetings, and turning what they decide into tasks.

use chrono::NaiveDate;
use kit::{
    Done, Lifecycle as _, Refusal, Result, WriteCx, dates,
    numbers::{self, Series},
};
use planning::inspections::{self, InspectionId};
use uuid::Uuid;

use super::{Deed, Kind, NOUN, State, TeamMeeting, TeamMeetingId, store};
use crate::tasks;

const NUMBERS: Series = Series { prefix: "ZH", table: "team_meeting" };

/// What is entered about a meeting.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Kind.
    pub kind: Kind,
    /// The day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: String,
    /// Who led it.
    pub chair: String,
    /// How many should have been there.
    pub expected: i64,
    /// How many were.
    pub present: i64,
    /// Who was there.
    pub attendees: String,
    /// Agenda.
    pub agenda: String,
    /// What was said.
    pub minutes: String,
}

impl Entry {
    fn check(&self, cx: &WriteCx) -> Result<()> {
        dates::happened(cx, "held_on", "召开日期", self.held_on)?;
        // At a forum or somebody else's meeting nobody counts who should have come.
        if self.expected > 0 && self.present > self.expected {
            return Err(Refusal::field("present", "实到人数不能多于应到人数").into());
        }
        Ok(())
    }

    fn apply(self, meeting: &mut TeamMeeting) {
        meeting.kind = self.kind;
        meeting.held_on = self.held_on;
        meeting.place = self.place;
        meeting.chair = self.chair;
        meeting.expected = self.expected;
        meeting.present = self.present;
        meeting.attendees = self.attendees;
        meeting.agenda = self.agenda;
        meeting.minutes = self.minutes;
    }
}

/// Enters a meeting of the team of `inspection`.
pub async fn create(cx: &mut WriteCx, inspection: Uuid, entry: Entry) -> Result<TeamMeetingId> {
    inspections::find(cx, InspectionId(inspection)).await?;
    if !cx.actor.in_team(inspection) {
        return Err(Refusal::forbidden("登记会议").into());
    }
    entry.check(cx)?;
    let id = TeamMeetingId(cx.new_id());
    let mut meeting = TeamMeeting {
        id,
        version: 1,
        number: numbers::yearly(cx, NUMBERS, entry.held_on).await?,
        inspection_id: inspection,
        kind: entry.kind,
        held_on: entry.held_on,
        place: String::new(),
        chair: String::new(),
        expected: 0,
        present: 0,
        attendees: String::new(),
        agenda: String::new(),
        minutes: String::new(),
        state: State::Draft,
    };
    entry.apply(&mut meeting);
    cx.index(NOUN, id, format!("{} {}", meeting.number, meeting.agenda));
    cx.insert(meeting).await?;
    cx.done(Done::new(NOUN, id, "create", "登记会议"));
    Ok(id)
}

/// Changes an entry that is not final.
pub async fn edit(cx: &mut WriteCx, id: TeamMeetingId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    entry.check(cx)?;
    let mut after = before.clone();
    entry.apply(&mut after);
    cx.index(NOUN, id, format!("{} {}", after.number, after.agenda));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<TeamMeeting>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// One thing decided: what, by whom, until when.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What is to be done.
    pub text: String,
    /// The place in the team of who does it.
    pub assignee: Option<Uuid>,
    /// Last day.
    pub due_on: Option<NaiveDate>,
}

/// Makes each decision a task of the team.
pub async fn decide(cx: &mut WriteCx, id: TeamMeetingId, decisions: Vec<Decision>) -> Result<()> {
    let meeting = store::find(cx, id).await?;
    let state = meeting.decide(&cx.actor, Deed::Decide)?;
    let count = decisions.len();
    for decision in decisions {
        let entry = tasks::actions::Entry {
            title: decision.text,
            detail: String::new(),
            origin: tasks::Origin::Meeting,
            source: Some((NOUN.to_owned(), id.0)),
            assignee: decision.assignee,
            due_on: decision.due_on,
        };
        tasks::actions::create(cx, meeting.inspection_id, entry).await?;
    }
    let note = format!("形成 {count} 项任务");
    cx.done(Done::deed::<TeamMeeting>(NOUN, id, Deed::Decide, state, state).note(note));
    Ok(())
}

/// Makes an entry final.
pub async fn finalise(cx: &mut WriteCx, id: TeamMeetingId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Finalise)?;
    if before.minutes.is_empty() {
        return Err(Refusal::conflict("还没有填写会议记录，请先修改登记再定稿。").into());
    }
    cx.update(&before, TeamMeeting { state, ..before.clone() }).await?;
    cx.done(Done::deed::<TeamMeeting>(NOUN, id, Deed::Finalise, before.state, state));
    Ok(())
}
