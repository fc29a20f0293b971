//! On which days a problem can have been found and said to its unit.

use std::sync::Arc;

use chrono::NaiveDate;
use kit::{Cx, Result, dates};
use planning::units::{self, Days};
use uuid::Uuid;

/// The days of the inspected unit `unit`; an import asks for the same few units thousands of times.
pub(super) async fn of(cx: &Cx, unit: Uuid) -> Result<Arc<Days>> {
    cx.once(format!("problem/days/{unit}"), units::days(cx, unit)).await
}

/// Refuses a day of finding before the inspection began to look: before it was announced or began, whichever came
/// first, and where neither day is known before the team came to the unit.
pub(super) fn check_found(found_on: NaiveDate, days: &Days) -> Result<()> {
    let begun = [(days.announced_on, "巡察公告日期"), (days.starts_on, "巡察开始日期")];
    let begun = begun.into_iter().filter_map(|(day, label)| Some((day?, label))).min();
    let (earliest, label) =
        begun.map_or((days.entered_on, "进驻日期"), |(day, label)| (Some(day), label));
    dates::not_before("found_on", "发现日期", found_on, earliest, label)
}

/// Refuses a day of feedback before the finding, or before the team came to the unit.
pub(super) fn check_fed_back(fed_back_on: NaiveDate, found_on: NaiveDate, days: &Days) -> Result<()> {
    dates::not_before("fed_back_on", "反馈日期", fed_back_on, Some(found_on), "发现日期")?;
    dates::not_before("fed_back_on", "反馈日期", fed_back_on, days.entered_on, "进驻日期")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2023, month, day).unwrap()
    }

    fn days(announced: Option<NaiveDate>, starts: Option<NaiveDate>, entered: Option<NaiveDate>) -> Days {
        Days { announced_on: announced, starts_on: starts, entered_on: entered }
    }

    #[test]
    fn nothing_is_found_before_the_inspection_was_announced_or_began() {
        let announced = days(Some(day(3, 1)), Some(day(3, 6)), Some(day(3, 8)));
        assert!(check_found(day(3, 1), &announced).is_ok());
        let refused = check_found(day(2, 28), &announced).unwrap_err().to_string();
        assert!(refused.contains("巡察公告日期（2023-03-01）"), "{refused}");
        let unannounced = days(None, Some(day(3, 6)), Some(day(3, 8)));
        assert!(check_found(day(3, 6), &unannounced).is_ok());
        assert!(check_found(day(3, 5), &unannounced).is_err());
    }

    #[test]
    fn without_days_of_the_inspection_nothing_is_found_before_the_team_came() {
        let entered = days(None, None, Some(day(3, 8)));
        assert!(check_found(day(3, 8), &entered).is_ok());
        assert!(check_found(day(3, 7), &entered).is_err());
        assert!(check_found(day(1, 1), &days(None, None, None)).is_ok());
    }

    #[test]
    fn nothing_is_fed_back_before_it_was_found_or_before_the_team_came() {
        let unit = days(Some(day(3, 1)), Some(day(3, 6)), Some(day(7, 17)));
        assert!(check_fed_back(day(7, 17), day(4, 6), &unit).is_ok());
        let refused = check_fed_back(day(5, 10), day(4, 6), &unit).unwrap_err().to_string();
        assert!(refused.contains("进驻日期（2023-07-17）"), "{refused}");
        assert!(check_fed_back(day(8, 1), day(8, 2), &unit).is_err());
    }
}
