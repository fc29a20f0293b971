//! Proposing, deciding and ending posts; authorising teams.

use chrono::NaiveDate;
use db::Sql;
use kit::{Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};
use uuid::Uuid;

use super::{Deed, NOUN, PostId, PostRecord, State, check_together, needs_organisation, store};
use crate::{
    accounts::{self, AccountId},
    organisations::OrganisationId,
};

/// What is proposed.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Whose post it is to be.
    pub account: AccountId,
    /// What the person is to do.
    pub role: Role,
    /// Where.
    pub organisation: Option<OrganisationId>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// The document it rests on.
    pub basis: String,
}

impl Proposal {
    fn check(&self) -> Result<()> {
        if self.role.is_team() {
            let sentence = "巡察组岗位随巡察组授权产生，由巡察办办理巡察组授权时给出";
            return Err(Refusal::field("role", sentence).into());
        }
        if needs_organisation(self.role) != self.organisation.is_some() {
            let sentence = if self.organisation.is_some() {
                "这一岗位不填单位"
            } else {
                "请选择任职单位"
            };
            return Err(Refusal::field("organisation", sentence).into());
        }
        check_days(self.from, self.to)
    }

    fn apply(self, post: &mut PostRecord) {
        post.account_id = self.account;
        post.role = self.role;
        post.organisation_id = self.organisation;
        post.from_on = self.from;
        post.to_on = self.to;
        post.basis = self.basis;
    }
}

fn check_days(from: NaiveDate, to: Option<NaiveDate>) -> Result<()> {
    if to.is_some_and(|to| to < from) {
        return Err(Refusal::field("to", "终止日期不能早于起始日期").into());
    }
    Ok(())
}

/// Proposes a post.
pub async fn propose(cx: &mut WriteCx, proposal: Proposal) -> Result<PostId> {
    if !cx.actor.is(Role::SystemAdministrator) {
        return Err(Refusal::forbidden("提出任职授权").into());
    }
    not_for_oneself(cx, proposal.account)?;
    proposal.check()?;
    let account = accounts::find(cx, proposal.account).await?;
    check_together(&store::roles_asked(cx, account.id, None).await?, proposal.role)?;
    let mut post = PostRecord {
        id: PostId(cx.new_id()),
        version: 1,
        account_id: account.id,
        role: proposal.role,
        organisation_id: None,
        inspection_id: None,
        from_on: proposal.from,
        to_on: None,
        state: State::Proposed,
        basis: String::new(),
        proposed_by: cx.actor.account,
        decided_by: None,
        decision: String::new(),
    };
    proposal.apply(&mut post);
    let id = post.id;
    cx.index(NOUN, id, format!("{} {}", account.name, post.role.label()));
    cx.done(Done::new(NOUN, id, "create", "提出任职授权"));
    let security = Audience::Post { role: Role::SecurityAdministrator, organisation: None, inspection: None };
    cx.notify(security, format!("{}的任职授权待批准", account.name), NOUN, id);
    cx.insert(post).await?;
    Ok(id)
}

/// Changes a proposal that is not decided yet.
pub async fn edit(cx: &mut WriteCx, id: PostId, proposal: Proposal) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    not_for_oneself(cx, proposal.account)?;
    proposal.check()?;
    check_together(&store::roles_asked(cx, proposal.account, Some(id)).await?, proposal.role)?;
    let mut after = PostRecord { proposed_by: cx.actor.account, ..before.clone() };
    proposal.apply(&mut after);
    let account = accounts::find(cx, after.account_id).await?;
    cx.index(NOUN, id, format!("{} {}", account.name, after.role.label()));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改任职授权").changes(changes));
    Ok(())
}

fn not_for_oneself(cx: &WriteCx, account: AccountId) -> Result<()> {
    if cx.actor.account == Some(account.0) {
        return Err(Refusal::field("account", "不能为自己提出任职授权，请由另一名系统管理员提出").into());
    }
    Ok(())
}

/// Approves a proposal; the post holds on its days from now on.
pub async fn approve(cx: &mut WriteCx, id: PostId, decision: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Approve)?;
    check_together(&store::roles_asked(cx, before.account_id, Some(id)).await?, before.role)?;
    decide(cx, Deed::Approve, before, state, decision).await
}

