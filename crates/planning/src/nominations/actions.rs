//! Nominating and answering; the letter to the home unit begins here.

use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};

use super::{Deed, NOUN, Nomination, NominationId, Side, State, side_of, store};
use crate::{
    needs::{self, Need, ranking::Ranked},
    secondments::{self, SecondmentId},
};

/// Enters a nomination that the slice of needs has checked.
pub(crate) async fn enter(cx: &mut WriteCx, need: &Need, chosen: Ranked) -> Result<NominationId> {
    if store::known(cx, need.id, chosen.id).await? {
        return Err(Refusal::field("talent", "此人已被提名过").into());
    }
    let id = NominationId(cx.new_id());
    let side = side_of(&cx.actor);
    cx.insert(Nomination {
        id,
        version: 1,
        need_id: need.id,
        inspection_id: need.inspection_id,
        talent_id: chosen.id,
        side,
        state: State::Proposed,
        score: chosen.score,
        reasons: chosen.told(),
        opinion: String::new(),
        nominated_by: cx.actor.account,
        nominated_on: cx.today(),
        answered_by: None,
        answered_on: None,
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "提名人选"));
    let role = match side {
        Side::Office => Role::OrganisationDepartment,
        Side::Department => Role::OfficeLiaison,
    };
    let audience = Audience::Post { role, organisation: None, inspection: None };
    cx.notify(audience, "有提名人选待答复", NOUN, id);
    Ok(id)
}

/// Agrees.
pub async fn agree(cx: &mut WriteCx, id: NominationId, opinion: String) -> Result<()> {
    answer(cx, id, Deed::Agree, opinion).await
}

/// Does not agree.
pub async fn decline(cx: &mut WriteCx, id: NominationId, opinion: String) -> Result<()> {
    answer(cx, id, Deed::Decline, opinion).await
}

async fn answer(cx: &mut WriteCx, id: NominationId, deed: Deed, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let after = Nomination {
        state,
        opinion: opinion.clone(),
        answered_by: cx.actor.account,
        answered_on: Some(cx.today()),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Nomination>(NOUN, id, deed, before.state, state).note(opinion));
    Ok(())
}

/// Takes the nomination back.
pub async fn withdraw(cx: &mut WriteCx, id: NominationId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Withdraw)?;
    if secondments::of_nomination(cx, id).await? {
        return Err(Refusal::conflict("已拟发抽调函，不能撤回提名；请在抽调函中办理。").into());
    }
    cx.update(&before, Nomination { state, ..before.clone() }).await?;
    cx.done(Done::deed::<Nomination>(NOUN, id, Deed::Withdraw, before.state, state));
    Ok(())
}

/// Prepares the letter that calls somebody both sides agree on.
pub async fn call(cx: &mut WriteCx, id: NominationId) -> Result<SecondmentId> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Call)?;
    let need = needs::find(cx, before.need_id).await?;
    if need.state != needs::State::Settled {
        return Err(Refusal::conflict("名单尚未确认，确认后才能发抽调函。").into());
    }
    let letter = secondments::actions::prepare(cx, &before, &need).await?;
    cx.done(Done::deed::<Nomination>(NOUN, id, Deed::Call, before.state, state));
    Ok(letter)
}
