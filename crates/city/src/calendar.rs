//! Working days. The holidays are the public ones of 2021 to 2024; Saturdays and Sundays worked in exchange are
//! left free, so every day the plan uses is a day on which an office works.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A date known when the program is written.
pub(crate) const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => panic!("a date in the plan does not exist"),
    }
}

/// First and last day of every public holiday in the years of the plan.
const HOLIDAYS: [(NaiveDate, NaiveDate); 23] = [
    (day(2021, 9, 19), day(2021, 9, 21)),
    (day(2021, 10, 1), day(2021, 10, 7)),
    (day(2022, 1, 1), day(2022, 1, 3)),
    (day(2022, 1, 31), day(2022, 2, 6)),
    (day(2022, 4, 3), day(2022, 4, 5)),
    (day(2022, 4, 30), day(2022, 5, 4)),
    (day(2022, 6, 3), day(2022, 6, 5)),
    (day(2022, 9, 10), day(2022, 9, 12)),
    (day(2022, 10, 1), day(2022, 10, 7)),
    (day(2022, 12, 31), day(2023, 1, 2)),
    (day(2023, 1, 21), day(2023, 1, 27)),
    (day(2023, 4, 5), day(2023, 4, 5)),
    (day(2023, 4, 29), day(2023, 5, 3)),
    (day(2023, 6, 22), day(2023, 6, 24)),
    (day(2023, 9, 29), day(2023, 10, 6)),
    (day(2023, 12, 30), day(2024, 1, 1)),
    (day(2024, 2, 10), day(2024, 2, 17)),
    (day(2024, 4, 4), day(2024, 4, 6)),
    (day(2024, 5, 1), day(2024, 5, 5)),
    (day(2024, 6, 8), day(2024, 6, 10)),
    (day(2024, 9, 15), day(2024, 9, 17)),
    (day(2024, 10, 1), day(2024, 10, 7)),
    (day(2025, 1, 1), day(2025, 1, 1)),
];

/// Whether an office works on a day.
pub fn is_working(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
        && !HOLIDAYS.iter().any(|(first, last)| (*first..=*last).contains(&date))
}

/// The day itself if an office works on it, else the next one.
pub(crate) fn on_or_after(mut date: NaiveDate) -> NaiveDate {
    while !is_working(date) {
        date = date + Days::new(1);
    }
    date
}

/// The day itself if an office works on it, else the one before.
pub(crate) fn on_or_before(mut date: NaiveDate) -> NaiveDate {
    while !is_working(date) {
        date = date - Days::new(1);
    }
    date
}

/// A number of working days later.
pub(crate) fn after(date: NaiveDate, working_days: u64) -> NaiveDate {
    (0..working_days).fold(date, |at, _| on_or_after(at + Days::new(1)))
}

/// A number of working days earlier.
pub(crate) fn before(date: NaiveDate, working_days: u64) -> NaiveDate {
    (0..working_days).fold(date, |at, _| on_or_before(at - Days::new(1)))
}

/// The working day on or after a number of calendar days later.
pub(crate) fn days_after(date: NaiveDate, days: u64) -> NaiveDate {
    on_or_after(date + Days::new(days))
}
