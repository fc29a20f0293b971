//! What is done to problems, from finding to closing and reopening.

use chrono::NaiveDate;
use kit::{Audience, Done, Fen, Lifecycle as _, Refusal, Result, Role, WriteCx, cx::Change, dictionary};
use registry::policies;
use uuid::Uuid;

use super::{Deed, NOUN, Origin, Problem, ProblemId, SERIES, State, days, may_create, store};
use crate::closures;
use kit::{dates, numbers};
use planning::units;

/// Columns that tell how a problem became known. Histories are read by the unit too, so what changed
/// in these is not written there.
const INTERNAL: [&str; 3] = ["source", "draft_number", "origin"];

/// What the history says when the office registers the beginning that a unit has made.
const ON_BEHALF: &str = "由巡察办代被巡察单位登记";

/// What a person enters about a problem.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// What it is called.
    pub title: String,
    /// What was found.
    pub text: String,
    /// Framework item, first level.
    pub framework_1: String,
    /// Framework item, second level.
    pub framework_2: String,
    /// Category, first level.
    pub category_1: String,
    /// Category, second level.
    pub category_2: String,
    /// Key field; may be empty.
    pub field: String,
    /// Nature.
    pub nature: String,
    /// Responsibility.
    pub responsibility: String,
    /// Discipline; may be empty.
    pub discipline: String,
    /// Against the eight-point rules.
    pub eight_rules: bool,
    /// Key problem.
    pub key_problem: bool,
    /// Found through audit linkage.
    pub audit_linked: bool,
    /// Common to many units.
    pub common: bool,
    /// Money concerned.
    pub amount: Option<Fen>,
    /// People affected.
    pub people_affected: Option<i64>,
    /// How it became known.
    pub source: String,
    /// Number of the working draft.
    pub draft_number: String,
    /// Day on which it was found.
    pub found_on: NaiveDate,
}

impl Entry {
    /// Fills a first level left empty from its second level, and refuses two that do not belong together, and days
    /// on which nothing can have been found in the inspected unit `unit`.
    async fn settle(&mut self, cx: &WriteCx, unit: Uuid) -> Result<()> {
        dates::happened(cx, "found_on", "发现日期", self.found_on)?;
        days::check_found(self.found_on, days::of(cx, unit).await?.as_ref())?;
        if self.amount.is_some_and(|amount| amount < Fen(0)) {
            return Err(Refusal::field("amount", "涉及金额不能是负数").into());
        }
        settle_levels(cx, "framework_2", &mut self.framework_1, &self.framework_2).await?;
        settle_levels(cx, "category_2", &mut self.category_1, &self.category_2).await
    }

    fn apply(self, problem: &mut Problem) {
        problem.title = self.title;
        problem.text = self.text;
        problem.framework_1 = self.framework_1;
        problem.framework_2 = self.framework_2;
        problem.category_1 = self.category_1;
        problem.category_2 = self.category_2;
        problem.field = self.field;
        problem.nature = self.nature;
        problem.responsibility = self.responsibility;
        problem.discipline = self.discipline;
        problem.eight_rules = self.eight_rules;
        problem.key_problem = self.key_problem;
        problem.audit_linked = self.audit_linked;
        problem.common = self.common;
        problem.amount_fen = self.amount;
        problem.people_affected = self.people_affected;
        problem.source = self.source;
        problem.draft_number = self.draft_number;
        problem.found_on = self.found_on;
    }
}

async fn settle_levels(cx: &WriteCx, kind: &'static str, first: &mut String, second: &str) -> Result<()> {
    if second.is_empty() {
        return Ok(());
    }
    let parent = dictionary::find(cx, kind, second).await?.and_then(|item| item.parent);
    let Some(parent) = parent else { return Ok(()) };
    if first.is_empty() {
        *first = parent;
    } else if *first != parent {
        return Err(Refusal::field(kind, "二级分类不属于所选的一级分类").into());
    }
    Ok(())
}

/// Enters a problem found in the inspected unit `unit` that has no draft.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<ProblemId> {
    if !may_create(&cx.actor) {
        return Err(Refusal::forbidden("登记问题").into());
    }
    enter(cx, unit, entry, Origin::Direct).await
}

