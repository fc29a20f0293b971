//! Writing, sending, answering and settling letters of urging.

use kit::{Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::policies;
use uuid::Uuid;

use super::{Deed, Kind, NOUN, State, Urging, UrgingId, store};
use crate::{
    common::{Step, holders, liaisons, put},
    subjects,
};

/// Writes a letter to a unit about what is overdue today.
pub async fn create(cx: &mut WriteCx, unit: Uuid, kind: Kind, demand: String) -> Result<UrgingId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("拟督办提醒").into());
    }
    let unit = subjects::unit(cx, unit).await?;
    let items = store::overdue(cx, unit.id, cx.today()).await?;
    if items.is_empty() && demand.is_empty() {
        let words = "该单位今天没有逾期的措施和报告；因其他事由督办的，请在“要求”中写明";
        return Err(Refusal::field("demand", words).into());
    }
    let deadline = policies::deadline(cx, "urging_answer", cx.today()).await?;
    let number = kit::numbers::yearly(cx, store::SERIES, cx.today()).await?;
    let id = UrgingId(cx.new_id());
    cx.index(NOUN, id, format!("{number} {} {}", unit.organisation_name, demand));
    cx.insert(Urging {
        id,
        version: 1,
        number,
        kind,
        unit_id: unit.id,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        items: items.join("\n"),
        demand,
        state: State::Draft,
        due_on: deadline.due_on,
        due_basis: deadline.basis,
        prepared_by: cx.actor.account,
        sent_on: None,
        answer: String::new(),
        answered_on: None,
        answered_by: None,
        opinion: String::new(),
        closed_on: None,
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "拟督办提醒"));
    Ok(id)
}

/// Changes kind and words before it is sent; what is overdue is read anew.
pub async fn edit(cx: &mut WriteCx, id: UrgingId, kind: Kind, demand: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let items = store::overdue(cx, before.unit_id, cx.today()).await?.join("\n");
    let after = Urging { kind, items, demand, state, ..before.clone() };
    put(cx, &before, after, step(id, Deed::Edit, String::new())).await
}

/// Sends it; the time for the answer begins.
pub async fn send(cx: &mut WriteCx, id: UrgingId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Send)?;
    let deadline = policies::deadline(cx, "urging_answer", cx.today()).await?;
    let after = Urging {
        state,
        sent_on: Some(cx.today()),
        due_on: deadline.due_on,
        due_basis: deadline.basis,
        ..before.clone()
    };
    put(cx, &before, after, step(id, Deed::Send, String::new())).await?;
    let title = format!("收到整改{}：{}", before.kind.label(), before.number);
    cx.notify(liaisons(before.organisation_id), title, NOUN, id);
    Ok(())
}

/// The unit answers.
pub async fn answer(cx: &mut WriteCx, id: UrgingId, text: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Answer)?;
    let after = Urging {
        state,
        answer: text.clone(),
        answered_on: Some(cx.today()),
        answered_by: cx.actor.account,
        ..before.clone()
    };
    put(cx, &before, after, step(id, Deed::Answer, text)).await?;
    cx.notify(holders(Role::OfficeLiaison, None), format!("督办已回复：{}", before.number), NOUN, id);
    Ok(())
}

/// The office finds the answer enough, or not.
pub async fn review(cx: &mut WriteCx, id: UrgingId, deed: Deed, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let after = Urging {
        state,
        opinion: opinion.clone(),
        closed_on: (state == State::Closed).then(|| cx.today()),
        ..before.clone()
    };
    put(cx, &before, after, step(id, deed, opinion)).await?;
    cx.notify(liaisons(before.organisation_id), format!("{}{}", before.number, deed.label()), NOUN, id);
    Ok(())
}

fn step(id: UrgingId, deed: Deed, note: String) -> Step<Urging> {
    Step { noun: NOUN, id: id.0, deed, note }
}
