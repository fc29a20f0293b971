//! Opening something sealed for a reason, and the supervisor's taking note.

use kit::{
    Audience, Done, Labelled as _, Lifecycle as _, Result, Role, WriteCx,
    unsealing::{self, What},
};
use uuid::Uuid;

use super::{Deed, NOUN, Opening, OpeningId, Part, State, store};

/// What is opened.
#[derive(Clone, Debug)]
pub(crate) struct Sealed<'a> {
    /// Its noun.
    pub(crate) noun: &'static str,
    /// The record.
    pub(crate) record: Uuid,
    /// The record's number.
    pub(crate) number: &'a str,
    /// The part.
    pub(crate) part: Part,
    /// The inspection it belongs to.
    pub(crate) inspection: Uuid,
}

/// Opens `sealed` to the actor for the time the policy allows; the supervisor learns of it at once. The caller has
/// checked that the actor may ask.
pub(crate) async fn open(cx: &mut WriteCx, sealed: Sealed<'_>, reason: String) -> Result<OpeningId> {
    let reason = unsealing::checked(&reason)?;
    let what = What { noun: sealed.noun, record: sealed.record, part: sealed.part.code(), session: "" };
    let until_at = unsealing::open(cx, what, "opening_minutes", &reason).await?;
    let id = OpeningId(kit::ids::random());
    let opening = Opening {
        id,
        version: 1,
        noun: sealed.noun.to_owned(),
        record_id: sealed.record,
        number: sealed.number.to_owned(),
        part: sealed.part,
        inspection_id: sealed.inspection,
        account_id: cx.actor.account,
        opened_by: cx.actor.name.clone(),
        reason,
        opened_at: cx.now,
        until_at,
        state: State::New,
        seen_by: String::new(),
        seen_on: None,
    };
    cx.insert(opening).await?;
    cx.done(Done::new(NOUN, id, "open", "查阅"));
    let supervisor =
        if cx.actor.is(Role::OfficeDirector) { Role::LeadingGroup } else { Role::OfficeDirector };
    let audience = Audience::Post { role: supervisor, organisation: None, inspection: None };
    cx.notify(audience, format!("{}被查阅，请知悉", sealed.part.label()), NOUN, id);
    Ok(id)
}

/// The supervisor takes note.
pub async fn acknowledge(cx: &mut WriteCx, id: OpeningId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Acknowledge)?;
    let (seen_by, seen_on) = (cx.actor.name.clone(), Some(cx.today()));
    cx.update(&before, Opening { state, seen_by, seen_on, ..before.clone() }).await?;
    cx.done(Done::deed::<Opening>(NOUN, id, Deed::Acknowledge, before.state, state));
    Ok(())
}
