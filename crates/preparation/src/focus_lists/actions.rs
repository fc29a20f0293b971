//! What is done to checklists.

use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};
use planning::units;
use registry::organisations;
use uuid::Uuid;

use super::{Deed, FocusList, ListId, NOUN, State, may_draw, store};
use crate::{duties, focus_items, focus_rules};

/// Draws the checklist of an inspected unit from its organisation's duties and the rules of today.
pub async fn draw(cx: &mut WriteCx, unit: Uuid) -> Result<(ListId, usize)> {
    let unit = units::of(cx, unit).await?;
    if !may_draw(&cx.actor, unit.inspection_id) {
        return Err(Refusal::forbidden("生成监督重点清单").into());
    }
    if store::drawn(cx, unit.id).await? > 0 {
        let sentence = "这家单位已有监督重点清单，没有另建。请打开它“按规则补充”或逐条添加。";
        return Err(Refusal::conflict(sentence).into());
    }
    let list = FocusList {
        id: ListId(cx.new_id()),
        version: 1,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        state: State::Drawn,
        drawn_on: cx.today(),
        confirmed_on: None,
        concluded_on: None,
    };
    cx.insert(list.clone()).await?;
    cx.done(Done::new(NOUN, list.id, "create", "生成监督重点清单"));
    let added = add_points(cx, &list).await?;
    Ok((list.id, added))
}

/// Adds what the rules give by now and the checklist does not hold yet.
pub async fn derive(cx: &mut WriteCx, id: ListId) -> Result<usize> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Derive)?;
    let added = add_points(cx, &before).await?;
    let done = Done::deed::<FocusList>(NOUN, id, Deed::Derive, before.state, before.state);
    cx.done(done.note(format!("新增{added}条")));
    Ok(added)
}

async fn add_points(cx: &mut WriteCx, list: &FocusList) -> Result<usize> {
    let today = cx.today();
    let organisation = organisations::find(cx, list.organisation_id).await?;
    let duties = duties::of_organisation(cx, list.organisation_id, today).await?;
    let rules = focus_rules::in_force(cx, today).await?;
    let points = focus_rules::derive(&rules, organisation.kind, &duties);
    focus_items::actions::add_points(cx, list, points).await
}

/// The head confirms the checklist.
pub async fn confirm(cx: &mut WriteCx, id: ListId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Confirm).await?;
    if store::progress(cx, id).await?.total() == 0 {
        let sentence = "清单还没有监督重点，不能确认。请先按规则补充或逐条添加。";
        return Err(Refusal::conflict(sentence).into());
    }
    let after = FocusList { state, confirmed_on: Some(cx.today()), ..before.clone() };
    put(cx, &before, after, Deed::Confirm).await
}

/// The head concludes the checklist.
///
/// # Errors
/// A refusal as long as a point is neither covered nor left out with a reason.
pub async fn conclude(cx: &mut WriteCx, id: ListId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Conclude).await?;
    let open = store::progress(cx, id).await?.open;
    if open > 0 {
        let sentence =
            format!("还有 {open} 条没有覆盖，不能完成清单。请逐条登记覆盖情况，或写明不作了解的理由。");
        return Err(Refusal::conflict(sentence).into());
    }
    let after = FocusList { state, concluded_on: Some(cx.today()), ..before.clone() };
    put(cx, &before, after, Deed::Conclude).await
}

/// The head has it worked on again.
pub async fn reopen(cx: &mut WriteCx, id: ListId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Reopen).await?;
    put(cx, &before, FocusList { state, concluded_on: None, ..before.clone() }, Deed::Reopen).await
}

async fn step(cx: &WriteCx, id: ListId, deed: Deed) -> Result<(FocusList, State)> {
    let list = store::find(cx, id).await?;
    let state = list.decide(&cx.actor, deed)?;
    Ok((list, state))
}

async fn put(cx: &mut WriteCx, before: &FocusList, after: FocusList, deed: Deed) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<FocusList>(NOUN, id, deed, before.state, to));
    Ok(())
}
