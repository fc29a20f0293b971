//! What is done to fact sheets: written, put to the organisation, answered, settled.

use chrono::NaiveDate;
use kit::{Audience, Done, Form, Lifecycle as _, Refusal, Result, Role, WriteCx, dates, numbers, service};
use planning::units;
use registry::policies;
use uuid::Uuid;

use super::{Deed, FactSheet, FactSheetId, NOUN, SERIES, State, may_create, store};
use crate::{
    draft_sources::{self, Source},
    drafts::{self, DraftId},
};

/// What a person enters about a fact sheet.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The matter.
    pub title: String,
    /// The facts to be confirmed.
    pub text: String,
}

/// Writes a fact sheet about the inspected unit `unit`, from a draft when one is given.
pub async fn create(
    cx: &mut WriteCx,
    unit: Uuid,
    draft: Option<DraftId>,
    entry: Entry,
) -> Result<FactSheetId> {
    let unit = units::of(cx, unit).await?;
    if !may_create(&cx.actor, unit.inspection_id) {
        return Err(Refusal::forbidden("编写事实确认单").into());
    }
    if let Some(draft) = draft
        && drafts::find(cx, draft).await?.unit_id != unit.id
    {
        return Err(Refusal::field("draft", "所选底稿不属于这个被巡察对象").into());
    }
    let sheet = FactSheet {
        id: FactSheetId(cx.new_id()),
        version: 1,
        number: numbers::yearly(cx, SERIES, cx.today()).await?,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        draft_id: draft,
        title: entry.title,
        text: entry.text,
        state: State::Drafted,
        prepared_by: cx.actor.account,
        prepared_name: cx.actor.name.clone(),
        sent_on: None,
        due_on: None,
        due_basis: String::new(),
        answered_on: None,
        answered_by: String::new(),
        on_paper: false,
        explanation: String::new(),
        conclusion: String::new(),
        created_at: cx.now,
    };
    let id = sheet.id;
    index(cx, &sheet);
    cx.insert(sheet).await?;
    cx.done(Done::new(NOUN, id, "create", "编写事实确认单"));
    if let Some(draft) = draft {
        let source = Source { noun: NOUN.to_owned(), id: id.0, excerpt: String::new() };
        draft_sources::actions::link(cx, draft, unit.inspection_id, source).await?;
    }
    Ok(id)
}

/// Changes a fact sheet before it is sent.
pub async fn edit(cx: &mut WriteCx, id: FactSheetId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    let after = FactSheet { title: entry.title, text: entry.text, state, ..before.clone() };
    index(cx, &after);
    // What the team wrote before sending is not for the organisation, which reads this history later.
    put(cx, &before, after, Deed::Edit, String::new()).await
}

/// Puts a fact sheet to the organisation; the clock of its answer starts.
pub async fn send(cx: &mut WriteCx, id: FactSheetId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Send).await?;
    let today = cx.today();
    let due = policies::deadline(cx, "fact_sheet_reply", today).await?;
    let after = FactSheet {
        state,
        sent_on: Some(today),
        due_on: Some(due.due_on),
        due_basis: due.basis,
        ..before.clone()
    };
    let audience = Audience::Post {
        role: Role::OrganisationLiaison,
        organisation: Some(before.organisation_id.0),
        inspection: None,
    };
    cx.notify(audience, format!("请确认事实：{}", before.title), NOUN, id);
    put(cx, &before, after, Deed::Send, String::new()).await
}

/// The organisation's answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The day.
    pub on: NaiveDate,
    /// Who answers for the organisation.
    pub by: String,
    /// What it says; needed for an objection.
    pub explanation: String,
}

/// The organisation agrees, or the team enters that it agreed on paper.
pub async fn agree(cx: &mut WriteCx, id: FactSheetId, answer: Answer, form: &Form) -> Result<()> {
    respond(cx, id, Deed::Agree, answer, form).await
}

/// The organisation objects, or the team enters that it objected on paper.
pub async fn object(cx: &mut WriteCx, id: FactSheetId, answer: Answer, form: &Form) -> Result<()> {
    if answer.explanation.is_empty() {
        return Err(Refusal::field("explanation", "提出异议须写明理由和依据").into());
    }
    respond(cx, id, Deed::Object, answer, form).await
}

async fn respond(cx: &mut WriteCx, id: FactSheetId, deed: Deed, answer: Answer, form: &Form) -> Result<()> {
    let (before, state) = step(cx, id, deed).await?;
    dates::happened(cx, "answered_on", "答复日期", answer.on)?;
    dates::not_before("answered_on", "答复日期", answer.on, before.sent_on, "送达日期")?;
    let on_paper = !before.is_answered_by(&cx.actor);
    if on_paper && form.files.is_empty() {
        return Err(Refusal::field("files", "登记单位的书面答复须上传签字扫描件").into());
    }
    service::keep_files(cx, NOUN, id, form).await?;
    let after = FactSheet {
        state,
        answered_on: Some(answer.on),
        answered_by: answer.by,
        on_paper,
        explanation: answer.explanation.clone(),
        ..before.clone()
    };
    tell_team(cx, &after);
    put(cx, &before, after, deed, answer.explanation).await
}

fn tell_team(cx: &mut WriteCx, sheet: &FactSheet) {
    let audience = sheet.prepared_by.map_or(
        Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(sheet.inspection_id) },
        Audience::Account,
    );
    cx.notify(audience, format!("单位已答复事实确认单：{}", sheet.title), NOUN, sheet.id);
}

/// The team settles an objection; the organisation reads how.
pub async fn settle(cx: &mut WriteCx, id: FactSheetId, conclusion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Settle).await?;
    let after = FactSheet { state, conclusion: conclusion.clone(), ..before.clone() };
    put(cx, &before, after, Deed::Settle, conclusion).await
}

/// Takes a fact sheet back.
pub async fn withdraw(cx: &mut WriteCx, id: FactSheetId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    let after = FactSheet { state, ..before.clone() };
    put(cx, &before, after, Deed::Withdraw, reason).await
}

async fn step(cx: &WriteCx, id: FactSheetId, deed: Deed) -> Result<(FactSheet, State)> {
    let sheet = store::find(cx, id).await?;
    let state = sheet.decide(&cx.actor, deed)?;
    Ok((sheet, state))
}

async fn put(cx: &mut WriteCx, before: &FactSheet, after: FactSheet, deed: Deed, note: String) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<FactSheet>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

fn index(cx: &mut WriteCx, sheet: &FactSheet) {
    cx.index(NOUN, sheet.id, format!("{} {} {}", sheet.number, sheet.title, sheet.text));
}
