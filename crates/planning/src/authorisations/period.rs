//! A minute of a day at the office, as people write it. Pure.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};

/// How far the office's clock is ahead of UTC, in hours.
const AHEAD: i64 = 8;

/// The instant of `time` (`08:30`, and `24:00` for the end of the day) on `day`.
pub fn instant(day: NaiveDate, time: &str) -> Option<DateTime<Utc>> {
    let (day, time) = if time == "24:00" {
        (day.checked_add_days(Days::new(1))?, NaiveTime::MIN)
    } else {
        (day, NaiveTime::parse_from_str(time, "%H:%M").ok()?)
    };
    Some(day.and_time(time).and_utc() - Duration::hours(AHEAD))
}

/// Day and time of an instant at the office.
pub fn on_the_clock(at: DateTime<Utc>) -> (NaiveDate, String) {
    let local = (at + Duration::hours(AHEAD)).naive_utc();
    (local.date(), local.time().format("%H:%M").to_string())
}

/// The last day on which something holds that ends at `to`.
pub fn last_day(to: DateTime<Utc>) -> NaiveDate {
    on_the_clock(to - Duration::seconds(1)).0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_end_of_a_day_is_the_beginning_of_the_next_and_still_that_day() {
        let end = instant(day("2023-05-31"), "24:00").unwrap();
        assert_eq!(on_the_clock(end), (day("2023-06-01"), String::from("00:00")));
        assert_eq!(last_day(end), day("2023-05-31"));
    }

    #[test]
    fn nonsense_is_no_time() {
        for time in ["", "25:00", "8", "08:61", "上午八时"] {
            assert_eq!(instant(day("2023-05-31"), time), None, "{time}");
        }
    }

    proptest! {
        #[test]
        fn a_minute_is_read_as_it_was_written(days in 0_u64..4000, hour in 0_u32..24, minute in 0_u32..60) {
            let on = day("2020-01-01").checked_add_days(Days::new(days)).unwrap();
            let time = format!("{hour:02}:{minute:02}");
            prop_assert_eq!(on_the_clock(instant(on, &time).unwrap()), (on, time));
        }
    }
}
