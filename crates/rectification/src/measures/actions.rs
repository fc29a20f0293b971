//! The deeds on measures.

use chrono::NaiveDate;
use kit::{Audience, Done, Form, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::policies::{self, Deadline};
use uuid::Uuid;

use super::{Deed, Gap, Measure, MeasureId, NOUN, Period, State, TermKind, check_due, store};
use crate::{
    access, html, rect_plans,
    subjects::{self, FedBackProblem, not_after_today},
};

/// What a person enters about a measure.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is done.
    pub text: String,
    /// What shall be reached.
    pub goal: String,
    /// Who does it.
    pub owner: String,
    /// Which leader answers for it.
    pub leader: String,
    /// Responsible department.
    pub department: String,
    /// Departments that help.
    pub cooperating: String,
    /// How long it takes.
    pub term: TermKind,
    /// Last day.
    pub due_on: Option<NaiveDate>,
}

impl Entry {
    fn apply(self, deadline: (Option<NaiveDate>, String), measure: &mut Measure) {
        measure.text = self.text;
        measure.goal = self.goal;
        measure.owner_name = self.owner;
        measure.leader_name = self.leader;
        measure.department = self.department;
        measure.cooperating = self.cooperating;
        measure.term_kind = self.term;
        (measure.due_on, measure.due_basis) = deadline;
    }

    /// The last day with what it rests on: as entered, inside the rectification period, or for an
    /// immediate measure by policy.
    async fn deadline(&self, cx: &WriteCx, problem: &FedBackProblem) -> Result<(Option<NaiveDate>, String)> {
        let end = subjects::rectification_period(cx, problem).await?;
        check_due(self.term, self.due_on, Period { from: problem.fed_back_on, to: end.due_on })?;
        Ok(match (self.due_on, self.term) {
            (Some(due), TermKind::LongTerm) => {
                (Some(due), String::from("长期坚持措施的阶段性期限，由单位自定"))
            }
            (Some(due), _) => (Some(due), format!("单位自定，不超过整改期限 {}；{}", end.due_on, end.basis)),
            (None, TermKind::Immediate) => {
                let Deadline { due_on, basis } =
                    policies::deadline(cx, "immediate_rectification", problem.fed_back_on).await?;
                (Some(due_on.min(end.due_on)), basis)
            }
            (None, _) => (None, String::new()),
        })
    }
}

/// Adds a measure to a problem that was fed back.
pub async fn create(cx: &mut WriteCx, problem: Uuid, entry: Entry) -> Result<MeasureId> {
    let problem = subjects::picked_problem(cx, problem).await?;
    if !access::keeps(&cx.actor, problem.organisation_id) {
        return Err(Refusal::forbidden("新增整改措施").into());
    }
    if problem.is_settled() {
        let words = "该问题已提请销号或已销号；需要继续整改的，请先退回或重开问题";
        return Err(Refusal::field("problem", words).into());
    }
    let plan = rect_plans::of_unit(cx, problem.unit_id).await?;
    if plan.as_ref().is_some_and(|plan| plan.state == rect_plans::State::Submitted) {
        return Err(Refusal::conflict("整改方案正在审核，审核结束前不能新增措施。").into());
    }
    let deadline = entry.deadline(cx, &problem).await?;
    let count = store::count_of_problem(cx, problem.id).await?;
    let mut measure = blank(MeasureId(cx.new_id()), &problem, count + 1);
    measure.plan_id = plan.map(|plan| plan.id);
    entry.apply(deadline, &mut measure);
    let id = measure.id;
    index(cx, &measure);
    cx.done(Done::new(NOUN, id, "create", "新增整改措施"));
    cx.insert(measure).await?;
    Ok(id)
}

