//! Reminders (提醒): one engine for every clock of the program.
//!
//! A service says once what waits for whom and by which day ([`kit::service::Waiting`]); from that the
//! engine finds, for each person and through that person's own scope, what is due: some days before, on
//! the day, and again and again afterwards; and what is long overdue for whoever supervises. How many days
//! is said by policies. Nothing is sent twice for the same record, deadline, person and stage, so a run
//! may be repeated, and a missed one is made up by the next.

mod due;
mod engine;
mod feed;
mod settings;

use chrono::NaiveDate;
use kit::{Actor, Role, calendar::Calendar, labelled};

pub use due::{Due, ahead};
pub use engine::{Reminded, Sent, digest, recent, run};
pub use feed::{
    held as held_feed, lines as feed_lines, make as make_feed, owner as feed_owner, revoke as revoke_feed,
};
pub use settings::{Setting, keep as keep_setting, of as setting_of};

/// Path segment of the pages about reminders.
pub const NOUN: &str = "reminders";

labelled! {
    /// How reminders reach a person.
    pub enum Manner: "提醒方式" {
        /// All of a day in one notice.
        Digest = "digest" => "每天合并为一条", Grey;
        /// One notice for each record.
        Single = "single" => "每项一条", Grey;
    }
}

/// Why somebody is reminded now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// So many working days, or fewer, are left.
    Before(i64),
    /// No working day is left, or today is the last.
    LastDay,
    /// The deadline has passed; counted from 0.
    Overdue(i64),
    /// Overdue for so long that whoever supervises is told: the number of working days by which.
    Escalated(i64),
}

impl Stage {
    /// What is stored.
    pub fn code(self) -> String {
        match self {
            Self::Before(days) => format!("before-{days}"),
            Self::LastDay => String::from("last-day"),
            Self::Overdue(count) => format!("overdue-{count}"),
            Self::Escalated(days) => format!("escalated-{days}"),
        }
    }
}

/// What the policies say about reminders, in working days; 0 switches one off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// First reminder before the deadline.
    pub far: i64,
    /// Second reminder before the deadline.
    pub near: i64,
    /// How often a passed deadline is recalled.
    pub every: i64,
    /// Days overdue after which an officer of the office is told.
    pub liaison: i64,
    /// Days overdue after which the director is told.
    pub director: i64,
    /// Days overdue after which the leading group is told.
    pub group: i64,
}

/// A passed deadline is recalled so often and then only stands on the home page.
const MOST_RECALLS: i64 = 20;

impl Terms {
    /// The stage that is reached on `today`, which is a working day: the latest one, whatever was missed
    /// before.
    pub fn stage(&self, calendar: &Calendar, due: NaiveDate, today: NaiveDate) -> Option<Stage> {
        if due < today {
            let late = calendar.between(due, today);
            if late < 1 {
                return Some(Stage::LastDay);
            }
            let count = if self.every > 0 { (late - 1) / self.every } else { 0 };
            return (count <= MOST_RECALLS).then_some(Stage::Overdue(count));
        }
        let left = calendar.between(today, due);
        if left == 0 {
            return Some(Stage::LastDay);
        }
        let mut steps = [self.far, self.near];
        steps.sort_unstable();
        steps.into_iter().find(|days| left <= *days).map(Stage::Before)
    }

    /// After how many working days overdue `actor` is told as a supervisor; the smallest of the posts held.
    pub fn escalation(&self, actor: &Actor) -> Option<i64> {
        let levels = [
            (Role::OfficeLiaison, self.liaison),
            (Role::OfficeDirector, self.director),
            (Role::LeadingGroup, self.group),
        ];
        let held = levels
            .into_iter()
            .filter(|(role, days)| *days > 0 && actor.posts.iter().any(|post| post.role == *role));
        held.map(|(_, days)| days).min()
    }

    /// The last day that can have reached a stage before its deadline on `today`.
    pub fn horizon(&self, calendar: &Calendar, today: NaiveDate) -> NaiveDate {
        calendar.after(today, self.far.max(self.near).max(0) + 1)
    }
}

