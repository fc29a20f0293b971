//! Preparing, approving and ending the authorisation of a team.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};

use super::{Authorisation, AuthorisationId, Deed, NOUN, State, period, store};
use crate::{
    inspections::{self, InspectionId},
    rights, teams,
};

/// What is entered about an authorisation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// For which inspection.
    pub inspection: InspectionId,
    /// Number of the document.
    pub number: String,
    /// Which body decided.
    pub body: String,
    /// When.
    pub decided_on: NaiveDate,
    /// First instant.
    pub from_at: DateTime<Utc>,
    /// Instant at which it has ended.
    pub to_at: DateTime<Utc>,
    /// Remark.
    pub note: String,
}

impl Entry {
    async fn check(
        self,
        cx: &WriteCx,
        id: AuthorisationId,
        version: i64,
        state: State,
    ) -> Result<Authorisation> {
        inspections::find(cx, self.inspection).await?;
        if self.to_at <= self.from_at {
            return Err(Refusal::field("to_on", "终止时间必须晚于起始时间").into());
        }
        if store::others(cx, self.inspection, id).await? > 0 {
            return Err(Refusal::field("inspection", "这项任务已有授权在办或有效，一轮一授权").into());
        }
        Ok(Authorisation {
            id,
            version,
            inspection_id: self.inspection,
            number: self.number,
            decided_by_body: self.body,
            decided_on: self.decided_on,
            from_at: self.from_at,
            to_at: self.to_at,
            state,
            note: self.note,
            prepared_by: cx.actor.account,
            submitted_on: None,
            approved_by: None,
            approved_on: None,
            opinion: String::new(),
        })
    }
}

/// Prepares an authorisation.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<AuthorisationId> {
    if !rights::keeps(&cx.actor) {
        return Err(Refusal::forbidden("拟定授权").into());
    }
    let id = AuthorisationId(cx.new_id());
    let held = entry.check(cx, id, 1, State::Draft).await?;
    cx.index(NOUN, id, format!("{} {}", held.number, held.decided_by_body));
    cx.insert(held).await?;
    cx.done(Done::new(NOUN, id, "create", "拟定授权"));
    Ok(id)
}

/// Changes an authorisation that is not submitted.
pub async fn edit(cx: &mut WriteCx, id: AuthorisationId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let after = entry.check(cx, id, before.version, state).await?;
    cx.index(NOUN, id, format!("{} {}", after.number, after.decided_by_body));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Authorisation>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Submits it to the leading group.
pub async fn submit(cx: &mut WriteCx, id: AuthorisationId) -> Result<()> {
    let before = store::find(cx, id).await?;
    if store::proposed(cx, before.inspection_id).await?.is_empty() {
        return Err(Refusal::conflict("巡察组还没有待授权的成员，请先在巡察组成员中提名。").into());
    }
    let group = Audience::Post { role: Role::LeadingGroup, organisation: None, inspection: None };
    cx.notify(group, "有巡察组授权待批准", NOUN, id);
    let on = Some(cx.today());
    settle(cx, &before, Deed::Submit, String::new(), |held| held.submitted_on = on).await
}

/// Approves it, and with it everybody proposed for the team; when one of them has not declared or must keep away,
/// nobody is.
pub async fn approve(cx: &mut WriteCx, id: AuthorisationId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Approve)?;
    let basis = format!("{} {}", before.decided_by_body, before.number);
    let days = (period::on_the_clock(before.from_at).0, period::last_day(before.to_at));
    for place in store::proposed(cx, before.inspection_id).await? {
        teams::actions::approve(cx, place, basis.clone()).await?;
        store::limit(cx, place, (before.from_at, before.to_at), days).await?;
    }
    let (by, on) = (cx.actor.account, Some(cx.today()));
    let note = opinion.clone();
    settle(cx, &before, Deed::Approve, note, |held| {
        held.approved_by = by;
        held.approved_on = on;
        held.opinion = opinion;
    })
    .await
}

/// Returns it.
pub async fn send_back(cx: &mut WriteCx, id: AuthorisationId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let (by, note) = (cx.actor.account, opinion.clone());
    settle(cx, &before, Deed::Return, note, |held| {
        held.approved_by = by;
        held.opinion = opinion;
    })
    .await
}

/// Ends it now; every place of the team ends in the same minute.
pub async fn end(cx: &mut WriteCx, id: AuthorisationId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::End)?;
    let (now, today) = (cx.moment(), cx.today());
    store::end_places(cx, before.inspection_id, now, today).await?;
    let ends = now.max(before.from_at);
    settle(cx, &before, Deed::End, reason, |held| held.to_at = held.to_at.min(ends)).await
}

async fn settle(
    cx: &mut WriteCx,
    before: &Authorisation,
    deed: Deed,
    note: String,
    change: impl FnOnce(&mut Authorisation),
) -> Result<()> {
    let state = before.decide(&cx.actor, deed)?;
    let mut after = Authorisation { state, ..before.clone() };
    change(&mut after);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Authorisation>(NOUN, before.id, deed, before.state, state).note(note));
    Ok(())
}
