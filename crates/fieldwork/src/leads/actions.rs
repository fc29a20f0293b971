//! What is done to leads. Nothing sealed goes into titles, notices, histories or the search index:
//! everywhere outside its own page a lead is only its number.

use chrono::{Datelike as _, NaiveDate};
use kit::{Audience, Cx, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::transfers::{self, Transfer, TransferId};
use uuid::Uuid;

use super::{Deed, Lead, LeadId, NOUN, Risk, Secret, State, Timing, may_create, seal, store};
pub use crate::handing::Handing;
use crate::{
    handing,
    passports::{self, PassportId},
    problems::{self, ProblemId},
};
use kit::dates;
use planning::units;

/// What a person enters about a lead.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is sealed.
    pub secret: Secret,
    /// Which of the six disciplines.
    pub discipline: String,
    /// Category; may be empty.
    pub category: String,
    /// How it became known.
    pub source: String,
    /// Which way it goes.
    pub route: String,
    /// When it is handed over.
    pub timing: Timing,
    /// Found through audit linkage.
    pub audit_linked: bool,
    /// Day on which it was taken up.
    pub accepted_on: NaiveDate,
    /// The problem it hangs together with.
    pub problem: Option<ProblemId>,
    /// What could happen if it waited; needed for an early transfer.
    pub risk: Option<Risk>,
    /// Whether the unit may know.
    pub unit_may_know: bool,
    /// Whether it travels in a sealed envelope as well.
    pub sealed_envelope: bool,
}

impl Entry {
    async fn check(&self, cx: &WriteCx, inspection: Uuid) -> Result<()> {
        dates::happened(cx, "accepted_on", "受理日期", self.accepted_on)?;
        if self.timing == Timing::Early && self.secret.urgency.is_empty() {
            return Err(Refusal::field("urgency", "边巡边移须写明紧急情形").into());
        }
        if self.timing == Timing::Early && self.risk.is_none() {
            return Err(Refusal::field("risk", "边巡边移须选择主要风险").into());
        }
        if let Some(problem) = self.problem
            && problems::find(cx, problem).await?.inspection_id != inspection
        {
            return Err(Refusal::field("problem", "所选问题不属于这次巡察").into());
        }
        Ok(())
    }

    fn apply(self, cx: &WriteCx, lead: &mut Lead) -> Result<()> {
        lead.person_sealed = seal(cx, lead.id, "person", &self.secret.person)?;
        lead.post_sealed = seal(cx, lead.id, "post", &self.secret.post)?;
        lead.content_sealed = seal(cx, lead.id, "content", &self.secret.content)?;
        lead.urgency_sealed = seal(cx, lead.id, "urgency", &self.secret.urgency)?;
        lead.discipline = self.discipline;
        lead.category = self.category;
        lead.source = self.source;
        lead.route = self.route;
        lead.timing = self.timing;
        lead.audit_linked = self.audit_linked;
        lead.accepted_on = self.accepted_on;
        lead.problem_id = self.problem;
        lead.risk = self.risk;
        lead.unit_may_know = self.unit_may_know;
        lead.sealed_envelope = self.sealed_envelope;
        lead.signed_by = None;
        lead.reviewed_by = None;
        lead.prepared_by = cx.actor.account;
        Ok(())
    }
}

