//! What is done to linkages with audit.

use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use planning::units;
use registry::organisations::{self, OrganisationId};
use uuid::Uuid;

use super::{AuditLinkage, Deed, LinkageId, Mode, NOUN, Side, State, store};
use crate::{audit_shares, shared};

/// What one side proposes.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The year of the plans.
    pub year: i64,
    /// The organisation both sides look at.
    pub organisation: OrganisationId,
    /// How they go together.
    pub mode: Mode,
    /// Why.
    pub reason: String,
}

/// Proposes to link inspection and audit of an organisation; the other side is told.
pub async fn propose(cx: &mut WriteCx, body: OrganisationId, entry: Entry) -> Result<LinkageId> {
    let side = if cx.actor.is_office() {
        Side::Inspection
    } else if cx.actor.is_at(Role::Audit, body.0) {
        Side::Audit
    } else {
        return Err(Refusal::forbidden("提出巡审联动").into());
    };
    if store::auditors(cx, body).await? == 0 {
        return Err(Refusal::field("audit_body", "所选单位没有人担任审计机关岗位").into());
    }
    if entry.organisation == body {
        return Err(Refusal::field("organisation", "不能与审计机关联动巡察它自己").into());
    }
    if store::held(cx, entry.year, entry.organisation, body).await? > 0 {
        return Err(Refusal::field("organisation", "这家单位当年已有联动安排，不需要重复提出").into());
    }
    let linkage = AuditLinkage {
        id: LinkageId(cx.new_id()),
        version: 1,
        year: entry.year,
        organisation_id: entry.organisation,
        audit_body_id: body,
        proposed_by: side,
        mode: entry.mode,
        reason: entry.reason,
        state: State::Proposed,
        proposed_on: cx.today(),
        decided_on: None,
        decision: String::new(),
        unit_id: None,
        inspection_id: None,
        project: String::new(),
        joined_people: None,
        concluded_on: None,
        summary: String::new(),
    };
    let id = linkage.id;
    tell(cx, side_after(side), &linkage, "收到巡审联动提议，请答复");
    index(cx, &linkage).await?;
    cx.insert(linkage).await?;
    cx.done(Done::new(NOUN, id, "create", "提出联动"));
    Ok(id)
}

async fn index(cx: &mut WriteCx, linkage: &AuditLinkage) -> Result<()> {
    let name = organisations::find(cx, linkage.organisation_id).await?.name;
    cx.index(NOUN, linkage.id, format!("{}年 {name} {}", linkage.year, linkage.project));
    Ok(())
}

fn side_after(side: Side) -> Side {
    match side {
        Side::Inspection => Side::Audit,
        Side::Audit => Side::Inspection,
    }
}

fn tell(cx: &mut WriteCx, side: Side, linkage: &AuditLinkage, title: &str) {
    match side {
        Side::Inspection => shared::tell_office(cx, title, NOUN, linkage.id),
        Side::Audit => {
            let organisation = Some(linkage.audit_body_id.0);
            let audience = Audience::Post { role: Role::Audit, organisation, inspection: None };
            cx.notify(audience, title, NOUN, linkage.id);
        }
    }
}

/// Changes a proposal that was not answered.
pub async fn edit(cx: &mut WriteCx, id: LinkageId, mode: Mode, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    let changes = cx.update(&before, AuditLinkage { mode, reason, ..before.clone() }).await?;
    cx.done(Done::deed::<AuditLinkage>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// The other side agrees.
pub async fn agree(cx: &mut WriteCx, id: LinkageId, opinion: String) -> Result<()> {
    answer(cx, id, Deed::Agree, opinion, "巡审联动提议已商定").await
}

/// The other side does not take it up.
pub async fn decline(cx: &mut WriteCx, id: LinkageId, reason: String) -> Result<()> {
    answer(cx, id, Deed::Decline, reason, "巡审联动提议未采纳").await
}

async fn answer(cx: &mut WriteCx, id: LinkageId, deed: Deed, words: String, title: &str) -> Result<()> {
    let (before, state) = step(cx, id, deed).await?;
    tell(cx, before.proposed_by, &before, title);
    let after =
        AuditLinkage { state, decided_on: Some(cx.today()), decision: words.clone(), ..before.clone() };
    put(cx, &before, after, deed, words).await
}

/// How a linkage is carried out.
#[derive(Clone, Debug)]
pub struct Carrying {
    /// How they go together.
    pub mode: Mode,
    /// Name of the audit; may be empty.
    pub project: String,
    /// How many auditors join the team.
    pub joined_people: Option<i64>,
}

/// Links what was agreed with an inspected unit; its team sees the linkage from now on, with all that
/// was shared before.
pub async fn bind(cx: &mut WriteCx, id: LinkageId, unit: Uuid, carrying: Carrying) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Bind).await?;
    let unit = units::of(cx, unit).await?;
    if unit.organisation_id != before.organisation_id {
        return Err(Refusal::field("unit", "所选巡察对象不是商定联动的单位").into());
    }
    audit_shares::actions::follow(cx, id, unit.inspection_id).await?;
    let title = "本组巡察对象已与审计联动，请查看";
    shared::tell_heads(cx, unit.inspection_id, title, NOUN, id);
    let mut after = carried(&before, state, carrying);
    after.unit_id = Some(unit.id);
    after.inspection_id = Some(unit.inspection_id);
    index(cx, &after).await?;
    put(cx, &before, after, Deed::Bind, String::new()).await
}

/// Changes how a linkage is carried out.
pub async fn adjust(cx: &mut WriteCx, id: LinkageId, carrying: Carrying) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Adjust).await?;
    let after = carried(&before, state, carrying);
    index(cx, &after).await?;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<AuditLinkage>(NOUN, id, Deed::Adjust, before.state, state).changes(changes));
    Ok(())
}

fn carried(before: &AuditLinkage, state: State, carrying: Carrying) -> AuditLinkage {
    AuditLinkage {
        state,
        mode: carrying.mode,
        project: carrying.project,
        joined_people: carrying.joined_people,
        ..before.clone()
    }
}

/// Ends a linkage, with what came of it.
pub async fn conclude(cx: &mut WriteCx, id: LinkageId, summary: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Conclude).await?;
    tell(cx, Side::Audit, &before, "巡审联动已结束，请查看");
    let after = AuditLinkage { state, concluded_on: Some(cx.today()), summary, ..before.clone() };
    put(cx, &before, after, Deed::Conclude, String::new()).await
}

async fn step(cx: &WriteCx, id: LinkageId, deed: Deed) -> Result<(AuditLinkage, State)> {
    let linkage = store::find(cx, id).await?;
    let state = linkage.decide(&cx.actor, deed)?;
    Ok((linkage, state))
}

async fn put(
    cx: &mut WriteCx,
    before: &AuditLinkage,
    after: AuditLinkage,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<AuditLinkage>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}
