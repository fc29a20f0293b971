//! Asking for opinions and giving them.

use kit::{Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::policies::{self, Deadline};
use uuid::Uuid;

use super::{Deed, NOUN, Opinion, OpinionId, Party, State, Subject, against, store};
use crate::{
    common::{Step, holders, put},
    rect_plans::{self, RectPlan, RectPlanId},
    subjects::{self, FedBackProblem},
};

/// Asks the five parties for their opinion on a plan that was handed in.
pub(crate) async fn ask_on_plan(cx: &mut WriteCx, plan: &RectPlan) -> Result<()> {
    let before = store::current_of_plan(cx, plan.id).await?;
    let deadline = policies::deadline(cx, "plan_review", cx.today()).await?;
    let turn = before.first().map_or(0, |opinion| opinion.turn) + 1;
    let mut asked = Vec::new();
    for &party in Party::ALL {
        let mut opinion = blank(cx, party, turn, &deadline);
        opinion.subject = Subject::Plan;
        opinion.plan_id = Some(plan.id);
        opinion.inspection_id = plan.inspection_id;
        opinion.organisation_id = plan.organisation_id;
        asked.push(opinion);
    }
    ask(cx, asked, format!("请提整改方案会审意见：{}", plan.number)).await
}

/// Asks `parties` whether a problem can be closed.
pub async fn ask_on_closing(cx: &mut WriteCx, problem: Uuid, parties: Vec<Party>) -> Result<OpinionId> {
    let problem: FedBackProblem = subjects::picked_problem(cx, problem).await?;
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("组织销号会审").into());
    }
    if problem.state != "submitted" {
        return Err(Refusal::field("problem", "单位提请销号以后才组织会审").into());
    }
    let before = store::current_of_problem(cx, problem.id).await?;
    if before.iter().any(|opinion| opinion.state == State::Asked) {
        return Err(Refusal::field("problem", "这个问题的上一次会审还没有结束").into());
    }
    if parties.is_empty() {
        return Err(Refusal::field("discipline", "至少选择一家会审单位").into());
    }
    let deadline = policies::deadline(cx, "plan_review", cx.today()).await?;
    let turn = before.first().map_or(0, |opinion| opinion.turn) + 1;
    let mut asked = Vec::new();
    for party in parties {
        let mut opinion = blank(cx, party, turn, &deadline);
        opinion.subject = Subject::CloseOut;
        opinion.problem_id = Some(problem.id);
        opinion.inspection_id = problem.inspection_id;
        opinion.organisation_id = problem.organisation_id;
        asked.push(opinion);
    }
    let first = asked.first().map(|opinion| opinion.id);
    ask(cx, asked, format!("请提销号会审意见：{}", problem.number)).await?;
    first.ok_or_else(|| Refusal::not_found().into())
}

fn blank(cx: &WriteCx, party: Party, turn: i64, deadline: &Deadline) -> Opinion {
    Opinion {
        id: OpinionId(cx.new_id()),
        version: 1,
        subject: Subject::Plan,
        plan_id: None,
        problem_id: None,
        inspection_id: Uuid::nil(),
        organisation_id: Uuid::nil().into(),
        turn,
        party,
        state: State::Asked,
        asked_on: cx.today(),
        due_on: deadline.due_on,
        due_basis: deadline.basis.clone(),
        given_on: None,
        given_by: None,
        by_name: String::new(),
        document: String::new(),
        reasons: String::new(),
    }
}

async fn ask(cx: &mut WriteCx, asked: Vec<Opinion>, title: String) -> Result<()> {
    for opinion in &asked {
        cx.done(Done::new(NOUN, opinion.id, "create", "征求意见").note(opinion.party.label()));
        let whom = match opinion.party {
            Party::Discipline => holders(Role::Discipline, None),
            Party::Organisation => holders(Role::OrganisationDepartment, None),
            Party::Propaganda | Party::Office => holders(Role::OfficeLiaison, None),
            Party::Team => holders(Role::TeamHead, Some(opinion.inspection_id)),
        };
        cx.notify(whom, title.clone(), NOUN, opinion.id);
    }
    cx.insert_all(asked).await
}

/// Gives an opinion; who does not speak for the party names the letter in which it was given.
pub async fn give(
    cx: &mut WriteCx,
    id: OpinionId,
    deed: Deed,
    reasons: String,
    document: String,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    check_undecided(cx, &before).await?;
    if !before.speaks(&cx.actor) && document.is_empty() {
        let words = format!("代{}登记意见的，请写明来函名称或文号", before.party.label());
        return Err(Refusal::field("document", words).into());
    }
    let after = Opinion {
        state,
        given_on: Some(cx.today()),
        given_by: cx.actor.account,
        by_name: cx.actor.name.clone(),
        document,
        reasons: reasons.clone(),
        ..before.clone()
    };
    put(cx, &before, after, Step { noun: NOUN, id: id.0, deed, note: reasons }).await
}

/// Takes an opinion back while the matter is not decided.
pub async fn withdraw(cx: &mut WriteCx, id: OpinionId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Withdraw)?;
    check_undecided(cx, &before).await?;
    let after = Opinion {
        state,
        given_on: None,
        given_by: None,
        by_name: String::new(),
        document: String::new(),
        reasons: String::new(),
        ..before.clone()
    };
    put(cx, &before, after, Step { noun: NOUN, id: id.0, deed: Deed::Withdraw, note: String::new() }).await
}

async fn check_undecided(cx: &WriteCx, opinion: &Opinion) -> Result<()> {
    let open = match (opinion.plan_id, opinion.problem_id) {
        (Some(plan), _) => rect_plans::find(cx, plan).await?.state == rect_plans::State::Submitted,
        (None, Some(problem)) => subjects::problem(cx, problem).await?.state == "submitted",
        (None, None) => false,
    };
    if open {
        return Ok(());
    }
    Err(Refusal::conflict("会审事项已经作出决定，意见不能再改。").into())
}

/// Refuses to approve a plan while a party is silent or asks for changes.
pub(crate) async fn check_agreed(cx: &WriteCx, plan: RectPlanId) -> Result<()> {
    let against = against(&store::current_of_plan(cx, plan).await?);
    if against.is_empty() {
        return Ok(());
    }
    let words = format!(
        "会审意见还没有全部同意：{}。请催提意见（书面来函的由巡察办代录），或者退回修改。",
        against.join("、")
    );
    Err(Refusal::conflict(words).into())
}

/// The plan was returned: what was not given is no longer needed.
pub(crate) async fn lapse(cx: &mut WriteCx, plan: RectPlanId) -> Result<()> {
    store::lapse(cx, plan).await
}
