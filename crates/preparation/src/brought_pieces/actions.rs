//! What is done to pieces. Nothing sealed goes into notices, histories or the search index: everywhere
//! outside its own page a piece is only its number.

use chrono::{Datelike as _, NaiveDate};
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx, dates};
use planning::units;
use registry::{
    organisations::{self, OrganisationId, OrganisationKind},
    policies,
};
use uuid::Uuid;

use super::{BroughtPiece, Deed, Kind, NOUN, Outcome, PieceId, Secret, State, may_give, seal, store};
use crate::shared;

/// What the giver enters.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What kind of piece it is.
    pub kind: Kind,
    /// What is sealed.
    pub secret: Secret,
    /// Day it is given.
    pub given_on: NaiveDate,
}

impl Entry {
    fn apply(self, cx: &WriteCx, piece: &mut BroughtPiece) -> Result<()> {
        piece.kind = self.kind;
        piece.given_on = self.given_on;
        piece.subject_sealed = seal(cx, piece.id, "subject", &self.secret.subject)?;
        piece.content_sealed = seal(cx, piece.id, "content", &self.secret.content)?;
        piece.request_sealed = seal(cx, piece.id, "request", &self.secret.request)?;
        piece.given_by = cx.actor.account;
        Ok(())
    }
}

/// Gives a piece, in the name of `giver`, to the team that inspects `unit`.
pub async fn give(cx: &mut WriteCx, giver: OrganisationId, unit: Uuid, entry: Entry) -> Result<PieceId> {
    let own = cx.actor.is_at(Role::Discipline, giver.0);
    if !may_give(&cx.actor) || !(own || cx.actor.is(Role::OfficeLiaison)) {
        return Err(Refusal::forbidden("移交带件").into());
    }
    if organisations::find(cx, giver).await?.kind != OrganisationKind::SupervisingBody {
        return Err(Refusal::field("giver", "来源单位应是监督和职能机关").into());
    }
    let unit = units::of(cx, unit).await?;
    if unit.organisation_id == giver {
        return Err(Refusal::field("unit", "不能向巡察本单位的巡察组移交带件").into());
    }
    dates::happened(cx, "given_on", "移交日期", entry.given_on)?;
    let deadline = policies::deadline(cx, "brought_piece_result", entry.given_on).await?;
    let id = PieceId(kit::ids::random());
    let mut piece = BroughtPiece {
        id,
        version: 1,
        number: fresh_number(cx, entry.given_on).await?,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        giver_id: giver,
        kind: entry.kind,
        subject_sealed: String::new(),
        content_sealed: String::new(),
        request_sealed: String::new(),
        findings_sealed: seal(cx, id, "findings", "")?,
        reply_sealed: seal(cx, id, "reply", "")?,
        state: State::Given,
        given_on: entry.given_on,
        given_by: None,
        due_on: deadline.due_on,
        due_basis: deadline.basis,
        received_on: None,
        member_id: None,
        verified_on: None,
        outcome: None,
        reported_on: None,
        reported_outcome: None,
    };
    entry.apply(cx, &mut piece)?;
    shared::tell_heads(cx, piece.inspection_id, &format!("收到带件，请签收：{}", piece.number), NOUN, id);
    cx.index(NOUN, id, piece.number.as_str());
    cx.insert(piece).await?;
    cx.done(Done::new(NOUN, id, "create", "移交带件"));
    Ok(id)
}

/// Six random digits after the year: serials would let anybody count pieces.
async fn fresh_number(cx: &WriteCx, day: NaiveDate) -> Result<String> {
    for _ in 0..64 {
        let number = format!("DJ-{}-{:06}", day.year(), kit::ids::random().as_u128() % 1_000_000);
        if store::bearing(cx, &number).await? == 0 {
            return Ok(number);
        }
    }
    Err(kit::Error::Fault(String::from("no free number of a piece was found")))
}