/// Enters a problem that rests on a signed draft; the deed on the draft was permitted and checked.
pub(crate) async fn create_from_draft(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<ProblemId> {
    enter(cx, unit, entry, Origin::Draft).await
}

async fn enter(cx: &mut WriteCx, unit: Uuid, mut entry: Entry, origin: Origin) -> Result<ProblemId> {
    // Of the unit a problem takes over only what never changes; an import enters thousands of the same few units.
    let unit = cx.once(format!("problem/unit/{unit}"), units::of(cx, unit)).await?;
    entry.settle(cx, unit.id).await?;
    let number = numbers::yearly(cx, SERIES, entry.found_on).await?;
    let mut problem = blank(cx, &unit, number, entry.found_on);
    problem.origin = origin;
    entry.apply(&mut problem);
    let id = problem.id;
    index(cx, &problem);
    cx.insert(problem).await?;
    cx.done(Done::new(NOUN, id, "create", "登记问题"));
    Ok(id)
}

fn blank(cx: &WriteCx, unit: &units::Unit, number: String, found_on: NaiveDate) -> Problem {
    Problem {
        id: ProblemId(cx.new_id()),
        version: 1,
        number,
        term_id: unit.term_id,
        round_id: unit.round_id,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        inspection_kind: unit.inspection_kind.clone(),
        title: String::new(),
        text: String::new(),
        feedback_text: String::new(),
        framework_1: String::new(),
        framework_2: String::new(),
        category_1: String::new(),
        category_2: String::new(),
        field: String::new(),
        nature: String::new(),
        responsibility: String::new(),
        discipline: String::new(),
        eight_rules: false,
        key_problem: false,
        audit_linked: false,
        common: false,
        amount_fen: None,
        people_affected: None,
        source: String::new(),
        draft_number: String::new(),
        team: unit.team.clone(),
        found_on,
        state: State::Found,
        fed_back_on: None,
        due_on: None,
        due_basis: String::new(),
        submitted_by: None,
        closed_on: None,
        origin: Origin::Direct,
        created_at: cx.now,
    }
}

/// Lets a problem of the inspected unit `unit` rest on another signed draft, called `draft`.
///
/// # Errors
/// A refusal when the problem belongs to another unit or was fed back: what it rested on then stands.
pub(crate) async fn rest_on_draft(cx: &mut WriteCx, id: ProblemId, unit: Uuid, draft: &str) -> Result<()> {
    let before = store::find(cx, id).await?;
    if before.unit_id != unit {
        return Err(Refusal::field("problem", "所选问题不属于底稿的被巡察对象").into());
    }
    if before.state != State::Found {
        return Err(Refusal::field("problem", "所选问题已经反馈或撤销，不能再并入底稿").into());
    }
    let mut after = Problem { origin: Origin::Draft, ..before.clone() };
    if !after.draft_number.is_empty() {
        after.draft_number.push('、');
    }
    after.draft_number.push_str(draft);
    cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "rest_on_draft", "并入底稿"));
    Ok(())
}

/// A correction of a problem.
#[derive(Clone, Debug)]
pub struct Correction {
    /// What it says now.
    pub entry: Entry,
    /// How it is said to the unit; only counts after feedback.
    pub feedback_text: Option<String>,
    /// Why; needed after feedback.
    pub reason: String,
}

/// Corrects what is written: the team before feedback, the office with a reason after it.
pub async fn edit(cx: &mut WriteCx, id: ProblemId, mut correction: Correction) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    correction.entry.settle(cx, before.unit_id).await?;
    if before.origin == Origin::Draft {
        // The numbers of its drafts follow from the links.
        correction.entry.draft_number.clone_from(&before.draft_number);
    }
    let mut after = before.clone();
    if let Some(fed_back_on) = before.fed_back_on {
        if correction.reason.is_empty() {
            return Err(Refusal::field("reason", "问题已经反馈，请写明修改理由").into());
        }
        dates::not_before("found_on", "反馈日期", fed_back_on, Some(correction.entry.found_on), "发现日期")?;
        if let Some(text) = correction.feedback_text {
            after.feedback_text = text;
        }
    }
    correction.entry.apply(&mut after);
    index(cx, &after);
    if after.audit_linked != before.audit_linked {
        store::repeat_on_measures(cx, &after).await?;
    }
    let mut changes = cx.update(&before, after).await?;
    changes.retain(|change: &Change| !INTERNAL.contains(&change.field.as_str()));
    let done = Done::deed::<Problem>(NOUN, id, Deed::Edit, before.state, state);
    cx.done(done.note(correction.reason).changes(changes));
    Ok(())
}

