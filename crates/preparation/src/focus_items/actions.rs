//! What is done to points of focus.

use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};

use super::{Deed, FocusItem, FocusItemId, NOUN, State, store};
use crate::{
    focus_lists::{self, FocusList, ListId},
    focus_rules::Point,
    reference,
};

/// What a person enters about a point.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What to look at.
    pub text: String,
    /// What that rests on; may be empty.
    pub basis: String,
    /// Framework item; may be empty.
    pub framework_2: String,
}

/// Adds points that follow from rules to a checklist, as far as it does not hold their text; answers
/// how many. The checklist's deed has checked that the actor may.
pub(crate) async fn add_points(cx: &mut WriteCx, list: &FocusList, points: Vec<Point>) -> Result<usize> {
    let held = store::of_list(cx, list.id).await?;
    let mut position = last(&held);
    let mut added = Vec::new();
    for point in points.into_iter().filter(|point| held.iter().all(|old| old.text != point.text)) {
        position += 1;
        let entry = Entry { text: point.text, basis: point.basis, framework_2: point.framework_2 };
        let mut item = blank(cx, list, position, entry);
        (item.rule_id, item.duty_id) = (Some(point.rule), point.duty);
        added.push(item);
    }
    let count = added.len();
    for item in &added {
        cx.index(NOUN, item.id, item.text.as_str());
    }
    cx.insert_all(added).await?;
    Ok(count)
}

fn last(held: &[FocusItem]) -> i64 {
    held.iter().map(|point| point.position).max().unwrap_or(0)
}

fn blank(cx: &WriteCx, list: &FocusList, position: i64, entry: Entry) -> FocusItem {
    FocusItem {
        id: FocusItemId(cx.new_id()),
        version: 1,
        list_id: list.id,
        inspection_id: list.inspection_id,
        unit_id: list.unit_id,
        organisation_id: list.organisation_id,
        position,
        text: entry.text,
        basis: entry.basis,
        framework_2: entry.framework_2,
        rule_id: None,
        duty_id: None,
        state: State::Open,
        settled_on: None,
        settled_by: String::new(),
        target_noun: String::new(),
        target_id: None,
        reference: String::new(),
        note: String::new(),
    }
}

/// Adds a point by hand.
pub async fn create(cx: &mut WriteCx, list: ListId, entry: Entry) -> Result<FocusItemId> {
    let list = focus_lists::find(cx, list).await?;
    list.decide(&cx.actor, focus_lists::Deed::Derive)?;
    let held = store::of_list(cx, list.id).await?;
    if held.iter().any(|point| point.text == entry.text) {
        return Err(Refusal::field("text", "清单里已有同样的监督重点").into());
    }
    let point = blank(cx, &list, last(&held) + 1, entry);
    let id = point.id;
    cx.index(NOUN, id, point.text.as_str());
    cx.insert(point).await?;
    cx.done(Done::new(NOUN, id, "create", "添加监督重点"));
    Ok(id)
}

/// Changes the text of a point that is open.
pub async fn edit(cx: &mut WriteCx, id: FocusItemId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    let after =
        FocusItem { text: entry.text, basis: entry.basis, framework_2: entry.framework_2, ..before.clone() };
    cx.index(NOUN, id, after.text.as_str());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<FocusItem>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// Records what covers a point: a record by its number or address, or words.
pub async fn cover(cx: &mut WriteCx, id: FocusItemId, by: &str, note: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Cover).await?;
    let mut after = settled(cx, &before, state, note);
    if by.is_empty() {
        if after.note.is_empty() {
            let sentence = "请填写由什么覆盖：记录编号，或说明了解的方式和结果";
            return Err(Refusal::field("note", sentence).into());
        }
    } else {
        let record = reference::find(cx, "by", by).await?;
        record.noun.clone_into(&mut after.target_noun);
        after.target_id = Some(record.id);
        after.reference = record.called;
    }
    put(cx, &before, after, Deed::Cover).await
}

/// Leaves a point out, with the reason.
pub async fn leave_out(cx: &mut WriteCx, id: FocusItemId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::LeaveOut).await?;
    let after = settled(cx, &before, state, reason);
    put(cx, &before, after, Deed::LeaveOut).await
}

/// A point is to be looked into (again).
pub async fn reopen(cx: &mut WriteCx, id: FocusItemId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Reopen).await?;
    let after = FocusItem {
        state,
        settled_on: None,
        settled_by: String::new(),
        target_noun: String::new(),
        target_id: None,
        reference: String::new(),
        ..before.clone()
    };
    put(cx, &before, after, Deed::Reopen).await
}

fn settled(cx: &WriteCx, before: &FocusItem, state: State, note: String) -> FocusItem {
    FocusItem {
        state,
        settled_on: Some(cx.today()),
        settled_by: cx.actor.name.clone(),
        note,
        ..before.clone()
    }
}

/// The point and its state after `deed`; a checklist that is concluded must be opened first.
async fn step(cx: &WriteCx, id: FocusItemId, deed: Deed) -> Result<(FocusItem, State)> {
    let point = store::find(cx, id).await?;
    let state = point.decide(&cx.actor, deed)?;
    let list = focus_lists::find(cx, point.list_id).await?;
    if list.state == focus_lists::State::Concluded {
        return Err(Refusal::conflict("清单已完成，没有修改。请先由组长“重新打开”清单。").into());
    }
    Ok((point, state))
}

async fn put(cx: &mut WriteCx, before: &FocusItem, after: FocusItem, deed: Deed) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<FocusItem>(NOUN, id, deed, before.state, to));
    Ok(())
}
