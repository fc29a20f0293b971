//! Problems with their closures and measures, those of the normal city and, one by one, those of a scaled one.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use city::{
    inspections::InspectedUnit,
    keys::ProblemKey,
    problems::{Nature, Problem, ProblemEvent, ProblemState},
    rectification::{Measure, MeasureEvent, MeasureState, TermKind},
};
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Story, at_office},
    codes::{self, nouns},
    plan::{Period, Plan, Serials},
};

/// How much of a record's life is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Every step, with progress.
    Full,
    /// Finding, feedback and closure only.
    Brief,
}

/// Numbers of problems, `WT-2023-0007`, in the order of their finding; extra problems follow as they come.
pub(super) struct Numbers {
    given: HashMap<ProblemKey, String>,
    serials: Serials,
}

impl Numbers {
    /// Numbers the problems of the normal city.
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        let mut numbers = Self { given: HashMap::new(), serials: Serials::default() };
        let mut problems: Vec<&Problem> = plan.city.problems.iter().collect();
        problems.sort_by_key(|problem| (problem.found_on, problem.key));
        for problem in problems {
            let number = numbers.next(problem.found_on.year());
            numbers.given.insert(problem.key, number);
        }
        numbers
    }

    /// Number of a problem; a new one when it has none yet.
    pub(super) fn of(&mut self, problem: &Problem) -> String {
        let given = self.given.get(&problem.key).cloned();
        given.unwrap_or_else(|| self.next(problem.found_on.year()))
    }

    fn next(&mut self, year: i32) -> String {
        format!("WT-{year}-{:04}", self.serials.next(year))
    }
}

/// Measures of the normal city by their problem.
pub(super) fn measures_by_problem<'a>(plan: &Plan<'a>) -> HashMap<ProblemKey, Vec<&'a Measure>> {
    let mut by_problem: HashMap<_, Vec<_>> = HashMap::new();
    for measure in &plan.city.measures {
        by_problem.entry(measure.problem).or_default().push(measure);
    }
    by_problem
}

/// One problem with its closures and measures.
pub(super) fn load_problem(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    (number, problem): (&str, &Problem),
    measures: &[&Measure],
    detail: Detail,
) {
    let unit = &plan.city[problem.unit];
    load_row(plan, cargo, number, problem);
    load_closures(plan, cargo, problem, measures.first().copied());
    tell(plan, cargo, problem, measures.first().copied(), detail);
    for measure in measures {
        let of = MeasureOf { number, problem, unit, detail };
        of.load(plan, cargo, measure);
    }
}

/// What the unit is told of a finding: not whether somebody talked or wrote, which stands before the first comma.
fn told_to_unit(text: &str) -> &str {
    text.split_once('，').map_or(text, |(_, matter)| matter)
}

fn load_row(plan: &Plan<'_>, cargo: &mut Cargo, number: &str, problem: &Problem) {
    let id = plan.problem(problem.key);
    let unit = &plan.city[problem.unit];
    let inspection = &plan.city[unit.inspection];
    let last = problem.history.last().map_or(ProblemState::Found, |event| event.state);
    let submitted = problem.history.iter().any(|event| event.state == ProblemState::Submitted);
    let closed = problem.history.last().filter(|event| event.state == ProblemState::Closed);
    let feedback_text = problem.fed_back_on.map_or("", |_| told_to_unit(&problem.text));
    row!(cargo, "problem", {
        id: id, version: problem.history.len() as i64, number: number, term_id: plan.term(),
        round_id: Some(plan.round(inspection.round)), inspection_id: plan.inspection(unit.inspection),
        unit_id: plan.unit(unit.key), organisation_id: plan.organisation(unit.organisation),
        inspection_kind: codes::inspection_kind(inspection.kind), title: problem.title.as_str(),
        text: problem.text.as_str(), feedback_text: feedback_text,
        framework_1: codes::first_level(problem.framework.code), framework_2: problem.framework.code,
        category_1: codes::first_level(problem.category.code), category_2: problem.category.code,
        field: codes::field(problem.field), nature: codes::nature(problem.nature),
        responsibility: codes::responsibility(problem.responsibility),
        discipline: problem.discipline.map_or("", codes::discipline), eight_rules: problem.eight_rules,
        key_problem: problem.key_problem, audit_linked: problem.audit_linked,
        common: problem.nature == Nature::Common, amount_fen: problem.amount_fen,
        people_affected: problem.people_affected.map(i64::from), source: codes::source(problem.source),
        draft_number: problem.draft_number.as_str(), team: plan.city[unit.team].name, found_on: problem.found_on,
        state: codes::problem_state(last), fed_back_on: problem.fed_back_on, due_on: due_on(problem),
        due_basis: problem.fed_back_on.map_or("", |_| Period::RECT_REPORT.basis),
        submitted_by: submitted.then(|| plan.speaker(unit.organisation).account).flatten(),
        closed_on: closed.map(|event| event.on), origin: super::drafts::origin(plan, problem),
        created_at: at_office(problem.found_on, id, 0),
    });
    let words = format!("{number} {} {} {feedback_text}", problem.title, problem.text);
    cargo.find_by(nouns::PROBLEMS, id, words);
}

