//! Writing, approving, issuing and verifying suggestions.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::{
    organisations::OrganisationId,
    transfers::{self, Kind, Mode, Sending},
};

use super::{Deed, NOUN, Origin, State, Suggestion, SuggestionId, may_keep, store};
use crate::{
    handing,
    shared::{has_happened, not_before},
};

/// What a person enters about a suggestion.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number of the letter.
    pub number: String,
    /// What is suggested.
    pub text: String,
    /// Code of the field.
    pub field: String,
    /// To whom it goes.
    pub addressee: OrganisationId,
    /// The inspected organisation in which the weakness showed.
    pub organisation: Option<OrganisationId>,
    /// Where it comes from.
    pub origin: Origin,
}

impl Entry {
    fn apply(self, suggestion: &mut Suggestion) {
        suggestion.set_origin(self.origin);
        suggestion.number = self.number;
        suggestion.text = self.text;
        suggestion.field = self.field;
        suggestion.addressee_id = self.addressee;
        suggestion.organisation_id = self.organisation;
    }
}

fn index(cx: &mut WriteCx, suggestion: &Suggestion) {
    cx.index(NOUN, suggestion.id, format!("{} {}", suggestion.number, suggestion.text));
}

/// Begins a suggestion.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<SuggestionId> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("起草巡察建议").into());
    }
    let mut suggestion = Suggestion {
        id: SuggestionId(cx.new_id()),
        version: 1,
        number: String::new(),
        text: String::new(),
        inspection_id: None,
        special_report_id: None,
        field: String::new(),
        addressee_id: entry.addressee,
        organisation_id: None,
        state: State::Drafted,
        prepared_by: cx.actor.account,
        approved_by: None,
        approved_on: None,
        transfer_id: None,
        issued_on: None,
        verified_on: None,
        verification: String::new(),
    };
    entry.apply(&mut suggestion);
    let id = suggestion.id;
    index(cx, &suggestion);
    cx.done(Done::new(NOUN, id, "create", "起草巡察建议"));
    cx.insert(suggestion).await?;
    Ok(id)
}

/// Changes the draft.
pub async fn edit(cx: &mut WriteCx, id: SuggestionId, entry: Entry) -> Result<()> {
    change(cx, id, Deed::Edit, String::new(), |after| {
        entry.apply(after);
        Ok(())
    })
    .await
}

/// Approves what somebody else prepared.
pub async fn approve(cx: &mut WriteCx, id: SuggestionId) -> Result<()> {
    let (account, today) = (cx.actor.account, cx.today());
    change(cx, id, Deed::Approve, String::new(), |after| {
        (after.approved_by, after.approved_on) = (account, Some(today));
        Ok(())
    })
    .await?;
    let audience = Audience::Post { role: Role::OfficeLiaison, organisation: None, inspection: None };
    cx.notify(audience, "巡察建议已审定，可以发出", NOUN, id);
    Ok(())
}

/// Gives an approved suggestion back to its author.
pub async fn send_back(cx: &mut WriteCx, id: SuggestionId, reason: String) -> Result<()> {
    let author = store::find(cx, id).await?.prepared_by;
    change(cx, id, Deed::SendBack, reason, |after| {
        (after.approved_by, after.approved_on) = (None, None);
        Ok(())
    })
    .await?;
    if let Some(author) = author {
        cx.notify(Audience::Account(author), "巡察建议被退回修改", NOUN, id);
    }
    Ok(())
}

/// Sends an approved suggestion to its addressee; the clock of the reply begins.
pub async fn issue(cx: &mut WriteCx, id: SuggestionId, issued_on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Issue)?;
    has_happened(cx, "issued_on", issued_on)?;
    not_before("issued_on", issued_on, before.approved_on, "审定日期")?;
    let sending = Sending {
        kind: Kind::Suggestion,
        subject_noun: NOUN,
        subject_id: id.0,
        title: before.title(),
        inspection: before.inspection_id,
        organisation: before.organisation_id.map(|id| id.0),
        recipient: before.addressee_id.0,
        mode: Mode::Single,
        early: false,
        sent_on: issued_on,
    };
    let transfer = transfers::actions::send(cx, sending).await?;
    let mut after = before.clone();
    (after.state, after.transfer_id, after.issued_on) = (state, Some(transfer), Some(issued_on));
    store_change(cx, &before, after, Deed::Issue, String::new()).await
}

/// Confirms that what was suggested has been carried out.
///
/// # Errors
/// A refusal before the addressee has reported its result.
pub async fn verify(
    cx: &mut WriteCx,
    id: SuggestionId,
    verified_on: NaiveDate,
    verification: String,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Verify)?;
    has_happened(cx, "verified_on", verified_on)?;
    let Some(reported) = handing::latest(cx, id).await?.filter(|transfer| transfer.result_on.is_some())
    else {
        return Err(Refusal::conflict("建议承办单位还没有反馈结果，不能验证。").into());
    };
    not_before("verified_on", verified_on, reported.result_on, "反馈日期")?;
    let mut after = before.clone();
    (after.state, after.verified_on) = (state, Some(verified_on));
    after.verification.clone_from(&verification);
    store_change(cx, &before, after, Deed::Verify, verification).await
}

/// Gives up a suggestion that was not issued.
pub async fn discard(cx: &mut WriteCx, id: SuggestionId, reason: String) -> Result<()> {
    change(cx, id, Deed::Discard, reason, |_| Ok(())).await
}

async fn change(
    cx: &mut WriteCx,
    id: SuggestionId,
    deed: Deed,
    note: String,
    apply: impl FnOnce(&mut Suggestion) -> Result<()> + Send,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let mut after = before.clone();
    after.state = state;
    apply(&mut after)?;
    store_change(cx, &before, after, deed, note).await
}

async fn store_change(
    cx: &mut WriteCx,
    before: &Suggestion,
    after: Suggestion,
    deed: Deed,
    note: String,
) -> Result<()> {
    index(cx, &after);
    let (id, state) = (after.id, after.state);
    let changes = cx.update(before, after).await?;
    let done = Done::deed::<Suggestion>(NOUN, id, deed, before.state, state);
    let changes = if deed == Deed::Edit { changes } else { Vec::new() };
    cx.done(done.note(note).changes(changes));
    Ok(())
}
