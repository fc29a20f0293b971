//! Preparing, approving and renewing the full-coverage list.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::organisations::{self, OrganisationId};
use uuid::Uuid;

use super::{CoverageList, CoverageListId, Deed, NOUN, store};
use crate::{
    coverage_items::{self, CoverageItem, CoverageItemId},
    days,
    review::State,
    rights,
    terms::{self, Term, TermId},
};

/// What a person enters about a list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The documents it rests on.
    pub basis: String,
    /// Remark.
    pub note: String,
}

/// Begins the first edition of a term's list, or the next one, which begins as a copy of the last.
pub async fn create(cx: &mut WriteCx, term: TermId, entry: Entry) -> Result<CoverageListId> {
    if !rights::keeps(&cx.actor) {
        return Err(Refusal::forbidden("起草清单").into());
    }
    let term = terms::find(cx, term).await?;
    let editions = store::editions(cx, term.id).await?;
    if editions.iter().any(|list| list.state != State::Approved) {
        let message = "本届已有一版清单正在起草或审批，请先办完那一版。";
        return Err(Refusal::conflict(message).into());
    }
    let last = editions.into_iter().max_by_key(|list| list.edition);
    let list = CoverageList {
        id: CoverageListId(cx.new_id()),
        version: 1,
        term_id: term.id,
        edition: last.as_ref().map_or(1, |list| list.edition + 1),
        state: State::Draft,
        approved_on: None,
        basis: entry.basis,
        note: entry.note,
        prepared_by: cx.actor.account,
        submitted_by: None,
        submitted_on: None,
        approved_by: None,
        opinion: String::new(),
    };
    let id = list.id;
    index(cx, &term, &list);
    cx.insert(list).await?;
    if let Some(last) = last {
        copy_items(cx, last.id, id).await?;
    }
    cx.done(Done::new(NOUN, id, "create", "起草清单"));
    Ok(id)
}

/// Begins the next edition of the term of `id`.
pub async fn renew(cx: &mut WriteCx, id: CoverageListId, entry: Entry) -> Result<CoverageListId> {
    let list = store::find(cx, id).await?;
    list.decide(&cx.actor, Deed::Renew)?;
    create(cx, list.term_id, entry).await
}

async fn copy_items(cx: &mut WriteCx, from: CoverageListId, to: CoverageListId) -> Result<()> {
    let items = coverage_items::of_list(cx, from).await?;
    let copies: Vec<CoverageItem> = items
        .into_iter()
        .map(|item| CoverageItem { id: CoverageItemId(cx.new_id()), version: 1, list_id: to, ..item })
        .collect();
    for copy in &copies {
        coverage_items::index(cx, copy).await?;
    }
    cx.insert_all(copies).await
}

/// Changes basis and note.
pub async fn edit(cx: &mut WriteCx, id: CoverageListId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let term = terms::find(cx, before.term_id).await?;
    let after = CoverageList { basis: entry.basis, note: entry.note, ..before.clone() };
    index(cx, &term, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<CoverageList>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Puts organisations on the list, all for the same planned year.
pub async fn add_items(
    cx: &mut WriteCx,
    id: CoverageListId,
    organisations: Vec<OrganisationId>,
    planned_year: Option<i64>,
) -> Result<usize> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::AddItems)?;
    let term = terms::find(cx, before.term_id).await?;
    check_year(&term, planned_year)?;
    let held = coverage_items::of_list(cx, id).await?;
    let mut items = Vec::new();
    for organisation in organisations {
        if held.iter().any(|item| item.organisation_id == organisation) {
            let name = organisations::find(cx, organisation).await?.name;
            return Err(Refusal::field("organisations", format!("“{name}”已在清单中")).into());
        }
        let item = CoverageItem {
            id: CoverageItemId(cx.new_id()),
            version: 1,
            list_id: id,
            organisation_id: organisation,
            planned_year,
            exempt_reason: String::new(),
        };
        coverage_items::index(cx, &item).await?;
        items.push(item);
    }
    let count = items.len();
    cx.insert_all(items).await?;
    cx.update(&before, before.clone()).await?;
    let done = Done::deed::<CoverageList>(NOUN, id, Deed::AddItems, state, state);
    cx.done(done.note(format!("列入 {count} 家单位")));
    Ok(count)
}

