//! Stating needs, sending them, nominating for them, settling the list.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};

use super::{Deed, Duty, NOUN, Need, NeedId, State, store};
use crate::{
    days,
    inspections::{self, InspectionId},
    nominations::{self, NominationId},
    rights,
    talents::{Pool, TalentId},
};

/// What is entered about a need.
#[derive(Clone, Debug)]
pub struct Entry {
    /// For which inspection.
    pub inspection: InspectionId,
    /// From which pool.
    pub pool: Pool,
    /// For which duty.
    pub duty: Duty,
    /// Code of the speciality, or empty.
    pub speciality: String,
    /// How many people.
    pub number: i64,
    /// First day; that of the inspection when none is given.
    pub from_on: Option<NaiveDate>,
    /// Last day; that of the inspection when none is given.
    pub to_on: Option<NaiveDate>,
    /// Remark.
    pub note: String,
}

impl Entry {
    async fn check(self, cx: &WriteCx, id: NeedId, version: i64) -> Result<Need> {
        let inspection = inspections::find(cx, self.inspection).await?;
        let from_on = self.from_on.unwrap_or(inspection.starts_on);
        let missing = || Refusal::field("to_on", "任务没有结束日期，请填写抽调截止日期");
        let to_on = self.to_on.or(inspection.ends_on).ok_or_else(missing)?;
        days::in_order("to_on", from_on, Some(to_on))?;
        Ok(Need {
            id,
            version,
            inspection_id: self.inspection,
            pool: self.pool,
            duty: self.duty,
            speciality: self.speciality,
            number: self.number,
            from_on,
            to_on,
            state: State::Draft,
            note: self.note,
            prepared_by: cx.actor.account,
            sent_on: None,
            settled_on: None,
        })
    }
}

/// States a need.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<NeedId> {
    if !rights::keeps(&cx.actor) {
        return Err(Refusal::forbidden("提出需求").into());
    }
    let id = NeedId(cx.new_id());
    let need = entry.check(cx, id, 1).await?;
    cx.insert(need).await?;
    cx.done(Done::new(NOUN, id, "create", "提出需求"));
    Ok(id)
}

/// Changes a need that was not sent yet.
pub async fn edit(cx: &mut WriteCx, id: NeedId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let after = entry.check(cx, id, before.version).await?;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Need>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Sends the need to the organisation department.
pub async fn send(cx: &mut WriteCx, id: NeedId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let sent_on = Some(cx.today());
    let department =
        Audience::Post { role: Role::OrganisationDepartment, organisation: None, inspection: None };
    cx.notify(department, "有巡察组用人需求，请提出人选", NOUN, id);
    move_on(cx, &before, Deed::Send, |need| need.sent_on = sent_on).await
}

/// Nominates somebody for the need; the other side answers.
pub async fn nominate(cx: &mut WriteCx, id: NeedId, talent: TalentId) -> Result<NominationId> {
    let need = store::find(cx, id).await?;
    need.decide(&cx.actor, Deed::Nominate)?;
    let ranked = store::ranked(cx, &need).await?;
    let Some(chosen) = ranked.into_iter().find(|ranked| ranked.id == talent) else {
        return Err(Refusal::field("talent", "此人不在所需的人才库中，或已暂缓使用").into());
    };
    if let Some(reason) = chosen.against.first() {
        return Err(Refusal::field("talent", format!("不能提名：{reason}")).into());
    }
    nominations::actions::enter(cx, &need, chosen).await
}

/// Settles the list, when enough people are agreed on.
pub async fn settle(cx: &mut WriteCx, id: NeedId) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Settle)?;
    let agreed = nominations::agreed(cx, id).await?;
    if agreed < before.number {
        let sentence = format!("需要{}人，双方同意的只有{agreed}人，不能确认名单。", before.number);
        return Err(Refusal::conflict(sentence).into());
    }
    let settled_on = Some(cx.today());
    move_on(cx, &before, Deed::Settle, |need| need.settled_on = settled_on).await
}

/// Takes the need back.
pub async fn withdraw(cx: &mut WriteCx, id: NeedId) -> Result<()> {
    let before = store::find(cx, id).await?;
    move_on(cx, &before, Deed::Withdraw, |_| ()).await
}

async fn move_on(cx: &mut WriteCx, before: &Need, deed: Deed, change: impl FnOnce(&mut Need)) -> Result<()> {
    let state = before.decide(&cx.actor, deed)?;
    let mut after = Need { state, ..before.clone() };
    change(&mut after);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Need>(NOUN, before.id, deed, before.state, state));
    Ok(())
}
