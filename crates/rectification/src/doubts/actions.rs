//! Noting doubts and deciding on them.

use kit::{Done, Labelled as _, Lifecycle as _, Refusal, Result, WriteCx, jobs};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{Deed, Doubt, DoubtId, Kind, NOUN, State, store, watch};
use crate::common::{Step, put};

/// What a watch noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// What kind of sign.
    pub kind: Kind,
    /// By what it is known again.
    pub mark: String,
    /// The inspection.
    pub inspection: Option<Uuid>,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The problem.
    pub problem: Option<Uuid>,
    /// What it is about.
    pub subject: String,
    /// Why it is a doubt.
    pub reason: String,
    /// What was compared, one to a line.
    pub detail: String,
}

/// Orders the watch over everything, in the name of who asks.
pub async fn order(cx: &mut WriteCx) -> Result<jobs::JobId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("排查整改疑点").into());
    }
    jobs::enqueue(cx, jobs::Order::new(watch::KIND.code, "排查整改疑点").key("all")).await
}

/// Notes signs that are not known yet. Answers how many.
pub(super) async fn note(cx: &mut WriteCx, signs: Vec<Sign>) -> Result<usize> {
    let marks: Vec<String> = signs.iter().map(|sign| sign.mark.clone()).collect();
    let mut known = store::known(cx, &marks).await?;
    let mut fresh = Vec::new();
    for sign in signs {
        if known.insert(sign.mark.clone()) {
            fresh.push(doubt(cx, sign));
        }
    }
    for doubt in &fresh {
        cx.index(NOUN, doubt.id, format!("{} {} {}", doubt.kind.label(), doubt.subject, doubt.reason));
        cx.done(Done::new(NOUN, doubt.id, "create", "发现疑点"));
    }
    let count = fresh.len();
    cx.insert_all(fresh).await?;
    Ok(count)
}

fn doubt(cx: &WriteCx, sign: Sign) -> Doubt {
    Doubt {
        id: DoubtId(cx.new_id()),
        version: 1,
        kind: sign.kind,
        mark: sign.mark,
        inspection_id: sign.inspection,
        organisation_id: sign.organisation,
        problem_id: sign.problem,
        subject: sign.subject,
        reason: sign.reason,
        detail: sign.detail,
        found_on: cx.today(),
        state: State::Open,
        decided_on: None,
        decided_by: None,
        decider_name: String::new(),
        decision: String::new(),
    }
}

/// Confirms a doubt, dismisses it, or looks at it again.
pub async fn decide(cx: &mut WriteCx, id: DoubtId, deed: Deed, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let open = state == State::Open;
    let after = Doubt {
        state,
        decided_on: (!open).then(|| cx.today()),
        decided_by: cx.actor.account.filter(|_| !open),
        decider_name: if open { String::new() } else { cx.actor.name.clone() },
        decision: reason.clone(),
        ..before.clone()
    };
    put(cx, &before, after, Step { noun: NOUN, id: id.0, deed, note: reason }).await
}
