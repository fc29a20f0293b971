//! Entering instructions, answering and closing them.

use chrono::NaiveDate;
use kit::{Done, Form, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::policies::{self, Deadline};

use super::{Deed, Instruction, InstructionId, NOUN, State, store};
use crate::{
    access,
    common::{Step, holders, liaisons, put},
    reports::{self, ReportId},
    subjects::not_after_today,
};

/// What a person enters about an instruction.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who gave it.
    pub leader: String,
    /// When.
    pub given_on: NaiveDate,
    /// Its words.
    pub text: String,
    /// What has to follow.
    pub task: String,
    /// Last day, when the leader set one.
    pub due_on: Option<NaiveDate>,
}

/// Enters an instruction on a report.
pub async fn create(cx: &mut WriteCx, report: ReportId, entry: Entry) -> Result<InstructionId> {
    let report = reports::find(cx, report).await?;
    if !access::keeps(&cx.actor, report.organisation_id) {
        return Err(Refusal::forbidden("登记批示").into());
    }
    not_after_today(cx, "given_on", entry.given_on)?;
    let Deadline { due_on, basis } = match entry.due_on {
        Some(due_on) if due_on < entry.given_on => {
            return Err(Refusal::field("due_on", "不能早于批示日期").into());
        }
        Some(due_on) => Deadline { due_on, basis: String::from("批示要求") },
        None => policies::deadline(cx, "instruction_answer", entry.given_on).await?,
    };
    let id = InstructionId(cx.new_id());
    cx.index(NOUN, id, format!("{} {} {}", entry.leader, entry.text, entry.task));
    cx.insert(Instruction {
        id,
        version: 1,
        report_id: report.id,
        inspection_id: report.inspection_id,
        organisation_id: report.organisation_id,
        leader_name: entry.leader,
        given_on: entry.given_on,
        text: entry.text,
        task: entry.task,
        state: State::Open,
        due_on,
        due_basis: basis,
        answer: String::new(),
        answered_on: None,
        answered_by: None,
        opinion: String::new(),
        closed_on: None,
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "登记批示"));
    cx.notify(liaisons(report.organisation_id), "收到领导对整改报告的批示", NOUN, id);
    Ok(id)
}

/// Says what was done.
pub async fn answer(cx: &mut WriteCx, id: InstructionId, text: String, form: &Form) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Answer)?;
    kit::service::keep_files(cx, NOUN, id, form).await?;
    let after = Instruction {
        state,
        answer: text.clone(),
        answered_on: Some(cx.today()),
        answered_by: cx.actor.account,
        ..before.clone()
    };
    put(cx, &before, after, Step { noun: NOUN, id: id.0, deed: Deed::Answer, note: text }).await?;
    cx.notify(holders(Role::OfficeLiaison, None), "整改批示已报结果，待办结", NOUN, id);
    Ok(())
}

/// Finds an instruction carried out, or not.
pub async fn review(cx: &mut WriteCx, id: InstructionId, deed: Deed, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let after = Instruction {
        state,
        opinion: opinion.clone(),
        closed_on: (state == State::Closed).then(|| cx.today()),
        ..before.clone()
    };
    put(cx, &before, after, Step { noun: NOUN, id: id.0, deed, note: opinion }).await
}
