//! Asking a department for help, what it answers, and the end of it.

use chrono::NaiveDate;
use kit::{Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::organisations::{self, OrganisationId};
use uuid::Uuid;

use super::{Cooperation, CooperationId, Deed, NOUN, State, store};
use crate::{
    access,
    common::{Step, holders_at, liaisons, put},
    subjects::{self, FedBackProblem},
};

/// What is asked of a department.
#[derive(Clone, Debug)]
pub struct Entry {
    /// With what it shall help.
    pub duty: String,
    /// Last day for its answer.
    pub due_on: Option<NaiveDate>,
}

impl Entry {
    fn check(&self, fed_back_on: NaiveDate) -> Result<()> {
        if self.due_on.is_some_and(|due| due < fed_back_on) {
            let words = format!("不能早于问题反馈日期 {fed_back_on}");
            return Err(Refusal::field("due_on", words).into());
        }
        Ok(())
    }
}

/// Asks a department to help with a problem; from now on it reads the problem and its measures.
pub async fn create(
    cx: &mut WriteCx,
    problem: Uuid,
    department: OrganisationId,
    entry: Entry,
) -> Result<CooperationId> {
    if !access::may_begin(&cx.actor) {
        return Err(Refusal::forbidden("安排配合整改").into());
    }
    let problem = subjects::picked_problem(cx, problem).await?;
    check_asked(cx, &problem, department).await?;
    entry.check(problem.fed_back_on)?;
    let department = organisations::find(cx, department).await?;
    let number = kit::numbers::yearly(cx, store::SERIES, cx.today()).await?;
    let id = CooperationId(cx.new_id());
    cx.index(NOUN, id, format!("{number} {} {} {}", problem.title, department.name, entry.duty));
    cx.insert(Cooperation {
        id,
        version: 1,
        number: number.clone(),
        problem_id: problem.id,
        inspection_id: problem.inspection_id,
        organisation_id: problem.organisation_id,
        department_id: department.id,
        duty: entry.duty.clone(),
        asked_on: cx.today(),
        due_on: entry.due_on,
        state: State::Asked,
        answer: String::new(),
        answered_on: None,
        answered_by: None,
        opinion: String::new(),
        ended_on: None,
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "安排配合").note(entry.duty));
    cx.notify(helpers(department.id), format!("请配合整改：{number}"), NOUN, id);
    Ok(id)
}

/// Refuses a department that cannot be asked about the problem.
async fn check_asked(cx: &WriteCx, problem: &FedBackProblem, department: OrganisationId) -> Result<()> {
    if !access::keeps(&cx.actor, problem.organisation_id) {
        return Err(Refusal::field("problem", "只能为本单位的问题安排配合").into());
    }
    if problem.is_settled() {
        return Err(Refusal::field("problem", "该问题已提请销号或已销号，不再安排配合").into());
    }
    if department == problem.organisation_id {
        return Err(Refusal::field("department", "请选择被巡察单位以外的部门").into());
    }
    if store::is_open(cx, problem.id, department).await? {
        return Err(Refusal::field("department", "该部门正在配合这个问题的整改").into());
    }
    Ok(())
}

/// Those who speak for a department.
fn helpers(department: OrganisationId) -> Audience {
    holders_at(Role::FunctionalDepartment, department)
}

/// Changes what is asked, or until when.
pub async fn edit(cx: &mut WriteCx, id: CooperationId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    entry.check(subjects::problem(cx, before.problem_id).await?.fed_back_on)?;
    let after = Cooperation { duty: entry.duty, due_on: entry.due_on, state, ..before.clone() };
    put(cx, &before, after, step(id, Deed::Edit, String::new())).await?;
    cx.notify(helpers(before.department_id), format!("配合事项有修改：{}", before.number), NOUN, id);
    Ok(())
}

/// The department tells what it did.
pub async fn answer(cx: &mut WriteCx, id: CooperationId, text: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Answer)?;
    let after = Cooperation {
        state,
        answer: text.clone(),
        answered_on: Some(cx.today()),
        answered_by: cx.actor.account,
        ..before.clone()
    };
    put(cx, &before, after, step(id, Deed::Answer, text)).await?;
    cx.notify(liaisons(before.organisation_id), format!("配合情况已反馈：{}", before.number), NOUN, id);
    Ok(())
}

/// The organisation or the office asks for more.
pub async fn send_back(cx: &mut WriteCx, id: CooperationId, opinion: String) -> Result<()> {
    conclude(cx, id, Deed::Return, opinion).await
}

/// Ends it; the department no longer reads the problem and its measures.
pub async fn end(cx: &mut WriteCx, id: CooperationId, opinion: String) -> Result<()> {
    conclude(cx, id, Deed::End, opinion).await
}

async fn conclude(cx: &mut WriteCx, id: CooperationId, deed: Deed, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let ended_on = (state == State::Ended).then(|| cx.today());
    let after = Cooperation { state, opinion: opinion.clone(), ended_on, ..before.clone() };
    put(cx, &before, after, step(id, deed, opinion)).await?;
    cx.notify(helpers(before.department_id), format!("{}：{}", deed.label(), before.number), NOUN, id);
    Ok(())
}

fn step(id: CooperationId, deed: Deed, note: String) -> Step<Cooperation> {
    Step { noun: NOUN, id: id.0, deed, note }
}
