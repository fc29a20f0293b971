//! Measures of rectification (整改措施): what is done about one problem, by whom, until when, with
//! which evidence, and who found it done. Progress is kept line by line; being overdue is never
//! stored, it follows from the deadline and the state.

pub mod actions;
mod service;
mod store;
mod vague;

use chrono::NaiveDate;
use kit::{Actor, Governed, Labelled as _, Lifecycle, Pred, Refusal, Result, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub(crate) use store::of_unit;
pub use store::progress::Model as Progress;
pub use store::{Counts, Model as Measure, counts_of_problem, find};
pub use vague::vague_phrases;

/// Path segment of the noun.
pub const NOUN: &str = "measures";

kit::id!(
    /// Identity of a measure.
    MeasureId
);

labelled! {
    /// How long a measure takes (domain.md 13.4).
    pub enum TermKind: "整改时限" {
        /// Done at once.
        Immediate = "immediate" => "立行立改", Grey;
        /// Done by a day.
        Dated = "dated" => "限期整改", Grey;
        /// Kept up without end.
        LongTerm = "long_term" => "长期坚持", Grey;
    }
}

labelled! {
    /// Where a measure stands.
    pub enum State: "措施状态" {
        /// Planned.
        NotStarted = "not_started" => "未启动", Grey;
        /// Being done.
        InProgress = "in_progress" => "进行中", Blue;
        /// Handed in for review.
        Submitted = "submitted" => "已提交", Yellow;
        /// Sent back by the reviewer.
        Returned = "returned" => "退回", Red;
        /// Found done.
        Closed = "closed" => "已完成", Green;
        /// Kept up for good.
        LongTerm = "long_term" => "长期坚持", Blue;
        /// Found not done after all.
        Reopened = "reopened" => "重开", Red;
    }
}

labelled! {
    /// What can be done to a measure.
    pub enum Deed: "办理事项" {
        /// Change its words, people or deadline.
        Edit = "edit" => "修改", Grey;
        /// Begin.
        Start = "start" => "启动", Grey;
        /// Tell how far it is.
        ReportProgress = "report_progress" => "报告进展", Grey;
        /// Hand it in.
        Submit = "submit" => "提交审核", Grey;
        /// Find it done.
        ApproveClose = "approve_close" => "审核通过", Grey;
        /// Send it back.
        Return = "return" => "退回", Grey;
        /// Keep it up for good.
        MakeLongTerm = "make_long_term" => "转长期坚持", Grey;
        /// Open it again.
        Reopen = "reopen" => "重开", Grey;
    }
}

impl State {
    /// Whether the organisation still has to work on it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::NotStarted | Self::InProgress | Self::Returned | Self::Reopened)
    }

    /// The states in which the organisation still has to work.
    pub fn open() -> impl Iterator<Item = Self> {
        <Self as kit::Labelled>::ALL.iter().copied().filter(|state| state.is_open())
    }
}

impl Lifecycle for Measure {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::NotStarted | State::InProgress | State::Returned | State::Reopened, Deed::Edit)
            | (
                State::InProgress | State::Returned | State::Reopened | State::LongTerm,
                Deed::ReportProgress,
            ) => Some(state),
            (State::NotStarted | State::Returned | State::Reopened, Deed::Start) => Some(State::InProgress),
            (State::InProgress | State::LongTerm, Deed::Submit) => Some(State::Submitted),
            (State::Submitted, Deed::ApproveClose) => Some(State::Closed),
            (State::Submitted, Deed::Return) => Some(State::Returned),
            (State::InProgress | State::Submitted, Deed::MakeLongTerm) => Some(State::LongTerm),
            (State::Closed | State::LongTerm, Deed::Reopen) => Some(State::Reopened),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Start | Deed::ReportProgress | Deed::Submit => {
                access::keeps(actor, self.organisation_id)
            }
            Deed::ApproveClose | Deed::Return => access::reviews(actor, self.submitted_by),
            // Taking the deadline away from what was handed in is a review of it as well.
            Deed::MakeLongTerm if self.state == State::Submitted => access::reviews(actor, self.submitted_by),
            Deed::MakeLongTerm | Deed::Reopen => actor.is_office(),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        access::readers_of_measures(actor, "problem_id")
    }
}

