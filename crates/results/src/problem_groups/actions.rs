//! Ordering the comparison, keeping its proposals, deciding on them, handing over.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, jobs, numbers::Series};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{
    Deed, NOUN, ProblemGroup, ProblemGroupId, State, may_keep,
    propose::{KIND, Payload},
    store,
};
use crate::handovers::{self, HandoverId};

/// Numbers of groups: `GX-2023-0001`.
const SERIES: Series = Series { prefix: "GX", table: "problem_group" };

/// Orders the comparison of what was fed back since a day.
pub async fn order(cx: &mut WriteCx, since: NaiveDate) -> Result<jobs::JobId> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("归并相似问题").into());
    }
    let order = jobs::Order::new(KIND.code, "归并相似问题").payload(&Payload { since })?;
    jobs::enqueue(cx, order.key("all")).await
}

/// A group as the comparison found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Title of the head.
    pub title: String,
    /// The words the members share.
    pub shared: String,
    /// Category of the head.
    pub category: String,
    /// Field of the head.
    pub field: String,
    /// How many organisations.
    pub organisations: i64,
    /// The members with their likeness in percent, the head first.
    pub members: Vec<(Uuid, i64)>,
    /// By what it is known again.
    pub mark: String,
}

/// Puts new proposals in place of those that nobody decided on.
pub(crate) async fn propose(cx: &mut WriteCx, proposals: Vec<Proposal>) -> Result<()> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("归并相似问题").into());
    }
    store::clear_proposals(cx).await?;
    for proposal in proposals {
        let id = ProblemGroupId(cx.new_id());
        let number = kit::numbers::yearly(cx, SERIES, cx.today()).await?;
        cx.index(NOUN, id, format!("{number} {} {}", proposal.title, proposal.shared));
        cx.insert(ProblemGroup {
            id,
            version: 1,
            number,
            title: proposal.title,
            shared: proposal.shared,
            category: proposal.category,
            field: proposal.field,
            problems: i64::try_from(proposal.members.len()).unwrap_or(0),
            organisations: proposal.organisations,
            state: State::Proposed,
            found_on: cx.today(),
            mark: proposal.mark,
            decided_on: None,
            decided_by: None,
            decision: String::new(),
            handover_id: None,
        })
        .await?;
        store::add(cx, id, &proposal.members).await?;
        cx.done(Done::new(NOUN, id, "create", "提出归并建议"));
    }
    Ok(())
}

/// Confirms a group under a title of the person's own, or dismisses it.
pub async fn decide(
    cx: &mut WriteCx,
    id: ProblemGroupId,
    deed: Deed,
    title: Option<String>,
    reason: String,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let mut after = ProblemGroup {
        state,
        decided_on: Some(cx.today()),
        decided_by: cx.actor.account,
        decision: reason.clone(),
        ..before.clone()
    };
    if let Some(title) = title {
        cx.index(NOUN, id, format!("{} {title} {}", before.number, before.shared));
        after.title = title;
    }
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<ProblemGroup>(NOUN, id, deed, before.state, state).note(reason).changes(changes));
    Ok(())
}

/// Takes problems out that do not belong; two must remain.
pub async fn exclude(
    cx: &mut WriteCx,
    id: ProblemGroupId,
    problems: Vec<Uuid>,
    reason: String,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Exclude)?;
    let removed = store::remove(cx, id, &problems).await?;
    if removed == 0 {
        return Err(Refusal::field("problems", "所选问题不在这一组里").into());
    }
    let rest = store::members(cx, id).await?;
    if rest.len() < 2 {
        return Err(Refusal::field("problems", "至少保留两个问题；都不相似的，请选“不成立”").into());
    }
    let mut owners: Vec<Uuid> = rest.iter().map(|member| member.organisation_id).collect();
    owners.sort_unstable();
    owners.dedup();
    let after = ProblemGroup {
        state,
        problems: i64::try_from(rest.len()).unwrap_or(0),
        organisations: i64::try_from(owners.len()).unwrap_or(0),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    let done = Done::deed::<ProblemGroup>(NOUN, id, Deed::Exclude, before.state, state);
    cx.done(done.note(format!("移出 {removed} 个问题：{reason}")));
    Ok(())
}

/// Drafts the list for hand-over out of a confirmed group: from there the ledger of results follows it.
pub async fn hand_over(
    cx: &mut WriteCx,
    id: ProblemGroupId,
    number: String,
    field: String,
    recipient: OrganisationId,
    note: String,
) -> Result<HandoverId> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::HandOver)?;
    let members = store::members(cx, id).await?;
    let problems: Vec<Uuid> =
        members.iter().filter(|member| member.listed.is_none()).map(|member| member.problem_id).collect();
    if problems.is_empty() {
        return Err(Refusal::conflict("这一组的问题都已列入其他移交清单。").into());
    }
    let entry = handovers::actions::Entry { number, title: before.title.clone(), field, recipient, note };
    let list = handovers::actions::create(cx, entry).await?;
    handovers::actions::add_problems(cx, list, problems, Vec::new()).await?;
    let after = ProblemGroup { state, handover_id: Some(list), ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<ProblemGroup>(NOUN, id, Deed::HandOver, before.state, state));
    Ok(list)
}