/// Does not approve a proposal.
pub async fn reject(cx: &mut WriteCx, id: PostId, decision: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Reject)?;
    decide(cx, Deed::Reject, before, state, decision).await
}

async fn decide(
    cx: &mut WriteCx,
    deed: Deed,
    before: PostRecord,
    state: State,
    decision: String,
) -> Result<()> {
    let after =
        PostRecord { state, decided_by: cx.actor.account, decision: decision.clone(), ..before.clone() };
    finish(cx, deed, before, after, decision).await
}

/// Takes a proposal back.
pub async fn withdraw(cx: &mut WriteCx, id: PostId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Withdraw)?;
    let after = PostRecord { state, ..before.clone() };
    finish(cx, Deed::Withdraw, before, after, reason).await
}

/// Ends a post at once.
pub async fn end(cx: &mut WriteCx, id: PostId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::End)?;
    accounts::actions::keep_an_administrator(cx, before.account_id).await?;
    let after = PostRecord { state, to_on: Some(cx.today().max(before.from_on)), ..before.clone() };
    finish(cx, Deed::End, before, after, reason).await
}

async fn finish(
    cx: &mut WriteCx,
    deed: Deed,
    before: PostRecord,
    after: PostRecord,
    note: String,
) -> Result<()> {
    let done = Done::deed::<PostRecord>(NOUN, before.id, deed, before.state, after.state).note(note);
    let changes = cx.update(&before, after).await?;
    cx.done(done.changes(changes));
    Ok(())
}

/// A team post that rests on the approved authorisation of a team.
#[derive(Clone, Debug)]
pub struct Authorisation {
    /// Whose post it is.
    pub account: AccountId,
    /// Head or member.
    pub role: Role,
    /// For this inspection only.
    pub inspection: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// Last day; a team post is never without end.
    pub to: NaiveDate,
    /// The authorisation's document.
    pub basis: String,
}

/// Gives a team post. The slice of teams has had the authorisation approved, which stands in the
/// place of the security administrator's decision.
///
/// # Errors
/// Refusals for anybody outside the office, for oneself, and for roles that are not of a team.
pub async fn authorise(cx: &mut WriteCx, authorisation: Authorisation) -> Result<PostId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("巡察组授权").into());
    }
    if !authorisation.role.is_team() {
        return Err(Refusal::field("role", "巡察组授权只能给出组长和组员岗位").into());
    }
    not_for_oneself(cx, authorisation.account)?;
    check_days(authorisation.from, Some(authorisation.to))?;
    check_together(&store::roles_asked(cx, authorisation.account, None).await?, authorisation.role)?;
    let id = PostId(cx.new_id());
    cx.done(Done::new(NOUN, id, "authorise", "巡察组授权").note(authorisation.basis.clone()));
    cx.index(NOUN, id, authorisation.role.label());
    cx.insert(PostRecord {
        id,
        version: 1,
        account_id: authorisation.account,
        role: authorisation.role,
        organisation_id: None,
        inspection_id: Some(authorisation.inspection),
        from_on: authorisation.from,
        to_on: Some(authorisation.to),
        state: State::Approved,
        basis: authorisation.basis,
        proposed_by: cx.actor.account,
        decided_by: None,
        decision: String::new(),
    })
    .await?;
    Ok(id)
}

/// Ends the team posts of `inspection` after `last_day`, of one account or of all; answers how many.
pub async fn end_authorisations(
    cx: &mut WriteCx,
    inspection: Uuid,
    account: Option<AccountId>,
    last_day: NaiveDate,
) -> Result<u64> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("终止巡察组授权").into());
    }
    let mut sql = Sql::new("update post set version = version + 1, to_on = ");
    sql.bind(last_day).push(" where inspection_id = ").bind(inspection);
    sql.push(" and state = 'approved' and (to_on is null or to_on > ").bind(last_day).push(")");
    if let Some(account) = account {
        sql.push(" and account_id = ").bind(account);
    }
    let ended = cx.execute(sql).await?;
    cx.record("end_authorisations", NOUN, Some(inspection), kit::audit::Outcome::Done);
    Ok(ended)
}