/// Enters a lead found in the inspected unit `unit`.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<LeadId> {
    let unit = units::of(cx, unit).await?;
    if !may_create(&cx.actor, unit.inspection_id) {
        return Err(Refusal::forbidden("登记线索").into());
    }
    entry.check(cx, unit.inspection_id).await?;
    let id = LeadId(kit::ids::random());
    let mut lead = Lead {
        id,
        version: 1,
        number: fresh_number(cx, entry.accepted_on).await?,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        problem_id: None,
        person_sealed: String::new(),
        post_sealed: String::new(),
        content_sealed: String::new(),
        urgency_sealed: String::new(),
        opinion_sealed: seal(cx, id, "opinion", "")?,
        discipline: String::new(),
        category: String::new(),
        source: String::new(),
        route: String::new(),
        mode: None,
        timing: entry.timing,
        audit_linked: false,
        accepted_on: entry.accepted_on,
        state: State::Drafted,
        prepared_by: None,
        approved_by: None,
        approved_on: None,
        transfer_id: None,
        recipient_id: None,
        second_recipient_id: None,
        transferred_on: None,
        risk: None,
        unit_may_know: false,
        sealed_envelope: false,
        signed_by: None,
        reviewed_by: None,
    };
    entry.apply(cx, &mut lead)?;
    tell_first(cx, &lead);
    cx.index(NOUN, id, lead.number.as_str());
    cx.insert(lead).await?;
    cx.done(Done::new(NOUN, id, "create", "登记线索"));
    Ok(id)
}

/// Tells who has to act first: the head of the team when it cannot wait, else the leading group.
fn tell_first(cx: &mut WriteCx, lead: &Lead) {
    if lead.timing == Timing::Early {
        let title = format!("边巡边移线索待签批：{}", lead.number);
        tell(cx, Role::TeamHead, Some(lead.inspection_id), title, lead.id);
    } else {
        tell(cx, Role::LeadingGroup, None, format!("问题线索待审批：{}", lead.number), lead.id);
    }
}

/// Six random digits after the year: serials would let anybody count leads.
async fn fresh_number(cx: &WriteCx, day: NaiveDate) -> Result<String> {
    for _ in 0..64 {
        let number = format!("XS-{}-{:06}", day.year(), kit::ids::random().as_u128() % 1_000_000);
        if store::bearing(cx, &number).await? == 0 {
            return Ok(number);
        }
    }
    Err(kit::Error::Fault(String::from("no free lead number was found")))
}

/// Corrects or completes a lead before it is approved.
pub async fn edit(cx: &mut WriteCx, id: LeadId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    entry.check(cx, before.inspection_id).await?;
    let mut after = before.clone();
    entry.apply(cx, &mut after)?;
    after.state = state;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Lead>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// The head of the team signs an early transfer.
pub async fn sign(cx: &mut WriteCx, id: LeadId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Sign).await?;
    let after = Lead { state, signed_by: cx.actor.account, ..before.clone() };
    tell(cx, Role::OfficeDirector, None, format!("边巡边移线索待审核：{}", before.number), id);
    put(cx, &before, after, Deed::Sign).await
}

/// The office reviews an early transfer.
pub async fn review(cx: &mut WriteCx, id: LeadId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Review).await?;
    let after = Lead { state, reviewed_by: cx.actor.account, ..before.clone() };
    tell(cx, Role::LeadingGroup, None, format!("边巡边移线索待批准：{}", before.number), id);
    put(cx, &before, after, Deed::Review).await
}

/// The leading group approves the transfer, early or not as the lead says.
pub async fn approve(cx: &mut WriteCx, id: LeadId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Approve).await?;
    let after =
        Lead { state, approved_by: cx.actor.account, approved_on: Some(cx.today()), ..before.clone() };
    tell(cx, Role::OfficeDirector, None, format!("问题线索已批准，待移交：{}", before.number), id);
    put(cx, &before, after, Deed::Approve).await
}

/// The leading group sends a lead back to be completed.
pub async fn return_for_more(cx: &mut WriteCx, id: LeadId, opinion: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Return).await?;
    let after = Lead {
        state,
        approved_by: None,
        approved_on: None,
        signed_by: None,
        reviewed_by: None,
        opinion_sealed: seal(cx, id, "opinion", opinion)?,
        ..before.clone()
    };
    let inspection = Some(before.inspection_id);
    tell(cx, Role::TeamHead, inspection, format!("问题线索退回修改：{}", before.number), id);
    put(cx, &before, after, Deed::Return).await
}