impl Measure {
    /// Whether it should have been done before `today` and the organisation still has to work on it.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state.is_open() && self.due_on.is_some_and(|due| due < today)
    }

    /// What is missing before it can begin or stand in a plan.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        if self.owner_name.is_empty() {
            gaps.push(Gap::Owner);
        }
        if self.leader_name.is_empty() {
            gaps.push(Gap::Leader);
        }
        if self.due_on.is_none() && self.term_kind != TermKind::LongTerm {
            gaps.push(Gap::Deadline);
        }
        gaps
    }
}

labelled! {
    /// What a measure lacks.
    pub enum Gap: "缺项" {
        /// Nobody does it.
        Owner = "owner" => "缺责任人", Red;
        /// No leader answers for it.
        Leader = "leader" => "缺责任领导", Red;
        /// Neither a day nor long-term.
        Deadline = "deadline" => "缺完成期限", Red;
    }
}

/// The time in which a problem is to be rectified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Day of the feedback.
    pub from: NaiveDate,
    /// Last day of the rectification.
    pub to: NaiveDate,
}

/// Checks that a measure's deadline lies inside the rectification period; a long-term measure may
/// name a later day, of its first phase.
///
/// # Errors
/// A refusal on the field `due_on`.
pub fn check_due(term: TermKind, due: Option<NaiveDate>, period: Period) -> Result<()> {
    let Some(due) = due else { return Ok(()) };
    if due < period.from {
        let words = format!("不能早于问题反馈日期 {}", period.from);
        return Err(Refusal::field("due_on", words).into());
    }
    if term != TermKind::LongTerm && due > period.to {
        let words = format!(
            "须在问题整改期限 {} 之内；确需更长时间的，请选“{}”",
            period.to,
            TermKind::LongTerm.label()
        );
        return Err(Refusal::field("due_on", words).into());
    }
    Ok(())
}

/// States and permissions for the printed tables.
fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "整改措施",
        transitions: lifecycle::transitions::<Measure>,
        permissions: || lifecycle::permissions::<Measure>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Measure {
    Measure {
        id: MeasureId(Uuid::from_u128(100)),
        version: 1,
        number: String::new(),
        problem_id: access::SAMPLE_PROBLEM,
        plan_id: None,
        inspection_id: access::SAMPLE_INSPECTION,
        organisation_id: access::SAMPLE_ORGANISATION,
        audit_linked: false,
        text: String::new(),
        goal: String::new(),
        owner_name: String::new(),
        leader_name: String::new(),
        department: String::new(),
        cooperating: String::new(),
        term_kind: TermKind::Dated,
        due_on: None,
        due_basis: String::new(),
        state,
        progress: String::new(),
        started_on: None,
        submitted_on: None,
        submitted_by: Some(access::SAMPLE_SUBMITTER),
        reviewed_by: None,
        closed_on: None,
        opinion: String::new(),
    }
}