/// Refuses a planned year outside the term.
pub(crate) fn check_year(term: &Term, year: Option<i64>) -> Result<()> {
    match year {
        Some(year) if !term.has_year(year) => {
            Err(Refusal::field("planned_year", format!("计划年度不在{}任期内", term.name)).into())
        }
        _ => Ok(()),
    }
}

/// Submits the list for approval.
pub async fn submit(cx: &mut WriteCx, id: CoverageListId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    let items = coverage_items::of_list(cx, id).await?;
    if items.is_empty() {
        return Err(Refusal::conflict("清单中还没有单位，请先列入单位再提交。").into());
    }
    let open = items.iter().filter(|item| item.planned_year.is_none() && !item.is_exempt()).count();
    if open > 0 {
        let message = format!("还有 {open} 家单位既没有计划年度，也没有写明免予安排的理由，请补齐后提交。");
        return Err(Refusal::conflict(message).into());
    }
    let after = CoverageList {
        state,
        submitted_by: cx.actor.account,
        submitted_on: Some(cx.today()),
        opinion: String::new(),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<CoverageList>(NOUN, id, Deed::Submit, before.state, state));
    let title = format!("全覆盖任务清单（{} 家单位）待审批", items.len());
    for role in [Role::LeadingGroup, Role::CommitteeLeader] {
        let audience = Audience::Post { role, organisation: None, inspection: None };
        cx.notify(audience, title.as_str(), NOUN, id);
    }
    Ok(())
}

/// Approves the list by the decision of day `on`; it is frozen from then on.
pub async fn approve(cx: &mut WriteCx, id: CoverageListId, on: NaiveDate, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Approve)?;
    days::happened(cx.today(), "on", on)?;
    if let Some(submitted) = before.submitted_on {
        days::not_before("on", on, submitted, "提交日期")?;
    }
    let earlier = store::editions(cx, before.term_id).await?;
    if let Some(last) = earlier.iter().filter_map(|list| list.approved_on).max() {
        days::not_before("on", on, last, "上一版批准日期")?;
    }
    let after = CoverageList {
        state,
        approved_on: Some(on),
        approved_by: cx.actor.account,
        opinion: opinion.clone(),
        ..before.clone()
    };
    review_done(cx, &before, after, Deed::Approve, opinion).await
}

/// Sends the list back with an opinion.
pub async fn send_back(cx: &mut WriteCx, id: CoverageListId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Return)?;
    let after = CoverageList { state, opinion: opinion.clone(), ..before.clone() };
    review_done(cx, &before, after, Deed::Return, opinion).await
}

async fn review_done(
    cx: &mut WriteCx,
    before: &CoverageList,
    after: CoverageList,
    deed: Deed,
    opinion: String,
) -> Result<()> {
    let (id, state) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<CoverageList>(NOUN, id, deed, before.state, state).note(opinion));
    notify_author(cx, before.submitted_by, state, id);
    Ok(())
}

fn notify_author(cx: &mut WriteCx, author: Option<Uuid>, state: State, id: CoverageListId) {
    if let Some(author) = author {
        let word = kit::Labelled::label(state);
        cx.notify(Audience::Account(author), format!("全覆盖任务清单{word}"), NOUN, id);
    }
}

/// Takes a returned list up again.
pub async fn reopen(cx: &mut WriteCx, id: CoverageListId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Reopen)?;
    cx.update(&before, CoverageList { state, ..before.clone() }).await?;
    cx.done(Done::deed::<CoverageList>(NOUN, id, Deed::Reopen, before.state, state));
    Ok(())
}

fn index(cx: &mut WriteCx, term: &Term, list: &CoverageList) {
    let text = format!("{} 全覆盖任务清单 第{}版 {} {}", term.name, list.edition, list.basis, list.note);
    cx.index(NOUN, list.id, text);
}
