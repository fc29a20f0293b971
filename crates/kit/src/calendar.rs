//! Working days: Monday to Friday, corrected by the yearly table of holidays and of weekend days
//! worked in their place (调休), which the office keeps.

use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Included},
    sync::Arc,
};

use chrono::{Datelike as _, NaiveDate, Weekday};
use db::Sql;

use crate::{Cx, Result};

/// The corrections to the plain week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    corrections: BTreeMap<NaiveDate, bool>,
}

impl Calendar {
    /// A calendar with `(day, whether it is worked)` corrections.
    pub fn new(corrections: impl IntoIterator<Item = (NaiveDate, bool)>) -> Self {
        Self { corrections: corrections.into_iter().collect() }
    }

    /// Whether the office works on `day`.
    pub fn works(&self, day: NaiveDate) -> bool {
        self.corrections.get(&day).copied().unwrap_or(plainly_works(day))
    }

    /// The `count`th working day after `from`; the day itself does not count.
    pub fn after(&self, from: NaiveDate, count: i64) -> NaiveDate {
        let mut left = count.clamp(0, 10_000);
        let mut day = from;
        while left > 0 {
            let Some(next) = day.succ_opt() else { return day };
            day = next;
            if self.works(day) {
                left -= 1;
            }
        }
        day
    }

    /// Working days from `from` (not counted) to `to` (counted); negative when `to` is earlier.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to <= from {
            return if to < from { -self.between(to, from) } else { 0 };
        }
        let corrected: i64 = self
            .corrections
            .range((Excluded(from), Included(to)))
            .map(|(day, worked)| i64::from(*worked) - i64::from(plainly_works(*day)))
            .sum();
        weekdays_up_to(to) - weekdays_up_to(from) + corrected
    }
}

fn plainly_works(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// How many Mondays to Fridays there were up to `day`, from a Monday long ago; only differences mean
/// something.
fn weekdays_up_to(day: NaiveDate) -> i64 {
    // Day 1 of the common era is a Monday.
    let days = i64::from(day.num_days_from_ce());
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

/// The office's calendar, remembered while nothing changes.
pub async fn of(cx: &Cx) -> Result<Arc<Calendar>> {
    let load = async {
        let rows = cx.rows(Sql::new("select day, working from calendar_day")).await?;
        let corrections: Result<Vec<(NaiveDate, bool)>> =
            rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect();
        Ok(Calendar::new(corrections?))
    };
    cx.app().remember(String::from("calendar"), load).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn a_saturday_worked_for_a_holiday_counts() {
        // Invented corrections: a Monday off, the Saturday before worked.
        let calendar = Calendar::new([(day(2023, 5, 1), false), (day(2023, 4, 29), true)]);
        assert_eq!(calendar.after(day(2023, 4, 28), 1), day(2023, 4, 29));
        assert_eq!(calendar.after(day(2023, 4, 29), 1), day(2023, 5, 2));
    }

    proptest! {
        #[test]
        fn counting_by_weeks_agrees_with_counting_day_by_day(start in 0i64..4000, span in 0i64..900) {
            let calendar = Calendar::new([(day(2023, 5, 1), false), (day(2023, 5, 6), true), (day(2023, 5, 7), false)]);
            let from = day(2017, 1, 1) + chrono::Duration::days(start);
            let to = from + chrono::Duration::days(span);
            let counted = from.iter_days().skip(1).take(usize::try_from(span).unwrap());
            let worked = i64::try_from(counted.filter(|day| calendar.works(*day)).count()).unwrap();
            prop_assert_eq!(calendar.between(from, to), worked);
            prop_assert_eq!(calendar.between(to, from), -worked);
        }

        #[test]
        fn counting_forward_and_counting_between_agree(offset in 0i64..2000, count in 0i64..300) {
            let calendar = Calendar::new([(day(2023, 5, 1), false)]);
            let from = day(2021, 1, 1) + chrono::Duration::days(offset);
            prop_assert_eq!(calendar.between(from, calendar.after(from, count)), count);
        }
    }
}
