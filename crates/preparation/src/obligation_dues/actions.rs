//! What is done to due records.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates};
use registry::policies::{self, months_after};

use super::{Deed, DueId, NOUN, ObligationDue, State, store};
use crate::{
    obligations::{self, Obligation, ObligationId, due_days},
    shared,
};

/// Lists what is due of an obligation as far ahead as the policy says, where it is not listed.
pub(crate) async fn extend(cx: &mut WriteCx, obligation: &Obligation) -> Result<()> {
    let until = months_after(cx.today(), policies::amount(cx, "obligation_ahead", cx.today()).await?);
    let soon = policies::amount(cx, "obligation_soon", cx.today()).await?.unsigned_abs();
    let last = store::last_day(cx, obligation.id).await?;
    let days = due_days(obligation.first_due_on, obligation.period, until);
    let mut dues = Vec::new();
    for due_on in days.into_iter().filter(|day| last.is_none_or(|last| *day > last)) {
        let due = ObligationDue {
            id: DueId(cx.new_id()),
            version: 1,
            obligation_id: obligation.id,
            agreement_id: obligation.agreement_id,
            party_id: obligation.party_id,
            due_on,
            waits_from: days_before(due_on, soon),
            state: State::Open,
            done_on: None,
            done_by: None,
            account: String::new(),
            opinion: String::new(),
        };
        cx.index(NOUN, due.id, obligation.text.as_str());
        dues.push(due);
    }
    cx.insert_all(dues).await
}

fn days_before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(chrono::Days::new(days)).unwrap_or(day)
}

/// With its obligation what is open after `day` ends.
pub(crate) async fn drop_after(cx: &mut WriteCx, obligation: ObligationId, day: NaiveDate) -> Result<()> {
    store::drop_after(cx, obligation, day).await?;
    Ok(())
}

/// The side that has to says what was done.
pub async fn report(cx: &mut WriteCx, id: DueId, on: NaiveDate, account: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Report).await?;
    dates::happened(cx, "done_on", "办理日期", on)?;
    shared::tell_office(cx, &format!("协作约定事项已办理，请核实（{}到期）", before.due_on), NOUN, id);
    let after =
        ObligationDue { state, done_on: Some(on), done_by: cx.actor.account, account, ..before.clone() };
    put(cx, &before, after, Deed::Report, String::new()).await
}

/// The office agrees; the next ones are listed.
pub async fn confirm(cx: &mut WriteCx, id: DueId, opinion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Confirm).await?;
    put(cx, &before, ObligationDue { state, opinion, ..before.clone() }, Deed::Confirm, String::new())
        .await?;
    list_next(cx, before.obligation_id).await
}

/// The office disagrees.
pub async fn return_for_more(cx: &mut WriteCx, id: DueId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Return).await?;
    if let Some(party) = before.party_id {
        let title = format!("协作约定事项退回续办（{}到期）", before.due_on);
        shared::tell_body(cx, party, &title, NOUN, id).await?;
    }
    let after =
        ObligationDue { state, done_on: None, done_by: None, opinion: reason.clone(), ..before.clone() };
    put(cx, &before, after, Deed::Return, reason).await
}

/// The office lets it be this time.
pub async fn waive(cx: &mut WriteCx, id: DueId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Waive).await?;
    let after = ObligationDue { state, opinion: reason.clone(), ..before.clone() };
    put(cx, &before, after, Deed::Waive, reason).await?;
    list_next(cx, before.obligation_id).await
}

async fn list_next(cx: &mut WriteCx, id: ObligationId) -> Result<()> {
    let obligation = obligations::find(cx, id).await?;
    if obligation.state == obligations::State::InForce {
        extend(cx, &obligation).await?;
    }
    Ok(())
}

/// The due record and its state after `deed`, with a sentence of its own for who would confirm himself.
async fn step(cx: &WriteCx, id: DueId, deed: Deed) -> Result<(ObligationDue, State)> {
    let due = store::find(cx, id).await?;
    let own = matches!(deed, Deed::Confirm | Deed::Return) && due.reported_by(&cx.actor);
    if own && cx.actor.is_office() {
        return Err(Refusal::conflict("报告人不能核实自己的报告，请由巡察办其他同志核实。").into());
    }
    let state = due.decide(&cx.actor, deed)?;
    Ok((due, state))
}

async fn put(
    cx: &mut WriteCx,
    before: &ObligationDue,
    after: ObligationDue,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<ObligationDue>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}
