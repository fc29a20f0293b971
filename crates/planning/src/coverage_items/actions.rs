//! Changing and removing single organisations of a draft.

use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};
use registry::organisations;

use super::{CoverageItem, CoverageItemId, NOUN, index, store};
use crate::{
    coverage_lists::{self, CoverageList, CoverageListId, Deed},
    terms,
};

/// What a person enters about an organisation on the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The planned year.
    pub planned_year: Option<i64>,
    /// Why it is exempted; empty for most.
    pub exempt_reason: String,
}

/// The list of `item`, if the actor may change it now.
async fn open_list(cx: &WriteCx, item: &CoverageItem) -> Result<CoverageList> {
    let list = coverage_lists::find(cx, item.list_id).await?;
    list.decide(&cx.actor, Deed::AddItems)?;
    Ok(list)
}

/// Changes planned year and reason.
pub async fn edit(cx: &mut WriteCx, id: CoverageItemId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let list = open_list(cx, &before).await?;
    let term = terms::find(cx, list.term_id).await?;
    coverage_lists::actions::check_year(&term, entry.planned_year)?;
    if entry.planned_year.is_some() && !entry.exempt_reason.is_empty() {
        let message = "免予安排的单位不填计划年度；要安排的单位请清空理由";
        return Err(Refusal::field("exempt_reason", message).into());
    }
    let after = CoverageItem {
        planned_year: entry.planned_year,
        exempt_reason: entry.exempt_reason,
        ..before.clone()
    };
    index(cx, &after).await?;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改清单单位").changes(changes));
    Ok(())
}

/// Takes the organisation off the draft; answers the list it was on.
pub async fn remove(cx: &mut WriteCx, id: CoverageItemId) -> Result<CoverageListId> {
    let item = store::find(cx, id).await?;
    let list = open_list(cx, &item).await?;
    let organisation = organisations::find(cx, item.organisation_id).await?;
    store::delete(cx, id).await?;
    cx.update(&list, list.clone()).await?;
    let done = Done::new(coverage_lists::NOUN, list.id, "remove_item", "移出单位");
    cx.done(done.note(organisation.name));
    Ok(list.id)
}
