//! Feedback meetings, the measures of rectification with everything that happened to them, and the campaign
//! of deepened rectification.

use chrono::NaiveDate;

use crate::keys::{InspectedUnitKey, InspectionKey, PersonKey, ProblemKey};
use crate::people::Role;

/// A feedback meeting with one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackMeeting {
    /// The unit.
    pub unit: InspectedUnitKey,
    /// When.
    pub held_on: NaiveDate,
    /// The city leader in charge on that day.
    pub leader_in_charge: Option<PersonKey>,
    /// Whether the leader in charge attended.
    pub leader_attended: bool,
    /// Who presided.
    pub chair: PersonKey,
    /// When the unit reported its rectification to the leader in charge.
    pub reported_to_leader_on: Option<NaiveDate>,
}

/// How long a measure may take (整改时限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermKind {
    /// 立行立改.
    Immediate,
    /// 限期整改.
    Limited,
    /// 长期坚持.
    LongTerm,
}

/// State of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MeasureState {
    /// 未启动.
    NotStarted,
    /// 整改中.
    InProgress,
    /// 已提交.
    Submitted,
    /// 退回.
    Returned,
    /// 已完成.
    Closed,
    /// 转长期坚持.
    LongTerm,
    /// 重开.
    Reopened,
}

/// A state reached on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureEvent {
    /// The state.
    pub state: MeasureState,
    /// When.
    pub on: NaiveDate,
    /// By whom; who closes or returns is never who submitted.
    pub by: Role,
    /// Progress note or opinion.
    pub note: String,
}

/// A measure of rectification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The problem.
    pub problem: ProblemKey,
    /// Number within the problem, from 1.
    pub number: u32,
    /// What is to be done.
    pub text: String,
    /// Name of who does it (责任人).
    pub owner: String,
    /// Name of the responsible leader (责任领导).
    pub leader: String,
    /// Responsible department.
    pub department: String,
    /// How long it may take.
    pub term: TermKind,
    /// Due date; of a long-term measure the date of its first phase.
    pub due_on: NaiveDate,
    /// What happened, in order of time.
    pub history: Vec<MeasureEvent>,
}

impl Measure {
    /// The state on the evening of a day; `None` before the plan was made.
    pub fn state_on(&self, day: NaiveDate) -> Option<MeasureState> {
        self.history.iter().rev().find(|event| event.on <= day).map(|event| event.state)
    }

    /// Whether it should have been done by the evening of a day and is not.
    pub fn overdue_on(&self, day: NaiveDate) -> bool {
        self.due_on < day
            && !matches!(
                self.state_on(day),
                None | Some(MeasureState::Closed | MeasureState::LongTerm | MeasureState::Submitted)
            )
    }
}

/// A campaign over the open problems of one inspection (深化整改).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// The inspection.
    pub inspection: InspectionKey,
    /// Name.
    pub name: &'static str,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// What it is for.
    pub target: &'static str,
    /// The problems chosen.
    pub problems: Vec<ProblemKey>,
}
