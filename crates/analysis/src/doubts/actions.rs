//! What is done to doubts.

use fieldwork::{
    leads::{self, LeadId},
    problems::{self, ProblemId},
    suspect_projects::{self, SuspectProjectId},
};
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx, numbers};
use models::hit::Hit;
use uuid::Uuid;

use super::{Deed, Doubt, DoubtId, NOUN, SERIES, State, store};
use crate::model_runs::ModelRun;

/// What verifying a doubt gave.
#[derive(Clone, Debug)]
pub struct Verification {
    /// How it was verified.
    pub method: String,
    /// What that gave.
    pub finding: String,
    /// What it rests on.
    pub evidence: String,
}

/// Enters the doubts that `run` raised.
pub(crate) async fn raise(cx: &mut WriteCx, run: &ModelRun, hits: &[Hit]) -> Result<()> {
    for hit in hits {
        let mut facts = hit.keys.clone();
        facts.extend(hit.values.clone());
        let doubt = Doubt {
            id: DoubtId(cx.new_id()),
            version: 1,
            number: numbers::yearly(cx, SERIES, run.ran_on).await?,
            inspection_id: run.inspection_id,
            organisation_id: run.organisation_id,
            run_id: run.id,
            model: run.model.clone(),
            level: hit.level.into(),
            explanation: hit.explanation.clone(),
            facts: serde_json::to_string(&facts)?,
            found_on: run.ran_on,
            state: State::Open,
            assignee_id: None,
            assigned_on: None,
            method: String::new(),
            finding: String::new(),
            evidence: String::new(),
            verified_by: None,
            verified_on: None,
            conclusion: String::new(),
            concluded_on: None,
            problem_id: None,
            lead_id: None,
            project_id: None,
        };
        let id = doubt.id;
        cx.index(NOUN, id, format!("{} {}", doubt.number, doubt.explanation));
        cx.insert(doubt).await?;
        cx.done(Done::new(NOUN, id, "create", "模型提出疑点"));
    }
    Ok(())
}

/// Gives a doubt to somebody of the team.
pub async fn assign(cx: &mut WriteCx, id: DoubtId, account: Uuid) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Assign).await?;
    if !store::team(cx, before.inspection_id).await?.iter().any(|(member, _)| *member == account) {
        return Err(Refusal::field("assignee", "核实人应是本次巡察组的成员").into());
    }
    let after = Doubt { state, assignee_id: Some(account), assigned_on: Some(cx.today()), ..before.clone() };
    cx.notify(Audience::Account(account), format!("疑点待核实：{}", before.number), NOUN, id);
    put(cx, &before, after, Deed::Assign, String::new()).await
}

/// Says what verifying a doubt gave.
pub async fn verify(cx: &mut WriteCx, id: DoubtId, verification: Verification) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Verify).await?;
    let after = Doubt {
        state,
        method: verification.method,
        finding: verification.finding,
        evidence: verification.evidence,
        verified_by: cx.actor.account,
        verified_on: Some(cx.today()),
        ..before.clone()
    };
    let head =
        Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(before.inspection_id) };
    cx.notify(head, format!("疑点已核实，待处理：{}", before.number), NOUN, id);
    put(cx, &before, after, Deed::Verify, String::new()).await
}

/// Says why there is nothing in a doubt.
pub async fn exclude(cx: &mut WriteCx, id: DoubtId, reason: String) -> Result<()> {
    conclude(cx, id, Deed::Exclude, reason, |_| {}).await
}

/// Says which problem a doubt became; the problem must be of the same inspection.
pub async fn to_problem(cx: &mut WriteCx, id: DoubtId, problem: ProblemId) -> Result<()> {
    let found = problems::find(cx, problem).await?;
    let doubt = store::find(cx, id).await?;
    if found.inspection_id != doubt.inspection_id {
        return Err(Refusal::field("problem", "问题应属于同一次巡察").into());
    }
    conclude(cx, id, Deed::ToProblem, String::new(), |doubt| doubt.problem_id = Some(problem)).await
}

/// Says which lead a doubt became; nothing of the lead is copied.
pub async fn to_lead(cx: &mut WriteCx, id: DoubtId, lead: LeadId) -> Result<()> {
    let found = leads::find(cx, lead).await?;
    let doubt = store::find(cx, id).await?;
    if found.inspection_id != doubt.inspection_id {
        return Err(Refusal::field("lead", "线索应属于同一次巡察").into());
    }
    conclude(cx, id, Deed::ToLead, String::new(), |doubt| doubt.lead_id = Some(lead)).await
}

/// Says which suspect project a doubt became.
pub async fn to_project(cx: &mut WriteCx, id: DoubtId, project: SuspectProjectId) -> Result<()> {
    let found = suspect_projects::find(cx, project).await?;
    let doubt = store::find(cx, id).await?;
    if found.inspection_id != doubt.inspection_id {
        return Err(Refusal::field("project", "项目应属于同一次巡察").into());
    }
    conclude(cx, id, Deed::ToProject, String::new(), |doubt| doubt.project_id = Some(project)).await
}

/// Hands a doubt to somebody else to look into.
pub async fn pass_on(cx: &mut WriteCx, id: DoubtId, to: String) -> Result<()> {
    conclude(cx, id, Deed::PassOn, to, |_| {}).await
}

/// Takes an exclusion back.
pub async fn reopen(cx: &mut WriteCx, id: DoubtId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Reopen).await?;
    let after = Doubt { state, conclusion: String::new(), concluded_on: None, ..before.clone() };
    put(cx, &before, after, Deed::Reopen, reason).await
}

async fn conclude(
    cx: &mut WriteCx,
    id: DoubtId,
    deed: Deed,
    conclusion: String,
    apply: impl FnOnce(&mut Doubt),
) -> Result<()> {
    let (before, state) = step(cx, id, deed).await?;
    let mut after =
        Doubt { state, conclusion: conclusion.clone(), concluded_on: Some(cx.today()), ..before.clone() };
    apply(&mut after);
    put(cx, &before, after, deed, conclusion).await
}

async fn step(cx: &WriteCx, id: DoubtId, deed: Deed) -> Result<(Doubt, State)> {
    let doubt = store::find(cx, id).await?;
    let state = doubt.decide(&cx.actor, deed)?;
    Ok((doubt, state))
}

async fn put(cx: &mut WriteCx, before: &Doubt, after: Doubt, deed: Deed, note: String) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Doubt>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

/// Excludes the doubts of a run that was declared void.
pub(crate) async fn withdraw(cx: &mut WriteCx, run: crate::model_runs::ModelRunId) -> Result<()> {
    for id in store::of_run(cx, run).await? {
        let before = store::find(cx, id).await?;
        let after = Doubt {
            state: State::Excluded,
            conclusion: String::from("所属的模型运行已作废"),
            concluded_on: Some(cx.today()),
            ..before.clone()
        };
        put(cx, &before, after, Deed::Exclude, String::from("所属的模型运行已作废")).await?;
    }
    Ok(())
}
