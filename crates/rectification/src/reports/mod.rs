//! Reports on rectification (整改报告): month by month, the special democratic-life meeting, half-way, the report on the
//! concentrated period and the first responsible person's own. Each is due from the day the plan is approved, so the
//! clock runs without anybody making a record; the two last are told to the leader in charge with date and proof.

pub mod actions;
mod service;
mod store;

use chrono::{Datelike as _, NaiveDate};
use kit::{Actor, Governed, Lifecycle, Pred, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Report, Standing, find, standing_as_of};

/// Path segment of the noun.
pub const NOUN: &str = "rect_reports";

kit::id!(
    /// Identity of a report.
    ReportId
);

labelled! {
    /// What is reported.
    pub enum Kind: "报告种类" {
        /// Progress of a month.
        Monthly = "monthly" => "整改进展月报", Grey;
        /// The special democratic-life meeting.
        LifeMeeting = "life_meeting" => "整改专题民主生活会情况", Grey;
        /// Half-way through the concentrated period.
        Midterm = "midterm" => "整改中期情况报告", Grey;
        /// Progress after the concentrated period.
        Progress = "progress" => "整改进展情况报告", Grey;
        /// What the first responsible person did himself.
        FirstResponsible = "first_responsible" => "主要负责人组织落实情况报告", Grey;
    }
}

impl Kind {
    /// The policy that says when it is due.
    pub fn policy(self) -> &'static str {
        match self {
            Self::Monthly => "rect_monthly",
            Self::LifeMeeting => "democratic_life",
            Self::Midterm => "rect_midterm",
            Self::Progress | Self::FirstResponsible => "rect_report",
        }
    }

    /// Whether it is told to the city leader in charge (M41).
    pub fn goes_to_leader(self) -> bool {
        matches!(self, Self::Progress | Self::FirstResponsible)
    }

    /// Letters of its numbers.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Monthly => "YB",
            Self::LifeMeeting => "MZ",
            Self::Midterm => "ZQ",
            Self::Progress => "JZ",
            Self::FirstResponsible => "ZY",
        }
    }
}

labelled! {
    /// Where a report stands.
    pub enum State: "报告状态" {
        /// Not handed in yet.
        Due = "due" => "待报送", Grey;
        /// Handed in.
        Submitted = "submitted" => "待审核", Yellow;
        /// Sent back.
        Returned = "returned" => "退回", Red;
        /// Accepted.
        Accepted = "accepted" => "已审核", Green;
    }
}

labelled! {
    /// What can be done to a report.
    pub enum Deed: "办理事项" {
        /// Hand it in.
        Submit = "submit" => "报送", Grey;
        /// Accept it.
        Accept = "accept" => "审核通过", Green;
        /// Send it back.
        Return = "return" => "退回", Red;
        /// Record that the leader in charge was told.
        TellLeader = "tell_leader" => "登记向分管领导报告", Grey;
    }
}

impl Lifecycle for Report {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Due | State::Returned, Deed::Submit) => Some(State::Submitted),
            (State::Submitted, Deed::Accept) => Some(State::Accepted),
            (State::Submitted, Deed::Return) => Some(State::Returned),
            (State::Submitted | State::Accepted, Deed::TellLeader) => Some(state),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Submit => access::keeps(actor, self.organisation_id),
            Deed::Accept | Deed::Return => access::reviews(actor, self.submitted_by),
            Deed::TellLeader => {
                self.kind.goes_to_leader()
                    && self.told_on.is_none()
                    && access::keeps(actor, self.organisation_id)
            }
        }
    }

    fn visible(actor: &Actor) -> Pred {
        access::readers(actor)
    }
}

/// The first day of the month of `day`.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The last day of the month that begins on `first`.
pub fn end_of(first: NaiveDate) -> NaiveDate {
    next_month(first).pred_opt().unwrap_or(first)
}

/// The first day of the month after the one that begins on `first`.
pub fn next_month(first: NaiveDate) -> NaiveDate {
    first.checked_add_months(chrono::Months::new(1)).unwrap_or(first)
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "整改报告",
        transitions: lifecycle::transitions::<Report>,
        permissions: || lifecycle::permissions::<Report>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Report {
    Report {
        id: ReportId(Uuid::from_u128(410)),
        version: 1,
        number: String::new(),
        kind: Kind::Progress,
        plan_id: None,
        unit_id: Uuid::from_u128(411),
        inspection_id: access::SAMPLE_INSPECTION,
        organisation_id: access::SAMPLE_ORGANISATION,
        month: None,
        text: String::new(),
        held_on: None,
        state,
        due_on: NaiveDate::default(),
        due_basis: String::new(),
        submitted_on: None,
        submitted_by: Some(access::SAMPLE_SUBMITTER),
        reviewed_on: None,
        reviewed_by: None,
        opinion: String::new(),
        leader_name: String::new(),
        told_on: None,
        told_how: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use proptest::prelude::*;

    #[test]
    fn only_the_two_last_reports_are_told_to_the_leader_and_only_once() {
        let liaison = access::concerned(Role::OrganisationLiaison);
        let report = sample(State::Accepted);
        assert!(report.decide(&liaison, Deed::TellLeader).is_ok());
        assert!(
            Report { told_on: Some(NaiveDate::default()), ..report.clone() }
                .decide(&liaison, Deed::TellLeader)
                .is_err()
        );
        assert!(Report { kind: Kind::Monthly, ..report }.decide(&liaison, Deed::TellLeader).is_err());
    }

    #[test]
    fn who_handed_a_report_in_does_not_accept_it() {
        let mut officer = access::concerned(Role::OfficeLiaison);
        assert!(sample(State::Submitted).decide(&officer, Deed::Accept).is_ok());
        officer.account = Some(access::SAMPLE_SUBMITTER);
        assert!(sample(State::Submitted).decide(&officer, Deed::Accept).is_err());
    }

    #[test]
    fn another_organisation_does_not_know_of_a_report() {
        let other = access::stranger(Role::OrganisationLiaison);
        assert!(!Report::visible(&other).holds(&sample(State::Accepted)));
    }

    proptest! {
        #[test]
        fn months_follow_each_other_without_gap(days in 0u64..20_000) {
            let day = kit::clock::days_after(NaiveDate::from_ymd_opt(2000, 1, 1).unwrap(), days);
            let first = month_of(day);
            prop_assert!(first <= day && day <= end_of(first));
            prop_assert_eq!(end_of(first).succ_opt(), Some(next_month(first)));
        }
    }
}