/// Takes a problem back before it was fed back.
pub async fn withdraw(cx: &mut WriteCx, id: ProblemId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    let after = Problem { state, ..before.clone() };
    put(cx, &before, after, Deed::Withdraw, reason).await
}

/// Says a problem to the unit on the day `on`; `text` empty means: in the words of the title.
///
/// The rectification clock starts, and the unit is told.
pub async fn feed_back(cx: &mut WriteCx, id: ProblemId, on: NaiveDate, text: Option<String>) -> Result<()> {
    let (before, _) = step(cx, id, Deed::FeedBack).await?;
    tell_unit(cx, &before, "收到巡察反馈问题");
    feed_back_found(cx, before, on, text).await
}

/// Says several problems of one inspected unit to it at once, without a notice for each: the feedback
/// meeting gives one for all.
///
/// # Errors
/// A refusal when one of them belongs to another unit or was fed back before.
pub async fn feed_back_unit(
    cx: &mut WriteCx,
    unit: Uuid,
    chosen: &[ProblemId],
    on: NaiveDate,
) -> Result<usize> {
    let problems = if chosen.is_empty() {
        store::found_of_unit(cx, unit).await?
    } else {
        let mut problems = Vec::with_capacity(chosen.len());
        for &id in chosen {
            problems.push(store::find(cx, id).await?);
        }
        problems
    };
    let count = problems.len();
    for problem in problems {
        if problem.unit_id != unit {
            let message = format!("问题 {} 不属于这次反馈的单位", problem.number);
            return Err(Refusal::field("problems", message).into());
        }
        problem.decide(&cx.actor, Deed::FeedBack)?;
        feed_back_found(cx, problem, on, None).await?;
    }
    Ok(count)
}

async fn feed_back_found(
    cx: &mut WriteCx,
    before: Problem,
    on: NaiveDate,
    text: Option<String>,
) -> Result<()> {
    dates::happened(cx, "fed_back_on", "反馈日期", on)?;
    days::check_fed_back(on, before.found_on, days::of(cx, before.unit_id).await?.as_ref())?;
    let deadline = policies::deadline(cx, "rect_report", on).await?;
    let mut after = before.clone();
    after.state = State::FedBack;
    after.fed_back_on = Some(on);
    after.feedback_text = text.unwrap_or_else(|| before.title.clone());
    after.due_on = Some(deadline.due_on);
    after.due_basis = deadline.basis;
    index(cx, &after);
    put(cx, &before, after, Deed::FeedBack, format!("反馈日期 {on}")).await
}

/// The unit starts to put a problem right. The office registers on its behalf what it knows from a ledger or a
/// letter: the history says so, and the unit is told.
pub async fn begin(cx: &mut WriteCx, id: ProblemId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Begin).await?;
    let after = Problem { state, ..before.clone() };
    let by_unit = cx.actor.is_at(Role::OrganisationLiaison, before.organisation_id.0);
    let note = if by_unit { "" } else { ON_BEHALF };
    if !by_unit {
        tell_unit(cx, &before, "巡察办已代为登记启动整改");
    }
    put(cx, &before, after, Deed::Begin, note.to_owned()).await
}

/// Marks that putting right has begun, when it has not been marked: called when a measure starts,
/// by whoever was permitted to start it.
pub async fn begin_if_needed(cx: &mut WriteCx, id: ProblemId) -> Result<()> {
    let before = store::find_unlimited(cx, id).await?;
    if before.state != State::FedBack {
        return Ok(());
    }
    let after = Problem { state: State::Rectifying, ..before.clone() };
    put(cx, &before, after, Deed::Begin, String::from("随整改措施启动")).await
}

/// The unit asks to close a problem: every measure must be closed or turned long-term.
pub async fn submit(cx: &mut WriteCx, id: ProblemId, statement: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Submit).await?;
    let (all, open) = store::measures(cx, id).await?;
    if all == 0 {
        return Err(Refusal::conflict("这个问题还没有整改措施，不能提请销号。请先制定并完成措施。").into());
    }
    if open > 0 {
        let message =
            format!("还有 {open} 条整改措施没有完成，不能提请销号。请先完成这些措施，或转为长期整改。");
        return Err(Refusal::conflict(message).into());
    }
    let after = Problem { state, submitted_by: cx.actor.account, ..before.clone() };
    for role in [Role::OfficeDirector, Role::OfficeLiaison] {
        let audience = Audience::Post { role, organisation: None, inspection: None };
        cx.notify(audience, format!("提请销号：{}", before.title), NOUN, id);
    }
    put(cx, &before, after, Deed::Submit, statement).await
}

