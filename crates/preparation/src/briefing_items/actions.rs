//! What is done to items. Nothing sealed goes into histories, notices or the search index, and nothing of
//! what the team found is told to the department but the kind of outcome.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Result, WriteCx, dates};

use super::{BriefingItem, Deed, ItemId, Keeping, Kind, NOUN, Outcome, State, Telling, seal, store};
use crate::briefings::{self, Briefing, BriefingId};

/// What a department enters about a matter.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What kind of matter it is.
    pub kind: Kind,
    /// What it says.
    pub telling: Telling,
    /// Number of the document it stands in; may be empty.
    pub document: String,
    /// When it arose.
    pub arose_on: Option<NaiveDate>,
}

impl Entry {
    fn check(&self, cx: &WriteCx) -> Result<()> {
        match self.arose_on {
            Some(day) => dates::happened(cx, "arose_on", "发生日期", day),
            None => Ok(()),
        }
    }

    fn apply(self, cx: &mut WriteCx, item: &mut BriefingItem) -> Result<()> {
        let Telling { keeping, words } = self.telling;
        item.kind = self.kind;
        item.secrecy = keeping;
        item.document = self.document;
        item.arose_on = self.arose_on;
        match keeping {
            Keeping::Internal => {
                cx.index(NOUN, item.id, format!("{} {words}", item.number));
                item.summary = words;
                item.summary_sealed = String::new();
            }
            Keeping::Sealed => {
                cx.index(NOUN, item.id, item.number.as_str());
                item.summary = String::new();
                item.summary_sealed = seal(cx, item.id, "summary", &words)?;
            }
        }
        Ok(())
    }
}

/// Enters one item of the reply to a request.
pub async fn create(cx: &mut WriteCx, briefing: BriefingId, entry: Entry) -> Result<ItemId> {
    let request = briefings::find(cx, briefing).await?;
    request.decide(&cx.actor, briefings::Deed::AddItems)?;
    add(cx, &request, entry).await
}

/// Enters an item of `request`, to which the actor may add.
pub(crate) async fn add(cx: &mut WriteCx, request: &Briefing, entry: Entry) -> Result<ItemId> {
    entry.check(cx)?;
    let place = store::entered(cx, request.id).await? + 1;
    let id = ItemId(kit::ids::random());
    let mut item = BriefingItem {
        id,
        version: 1,
        number: format!("{}-{place:02}", request.number),
        briefing_id: request.id,
        inspection_id: request.inspection_id,
        unit_id: request.unit_id,
        organisation_id: request.organisation_id,
        department_id: request.department_id,
        kind: entry.kind,
        secrecy: entry.telling.keeping,
        summary: String::new(),
        summary_sealed: String::new(),
        document: String::new(),
        arose_on: None,
        handed_on: None,
        state: State::Drafted,
        outcome: None,
        outcome_on: None,
        remark_sealed: seal(cx, id, "remark", "")?,
        reference: String::new(),
    };
    entry.apply(cx, &mut item)?;
    cx.insert(item).await?;
    cx.done(Done::new(NOUN, id, "create", "填报事项"));
    Ok(id)
}

/// Corrects an item before it is handed in.
pub async fn edit(cx: &mut WriteCx, id: ItemId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    entry.check(cx)?;
    let mut after = before.clone();
    entry.apply(cx, &mut after)?;
    cx.update(&before, after).await?;
    cx.done(Done::deed::<BriefingItem>(NOUN, id, Deed::Edit, before.state, state));
    Ok(())
}

/// Takes an item out of the reply before it is handed in.
pub async fn remove(cx: &mut WriteCx, id: ItemId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Remove)?;
    cx.update(&before, BriefingItem { state, ..before.clone() }).await?;
    cx.done(Done::deed::<BriefingItem>(NOUN, id, Deed::Remove, before.state, state));
    Ok(())
}

/// What the team records of an item.
#[derive(Clone, Debug)]
pub struct Settling {
    /// What became of it.
    pub outcome: Outcome,
    /// What was found, for those who inspect.
    pub remark: String,
    /// Number of the draft or lead it went into; may be empty.
    pub reference: String,
}

/// Records what became of an item. The history, which the department reads too, says only that.
pub async fn settle(cx: &mut WriteCx, id: ItemId, settling: Settling) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Settle)?;
    let after = BriefingItem {
        state,
        outcome: Some(settling.outcome),
        outcome_on: Some(cx.today()),
        remark_sealed: seal(cx, id, "remark", &settling.remark)?,
        reference: settling.reference,
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<BriefingItem>(NOUN, id, Deed::Settle, before.state, state));
    Ok(())
}

/// Records that an item went into a working draft that has just been approved, unless the team has recorded
/// already what became of it. The caller's deed on the draft was permitted itself.
pub async fn used_in_draft(cx: &mut WriteCx, id: ItemId, draft: &str) -> Result<()> {
    let before = store::find(cx, id).await?;
    if before.state != State::Received {
        return Ok(());
    }
    let outcome = Some(Outcome::UsedInDraft);
    let after = BriefingItem {
        state: State::Settled,
        outcome,
        outcome_on: Some(cx.today()),
        reference: draft.to_owned(),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<BriefingItem>(NOUN, id, Deed::Settle, before.state, State::Settled));
    Ok(())
}

/// With the reply its items are handed in; answers how many.
pub(crate) async fn hand_in(cx: &mut WriteCx, briefing: BriefingId) -> Result<u64> {
    let today = Some(cx.today());
    store::advance(cx, briefing, (State::Drafted, State::Handed), today).await
}

/// With the reply its items go back to the department.
pub(crate) async fn give_back(cx: &mut WriteCx, briefing: BriefingId) -> Result<()> {
    store::advance(cx, briefing, (State::Handed, State::Drafted), None).await?;
    Ok(())
}

/// With the reply its items are signed for.
pub(crate) async fn sign_for(cx: &mut WriteCx, briefing: BriefingId) -> Result<()> {
    store::advance(cx, briefing, (State::Handed, State::Received), None).await?;
    Ok(())
}

/// With the request its items are reported to the department.
pub(crate) async fn report(cx: &mut WriteCx, briefing: BriefingId) -> Result<()> {
    store::advance(cx, briefing, (State::Settled, State::Reported), None).await?;
    Ok(())
}
