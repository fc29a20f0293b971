//! What is done to requests for support.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, WriteCx, dates, numbers};
use planning::inspections::{self, InspectionId};
use registry::policies;

use super::{Asker, Deed, Kind, NOUN, RequestId, SERIES, State, SupportRequest, is_of, store};
use crate::shared;

/// What a person asks for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Kind of support.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// What exactly, and why.
    pub text: String,
}

/// Asks for support as `asker`; the other side is told.
pub async fn create(
    cx: &mut WriteCx,
    inspection: InspectionId,
    asker: Asker,
    entry: Entry,
) -> Result<RequestId> {
    inspections::find(cx, inspection).await?;
    if !is_of(asker, &cx.actor, inspection.0) {
        return Err(Refusal::field("asker", "只能以自己一方的名义提出").into());
    }
    let today = cx.today();
    let deadline = policies::deadline(cx, "support_reply", today).await?;
    let request = SupportRequest {
        id: RequestId(cx.new_id()),
        version: 1,
        number: numbers::yearly(cx, SERIES, today).await?,
        inspection_id: inspection.0,
        asker,
        kind: entry.kind,
        title: entry.title,
        text: entry.text,
        state: State::Asked,
        asked_on: today,
        asked_by: cx.actor.account,
        due_on: deadline.due_on,
        due_basis: deadline.basis,
        decided_on: None,
        decided_by: String::new(),
        decision: String::new(),
        delivered_on: None,
        delivery: String::new(),
        confirmed_on: None,
    };
    let id = request.id;
    tell_answering(cx, &request, "收到支援请求，请答复");
    index(cx, &request);
    cx.insert(request).await?;
    cx.done(Done::new(NOUN, id, "create", "提出支援请求"));
    Ok(id)
}

fn index(cx: &mut WriteCx, request: &SupportRequest) {
    cx.index(NOUN, request.id, format!("{} {} {}", request.number, request.title, request.text));
}

/// Changes a request that was not answered.
pub async fn edit(cx: &mut WriteCx, id: RequestId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    let after = SupportRequest { kind: entry.kind, title: entry.title, text: entry.text, ..before.clone() };
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<SupportRequest>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// The other side promises it until a day of its own.
pub async fn accept(cx: &mut WriteCx, id: RequestId, until: NaiveDate, opinion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Accept).await?;
    dates::not_before("due_on", "办理期限", until, Some(cx.today()), "今天")?;
    let mut after = decided(cx, &before, state, &opinion);
    after.due_on = until;
    after.due_basis = String::from("同意办理时商定");
    tell_asking(cx, &before, "支援请求已同意办理");
    put(cx, &before, after, Deed::Accept, opinion).await
}

/// The other side refuses it, with the reason.
pub async fn decline(cx: &mut WriteCx, id: RequestId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Decline).await?;
    let after = decided(cx, &before, state, &reason);
    tell_asking(cx, &before, "支援请求未获支持");
    put(cx, &before, after, Deed::Decline, reason).await
}

fn decided(cx: &WriteCx, before: &SupportRequest, state: State, opinion: &str) -> SupportRequest {
    SupportRequest {
        state,
        decided_on: Some(cx.today()),
        decided_by: cx.actor.name.clone(),
        decision: opinion.to_owned(),
        ..before.clone()
    }
}

/// The other side says what was done.
pub async fn deliver(cx: &mut WriteCx, id: RequestId, delivery: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Deliver).await?;
    let after = SupportRequest {
        state,
        delivered_on: Some(cx.today()),
        delivery: delivery.clone(),
        ..before.clone()
    };
    tell_asking(cx, &before, "支援请求已办理，请确认");
    put(cx, &before, after, Deed::Deliver, delivery).await
}

/// Who asked agrees that it is done.
pub async fn confirm(cx: &mut WriteCx, id: RequestId, note: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Confirm).await?;
    let after = SupportRequest { state, confirmed_on: Some(cx.today()), ..before.clone() };
    put(cx, &before, after, Deed::Confirm, note).await
}

/// Who asked finds that something is missing; the clock begins anew.
pub async fn return_for_more(cx: &mut WriteCx, id: RequestId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Return).await?;
    let deadline = policies::deadline(cx, "support_reply", cx.today()).await?;
    let after = SupportRequest {
        state,
        due_on: deadline.due_on,
        due_basis: deadline.basis,
        delivered_on: None,
        ..before.clone()
    };
    tell_answering(cx, &before, "支援请求退回续办");
    put(cx, &before, after, Deed::Return, reason).await
}

/// Who asked takes it back.
pub async fn withdraw(cx: &mut WriteCx, id: RequestId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    tell_answering(cx, &before, "支援请求已撤回");
    put(cx, &before, SupportRequest { state, ..before.clone() }, Deed::Withdraw, reason).await
}

fn tell_answering(cx: &mut WriteCx, request: &SupportRequest, what: &str) {
    let title = format!("{what}：{}", request.number);
    match request.asker {
        Asker::Team => shared::tell_office(cx, &title, NOUN, request.id),
        Asker::Office => shared::tell_heads(cx, request.inspection_id, &title, NOUN, request.id),
    }
}

fn tell_asking(cx: &mut WriteCx, request: &SupportRequest, what: &str) {
    if let Some(account) = request.asked_by {
        cx.notify(Audience::Account(account), format!("{what}：{}", request.number), NOUN, request.id);
    }
}

async fn step(cx: &WriteCx, id: RequestId, deed: Deed) -> Result<(SupportRequest, State)> {
    let request = store::find(cx, id).await?;
    let state = request.decide(&cx.actor, deed)?;
    Ok((request, state))
}

async fn put(
    cx: &mut WriteCx,
    before: &SupportRequest,
    after: SupportRequest,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<SupportRequest>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}