/// Takes a lead back before it is handed over.
pub async fn withdraw(cx: &mut WriteCx, id: LeadId, reason: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    let after = Lead { state, opinion_sealed: seal(cx, id, "opinion", reason)?, ..before.clone() };
    put(cx, &before, after, Deed::Withdraw).await
}

/// The office hands an approved lead over.
pub async fn transfer(cx: &mut WriteCx, id: LeadId, handing: Handing) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Transfer).await?;
    let subject = handing::Subject {
        kind: transfers::Kind::Lead,
        noun: NOUN,
        id: id.0,
        title: format!("问题线索 {}", before.number),
        inspection: before.inspection_id,
        organisation: before.organisation_id,
        early: before.timing == Timing::Early,
        approved_on: before.approved_on,
    };
    let transfer = handing::send(cx, &subject, &handing).await?;
    let after = Lead {
        state,
        mode: Some(handing.mode),
        transfer_id: Some(transfer),
        recipient_id: Some(handing.recipient),
        second_recipient_id: handing.second,
        transferred_on: Some(handing.on),
        ..before.clone()
    };
    put(cx, &before, after, Deed::Transfer).await?;
    let secret = before.secret(cx)?;
    for transfer in transfers::of_subject(cx, id.0).await? {
        if transfer.state == transfers::State::Sent {
            passports::actions::issue(cx, (&before, &secret), &transfer, "").await?;
        }
    }
    Ok(())
}

/// Hands a returned lead over again, completed: what goes out is frozen anew, because it is not the same any more.
pub async fn resend(
    cx: &mut WriteCx,
    id: LeadId,
    transfer: TransferId,
    sent_on: NaiveDate,
    supplement: &str,
) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Resend).await?;
    let returned = returned(cx, id).await?;
    if !returned.iter().any(|held| held.id == transfer) {
        return Err(Refusal::field("transfer", "请选择被退回补充的移交").into());
    }
    transfers::actions::resend_subject(cx, transfer, sent_on, String::from("补充后重新移交")).await?;
    let secret = before.secret(cx)?;
    let sent = transfers::find(cx, transfer).await?;
    passports::actions::issue(cx, (&before, &secret), &sent, supplement).await?;
    put(cx, &before, Lead { state, ..before.clone() }, Deed::Resend).await
}

/// Freezes what was handed over as it stands, for leads that came into the register together with their transfers:
/// those of a demonstration. Answers the passports.
///
/// # Errors
/// A refusal for anybody but the program.
pub async fn freeze(cx: &mut WriteCx, id: LeadId) -> Result<Vec<PassportId>> {
    if !cx.actor.program {
        return Err(Refusal::forbidden("固化移交内容").into());
    }
    let lead = store::find(cx, id).await?;
    let secret = lead.secret(cx)?;
    let mut issued = Vec::new();
    for transfer in transfers::of_subject(cx, id.0).await? {
        issued.push(passports::actions::issue(cx, (&lead, &secret), &transfer, "").await?);
    }
    Ok(issued)
}

/// The transfers of a lead that came back to be completed.
pub(super) async fn returned(cx: &Cx, id: LeadId) -> Result<Vec<Transfer>> {
    let mut found = transfers::of_subject(cx, id.0).await?;
    found.retain(|transfer| transfer.state == transfers::State::Returned);
    Ok(found)
}

async fn step(cx: &WriteCx, id: LeadId, deed: Deed) -> Result<(Lead, State)> {
    let lead = store::find(cx, id).await?;
    let state = lead.decide(&cx.actor, deed)?;
    Ok((lead, state))
}

async fn put(cx: &mut WriteCx, before: &Lead, after: Lead, deed: Deed) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Lead>(NOUN, id, deed, before.state, to));
    Ok(())
}

fn tell(cx: &mut WriteCx, role: Role, inspection: Option<Uuid>, title: String, id: LeadId) {
    cx.notify(Audience::Post { role, organisation: None, inspection }, title, NOUN, id);
}
