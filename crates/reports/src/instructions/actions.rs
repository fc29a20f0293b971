//! Entering instructions and following them up.

use std::fmt::Write as _;

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates, numbers};
use registry::policies;

use super::{Deed, Instruction, InstructionId, NOUN, SERIES, State, may_create, store};
use crate::{
    meetings::{self, MeetingId},
    reports::{self, ReportId},
};

/// What a person enters about an instruction.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The meeting it was given in.
    pub meeting: Option<MeetingId>,
    /// The report it is on.
    pub report: Option<ReportId>,
    /// Who gave it.
    pub leader: String,
    /// When.
    pub given_on: NaiveDate,
    /// What it says.
    pub text: String,
    /// Who carries it out.
    pub owner: String,
    /// Last day; as the policy says when none.
    pub due_on: Option<NaiveDate>,
}

/// Enters an instruction.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<InstructionId> {
    if !may_create(&cx.actor) {
        return Err(Refusal::forbidden("登记批示").into());
    }
    let id = InstructionId(cx.new_id());
    let blank = Instruction {
        id,
        version: 1,
        number: numbers::yearly(cx, SERIES, entry.given_on).await?,
        meeting_id: None,
        report_id: None,
        leader: String::new(),
        given_on: entry.given_on,
        text_sealed: String::new(),
        owner: String::new(),
        due_on: None,
        due_basis: String::new(),
        progress_sealed: String::new(),
        progress_on: None,
        reported_by: None,
        done_on: None,
        state: State::Open,
    };
    let instruction = filled(cx, blank, entry).await?;
    index(cx, &instruction);
    cx.insert(instruction).await?;
    cx.done(Done::new(NOUN, id, "create", "登记批示"));
    Ok(id)
}

/// Only the number and the giver are searchable.
fn index(cx: &mut WriteCx, instruction: &Instruction) {
    cx.index(NOUN, instruction.id, format!("{} {}", instruction.number, instruction.leader));
}

async fn filled(cx: &WriteCx, instruction: Instruction, entry: Entry) -> Result<Instruction> {
    dates::happened(cx, "given_on", "批示日期", entry.given_on)?;
    if let Some(meeting) = entry.meeting
        && !meetings::find(cx, meeting).await?.is_held()
    {
        return Err(Refusal::field("meeting", "这次会议还没有登记召开情况").into());
    }
    if let Some(report) = entry.report {
        reports::find(cx, report).await?;
    }
    let deadline = policies::deadline(cx, "instruction_follow_up", entry.given_on).await?;
    let (due_on, due_basis) = match entry.due_on {
        Some(due_on) => {
            dates::not_before("due_on", "办理期限", due_on, Some(entry.given_on), "批示日期")?;
            (due_on, String::from("批示或会议确定的期限"))
        }
        None => (deadline.due_on, deadline.basis),
    };
    Ok(Instruction {
        meeting_id: entry.meeting,
        report_id: entry.report,
        leader: entry.leader,
        given_on: entry.given_on,
        text_sealed: store::seal(cx, instruction.id, "text", &entry.text)?,
        owner: entry.owner,
        due_on: Some(due_on),
        due_basis,
        ..instruction
    })
}

/// Corrects an open instruction.
pub async fn edit(cx: &mut WriteCx, id: InstructionId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let after = filled(cx, Instruction { state, ..before.clone() }, entry).await?;
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Instruction>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// Enters how far it is, or what was done; entries stand below each other.
pub async fn report(
    cx: &mut WriteCx,
    id: InstructionId,
    deed: Deed,
    on: NaiveDate,
    text: &str,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    dates::happened(cx, "on", "日期", on)?;
    dates::not_before("on", "日期", on, Some(before.given_on), "批示日期")?;
    let mut told = before.progress(cx)?;
    if !told.is_empty() {
        told.push('\n');
    }
    let _ = write!(told, "{on} {}：{text}", cx.actor.name);
    let after = Instruction {
        state,
        progress_sealed: store::seal(cx, id, "progress", &told)?,
        progress_on: Some(on),
        reported_by: if deed == Deed::Report { cx.actor.account } else { before.reported_by },
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Instruction>(NOUN, id, deed, before.state, state));
    Ok(())
}

/// Accepts what was done, or finds it not enough.
pub async fn decide(cx: &mut WriteCx, id: InstructionId, deed: Deed) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let done_on = (state == State::Done).then(|| cx.today());
    cx.update(&before, Instruction { done_on, state, ..before.clone() }).await?;
    cx.done(Done::deed::<Instruction>(NOUN, id, deed, before.state, state));
    Ok(())
}