/// The office closes a problem on the day `on`; never the person who asked for it.
pub async fn close(cx: &mut WriteCx, id: ProblemId, on: NaiveDate, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = review(cx, &before, Deed::Close)?;
    dates::happened(cx, "closed_on", "销号日期", on)?;
    dates::not_before("closed_on", "销号日期", on, before.fed_back_on, "反馈日期")?;
    closures::actions::open(cx, &before, on, opinion.clone()).await?;
    tell_unit(cx, &before, "问题已销号");
    let after = Problem { state, closed_on: Some(on), ..before.clone() };
    put(cx, &before, after, Deed::Close, opinion).await
}

/// The office finds a problem not put right and gives it back.
pub async fn return_for_more(cx: &mut WriteCx, id: ProblemId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = review(cx, &before, Deed::Return)?;
    tell_unit(cx, &before, "销号审核退回");
    let after = Problem { state, ..before.clone() };
    put(cx, &before, after, Deed::Return, opinion).await
}

/// The office turns a problem into long-term work.
pub async fn make_long_term(cx: &mut WriteCx, id: ProblemId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::MakeLongTerm).await?;
    tell_unit(cx, &before, "问题转入长期整改");
    let after = Problem { state, ..before.clone() };
    put(cx, &before, after, Deed::MakeLongTerm, reason).await
}

/// Why and when a problem is open again.
#[derive(Clone, Debug)]
pub struct Reopening {
    /// The day from which it no longer counts as closed.
    pub on: NaiveDate,
    /// Why: what the look-back found.
    pub reason: String,
    /// A new last day, when one is set.
    pub due_on: Option<NaiveDate>,
}

/// The office opens a problem again: its closing ends and it leaves the numerator from that day on.
pub async fn reopen(cx: &mut WriteCx, id: ProblemId, reopening: Reopening) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Reopen).await?;
    dates::happened(cx, "reopened_on", "重开日期", reopening.on)?;
    let earlier = before.closed_on.or(before.fed_back_on);
    dates::not_before("reopened_on", "重开日期", reopening.on, earlier, "销号或反馈日期")?;
    dates::not_before(
        "due_on",
        "重新整改期限",
        reopening.due_on.unwrap_or(reopening.on),
        Some(reopening.on),
        "重开日期",
    )?;
    closures::actions::end(cx, id, reopening.on, &reopening.reason).await?;
    tell_unit(cx, &before, "问题重开，需继续整改");
    let mut after = Problem { state, closed_on: None, submitted_by: None, ..before.clone() };
    if let Some(due_on) = reopening.due_on {
        after.due_on = Some(due_on);
        after.due_basis = format!("{}重开时由巡察办确定", reopening.on);
    }
    put(cx, &before, after, Deed::Reopen, reopening.reason).await
}

/// The problem and its state after `deed`, if this person may do it now.
async fn step(cx: &WriteCx, id: ProblemId, deed: Deed) -> Result<(Problem, State)> {
    let problem = store::find(cx, id).await?;
    let state = problem.decide(&cx.actor, deed)?;
    Ok((problem, state))
}

/// The state after a review, with a sentence of its own for who would review himself.
fn review(cx: &WriteCx, problem: &Problem, deed: Deed) -> Result<State> {
    if problem.state == State::Submitted && problem.submitted_by(&cx.actor) {
        return Err(Refusal::conflict("提请销号的人不能审核自己的提请，请由巡察办其他同志审核。").into());
    }
    problem.decide(&cx.actor, deed)
}

async fn put(cx: &mut WriteCx, before: &Problem, after: Problem, deed: Deed, note: String) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Problem>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

fn tell_unit(cx: &mut WriteCx, problem: &Problem, what: &str) {
    let audience = Audience::Post {
        role: Role::OrganisationLiaison,
        organisation: Some(problem.organisation_id.0),
        inspection: None,
    };
    cx.notify(audience, format!("{what}：{}", problem.title), NOUN, problem.id);
}

fn index(cx: &mut WriteCx, problem: &Problem) {
    let text = format!("{} {} {} {}", problem.number, problem.title, problem.text, problem.feedback_text);
    cx.index(NOUN, problem.id, text);
}