/// A measure for the tests of what rests on measures.
#[cfg(test)]
pub(crate) fn sample_for(problem: Uuid) -> Measure {
    Measure { problem_id: problem, ..sample(State::NotStarted) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use proptest::prelude::*;

    fn day(n: u64) -> NaiveDate {
        kit::clock::days_after(NaiveDate::from_ymd_opt(2023, 1, 1).unwrap(), n)
    }

    #[test]
    fn the_transition_table_is_exactly_this() {
        let rows: Vec<String> = lifecycle::transitions::<Measure>()
            .into_iter()
            .map(|(state, deed, after)| format!("{} {} {}", state.code, deed.code, after.code))
            .collect();
        let expected = [
            "not_started edit not_started",
            "not_started start in_progress",
            "in_progress edit in_progress",
            "in_progress report_progress in_progress",
            "in_progress submit submitted",
            "in_progress make_long_term long_term",
            "submitted approve_close closed",
            "submitted return returned",
            "submitted make_long_term long_term",
            "returned edit returned",
            "returned start in_progress",
            "returned report_progress returned",
            "closed reopen reopened",
            "long_term report_progress long_term",
            "long_term submit submitted",
            "long_term reopen reopened",
            "reopened edit reopened",
            "reopened start in_progress",
            "reopened report_progress reopened",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn from_every_state_some_deeds_lead_to_closed() {
        use kit::Labelled as _;
        for &start in State::ALL {
            let mut reached = vec![start];
            let mut at = 0;
            while let Some(&state) = reached.get(at) {
                at += 1;
                for &deed in Deed::ALL {
                    if let Some(after) =
                        Measure::transition(state, deed).filter(|after| !reached.contains(after))
                    {
                        reached.push(after);
                    }
                }
            }
            assert!(reached.contains(&State::Closed), "{start:?}");
        }
    }

    #[test]
    fn what_was_handed_in_or_kept_up_is_not_overdue() {
        for state in [State::Submitted, State::Closed, State::LongTerm] {
            assert!(!Measure { due_on: Some(day(1)), ..sample(state) }.is_overdue(day(2)));
        }
        let open = Measure { due_on: Some(day(1)), ..sample(State::Returned) };
        assert!(open.is_overdue(day(2)));
        assert!(!open.is_overdue(day(1)));
    }

    #[test]
    fn a_liaison_of_another_organisation_sees_and_may_nothing() {
        let other = access::stranger(Role::OrganisationLiaison);
        for row in lifecycle::permissions::<Measure>(sample, access::concerned, access::stranger) {
            assert!(!row.other || row.role != Role::OrganisationLiaison, "{row:?}");
        }
        assert!(!Measure::visible(&other).holds(&sample(State::InProgress)));
    }

    #[test]
    fn audit_sees_the_measures_of_problems_found_with_it_and_no_others() {
        let audit = Measure::visible(&access::concerned(Role::Audit));
        assert!(audit.holds(&Measure { audit_linked: true, ..sample(State::InProgress) }));
        assert!(!audit.holds(&sample(State::InProgress)));
    }

    #[test]
    fn a_district_sees_the_measures_of_its_own_inspections_and_reviews_none() {
        let (own, other) = (access::concerned(Role::DistrictOffice), access::stranger(Role::DistrictOffice));
        assert!(Measure::visible(&own).holds(&sample(State::InProgress)));
        assert!(!Measure::visible(&other).holds(&sample(State::InProgress)));
        for &state in <State as kit::Labelled>::ALL {
            assert!(sample(state).open_deeds(&own).is_empty(), "{state:?}");
        }
    }

    #[test]
    fn a_department_sees_the_measures_of_problems_it_helps_with_and_administrators_see_none() {
        let measure = sample(State::InProgress);
        assert!(Measure::visible(&access::concerned(Role::FunctionalDepartment)).holds(&measure));
        assert_eq!(Measure::visible(&access::stranger(Role::FunctionalDepartment)), Pred::Nothing);
        for role in [Role::SystemAdministrator, Role::SecurityAdministrator, Role::SecurityAuditor] {
            assert_eq!(Measure::visible(&access::concerned(role)), Pred::Nothing, "{role:?}");
        }
    }

    proptest! {
        #[test]
        fn a_measure_is_never_closed_by_who_submitted_it(steps in prop::collection::vec((0usize..3, 0usize..8), 0..60)) {
            use kit::Labelled as _;
            let mut people = [
                access::concerned(Role::OfficeDirector),
                access::concerned(Role::OfficeLiaison),
                Actor::program("导入"),
            ];
            people[1].account = Some(Uuid::from_u128(22));
            let mut measure = sample(State::NotStarted);
            measure.submitted_by = None;
            for (who, what) in steps {
                let (actor, deed) = (&people[who], Deed::ALL[what]);
                let Ok(state) = measure.decide(actor, deed) else { continue };
                if deed == Deed::Submit {
                    measure.submitted_by = actor.account;
                }
                if deed == Deed::ApproveClose {
                    prop_assert_ne!(measure.submitted_by, actor.account);
                }
                measure.state = state;
            }
        }

        #[test]
        fn a_deadline_is_taken_exactly_when_it_lies_inside_the_period(from in 0u64..400, length in 0u64..400, due in 0u64..1000) {
            let period = Period { from: day(from), to: day(from + length) };
            let inside = (from..=from + length).contains(&due);
            prop_assert_eq!(check_due(TermKind::Dated, Some(day(due)), period).is_ok(), inside);
            prop_assert_eq!(check_due(TermKind::LongTerm, Some(day(due)), period).is_ok(), due >= from);
        }
    }
}