#[cfg(test)]
mod tests {
    use kit::testing::actor;
    use proptest::prelude::*;

    use super::*;

    const TERMS: Terms = Terms { far: 7, near: 3, every: 3, liaison: 1, director: 5, group: 15 };

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2023, month, day).unwrap()
    }

    /// 2023's autumn holiday: 29 September to 6 October off, 7 and 8 October worked.
    fn autumn() -> Calendar {
        let off =
            [29, 30].map(|d| (day(9, d), false)).into_iter().chain((1..=6).map(|d| (day(10, d), false)));
        Calendar::new(off.chain([(day(10, 7), true), (day(10, 8), true)]))
    }

    #[test]
    fn over_a_long_holiday_the_days_are_counted_as_worked() {
        let (calendar, due) = (autumn(), day(10, 9));
        let at = |month, d| TERMS.stage(&calendar, due, day(month, d));
        assert_eq!(at(9, 22), Some(Stage::Before(7)));
        assert_eq!(at(9, 26), Some(Stage::Before(7)));
        assert_eq!(at(9, 27), Some(Stage::Before(7)));
        assert_eq!(at(9, 28), Some(Stage::Before(3)), "the 7th, 8th and 9th of October are left");
        assert_eq!(at(10, 7), Some(Stage::Before(3)));
        assert_eq!(at(10, 9), Some(Stage::LastDay));
        assert_eq!(at(10, 10), Some(Stage::Overdue(0)));
        assert_eq!(at(10, 12), Some(Stage::Overdue(0)));
        assert_eq!(at(10, 13), Some(Stage::Overdue(1)));
    }

    #[test]
    fn a_deadline_on_a_day_off_is_recalled_on_the_last_day_worked_before_it() {
        assert_eq!(TERMS.stage(&autumn(), day(10, 3), day(9, 28)), Some(Stage::LastDay));
        assert_eq!(TERMS.stage(&autumn(), day(10, 3), day(10, 7)), Some(Stage::Overdue(0)));
    }

    #[test]
    fn an_office_may_switch_stages_off() {
        let quiet = Terms { far: 0, near: 0, every: 0, ..TERMS };
        assert_eq!(quiet.stage(&autumn(), day(10, 10), day(10, 9)), None);
        assert_eq!(
            quiet.stage(&autumn(), day(9, 1), day(9, 28)),
            Some(Stage::Overdue(0)),
            "once, not again and again"
        );
    }

    #[test]
    fn who_supervises_is_told_by_post_and_nobody_else() {
        let after = |role| TERMS.escalation(&actor(role, None, None));
        assert_eq!(after(Role::OfficeLiaison), Some(1));
        assert_eq!(after(Role::OfficeDirector), Some(5));
        assert_eq!(after(Role::LeadingGroup), Some(15));
        assert_eq!(after(Role::OrganisationLiaison), None);
        assert_eq!(TERMS.escalation(&Actor::program("x")), None);
    }

    proptest! {
        #[test]
        fn stages_only_move_on_as_days_pass(offset in 0i64..60, span in 1i64..40) {
            let (calendar, due) = (autumn(), day(10, 9));
            let first = day(9, 1) + chrono::Duration::days(offset);
            let second = first + chrono::Duration::days(span);
            let rank = |stage| match stage {
                None => (0, 0),
                Some(Stage::Before(days)) => (1, -days),
                Some(Stage::LastDay) => (2, 0),
                Some(Stage::Overdue(count)) => (3, count),
                Some(Stage::Escalated(days)) => (4, days),
            };
            let (earlier, later) =
                (TERMS.stage(&calendar, due, first), TERMS.stage(&calendar, due, second));
            prop_assert!(rank(earlier) <= rank(later), "{earlier:?} then {later:?}");
        }

        #[test]
        fn nothing_behind_the_horizon_has_a_stage(offset in 0i64..90, ahead in 0i64..60) {
            let calendar = autumn();
            let today = day(8, 15) + chrono::Duration::days(offset);
            let due = TERMS.horizon(&calendar, today) + chrono::Duration::days(ahead + 1);
            prop_assert_eq!(TERMS.stage(&calendar, due, today), None);
        }
    }
}
