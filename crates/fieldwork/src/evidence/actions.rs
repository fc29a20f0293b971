//! What is done to evidence: entered with its origin, corrected, handed over, taken back, voided.

use chrono::NaiveDate;
use kit::{Done, Form, Labelled as _, Lifecycle as _, Refusal, Result, WriteCx, dates, service};

use super::{
    Deed, Evidence, EvidenceId, Kind, Method, Movement, NOUN, Nature, State, may_create,
    store::{self, Moved},
};
use crate::drafts::{self, DraftId};

/// What a person enters about a piece of evidence.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: Kind,
    /// How it was obtained.
    pub method: Method,
    /// When.
    pub obtained_on: NaiveDate,
    /// By whom.
    pub obtained_by: String,
    /// From whom.
    pub provider: String,
    /// Original or copy.
    pub form: Nature,
    /// How many pages it has.
    pub pages: Option<i64>,
    /// What it shows.
    pub note: String,
    /// Who keeps it.
    pub holder: String,
}

impl Entry {
    fn apply(self, item: &mut Evidence) {
        item.title = self.title;
        item.kind = self.kind;
        item.method = self.method;
        item.obtained_on = self.obtained_on;
        item.obtained_by = self.obtained_by;
        item.provider = self.provider;
        item.form = self.form;
        item.pages = self.pages;
        item.note = self.note;
        item.holder = self.holder;
    }
}

/// Enters a piece of evidence of a draft, with its files.
pub async fn create(cx: &mut WriteCx, draft: DraftId, entry: Entry, form: &Form) -> Result<EvidenceId> {
    let draft = drafts::find(cx, draft).await?;
    if !may_create(&cx.actor, draft.inspection_id) {
        return Err(Refusal::forbidden("登记佐证材料").into());
    }
    if draft.state == drafts::State::Withdrawn {
        return Err(Refusal::wrong_state(draft.state.label(), "登记佐证材料").into());
    }
    dates::happened(cx, "obtained_on", "取得日期", entry.obtained_on)?;
    let mut item = Evidence {
        id: EvidenceId(cx.new_id()),
        version: 1,
        draft_id: draft.id,
        inspection_id: draft.inspection_id,
        ordinal: store::next_ordinal(cx, draft.id).await?,
        title: String::new(),
        kind: entry.kind,
        method: entry.method,
        obtained_on: entry.obtained_on,
        obtained_by: String::new(),
        provider: String::new(),
        form: entry.form,
        pages: None,
        note: String::new(),
        holder: String::new(),
        state: State::Held,
        created_at: cx.now,
    };
    entry.apply(&mut item);
    let (id, note) = (item.id, format!("{} {}", item.ordinal, item.title));
    index(cx, &item);
    cx.insert(item).await?;
    service::keep_files(cx, NOUN, id, form).await?;
    cx.done(Done::new(NOUN, id, "create", "登记佐证材料"));
    cx.done(Done::new(drafts::NOUN, draft.id, "add_evidence", "登记佐证材料").note(note));
    Ok(id)
}

/// Corrects what is entered, and adds files. A signature given before shows the change.
pub async fn edit(cx: &mut WriteCx, id: EvidenceId, entry: Entry, form: &Form) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    dates::happened(cx, "obtained_on", "取得日期", entry.obtained_on)?;
    let mut after = Evidence { state, ..before.clone() };
    entry.apply(&mut after);
    index(cx, &after);
    service::keep_files(cx, NOUN, id, form).await?;
    let changes = cx.update(&before, after).await?;
    let note =
        if form.files.is_empty() { String::new() } else { format!("补充 {} 个文件", form.files.len()) };
    cx.done(Done::deed::<Evidence>(NOUN, id, Deed::Edit, before.state, state).changes(changes).note(note));
    Ok(())
}

/// A change of hands.
#[derive(Clone, Debug)]
pub struct Handing {
    /// The day.
    pub on: NaiveDate,
    /// The other side: who takes it, or who gives it back.
    pub other: String,
    /// Why, and in which condition.
    pub note: String,
}

/// Hands a piece of evidence to somebody outside the team.
pub async fn hand_over(cx: &mut WriteCx, id: EvidenceId, handing: Handing) -> Result<()> {
    let (before, state) = step(cx, id, Deed::HandOver).await?;
    let moved = Moved {
        kind: Movement::HandedOver,
        on_day: handing.on,
        giver: before.holder.clone(),
        taker: handing.other.clone(),
        note: handing.note,
        entered_by: cx.actor.name.clone(),
    };
    let after = Evidence { state, holder: handing.other, ..before.clone() };
    move_to(cx, &before, after, Deed::HandOver, moved).await
}

/// Takes a piece of evidence back; who takes it keeps it from then on.
pub async fn take_back(cx: &mut WriteCx, id: EvidenceId, handing: Handing) -> Result<()> {
    let (before, state) = step(cx, id, Deed::TakeBack).await?;
    let moved = Moved {
        kind: Movement::TakenBack,
        on_day: handing.on,
        giver: handing.other,
        taker: cx.actor.name.clone(),
        note: handing.note,
        entered_by: cx.actor.name.clone(),
    };
    let after = Evidence { state, holder: cx.actor.name.clone(), ..before.clone() };
    move_to(cx, &before, after, Deed::TakeBack, moved).await
}

async fn move_to(
    cx: &mut WriteCx,
    before: &Evidence,
    after: Evidence,
    deed: Deed,
    moved: Moved,
) -> Result<()> {
    dates::happened(cx, "moved_on", "日期", moved.on_day)?;
    dates::not_before("moved_on", "日期", moved.on_day, Some(before.obtained_on), "取得日期")?;
    store::add_movement(cx, before.id, &moved).await?;
    let note = format!("{} → {}", moved.giver, moved.taker);
    put(cx, before, after, deed, note).await
}

/// Uses a piece of evidence no longer; its number stays taken.
pub async fn void(cx: &mut WriteCx, id: EvidenceId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Void).await?;
    let after = Evidence { state, ..before.clone() };
    put(cx, &before, after, Deed::Void, reason).await
}

async fn step(cx: &WriteCx, id: EvidenceId, deed: Deed) -> Result<(Evidence, State)> {
    let item = store::find(cx, id).await?;
    let state = item.decide(&cx.actor, deed)?;
    Ok((item, state))
}

async fn put(cx: &mut WriteCx, before: &Evidence, after: Evidence, deed: Deed, note: String) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Evidence>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

fn index(cx: &mut WriteCx, item: &Evidence) {
    cx.index(NOUN, item.id, format!("{} {} {}", item.title, item.provider, item.note));
}
