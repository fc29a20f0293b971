//! What is done to suspect projects.

use chrono::NaiveDate;
use kit::{Audience, Done, Fen, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::transfers;
use uuid::Uuid;

use super::{Deed, NOUN, SERIES, State, SuspectProject, SuspectProjectId, may_create, store};
use crate::handing;
pub use crate::handing::Handing;
use kit::{dates, numbers};
use planning::units;

/// What a person enters about a suspect project.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name of the project.
    pub name: String,
    /// Who had it built or bought.
    pub owner_name: String,
    /// Who bid.
    pub bidders: String,
    /// What is suspected.
    pub suspicion: String,
    /// What it rests on.
    pub evidence: String,
    /// Contract price.
    pub amount: Option<Fen>,
    /// Day on which it was found.
    pub found_on: NaiveDate,
}

impl Entry {
    fn check(&self, cx: &WriteCx) -> Result<()> {
        if self.amount.is_some_and(|amount| amount < Fen(0)) {
            return Err(Refusal::field("amount", "合同金额不能是负数").into());
        }
        dates::happened(cx, "found_on", "发现日期", self.found_on)
    }

    fn apply(self, cx: &WriteCx, project: &mut SuspectProject) {
        project.name = self.name;
        project.owner_name = self.owner_name;
        project.bidders = self.bidders;
        project.suspicion = self.suspicion;
        project.evidence = self.evidence;
        project.amount_fen = self.amount;
        project.found_on = self.found_on;
        project.prepared_by = cx.actor.account;
    }
}

/// Enters a suspect project found in the inspected unit `unit`.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<SuspectProjectId> {
    let unit = units::of(cx, unit).await?;
    if !may_create(&cx.actor, unit.inspection_id) {
        return Err(Refusal::forbidden("登记项目").into());
    }
    entry.check(cx)?;
    let mut project = SuspectProject {
        id: SuspectProjectId(cx.new_id()),
        version: 1,
        number: numbers::yearly(cx, SERIES, entry.found_on).await?,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        name: String::new(),
        owner_name: String::new(),
        bidders: String::new(),
        suspicion: String::new(),
        evidence: String::new(),
        amount_fen: None,
        found_on: entry.found_on,
        mode: None,
        state: State::Found,
        prepared_by: None,
        approved_by: None,
        approved_on: None,
        transfer_id: None,
        recipient_id: None,
        second_recipient_id: None,
        transferred_on: None,
    };
    entry.apply(cx, &mut project);
    let id = project.id;
    index(cx, &project);
    tell(cx, Role::LeadingGroup, None, format!("涉嫌违法违规项目待审批：{}", project.number), id);
    cx.insert(project).await?;
    cx.done(Done::new(NOUN, id, "create", "登记项目"));
    Ok(id)
}

/// Corrects or completes a suspect project before it is approved.
pub async fn edit(cx: &mut WriteCx, id: SuspectProjectId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    entry.check(cx)?;
    let mut after = SuspectProject { state, ..before.clone() };
    entry.apply(cx, &mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<SuspectProject>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// The leading group approves the transfer.
pub async fn approve(cx: &mut WriteCx, id: SuspectProjectId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Approve).await?;
    let (approved_by, approved_on) = (cx.actor.account, Some(cx.today()));
    let after = SuspectProject { state, approved_by, approved_on, ..before.clone() };
    tell(cx, Role::OfficeDirector, None, format!("涉嫌违法违规项目已批准，待移交：{}", before.number), id);
    put(cx, &before, after, Deed::Approve, String::new()).await
}

/// The leading group sends a suspect project back to be completed.
pub async fn return_for_more(cx: &mut WriteCx, id: SuspectProjectId, opinion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Return).await?;
    let after = SuspectProject { state, approved_by: None, approved_on: None, ..before.clone() };
    let inspection = Some(before.inspection_id);
    tell(cx, Role::TeamHead, inspection, format!("涉嫌违法违规项目退回修改：{}", before.number), id);
    put(cx, &before, after, Deed::Return, opinion).await
}

/// Takes a suspect project back before it is handed over.
pub async fn withdraw(cx: &mut WriteCx, id: SuspectProjectId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    let after = SuspectProject { state, ..before.clone() };
    put(cx, &before, after, Deed::Withdraw, reason).await
}

/// The office hands an approved suspect project over; `early` while the inspection is under way.
pub async fn transfer(cx: &mut WriteCx, id: SuspectProjectId, handing: Handing, early: bool) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Transfer).await?;
    let subject = handing::Subject {
        kind: transfers::Kind::SuspectProject,
        noun: NOUN,
        id: id.0,
        title: format!("{} {}", before.number, before.name),
        inspection: before.inspection_id,
        organisation: before.organisation_id,
        early,
        approved_on: before.approved_on,
    };
    let transfer = handing::send(cx, &subject, &handing).await?;
    let after = SuspectProject {
        state,
        mode: Some(handing.mode),
        transfer_id: Some(transfer),
        recipient_id: Some(handing.recipient),
        second_recipient_id: handing.second,
        transferred_on: Some(handing.on),
        ..before.clone()
    };
    put(cx, &before, after, Deed::Transfer, String::new()).await
}

async fn step(cx: &WriteCx, id: SuspectProjectId, deed: Deed) -> Result<(SuspectProject, State)> {
    let project = store::find(cx, id).await?;
    let state = project.decide(&cx.actor, deed)?;
    Ok((project, state))
}

async fn put(
    cx: &mut WriteCx,
    before: &SuspectProject,
    after: SuspectProject,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<SuspectProject>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

fn tell(cx: &mut WriteCx, role: Role, inspection: Option<Uuid>, title: String, id: SuspectProjectId) {
    cx.notify(Audience::Post { role, organisation: None, inspection }, title, NOUN, id);
}

fn index(cx: &mut WriteCx, project: &SuspectProject) {
    let text = format!(
        "{} {} {} {} {}",
        project.number, project.name, project.owner_name, project.bidders, project.suspicion
    );
    cx.index(NOUN, project.id, text);
}
