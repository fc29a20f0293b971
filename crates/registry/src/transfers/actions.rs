//! What is done to transfers, each deed in the one transaction it is called in.

use chrono::{Datelike as _, NaiveDate};
use kit::{Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};

use super::{Deed, Disposal, Kind, NOUN, ResultKind, Sending, State, Transfer, TransferId, number, store};
use crate::{organisations::OrganisationId, policies};

/// Hands a matter over: creates the transfer, starts the clock, notifies the recipient.
///
/// The slice of the subject has checked that the sender may and that the matter is approved.
///
/// # Errors
/// Refusals for a day in the future, for a second open transfer of the subject to the same recipient,
/// and for a matter that would be handed to the very organisation it must be kept from.
pub async fn send(cx: &mut WriteCx, sending: Sending) -> Result<TransferId> {
    let recipient = OrganisationId(sending.recipient);
    check_sending(cx, &sending)?;
    let earlier = store::of_subject(cx, sending.subject_id).await?;
    if earlier.iter().any(|held| held.recipient_id == recipient && held.state != State::Closed) {
        return Err(Refusal::conflict("这一事项已经移交给该单位，尚未办结，不能重复移交。").into());
    }
    let year = sending.sent_on.year();
    let number = number(year, store::next_number(cx, year).await?);
    let due = policies::deadline(cx, sending.kind.result_policy(), sending.sent_on).await?;
    let transfer = Transfer {
        id: TransferId(cx.new_id()),
        version: 1,
        number,
        kind: sending.kind,
        subject_noun: sending.subject_noun.to_owned(),
        subject_id: sending.subject_id,
        ordinal: i64::try_from(earlier.len()).unwrap_or(i64::MAX).saturating_add(1),
        title: sending.title,
        inspection_id: sending.inspection,
        organisation_id: sending.organisation.map(OrganisationId),
        recipient_id: recipient,
        mode: sending.mode,
        early: sending.early,
        state: State::Sent,
        sent_by: cx.actor.account,
        sent_on: sending.sent_on,
        due_on: due.due_on,
        due_basis: due.basis,
        received_on: None,
        received_by: String::new(),
        disposal_due_on: None,
        disposal: None,
        disposal_on: None,
        disposal_note: String::new(),
        result: None,
        result_on: None,
        result_note: String::new(),
        returned_on: None,
        return_reason: String::new(),
        urged_on: None,
        urges: 0,
        closed_on: None,
    };
    let id = transfer.id;
    let notice = format!("收到移交的{}，请签收（{}）", transfer.kind.label(), transfer.number);
    tell_recipient(cx, &transfer, notice).await?;
    cx.index(NOUN, id, format!("{} {}", transfer.number, transfer.title));
    cx.done(Done::new(NOUN, id, "send", "移交"));
    cx.insert(transfer).await?;
    Ok(id)
}

fn check_sending(cx: &WriteCx, sending: &Sending) -> Result<()> {
    not_in_future(cx, "sent_on", "移交日期", sending.sent_on)?;
    if sending.kind.hidden_from_subject() && sending.organisation == Some(sending.recipient) {
        let sentence = format!("{}不能移交给它所反映的被巡察单位", sending.kind.label());
        return Err(Refusal::field("recipient", sentence).into());
    }
    Ok(())
}

/// The recipient signs for it; the clock for the result is counted anew from that day.
pub async fn receive(
    cx: &mut WriteCx,
    id: TransferId,
    received_on: NaiveDate,
    received_by: String,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Receive)?;
    not_in_future(cx, "received_on", "签收日期", received_on)?;
    not_before(received_on, before.sent_on, "received_on", "签收日期不能早于移交日期")?;
    let mut after = Transfer { state, received_on: Some(received_on), received_by, ..before.clone() };
    let due = policies::deadline(cx, before.kind.result_policy(), received_on).await?;
    after.due_on = due.due_on;
    after.due_basis = due.basis;
    if let Some(policy) = before.kind.disposal_policy() {
        after.disposal_due_on = Some(policies::deadline(cx, policy, received_on).await?.due_on);
    }
    finish(cx, Deed::Receive, &before, after, String::new()).await
}

/// How the recipient deals with what it received.
#[derive(Clone, Debug)]
pub struct Disposing {
    /// The way, one of the kind's own.
    pub disposal: Disposal,
    /// Day it was chosen.
    pub on: NaiveDate,
    /// Remark; the reason when the matter is turned down.
    pub note: String,
}

/// The recipient chooses how to deal with it.
pub async fn dispose(cx: &mut WriteCx, id: TransferId, disposing: Disposing) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Dispose)?;
    check_disposal(before.kind, &disposing)?;
    not_in_future(cx, "disposal_on", "处置日期", disposing.on)?;
    not_before(
        disposing.on,
        before.received_on.unwrap_or(before.sent_on),
        "disposal_on",
        "处置日期不能早于签收日期",
    )?;
    let note = format!("{}：{}", disposing.disposal.label(), disposing.note);
    let after = Transfer {
        state,
        disposal: Some(disposing.disposal),
        disposal_on: Some(disposing.on),
        disposal_note: disposing.note,
        ..before.clone()
    };
    finish(cx, Deed::Dispose, &before, after, note).await
}

fn check_disposal(kind: Kind, disposing: &Disposing) -> Result<()> {
    if !kind.disposals().contains(&disposing.disposal) {
        let sentence = format!("“{}”不是{}的处置方式", disposing.disposal.label(), kind.label());
        return Err(Refusal::field("disposal", sentence).into());
    }
    if disposing.disposal.turns_down() && disposing.note.is_empty() {
        let sentence = format!("选择“{}”须写明理由", disposing.disposal.label());
        return Err(Refusal::field("disposal_note", sentence).into());
    }
    Ok(())
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The result, one of the kind's own.
    pub result: ResultKind,
    /// Day of the result.
    pub on: NaiveDate,
    /// What was done, in words.
    pub note: String,
}

