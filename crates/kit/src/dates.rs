//! Days that people enter about what has happened: never after today, and in causal order.

use crate::{Cx, Refusal, Result};
use chrono::NaiveDate;

/// Refuses a day of something that is said to have happened when it lies in the future.
pub fn happened(cx: &Cx, field: &str, label: &str, day: NaiveDate) -> Result<()> {
    if day > cx.today() {
        return Err(Refusal::field(field, format!("{label}不能晚于今天")).into());
    }
    Ok(())
}

/// Refuses `day` when it lies before `earlier`, which had to come first.
pub fn not_before(
    field: &str,
    label: &str,
    day: NaiveDate,
    earlier: Option<NaiveDate>,
    earlier_label: &str,
) -> Result<()> {
    match earlier {
        Some(earlier) if day < earlier => {
            Err(Refusal::field(field, format!("{label}不能早于{earlier_label}（{earlier}）")).into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_may_fall_on_the_day_of_its_cause_but_not_before() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 6, d).unwrap();
        assert!(not_before("on", "反馈日期", day(2), Some(day(2)), "发现日期").is_ok());
        assert!(not_before("on", "反馈日期", day(1), Some(day(2)), "发现日期").is_err());
        assert!(not_before("on", "反馈日期", day(1), None, "发现日期").is_ok());
    }
}