fn blank(id: MeasureId, problem: &FedBackProblem, number: i64) -> Measure {
    Measure {
        id,
        version: 1,
        number: format!("{}-{number:02}", problem.number),
        problem_id: problem.id,
        plan_id: None,
        inspection_id: problem.inspection_id,
        organisation_id: problem.organisation_id,
        audit_linked: problem.audit_linked,
        text: String::new(),
        goal: String::new(),
        owner_name: String::new(),
        leader_name: String::new(),
        department: String::new(),
        cooperating: String::new(),
        term_kind: TermKind::Dated,
        due_on: None,
        due_basis: String::new(),
        state: State::NotStarted,
        progress: String::new(),
        started_on: None,
        submitted_on: None,
        submitted_by: None,
        reviewed_by: None,
        closed_on: None,
        opinion: String::new(),
    }
}

fn index(cx: &mut WriteCx, measure: &Measure) {
    let words = [&measure.number, &measure.text, &measure.goal, &measure.owner_name, &measure.department];
    cx.index(NOUN, measure.id, words.map(String::as_str).join(" "));
}

/// Changes a measure before it is handed in. What the office reviews or has approved with the
/// plan, only the office changes.
pub async fn edit(cx: &mut WriteCx, id: MeasureId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    let problem = subjects::problem(cx, before.problem_id).await?;
    if !cx.actor.is_office()
        && before.state != State::Reopened
        && let Some(plan) = rect_plans::of_unit(cx, problem.unit_id).await?
        && matches!(plan.state, rect_plans::State::Submitted | rect_plans::State::Approved)
    {
        let words =
            format!("整改方案{}，措施内容不能自行修改；确需调整的，请联系巡察办。", plan.state.label());
        return Err(Refusal::conflict(words).into());
    }
    let deadline = entry.deadline(cx, &problem).await?;
    let mut after = before.clone();
    entry.apply(deadline, &mut after);
    if before.state != State::NotStarted {
        refuse_gaps(&after, "已启动的措施不能缺少这些内容")?;
    }
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, Deed::Edit.code(), Deed::Edit.label()).changes(changes));
    Ok(())
}

/// Refuses a measure that lacks what one under way must have; `so` says what follows.
fn refuse_gaps(measure: &Measure, so: &str) -> Result<()> {
    let gaps: Vec<&str> = measure.gaps().into_iter().map(Gap::label).collect();
    if gaps.is_empty() {
        return Ok(());
    }
    Err(Refusal::conflict(format!("措施{}，{so}。", gaps.join("、"))).into())
}

/// Begins a measure; the problem's rectification begins with its first one.
pub async fn start(cx: &mut WriteCx, id: MeasureId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Start)?;
    refuse_gaps(&before, "补全后才能启动")?;
    not_after_today(cx, "started_on", on)?;
    let problem = subjects::problem(cx, before.problem_id).await?;
    if on < problem.fed_back_on {
        let words = format!("不能早于问题反馈日期 {}", problem.fed_back_on);
        return Err(Refusal::field("started_on", words).into());
    }
    let mut after = before.clone();
    after.started_on = before.started_on.or(Some(on));
    change(cx, before, after, Deed::Start, state, String::new()).await?;
    subjects::begin_rectifying(cx, problem.id).await
}

/// Keeps a report of progress, with the files of `form`.
pub async fn report_progress(
    cx: &mut WriteCx,
    id: MeasureId,
    on: NaiveDate,
    text: String,
    percent: Option<i64>,
    form: &Form,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::ReportProgress)?;
    check_progress_day(cx, &before, on)?;
    let mut after = before.clone();
    after.progress.clone_from(&text);
    store::report(cx, id, on, text.clone(), percent).await?;
    kit::service::keep_files(cx, NOUN, id, form).await?;
    change(cx, before, after, Deed::ReportProgress, state, text).await
}

fn check_progress_day(cx: &WriteCx, measure: &Measure, on: NaiveDate) -> Result<()> {
    not_after_today(cx, "on_day", on)?;
    match measure.started_on {
        Some(started) if on < started => {
            Err(Refusal::field("on_day", format!("不能早于措施启动日期 {started}")).into())
        }
        _ => Ok(()),
    }
}

