//! Days that people enter must be plausible: not in the future where they say that something has
//! happened, and never before what had to happen first.

use chrono::NaiveDate;
use kit::{Refusal, Result};

/// Refuses a day after `today` in `field`, which says when something happened.
pub(crate) fn happened(today: NaiveDate, field: &str, day: NaiveDate) -> Result<()> {
    if day > today {
        return Err(Refusal::field(field, format!("日期不能晚于今天（{today}）")).into());
    }
    Ok(())
}

/// Refuses a day in `field` before `earlier`, which is called `what`.
pub(crate) fn not_before(field: &str, day: NaiveDate, earlier: NaiveDate, what: &str) -> Result<()> {
    if day < earlier {
        return Err(Refusal::field(field, format!("日期不能早于{what}（{earlier}）")).into());
    }
    Ok(())
}

/// Refuses an end before its beginning.
pub(crate) fn in_order(field: &str, from: NaiveDate, to: Option<NaiveDate>) -> Result<()> {
    match to {
        Some(to) => not_before(field, to, from, "开始日期"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2023, 6, d).unwrap()
    }

    #[test]
    fn what_has_happened_cannot_lie_in_the_future() {
        assert!(happened(day(1), "on", day(1)).is_ok());
        assert!(happened(day(1), "on", day(2)).is_err());
    }

    #[test]
    fn nothing_ends_before_it_begins() {
        assert!(in_order("ends_on", day(2), Some(day(1))).is_err());
        assert!(in_order("ends_on", day(2), Some(day(2))).is_ok());
        assert!(in_order("ends_on", day(2), None).is_ok());
    }
}
