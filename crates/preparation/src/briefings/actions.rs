//! What is done to briefing requests.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates, numbers};
use registry::{organisations::OrganisationId, policies};
use uuid::Uuid;

use super::{Briefing, BriefingId, Deed, NOUN, SERIES, State, store};
use crate::{
    briefing_items::{self, actions::Entry},
    briefing_letters::LetterId,
    shared,
};

/// One question of a letter: about whom, for which inspection.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// The letter.
    pub letter: LetterId,
    /// The inspected unit.
    pub unit: Uuid,
    /// Its inspection.
    pub inspection: Uuid,
    /// The organisation.
    pub organisation: OrganisationId,
}

/// Asks `department` everything in `asked`; it is told once. The letter's deed has checked that the
/// actor may.
pub(crate) async fn ask(
    cx: &mut WriteCx,
    department: OrganisationId,
    sent_on: NaiveDate,
    asked: Vec<Asking>,
) -> Result<()> {
    let deadline = policies::deadline(cx, "briefing_reply", sent_on).await?;
    let mut requests = Vec::with_capacity(asked.len());
    for asking in asked {
        let request = Briefing {
            id: BriefingId(cx.new_id()),
            version: 1,
            number: numbers::yearly(cx, SERIES, sent_on).await?,
            letter_id: asking.letter,
            inspection_id: asking.inspection,
            unit_id: asking.unit,
            organisation_id: asking.organisation,
            department_id: department,
            state: State::Asked,
            sent_on,
            due_on: deadline.due_on,
            due_basis: deadline.basis.clone(),
            statement: String::new(),
            submitted_on: None,
            submitted_by: None,
            received_on: None,
            received_by: String::new(),
            return_reason: String::new(),
            urged_on: None,
            urges: 0,
            concluded_on: None,
        };
        cx.index(NOUN, request.id, request.number.as_str());
        cx.done(Done::new(NOUN, request.id, "ask", "发出通报请求"));
        requests.push(request);
    }
    if let Some(first) = requests.first().map(|request| request.id) {
        let title = format!("收到巡前通报请求{}件，请在{}前回复", requests.len(), deadline.due_on);
        shared::tell_body(cx, department, &title, NOUN, first).await?;
    }
    cx.insert_all(requests).await
}

/// The department enters items of its reply.
pub async fn add_items(cx: &mut WriteCx, id: BriefingId, entries: Vec<Entry>) -> Result<usize> {
    let (before, _) = step(cx, id, Deed::AddItems).await?;
    let count = entries.len();
    for entry in entries {
        briefing_items::actions::add(cx, &before, entry).await?;
    }
    cx.done(
        Done::deed::<Briefing>(NOUN, id, Deed::AddItems, before.state, before.state)
            .note(format!("{count}项")),
    );
    Ok(count)
}

/// The department hands its reply in.
///
/// # Errors
/// A refusal when there is neither an item nor a word: "nothing to report" must be said.
pub async fn submit(cx: &mut WriteCx, id: BriefingId, statement: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Submit).await?;
    let handed = briefing_items::actions::hand_in(cx, id).await?;
    if handed == 0 && statement.is_empty() {
        let sentence = "没有填报事项的，请写明“经查无有关情况”等说明";
        return Err(Refusal::field("statement", sentence).into());
    }
    let title = format!("巡前通报已回复，请签收：{}", before.number);
    shared::tell_heads(cx, before.inspection_id, &title, NOUN, id);
    let after = Briefing {
        state,
        statement,
        submitted_on: Some(cx.today()),
        submitted_by: cx.actor.account,
        ..before.clone()
    };
    put(cx, &before, after, Deed::Submit, format!("{handed}项")).await
}

/// The team, or the office for it, signs for the reply.
pub async fn receive(cx: &mut WriteCx, id: BriefingId, on: NaiveDate, by: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Receive).await?;
    dates::happened(cx, "received_on", "签收日期", on)?;
    dates::not_before("received_on", "签收日期", on, before.submitted_on, "回复日期")?;
    briefing_items::actions::sign_for(cx, id).await?;
    let after = Briefing { state, received_on: Some(on), received_by: by, ..before.clone() };
    put(cx, &before, after, Deed::Receive, String::new()).await
}

/// The reply goes back to be completed; its clock begins anew.
pub async fn return_for_more(cx: &mut WriteCx, id: BriefingId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::ReturnForMore).await?;
    let deadline = policies::deadline(cx, "briefing_reply", cx.today()).await?;
    briefing_items::actions::give_back(cx, id).await?;
    let title = format!("巡前通报退回补充：{}", before.number);
    shared::tell_body(cx, before.department_id, &title, NOUN, id).await?;
    let after = Briefing {
        state,
        due_on: deadline.due_on,
        due_basis: deadline.basis,
        submitted_on: None,
        submitted_by: None,
        return_reason: reason.clone(),
        ..before.clone()
    };
    put(cx, &before, after, Deed::ReturnForMore, reason).await
}

/// Tells the department what became of every item, in coded form.
///
/// # Errors
/// A refusal as long as an item waits for its outcome.
pub async fn conclude(cx: &mut WriteCx, id: BriefingId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Conclude).await?;
    let open = briefing_items::unsettled(cx, id).await?;
    if open > 0 {
        let sentence = format!("还有 {open} 项没有记录运用情况，不能反馈。请先逐项记录。");
        return Err(Refusal::conflict(sentence).into());
    }
    briefing_items::actions::report(cx, id).await?;
    let title = format!("巡前通报的运用情况已反馈：{}", before.number);
    shared::tell_body(cx, before.department_id, &title, NOUN, id).await?;
    let after = Briefing { state, concluded_on: Some(cx.today()), ..before.clone() };
    put(cx, &before, after, Deed::Conclude, String::new()).await
}

/// The office urges the department.
pub async fn urge(cx: &mut WriteCx, id: BriefingId, note: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Urge).await?;
    let title = format!("巡察办催办巡前通报：{}", before.number);
    shared::tell_body(cx, before.department_id, &title, NOUN, id).await?;
    let after = Briefing {
        state,
        urged_on: Some(cx.today()),
        urges: before.urges.saturating_add(1),
        ..before.clone()
    };
    put(cx, &before, after, Deed::Urge, note).await
}

/// The office takes a request back that was not answered.
pub async fn withdraw(cx: &mut WriteCx, id: BriefingId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    let title = format!("巡前通报请求已撤回：{}", before.number);
    shared::tell_body(cx, before.department_id, &title, NOUN, id).await?;
    put(cx, &before, Briefing { state, ..before.clone() }, Deed::Withdraw, reason).await
}

async fn step(cx: &WriteCx, id: BriefingId, deed: Deed) -> Result<(Briefing, State)> {
    let request = store::find(cx, id).await?;
    let state = request.decide(&cx.actor, deed)?;
    Ok((request, state))
}

async fn put(cx: &mut WriteCx, before: &Briefing, after: Briefing, deed: Deed, note: String) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Briefing>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}