/// Hands a measure in, with the files of `form` as evidence and, when given, a last report.
pub async fn submit(cx: &mut WriteCx, id: MeasureId, text: String, form: &Form) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    kit::service::keep_files(cx, NOUN, id, form).await?;
    let mut after = before.clone();
    if !text.is_empty() {
        after.progress.clone_from(&text);
        store::report(cx, id, cx.today(), text.clone(), None).await?;
    }
    if store::evidence(cx, id).await? == 0 {
        let words = "提交审核前至少上传一份佐证材料，或填写一次进展";
        return Err(Refusal::field("files", words).into());
    }
    after.submitted_on = Some(cx.today());
    after.submitted_by = cx.actor.account;
    let title = format!("整改措施待审核：{}", html::short(&before.text));
    change(cx, before, after, Deed::Submit, state, text).await?;
    let office = Audience::Post { role: Role::OfficeLiaison, organisation: None, inspection: None };
    cx.notify(office, title, NOUN, id);
    Ok(())
}

/// Finds a measure done.
pub async fn approve_close(cx: &mut WriteCx, id: MeasureId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::ApproveClose)?;
    let mut after = before.clone();
    after.closed_on = Some(cx.today());
    review(cx, before, after, Deed::ApproveClose, state, opinion).await
}

/// Sends a measure back with an opinion.
pub async fn send_back(cx: &mut WriteCx, id: MeasureId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Return)?;
    let after = before.clone();
    review(cx, before, after, Deed::Return, state, opinion).await
}

/// Turns a measure into one that is kept up; `phase` is the day of its first phase.
pub async fn make_long_term(
    cx: &mut WriteCx,
    id: MeasureId,
    phase: Option<NaiveDate>,
    reason: String,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::MakeLongTerm)?;
    if phase.is_some_and(|phase| phase < cx.today()) {
        return Err(Refusal::field("due_on", "阶段性期限不能早于今天").into());
    }
    let mut after = before.clone();
    after.term_kind = TermKind::LongTerm;
    after.due_on = phase;
    after.due_basis = phase.map(|_| String::from("转长期坚持时确定的阶段性期限")).unwrap_or_default();
    review(cx, before, after, Deed::MakeLongTerm, state, reason).await
}

/// Opens a measure again. A problem that is closed, or about to be, must be opened first, or it would
/// stand closed over an open measure.
pub async fn reopen(cx: &mut WriteCx, id: MeasureId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Reopen)?;
    if subjects::problem(cx, before.problem_id).await?.is_settled() {
        return Err(Refusal::conflict("措施所属问题已提请销号或已销号，请先退回或重开问题。").into());
    }
    let mut after = before.clone();
    after.closed_on = None;
    review(cx, before, after, Deed::Reopen, state, reason).await
}

/// Stores a review and tells the organisation.
async fn review(
    cx: &mut WriteCx,
    before: Measure,
    mut after: Measure,
    deed: Deed,
    state: State,
    opinion: String,
) -> Result<()> {
    after.reviewed_by = cx.actor.account;
    after.opinion.clone_from(&opinion);
    let (id, organisation) = (before.id, before.organisation_id);
    let title = format!("整改措施{}：{}", deed.label(), html::short(&before.text));
    change(cx, before, after, deed, state, opinion).await?;
    let liaison = Audience::Post {
        role: Role::OrganisationLiaison,
        organisation: Some(organisation.0),
        inspection: None,
    };
    cx.notify(liaison, title, NOUN, id);
    Ok(())
}

async fn change(
    cx: &mut WriteCx,
    before: Measure,
    mut after: Measure,
    deed: Deed,
    state: State,
    note: String,
) -> Result<()> {
    after.state = state;
    let done = Done::deed::<Measure>(NOUN, before.id, deed, before.state, state).note(note);
    let changes = cx.update(&before, after).await?;
    cx.done(done.changes(changes));
    Ok(())
}
