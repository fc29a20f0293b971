//! Writing a request, sending it, and finishing it.

use chrono::NaiveDate;
use kit::{
    Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx,
    numbers::{self, Series},
};
use planning::units;
use registry::policies;
use uuid::Uuid;

use super::{Deed, FileRequest, FileRequestId, NOUN, State, key_of, store};
use crate::file_request_items::{self, FileRequestItem, FileRequestItemId, Form};

const NUMBERS: Series = Series { prefix: "DY", table: "file_request" };

/// One document asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// The time it covers.
    pub period: String,
    /// Original or copy.
    pub form: Form,
}

/// Writes a request to the organisation of `unit`.
pub async fn create(
    cx: &mut WriteCx,
    unit: Uuid,
    title: String,
    wanted: Vec<Wanted>,
) -> Result<FileRequestId> {
    let unit = units::of(cx, unit).await?;
    if !cx.actor.in_team(unit.inspection_id) {
        return Err(Refusal::forbidden("拟定调阅清单").into());
    }
    let id = FileRequestId(cx.new_id());
    let request = FileRequest {
        id,
        version: 1,
        number: numbers::yearly(cx, NUMBERS, cx.today()).await?,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        title,
        state: State::Drafted,
        made_on: cx.today(),
        made_by: cx.actor.name.clone(),
        issued_on: None,
        due_on: None,
        due_basis: String::new(),
        again: String::new(),
    };
    cx.index(NOUN, id, format!("{} {}", request.number, request.title));
    cx.insert(request.clone()).await?;
    insert_items(cx, &request, 0, wanted).await?;
    cx.done(Done::new(NOUN, id, "create", "拟定调阅清单"));
    Ok(id)
}

/// Adds documents before it is sent.
pub async fn add(cx: &mut WriteCx, id: FileRequestId, wanted: Vec<Wanted>) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Add)?;
    let held = store::items(cx, id).await?.len() as i64;
    insert_items(cx, &before, held, wanted).await?;
    cx.update(&before, before.clone()).await?;
    cx.done(Done::deed::<FileRequest>(NOUN, id, Deed::Add, before.state, state));
    Ok(())
}

async fn insert_items(cx: &mut WriteCx, request: &FileRequest, held: i64, wanted: Vec<Wanted>) -> Result<()> {
    for (position, document) in (held + 1..).zip(wanted) {
        let id = FileRequestItemId(cx.new_id());
        cx.index(file_request_items::NOUN, id, document.name.as_str());
        cx.insert(FileRequestItem {
            id,
            version: 1,
            request_id: request.id,
            inspection_id: request.inspection_id,
            organisation_id: request.organisation_id,
            position,
            name_key: key_of(&document.name),
            name: document.name,
            period: document.period,
            form: document.form,
            issued_on: None,
            due_on: None,
            state: file_request_items::State::Asked,
            provided_on: None,
            provided_by: String::new(),
            pages: None,
            note: String::new(),
            accepted_on: None,
            accepted_by: String::new(),
            return_reason: String::new(),
            given_back_on: None,
            given_back_to: String::new(),
        })
        .await?;
        cx.done(Done::new(file_request_items::NOUN, id, "create", "列入清单"));
    }
    Ok(())
}

/// Sends it; what the organisation has handed in this year is not asked for again without a reason.
pub async fn issue(
    cx: &mut WriteCx,
    id: FileRequestId,
    due_on: Option<NaiveDate>,
    again: String,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Issue)?;
    let items = store::items(cx, id).await?;
    let today = cx.today();
    check_repeats(cx, &before, &items, &again).await?;
    let clock = policies::deadline(cx, "file_request", today).await?;
    let (due_on, due_basis) = match due_on {
        Some(day) if day < today => return Err(Refusal::field("due_on", "提供期限不能早于今天").into()),
        Some(day) if day != clock.due_on => (day, String::from("巡察组商定")),
        _ => (clock.due_on, clock.basis),
    };
    store::issue_items(cx, id, today, due_on).await?;
    let audience = Audience::Post {
        role: Role::OrganisationLiaison,
        organisation: Some(before.organisation_id.0),
        inspection: None,
    };
    cx.notify(audience, format!("收到调阅清单：{}", before.title), NOUN, id);
    let after = FileRequest {
        state,
        issued_on: Some(today),
        due_on: Some(due_on),
        due_basis,
        again: again.clone(),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<FileRequest>(NOUN, id, Deed::Issue, before.state, state).note(again));
    Ok(())
}

async fn check_repeats(
    cx: &WriteCx,
    request: &FileRequest,
    items: &[FileRequestItem],
    again: &str,
) -> Result<()> {
    if items.is_empty() {
        return Err(Refusal::conflict("清单中还没有资料，请先增加资料再发出。").into());
    }
    if !again.is_empty() {
        return Ok(());
    }
    let before = store::asked_before(cx, request.organisation_id, request.id, cx.today()).await?;
    let repeats: Vec<String> = items
        .iter()
        .filter_map(|item| {
            let (_, on) = before.iter().find(|(key, _)| *key == item.name_key)?;
            Some(format!("{}（{on}）", item.name))
        })
        .collect();
    if repeats.is_empty() {
        return Ok(());
    }
    let message = format!(
        "本年度已向该单位调阅过：{}。请先查用已有资料；确需再次调阅的，在此写明理由后发出",
        repeats.join("、")
    );
    Err(Refusal::field("again", message).into())
}

/// Finishes it when nothing is open any more.
pub async fn complete(cx: &mut WriteCx, id: FileRequestId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Complete)?;
    let open = store::items(cx, id).await?.iter().filter(|item| item.state.is_open()).count();
    if open > 0 {
        return Err(Refusal::conflict(format!("还有 {open} 项资料没有签收或说明，不能收齐。")).into());
    }
    cx.update(&before, FileRequest { state, ..before.clone() }).await?;
    cx.done(Done::deed::<FileRequest>(NOUN, id, Deed::Complete, before.state, state));
    Ok(())
}

/// Takes it back before it is sent.
pub async fn withdraw(cx: &mut WriteCx, id: FileRequestId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Withdraw)?;
    cx.update(&before, FileRequest { state, ..before.clone() }).await?;
    cx.done(Done::deed::<FileRequest>(NOUN, id, Deed::Withdraw, before.state, state));
    Ok(())
}