/// Last day of the rectification.
fn due_on(problem: &Problem) -> Option<NaiveDate> {
    problem.fed_back_on.map(|on| Period::RECT_REPORT.end(on))
}

/// The leading measure's note on a day in a state: the opinion under which the problem took the same step.
fn note_of(leading: Option<&Measure>, state: MeasureState, on: NaiveDate) -> &str {
    let steps = leading.map_or(&[][..], |measure| &measure.history);
    steps.iter().find(|event| event.state == state && event.on == on).map_or("", |event| event.note.as_str())
}

fn load_closures(plan: &Plan<'_>, cargo: &mut Cargo, problem: &Problem, leading: Option<&Measure>) {
    let unit = &plan.city[problem.unit];
    let reviewer = plan.officer(unit);
    let closings =
        problem.history.iter().enumerate().filter(|(_, event)| event.state == ProblemState::Closed);
    for (place, (at, closing)) in closings.enumerate() {
        let later = problem.history.iter().skip(at);
        let reopened_on =
            later.into_iter().find(|event| event.state == ProblemState::Reopened).map(|event| event.on);
        row!(cargo, "closure", {
            id: plan.ids.of("closure", problem.key.0 * 2 + place), version: if reopened_on.is_some() { 2_i64 } else { 1 },
            problem_id: plan.problem(problem.key), term_id: plan.term(),
            organisation_id: plan.organisation(unit.organisation), inspection_id: plan.inspection(unit.inspection),
            closed_on: closing.on, reopened_on: reopened_on,
            opinion: note_of(leading, MeasureState::Closed, closing.on),
            reason: reopened_on.map_or("", |on| note_of(leading, MeasureState::Reopened, on)),
            reviewer: reviewer.account, reviewer_name: reviewer.name.as_ref(),
        });
    }
}

fn tell(plan: &Plan<'_>, cargo: &mut Cargo, problem: &Problem, leading: Option<&Measure>, detail: Detail) {
    let unit = &plan.city[problem.unit];
    let mut story = Story::of(cargo, nouns::PROBLEMS, plan.problem(problem.key));
    let mut before = None;
    for event in &problem.history {
        if detail == Detail::Full || is_milestone(*event) {
            let doer = plan.in_role(event.by, unit, problem.key.0);
            let note = mirrored(event.state).map_or("", |state| note_of(leading, state, event.on));
            story.tell(event.on, &doer, codes::problem_step(before, event.state), note);
        }
        before = Some(event.state);
    }
}

fn is_milestone(event: ProblemEvent) -> bool {
    matches!(event.state, ProblemState::Found | ProblemState::FedBack | ProblemState::Closed)
}

/// The step of the leading measure that took the problem along.
fn mirrored(state: ProblemState) -> Option<MeasureState> {
    match state {
        ProblemState::Found
        | ProblemState::DraftApproved
        | ProblemState::FedBack
        | ProblemState::Rectifying => None,
        ProblemState::Submitted => Some(MeasureState::Submitted),
        ProblemState::Returned => Some(MeasureState::Returned),
        ProblemState::Closed => Some(MeasureState::Closed),
        ProblemState::LongTerm => Some(MeasureState::LongTerm),
        ProblemState::Reopened => Some(MeasureState::Reopened),
    }
}

/// What a measure belongs to.
#[derive(Clone, Copy)]
struct MeasureOf<'a> {
    number: &'a str,
    problem: &'a Problem,
    unit: &'a InspectedUnit,
    detail: Detail,
}

