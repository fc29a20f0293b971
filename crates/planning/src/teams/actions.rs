//! Proposing, approving and ending places in teams.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{Deed, NOUN, State, TeamPost, TeamPostId, TeamRole, store};
use crate::{
    avoidances, days, declarations,
    inspections::{self, InspectionId},
    progress, rights,
};

/// What a person enters about a place in a team.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Whose place.
    pub account: Uuid,
    /// The inspection.
    pub inspection: InspectionId,
    /// Head or member.
    pub role: TeamRole,
    /// First day; that of the inspection when none is given.
    pub from_on: Option<NaiveDate>,
    /// Last day; that of the inspection when none is given.
    pub to_on: Option<NaiveDate>,
    /// The document of authorisation.
    pub basis: String,
}

impl Entry {
    /// The place as it would be proposed under `id`.
    async fn check(self, cx: &WriteCx, id: TeamPostId, version: i64) -> Result<TeamPost> {
        let inspection = inspections::find(cx, self.inspection).await?;
        if inspection.state == progress::State::Finished && self.to_on.is_none() {
            return Err(Refusal::field("to_on", "任务已结束，请填写授权截止日期").into());
        }
        if !store::candidates(cx).await?.iter().any(|(account, _)| *account == self.account) {
            return Err(Refusal::field("account", "这个账号不能进入巡察组").into());
        }
        let from_on = self.from_on.unwrap_or(inspection.starts_on);
        let to_on = self.to_on.or(inspection.ends_on);
        days::in_order("to_on", from_on, to_on)?;
        let place = TeamPost {
            id,
            version,
            account_id: self.account,
            role: self.role,
            organisation_id: None,
            inspection_id: self.inspection,
            from_on,
            to_on,
            state: State::Proposed,
            basis: self.basis,
            proposed_by: cx.actor.account,
            decided_by: None,
            decision: String::new(),
        };
        if store::overlapping(cx, &place).await? > 0 {
            let message = "此人在这一时段已经是或已被提名为本任务巡察组成员";
            return Err(Refusal::field("account", message).into());
        }
        Ok(place)
    }
}

/// Proposes somebody for a team.
pub async fn propose(cx: &mut WriteCx, entry: Entry) -> Result<TeamPostId> {
    if !rights::keeps(&cx.actor) {
        return Err(Refusal::forbidden("提名组员").into());
    }
    let id = TeamPostId(cx.new_id());
    let place = entry.check(cx, id, 1).await?;
    let (account, inspection) = (place.account_id, place.inspection_id);
    cx.insert(place).await?;
    cx.done(Done::new(NOUN, id, "create", "提名组员"));
    declarations::actions::request_once(cx, account, inspection).await?;
    for role in [Role::LeadingGroup, Role::OfficeDirector] {
        let audience = Audience::Post { role, organisation: None, inspection: None };
        cx.notify(audience, "巡察组成员待授权", NOUN, id);
    }
    Ok(id)
}

/// Changes a proposal; whoever changes it becomes its proposer.
pub async fn edit(cx: &mut WriteCx, id: TeamPostId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let after = entry.check(cx, id, before.version).await?;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<TeamPost>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Approves the proposal; `basis` names the document when the proposal did not.
pub async fn approve(cx: &mut WriteCx, id: TeamPostId, basis: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Approve)?;
    let basis = if basis.is_empty() { before.basis.clone() } else { basis };
    if basis.is_empty() {
        return Err(Refusal::field("basis", "请写明授权依据，如授权任职决定的文号").into());
    }
    check_avoidance(cx, &before).await?;
    let after = TeamPost { state, basis, decided_by: cx.actor.account, ..before.clone() };
    cx.notify(Audience::Account(before.account_id), "您已获授权进入巡察组", NOUN, id);
    move_on(cx, &before, after, Deed::Approve, String::new()).await
}

/// Nobody joins a team before he has declared, nor while an avoidance stands between him and its inspection.
async fn check_avoidance(cx: &WriteCx, place: &TeamPost) -> Result<()> {
    if !declarations::signed(cx, place.account_id, place.inspection_id).await? {
        return Err(Refusal::conflict("此人尚未签署回避申报，签署后才能授权。").into());
    }
    if avoidances::stands_against(cx, place.account_id, place.inspection_id).await? > 0 {
        return Err(
            Refusal::conflict("此人有待决定或已决定的回避事项，不能授权；请先决定，或另行提名。").into()
        );
    }
    Ok(())
}

/// Ends what `account` holds or is proposed for in teams that inspect `organisation`, because an avoidance was
/// decided.
pub(crate) async fn leave_for_avoidance(
    cx: &mut WriteCx,
    account: Uuid,
    organisation: OrganisationId,
) -> Result<()> {
    for before in store::against(cx, account, organisation).await? {
        let (deed, state) = match before.state {
            State::Proposed => (Deed::Reject, State::Rejected),
            _ => (Deed::End, State::Ended),
        };
        let to_on = Some(before.to_on.map_or(cx.today(), |to| to.min(cx.today())));
        let after = TeamPost { state, to_on, decision: String::from("已决定回避"), ..before.clone() };
        move_on(cx, &before, after, deed, String::from("已决定回避")).await?;
    }
    Ok(())
}

/// Refuses the proposal.
pub async fn reject(cx: &mut WriteCx, id: TeamPostId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Reject)?;
    let after = TeamPost { state, decided_by: cx.actor.account, decision: reason.clone(), ..before.clone() };
    if let Some(proposer) = before.proposed_by {
        cx.notify(Audience::Account(proposer), "巡察组成员提名未获同意", NOUN, id);
    }
    move_on(cx, &before, after, Deed::Reject, reason).await
}

/// Takes the proposal back.
pub async fn withdraw(cx: &mut WriteCx, id: TeamPostId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Withdraw)?;
    move_on(cx, &before, TeamPost { state, ..before.clone() }, Deed::Withdraw, String::new()).await
}

/// Ends the place with `on` as its last day, or at once when it has not begun.
pub async fn end(cx: &mut WriteCx, id: TeamPostId, on: NaiveDate, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::End)?;
    days::happened(cx.today(), "on", on)?;
    if before.from_on <= cx.today() {
        days::not_before("on", on, before.from_on, "授权起始日期")?;
    }
    let to_on = Some(before.to_on.map_or(on, |to| to.min(on)));
    move_on(cx, &before, TeamPost { to_on, state, ..before.clone() }, Deed::End, reason).await
}

async fn move_on(
    cx: &mut WriteCx,
    before: &TeamPost,
    after: TeamPost,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, state) = (before.id, after.state);
    cx.update(before, after).await?;
    let done = Done::deed::<TeamPost>(NOUN, id, deed, before.state, state);
    cx.done(done.note(note));
    Ok(())
}
