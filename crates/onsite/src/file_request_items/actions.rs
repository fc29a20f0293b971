//! Handing in, signing for, sending back, giving back.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Result, Role, WriteCx, dates};

use super::{Deed, FileRequestItem, FileRequestItemId, NOUN, State, store};

/// The organisation hands it in; the team enters what came on paper.
pub async fn provide(
    cx: &mut WriteCx,
    id: FileRequestItemId,
    pages: Option<i64>,
    note: String,
) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Provide).await?;
    let after = FileRequestItem {
        provided_on: Some(cx.today()),
        provided_by: cx.actor.name.clone(),
        pages,
        note,
        ..before.clone()
    };
    put(cx, &before, after, (Deed::Provide, state), "").await
}

/// The organisation says that it does not exist.
pub async fn declare(cx: &mut WriteCx, id: FileRequestItemId, note: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Declare).await?;
    let after = FileRequestItem {
        provided_on: Some(cx.today()),
        provided_by: cx.actor.name.clone(),
        note: note.clone(),
        ..before.clone()
    };
    put(cx, &before, after, (Deed::Declare, state), &note).await
}

/// The team signs for it: the receipt of the hand-over.
pub async fn accept(cx: &mut WriteCx, id: FileRequestItemId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Accept).await?;
    let after = accepted(cx, &before);
    put(cx, &before, after, (Deed::Accept, state), "").await
}

/// The team accepts that it does not exist.
pub async fn settle(cx: &mut WriteCx, id: FileRequestItemId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Settle).await?;
    let after = accepted(cx, &before);
    put(cx, &before, after, (Deed::Settle, state), "").await
}

/// The team sends it back for more.
pub async fn return_for_more(cx: &mut WriteCx, id: FileRequestItemId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Return).await?;
    let audience = Audience::Post {
        role: Role::OrganisationLiaison,
        organisation: Some(before.organisation_id.0),
        inspection: None,
    };
    cx.notify(audience, format!("调阅资料退回补充：{}", before.name), NOUN, id);
    let after = FileRequestItem { return_reason: reason.clone(), ..before.clone() };
    put(cx, &before, after, (Deed::Return, state), &reason).await
}

/// The team gives it back.
pub async fn give_back(cx: &mut WriteCx, id: FileRequestItemId, on: NaiveDate, to: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::GiveBack).await?;
    dates::happened(cx, "on", "归还日期", on)?;
    dates::not_before("on", "归还日期", on, before.accepted_on, "签收日期")?;
    let after = FileRequestItem { given_back_on: Some(on), given_back_to: to, ..before.clone() };
    put(cx, &before, after, (Deed::GiveBack, state), "").await
}

fn accepted(cx: &WriteCx, before: &FileRequestItem) -> FileRequestItem {
    FileRequestItem { accepted_on: Some(cx.today()), accepted_by: cx.actor.name.clone(), ..before.clone() }
}

async fn step(cx: &WriteCx, id: FileRequestItemId, deed: Deed) -> Result<(FileRequestItem, State)> {
    let item = store::find(cx, id).await?;
    let state = item.decide(&cx.actor, deed)?;
    Ok((item, state))
}

async fn put(
    cx: &mut WriteCx,
    before: &FileRequestItem,
    after: FileRequestItem,
    (deed, state): (Deed, State),
    note: &str,
) -> Result<()> {
    cx.update(before, FileRequestItem { state, ..after }).await?;
    cx.done(Done::deed::<FileRequestItem>(NOUN, before.id, deed, before.state, state).note(note));
    Ok(())
}
