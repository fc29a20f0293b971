//! Policies (期限和口径): deadlines and thresholds with the text they rest on, versioned by day.
//!
//! No deadline is a constant of the program: its length and its legal basis are rows that the
//! office keeps (domain.md 0, 4.1).

pub mod actions;
mod in_force;
mod seed;
mod service;
mod store;

use chrono::{Datelike as _, NaiveDate};
use kit::{Actor, Pred, Role, labelled};

pub use in_force::{amount, deadline};
pub use seed::seed;
pub use service::service;
pub use store::Model as Policy;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "policies";

kit::id!(
    /// Identity of one version of a policy.
    PolicyId
);

labelled! {
    /// In what a policy's amount is counted.
    pub enum Unit: "计量" {
        /// Working days by the office's calendar.
        WorkingDays = "working_days" => "个工作日", Grey;
        /// Calendar days.
        Days = "days" => "天", Grey;
        /// Calendar months.
        Months = "months" => "个月", Grey;
        /// Hours.
        Hours = "hours" => "小时", Grey;
        /// Minutes.
        Minutes = "minutes" => "分钟", Grey;
        /// A plain number.
        Count = "count" => "个", Grey;
        /// Megabytes.
        Megabytes = "megabytes" => "MB", Grey;
    }
}

/// Everybody with a business post may read what a deadline rests on; the security administrator
/// reads it because the time limits of sign-in stand here too.
pub fn visible(actor: &Actor) -> Pred {
    let reads = |role: Role| !role.is_administrator() || role == Role::SecurityAdministrator;
    if actor.program || actor.posts.iter().any(|post| reads(post.role)) { Pred::All } else { Pred::Nothing }
}

/// Who keeps the policies.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is(Role::OfficeDirector)
}

/// A last day and the text it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last day.
    pub due_on: NaiveDate,
    /// Basis text, stored beside the day.
    pub basis: String,
}

/// The same day `months` later, or the last day of that month when it is shorter.
pub fn months_after(from: NaiveDate, months: i64) -> NaiveDate {
    let months = u32::try_from(months.max(0)).unwrap_or(0);
    from.checked_add_months(chrono::Months::new(months))
        .unwrap_or(NaiveDate::MAX.with_day(1).unwrap_or(NaiveDate::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_after_the_last_of_january_is_the_last_of_february() {
        let day = NaiveDate::from_ymd_opt(2023, 1, 31).unwrap();
        assert_eq!(months_after(day, 1), NaiveDate::from_ymd_opt(2023, 2, 28).unwrap());
    }
}
