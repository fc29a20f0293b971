//! Raising, deciding and lifting avoidances.

use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{Avoidance, AvoidanceId, DECIDERS, Deed, Ground, NOUN, Source, State, may_raise, store};
use crate::{declarations::DeclarationId, teams};

/// What is said about somebody.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who should keep away.
    pub account: Uuid,
    /// From which organisation.
    pub organisation: OrganisationId,
    /// Why.
    pub ground: Ground,
    /// What is known.
    pub facts: String,
}

/// Raises an avoidance about somebody.
pub async fn raise(cx: &mut WriteCx, entry: Entry) -> Result<AvoidanceId> {
    if !may_raise(&cx.actor) {
        return Err(Refusal::forbidden("提出回避").into());
    }
    if store::known(cx, entry.account, entry.organisation, entry.ground).await? {
        return Err(Refusal::field("ground", "此人对这个单位的同一回避情形已在办理或已决定").into());
    }
    let by = cx.actor.account;
    enter(cx, entry, Source::Raised, by, None).await
}

/// Enters what a declaration or the check of it brought up, unless it is known already.
pub(crate) async fn bring_up(
    cx: &mut WriteCx,
    entry: Entry,
    source: Source,
    declaration: DeclarationId,
) -> Result<bool> {
    if store::known(cx, entry.account, entry.organisation, entry.ground).await? {
        return Ok(false);
    }
    let by = if source == Source::Declared { Some(entry.account) } else { None };
    enter(cx, entry, source, by, Some(declaration)).await?;
    Ok(true)
}

async fn enter(
    cx: &mut WriteCx,
    entry: Entry,
    source: Source,
    by: Option<Uuid>,
    declaration: Option<DeclarationId>,
) -> Result<AvoidanceId> {
    let id = AvoidanceId(cx.new_id());
    cx.insert(Avoidance {
        id,
        version: 1,
        account_id: entry.account,
        from_organisation_id: entry.organisation,
        declaration_id: declaration.map(Uuid::from),
        ground: entry.ground,
        facts: entry.facts,
        source,
        state: State::Open,
        raised_by: by,
        raised_on: cx.today(),
        decided_by: None,
        decided_on: None,
        opinion: String::new(),
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "提出回避"));
    for role in DECIDERS.into_iter().filter(|role| *role != Role::CommitteeLeader) {
        let audience = Audience::Post { role, organisation: None, inspection: None };
        cx.notify(audience, "有回避事项待决定", NOUN, id);
    }
    Ok(id)
}

/// Decides that the person must keep away: from now on the organisation and its inspections do not exist
/// for him, and his places in their teams end.
pub async fn decide(cx: &mut WriteCx, id: AvoidanceId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let after = settle(cx, &before, Deed::Decide, opinion.clone()).await?;
    teams::actions::leave_for_avoidance(cx, after.account_id, after.from_organisation_id).await?;
    cx.notify(Audience::Account(after.account_id), "已决定您在有关巡察工作中回避", NOUN, id);
    Ok(())
}

/// Decides that there is no need to keep away.
pub async fn dismiss(cx: &mut WriteCx, id: AvoidanceId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    settle(cx, &before, Deed::Dismiss, opinion).await?;
    Ok(())
}

/// Lifts a decided avoidance. Places in teams that ended with it stay ended.
pub async fn lift(cx: &mut WriteCx, id: AvoidanceId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let after = settle(cx, &before, Deed::Lift, opinion).await?;
    cx.notify(Audience::Account(after.account_id), "您的回避已解除", NOUN, id);
    Ok(())
}

async fn settle(cx: &mut WriteCx, before: &Avoidance, deed: Deed, opinion: String) -> Result<Avoidance> {
    let state = before.decide(&cx.actor, deed)?;
    let after = Avoidance {
        state,
        decided_by: cx.actor.account,
        decided_on: Some(cx.today()),
        opinion: opinion.clone(),
        ..before.clone()
    };
    cx.update(before, after.clone()).await?;
    cx.done(Done::deed::<Avoidance>(NOUN, before.id, deed, before.state, state).note(opinion));
    Ok(after)
}

/// Takes back what one raised.
pub async fn withdraw(cx: &mut WriteCx, id: AvoidanceId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Withdraw)?;
    cx.update(&before, Avoidance { state, ..before.clone() }).await?;
    cx.done(Done::deed::<Avoidance>(NOUN, id, Deed::Withdraw, before.state, state));
    Ok(())
}