/// The recipient reports what came of it.
pub async fn report_result(cx: &mut WriteCx, id: TransferId, report: Report) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::ReportResult)?;
    if !before.kind.results().contains(&report.result) {
        let sentence = format!("“{}”不是{}的办理结果", report.result.label(), before.kind.label());
        return Err(Refusal::field("result", sentence).into());
    }
    not_in_future(cx, "result_on", "结果日期", report.on)?;
    not_before(
        report.on,
        before.received_on.unwrap_or(before.sent_on),
        "result_on",
        "结果日期不能早于签收日期",
    )?;
    let note = format!("{}：{}", report.result.label(), report.note);
    let after = Transfer {
        state,
        result: Some(report.result),
        result_on: Some(report.on),
        result_note: report.note,
        ..before.clone()
    };
    tell_office(cx, &before, &format!("{}已反馈办理结果，请审核办结", before.number));
    finish(cx, Deed::ReportResult, &before, after, note).await
}

/// The recipient sends it back because something is missing.
pub async fn return_for_more(cx: &mut WriteCx, id: TransferId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::ReturnForMore)?;
    let after =
        Transfer { state, returned_on: Some(cx.today()), return_reason: reason.clone(), ..before.clone() };
    tell_office(cx, &before, &format!("{}被退回，需要补充材料", before.number));
    finish(cx, Deed::ReturnForMore, &before, after, reason).await
}

/// The office sends it again, completed; the clock begins anew.
pub async fn resend(cx: &mut WriteCx, id: TransferId, sent_on: NaiveDate, note: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Resend)?;
    send_again(cx, before, state, sent_on, note).await
}

/// Sends the subject of a returned transfer again; the deed on the subject was permitted itself.
pub async fn resend_subject(
    cx: &mut WriteCx,
    id: TransferId,
    sent_on: NaiveDate,
    note: String,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = Transfer::transition(before.state, Deed::Resend)
        .ok_or_else(|| Refusal::wrong_state(before.state.label(), Deed::Resend.label()))?;
    send_again(cx, before, state, sent_on, note).await
}

async fn send_again(
    cx: &mut WriteCx,
    before: Transfer,
    state: State,
    sent_on: NaiveDate,
    note: String,
) -> Result<()> {
    not_in_future(cx, "sent_on", "移交日期", sent_on)?;
    not_before(
        sent_on,
        before.returned_on.unwrap_or(before.sent_on),
        "sent_on",
        "重新移交日期不能早于退回日期",
    )?;
    let due = policies::deadline(cx, before.kind.result_policy(), sent_on).await?;
    let after = Transfer {
        state,
        sent_on,
        sent_by: cx.actor.account,
        due_on: due.due_on,
        due_basis: due.basis,
        received_on: None,
        received_by: String::new(),
        disposal_due_on: None,
        ..before.clone()
    };
    tell_recipient(cx, &before, format!("{}已补充材料重新移交，请签收", before.number)).await?;
    finish(cx, Deed::Resend, &before, after, note).await
}

/// The office urges the recipient.
pub async fn urge(cx: &mut WriteCx, id: TransferId, note: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Urge)?;
    let after = Transfer {
        state,
        urged_on: Some(cx.today()),
        urges: before.urges.saturating_add(1),
        ..before.clone()
    };
    tell_recipient(cx, &before, format!("巡察办督促办理移交事项{}，请尽快反馈", before.number)).await?;
    finish(cx, Deed::Urge, &before, after, note).await
}

/// The office accepts the result.
pub async fn close(cx: &mut WriteCx, id: TransferId, note: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Close)?;
    let after = Transfer { state, closed_on: Some(cx.today()), ..before.clone() };
    finish(cx, Deed::Close, &before, after, note).await
}

async fn finish(
    cx: &mut WriteCx,
    deed: Deed,
    before: &Transfer,
    after: Transfer,
    note: String,
) -> Result<()> {
    let done = Done::deed::<Transfer>(NOUN, before.id, deed, before.state, after.state).note(note);
    let changes = cx.update(before, after).await?;
    cx.done(done.changes(changes));
    Ok(())
}

async fn tell_recipient(cx: &mut WriteCx, transfer: &Transfer, title: String) -> Result<()> {
    for role in store::roles_at(cx, transfer.recipient_id).await? {
        cx.notify(at(role, transfer.recipient_id), title.clone(), NOUN, transfer.id);
    }
    Ok(())
}

fn tell_office(cx: &mut WriteCx, transfer: &Transfer, title: &str) {
    for role in [Role::OfficeDirector, Role::OfficeLiaison] {
        let office = Audience::Post { role, organisation: None, inspection: None };
        cx.notify(office, title, NOUN, transfer.id);
    }
}

fn at(role: Role, organisation: OrganisationId) -> Audience {
    Audience::Post { role, organisation: Some(organisation.0), inspection: None }
}

fn not_in_future(cx: &WriteCx, field: &str, label: &str, day: NaiveDate) -> Result<()> {
    if day > cx.today() {
        return Err(Refusal::field(field, format!("{label}不能晚于今天")).into());
    }
    Ok(())
}

fn not_before(day: NaiveDate, earliest: NaiveDate, field: &str, sentence: &str) -> Result<()> {
    if day < earliest { Err(Refusal::field(field, sentence).into()) } else { Ok(()) }
}
