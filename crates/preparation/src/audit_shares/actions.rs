//! What is done to shared things.

use chrono::NaiveDate;
use kit::{Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx, dates};
use uuid::Uuid;

use super::{AuditShare, Deed, Direction, Kind, NOUN, ShareId, State, store};
use crate::{
    audit_linkages::{self, AuditLinkage, LinkageId},
    shared,
};

/// What a person shares.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// Number of the document; may be empty.
    pub document: String,
    /// Its main points.
    pub text: String,
    /// Day it is given.
    pub given_on: NaiveDate,
}

/// Shares something in a linkage; who gives it follows from who acts, and the other side is told.
pub async fn create(cx: &mut WriteCx, linkage: LinkageId, entry: Entry) -> Result<ShareId> {
    let linkage = audit_linkages::find(cx, linkage).await?;
    let direction = direction(cx, &linkage)?;
    dates::happened(cx, "given_on", "提供日期", entry.given_on)?;
    let share = AuditShare {
        id: ShareId(cx.new_id()),
        version: 1,
        linkage_id: linkage.id,
        inspection_id: linkage.inspection_id,
        organisation_id: linkage.organisation_id,
        audit_body_id: linkage.audit_body_id,
        direction,
        kind: entry.kind,
        title: entry.title,
        document: entry.document,
        text: entry.text,
        given_on: entry.given_on,
        state: State::Given,
        received_on: None,
        received_by: String::new(),
    };
    let id = share.id;
    tell(cx, &share);
    cx.index(NOUN, id, format!("{} {} {}", share.title, share.document, share.text));
    cx.insert(share).await?;
    cx.done(Done::new(NOUN, id, "create", "提供共享"));
    Ok(id)
}

fn direction(cx: &WriteCx, linkage: &AuditLinkage) -> Result<Direction> {
    if matches!(linkage.state, audit_linkages::State::Declined | audit_linkages::State::Concluded) {
        let sentence = format!("这项联动{}，不能再共享。", linkage.state.label());
        return Err(Refusal::conflict(sentence).into());
    }
    if cx.actor.is_at(Role::Audit, linkage.audit_body_id.0) {
        return Ok(Direction::ToInspection);
    }
    if cx.actor.is_office() || linkage.inspection_id.is_some_and(|id| cx.actor.in_team(id)) {
        return Ok(Direction::ToAudit);
    }
    Err(Refusal::forbidden("提供共享").into())
}

fn tell(cx: &mut WriteCx, share: &AuditShare) {
    let title = format!("收到巡审共享的{}，请签收", share.kind.label());
    match share.direction {
        Direction::ToAudit => {
            let organisation = Some(share.audit_body_id.0);
            let audience = Audience::Post { role: Role::Audit, organisation, inspection: None };
            cx.notify(audience, title, NOUN, share.id);
        }
        Direction::ToInspection => match share.inspection_id {
            Some(inspection) => shared::tell_heads(cx, inspection, &title, NOUN, share.id),
            None => shared::tell_office(cx, &title, NOUN, share.id),
        },
    }
}

/// The other side signs for it.
pub async fn receive(cx: &mut WriteCx, id: ShareId, on: NaiveDate, by: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Receive)?;
    dates::happened(cx, "received_on", "签收日期", on)?;
    dates::not_before("received_on", "签收日期", on, Some(before.given_on), "提供日期")?;
    let after = AuditShare { state, received_on: Some(on), received_by: by, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<AuditShare>(NOUN, id, Deed::Receive, before.state, state));
    Ok(())
}

/// With its linkage everything shared so far comes to the team.
pub(crate) async fn follow(cx: &mut WriteCx, linkage: LinkageId, inspection: Uuid) -> Result<()> {
    store::put_inspection(cx, linkage, inspection).await?;
    Ok(())
}
