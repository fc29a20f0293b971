//! Preparing and approving a yearly plan.

use chrono::NaiveDate;
use kit::{Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};

use super::{NOUN, YearPlan, YearPlanId, store};
use crate::{
    days,
    review::{Deed, State},
    rights,
    terms::{self, TermId},
};

/// What a person enters about a plan.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The term.
    pub term: TermId,
    /// The year.
    pub year: i64,
    /// Title.
    pub title: String,
    /// The plan.
    pub text: String,
}

async fn check_year(cx: &WriteCx, entry: &Entry) -> Result<()> {
    let term = terms::find(cx, entry.term).await?;
    if term.has_year(entry.year) {
        return Ok(());
    }
    Err(Refusal::field("year", format!("年度不在{}任期内", term.name)).into())
}

/// Drafts a plan.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<YearPlanId> {
    if !rights::keeps(&cx.actor) {
        return Err(Refusal::forbidden("起草年度计划").into());
    }
    check_year(cx, &entry).await?;
    let plan = YearPlan {
        id: YearPlanId(cx.new_id()),
        version: 1,
        term_id: entry.term,
        year: entry.year,
        title: entry.title,
        text: entry.text,
        state: State::Draft,
        prepared_by: cx.actor.account,
        approved_on: None,
        submitted_by: None,
        submitted_on: None,
        approved_by: None,
        opinion: String::new(),
    };
    let id = plan.id;
    index(cx, &plan);
    cx.insert(plan).await?;
    cx.done(Done::new(NOUN, id, "create", "起草年度计划"));
    Ok(id)
}

/// Changes the draft.
pub async fn edit(cx: &mut WriteCx, id: YearPlanId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    check_year(cx, &entry).await?;
    let after = YearPlan {
        term_id: entry.term,
        year: entry.year,
        title: entry.title,
        text: entry.text,
        ..before.clone()
    };
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<YearPlan>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Submits the plan for approval.
pub async fn submit(cx: &mut WriteCx, id: YearPlanId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    let after = YearPlan {
        state,
        submitted_by: cx.actor.account,
        submitted_on: Some(cx.today()),
        opinion: String::new(),
        ..before.clone()
    };
    for role in [Role::LeadingGroup, Role::CommitteeLeader] {
        let audience = Audience::Post { role, organisation: None, inspection: None };
        cx.notify(audience, format!("“{}”待审批", before.title), NOUN, id);
    }
    move_on(cx, &before, after, Deed::Submit, String::new()).await
}

/// Approves the plan by the decision of day `on`.
pub async fn approve(cx: &mut WriteCx, id: YearPlanId, on: NaiveDate, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Approve)?;
    days::happened(cx.today(), "on", on)?;
    if let Some(submitted) = before.submitted_on {
        days::not_before("on", on, submitted, "提交日期")?;
    }
    let after = YearPlan {
        state,
        approved_on: Some(on),
        approved_by: cx.actor.account,
        opinion: opinion.clone(),
        ..before.clone()
    };
    notify_author(cx, &after);
    move_on(cx, &before, after, Deed::Approve, opinion).await
}

/// Sends the plan back with an opinion.
pub async fn send_back(cx: &mut WriteCx, id: YearPlanId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Return)?;
    let after = YearPlan { state, opinion: opinion.clone(), ..before.clone() };
    notify_author(cx, &after);
    move_on(cx, &before, after, Deed::Return, opinion).await
}

/// Takes a returned plan up again.
pub async fn reopen(cx: &mut WriteCx, id: YearPlanId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Reopen)?;
    let after = YearPlan { state, ..before.clone() };
    move_on(cx, &before, after, Deed::Reopen, String::new()).await
}

async fn move_on(
    cx: &mut WriteCx,
    before: &YearPlan,
    after: YearPlan,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, state) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<YearPlan>(NOUN, id, deed, before.state, state).note(note));
    Ok(())
}

fn notify_author(cx: &mut WriteCx, plan: &YearPlan) {
    if let Some(author) = plan.submitted_by {
        let title = format!("“{}”{}", plan.title, plan.state.label());
        cx.notify(Audience::Account(author), title, NOUN, plan.id);
    }
}

fn index(cx: &mut WriteCx, plan: &YearPlan) {
    cx.index(NOUN, plan.id, format!("{} {} {}", plan.year, plan.title, plan.text));
}