/// The giver corrects or completes a piece before it is signed for.
pub async fn edit(cx: &mut WriteCx, id: PieceId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    dates::happened(cx, "given_on", "移交日期", entry.given_on)?;
    let deadline = policies::deadline(cx, "brought_piece_result", entry.given_on).await?;
    let mut after =
        BroughtPiece { state, due_on: deadline.due_on, due_basis: deadline.basis, ..before.clone() };
    entry.apply(cx, &mut after)?;
    put(cx, &before, after, Deed::Edit).await
}

/// The giver takes a piece back before it is signed for.
pub async fn withdraw(cx: &mut WriteCx, id: PieceId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    put(cx, &before, BroughtPiece { state, ..before.clone() }, Deed::Withdraw).await
}

/// The head of the team signs for it.
pub async fn receive(cx: &mut WriteCx, id: PieceId, on: NaiveDate) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Receive).await?;
    dates::happened(cx, "received_on", "签收日期", on)?;
    dates::not_before("received_on", "签收日期", on, Some(before.given_on), "移交日期")?;
    let after = BroughtPiece { state, received_on: Some(on), ..before.clone() };
    put(cx, &before, after, Deed::Receive).await
}

/// The head names the member who verifies it; only that member gets to know of it.
pub async fn assign(cx: &mut WriteCx, id: PieceId, member: Uuid) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Assign).await?;
    let members = store::members(cx, before.inspection_id).await?;
    if !members.iter().any(|(account, _)| *account == member) {
        return Err(Refusal::field("member", "所选人员现在不是本组组员").into());
    }
    cx.notify(Audience::Account(member), format!("带件分办给你核查：{}", before.number), NOUN, id);
    put(cx, &before, BroughtPiece { state, member_id: Some(member), ..before.clone() }, Deed::Assign).await
}

/// What was found on site.
#[derive(Clone, Debug)]
pub struct Findings {
    /// What it came to.
    pub outcome: Outcome,
    /// How, in words.
    pub words: String,
}

/// The member, or the head, hands the findings in.
pub async fn verify(cx: &mut WriteCx, id: PieceId, findings: Findings) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Verify).await?;
    let after = BroughtPiece {
        state,
        outcome: Some(findings.outcome),
        findings_sealed: seal(cx, id, "findings", &findings.words)?,
        verified_on: Some(cx.today()),
        ..before.clone()
    };
    shared::tell_heads(cx, before.inspection_id, &format!("带件已核查，待反馈：{}", before.number), NOUN, id);
    put(cx, &before, after, Deed::Verify).await
}

/// The head has it verified again.
pub async fn return_to_member(cx: &mut WriteCx, id: PieceId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Return).await?;
    if let Some(member) = before.member_id {
        let title = format!("带件退回再核：{}", before.number);
        cx.notify(Audience::Account(member), title, NOUN, id);
    }
    put(cx, &before, BroughtPiece { state, verified_on: None, ..before.clone() }, Deed::Return).await
}

/// The head reports back to the giver: the outcome, and what is told beside it.
pub async fn report(cx: &mut WriteCx, id: PieceId, reply: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Report).await?;
    let after = BroughtPiece {
        state,
        reported_on: Some(cx.today()),
        reported_outcome: before.outcome,
        reply_sealed: seal(cx, id, "reply", reply)?,
        ..before.clone()
    };
    let title = format!("带件核查结果已反馈：{}", before.number);
    shared::tell_body(cx, before.giver_id, &title, NOUN, id).await?;
    // Whoever entered it for a body without people here passes the answer on.
    if let Some(account) = before.given_by {
        cx.notify(Audience::Account(account), title, NOUN, id);
    }
    put(cx, &before, after, Deed::Report).await
}

async fn step(cx: &WriteCx, id: PieceId, deed: Deed) -> Result<(BroughtPiece, State)> {
    let piece = store::find(cx, id).await?;
    let state = piece.decide(&cx.actor, deed)?;
    Ok((piece, state))
}

async fn put(cx: &mut WriteCx, before: &BroughtPiece, after: BroughtPiece, deed: Deed) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<BroughtPiece>(NOUN, id, deed, before.state, to));
    Ok(())
}