impl MeasureOf<'_> {
    fn load(self, plan: &Plan<'_>, cargo: &mut Cargo, measure: &Measure) {
        // Four measures to a problem at most: eight numbers leave room.
        let place = self.problem.key.0 * 8 + measure.number as usize;
        let id = plan.ids.of("measure", place);
        self.load_row(plan, cargo, measure, id);
        if self.detail == Detail::Full {
            self.load_progress(plan, cargo, measure, place);
            self.tell(plan, cargo, measure, id);
        }
    }

    fn load_row(self, plan: &Plan<'_>, cargo: &mut Cargo, measure: &Measure, id: Uuid) {
        let number = format!("{}-{:02}", self.number, measure.number);
        let steps = &measure.history;
        let last = steps.last().map_or(MeasureState::NotStarted, |event| event.state);
        let day_of = |state| steps.iter().rev().find(|event| event.state == state).map(|event| event.on);
        let submitted_on = day_of(MeasureState::Submitted);
        let review = steps.iter().rev().find(|event| is_review(event.state));
        let goal = format!("{}问题整改到位，销号并建立长效机制。", self.problem.category.level2);
        row!(cargo, "measure", {
            id: id, version: steps.len() as i64, number: number.as_str(),
            problem_id: plan.problem(self.problem.key), plan_id: Some(plan.rect_plan(self.unit.key)),
            inspection_id: plan.inspection(self.unit.inspection),
            organisation_id: plan.organisation(self.unit.organisation), audit_linked: self.problem.audit_linked,
            text: measure.text.as_str(), goal: goal.as_str(), owner_name: measure.owner.as_str(), leader_name: measure.leader.as_str(),
            department: measure.department.as_str(), cooperating: "", term_kind: codes::measure_term(measure.term),
            due_on: Some(self.due_on(measure)), due_basis: "整改方案所定期限", state: codes::measure_state(last),
            progress: latest_progress(steps), started_on: steps.iter().find(|event| is_work(event)).map(|event| event.on),
            submitted_on: submitted_on,
            submitted_by: submitted_on.and_then(|_| plan.speaker(self.unit.organisation).account),
            reviewed_by: review.and_then(|_| plan.officer(self.unit).account),
            closed_on: day_of(MeasureState::Closed).filter(|_| last == MeasureState::Closed),
            opinion: review.map_or("", |event| event.note.as_str()),
        });
        let words = format!("{number} {} {goal} {} {}", measure.text, measure.owner, measure.department);
        cargo.find_by(nouns::MEASURES, id, words);
    }

    /// A measure that is not for the long term ends with the rectification of its problem.
    fn due_on(self, measure: &Measure) -> NaiveDate {
        match due_on(self.problem).filter(|_| measure.term != TermKind::LongTerm) {
            Some(last) => measure.due_on.min(last),
            None => measure.due_on,
        }
    }

    fn load_progress(self, plan: &Plan<'_>, cargo: &mut Cargo, measure: &Measure, place: usize) {
        let doer = plan.speaker(self.unit.organisation);
        let reports =
            measure.history.iter().filter(|event| is_work(event) || event.state == MeasureState::Submitted);
        for (ordinal, event) in reports.enumerate() {
            let id = plan.ids.of("measure_progress", place * 16 + ordinal);
            let percent = if event.state == MeasureState::Submitted { 100_i64 } else { 40 };
            row!(cargo, "measure_progress", {
                id: id, measure_id: plan.ids.of("measure", place), on_day: event.on, text: event.note.as_str(),
                percent: Some(percent), account_id: doer.account, by_name: doer.name.as_ref(),
                at: at_office(event.on, id, 0),
            });
        }
    }

    fn tell(self, plan: &Plan<'_>, cargo: &mut Cargo, measure: &Measure, id: Uuid) {
        let mut story = Story::of(cargo, nouns::MEASURES, id);
        let mut before = None;
        for event in &measure.history {
            let doer = plan.in_role(event.by, self.unit, self.problem.key.0);
            story.tell(event.on, &doer, codes::measure_step(before, event.state), event.note.as_str());
            before = Some(event.state);
        }
    }
}

fn is_review(state: MeasureState) -> bool {
    matches!(state, MeasureState::Returned | MeasureState::Closed | MeasureState::LongTerm)
}

fn is_work(event: &MeasureEvent) -> bool {
    event.state == MeasureState::InProgress
}

/// What was said last by who does the work.
fn latest_progress(steps: &[MeasureEvent]) -> &str {
    let said = steps.iter().rev().find(|event| is_work(event) || event.state == MeasureState::Submitted);
    said.map_or("", |event| event.note.as_str())
}
