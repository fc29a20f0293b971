//! Time: every instant and every calendar day comes from here, so that deadlines can be tested.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, SubsecRound as _, Utc};

/// Where the time comes from.
#[derive(Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands where it is put, for tests.
    Set(Arc<Mutex<DateTime<Utc>>>),
    /// The machine's clock under a calendar that stands at a day, for a demonstration that plays in the past:
    /// deadlines and terms of office are counted from that day, while sessions and the audit keep real time.
    Standing(NaiveDate),
}

impl Clock {
    /// A clock that stands at `instant`.
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self::Set(Arc::new(Mutex::new(instant)))
    }

    /// Now, to the millisecond: PostgreSQL keeps microseconds and SQLite text, both keep this.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System | Self::Standing(_) => system_now(),
            Self::Set(instant) => instant.lock().map_or_else(|poisoned| *poisoned.into_inner(), |now| *now),
        }
        .trunc_subsecs(3)
    }

    /// The day on the office's calendar at `now`.
    pub fn day(&self, now: DateTime<Utc>) -> NaiveDate {
        self.standing().unwrap_or_else(|| office_day(now))
    }

    /// The instant that `now` is on the office's calendar: what rights that begin and end at a minute are held against.
    pub fn moment(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let Some(day) = self.standing() else { return now };
        let time = now.with_timezone(&office_zone()).time();
        day.and_time(time).and_local_timezone(office_zone()).single().map_or(now, |moment| moment.to_utc())
    }

    /// The day at which the calendar stands, when it does.
    pub fn standing(&self) -> Option<NaiveDate> {
        match self {
            Self::Standing(day) => Some(*day),
            Self::System | Self::Set(_) => None,
        }
    }

    /// Moves a clock that was put somewhere; the machine's clock stays what it is.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Self::Set(held) = self {
            match held.lock() {
                Ok(mut held) => *held = instant,
                Err(poisoned) => *poisoned.into_inner() = instant,
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

/// China has one zone and no summer time (GB/T 7408): UTC+8.
fn office_zone() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}

/// The instant as the office's clocks count it.
pub fn office_instant(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    instant.with_timezone(&office_zone())
}

/// The calendar day at the office for an instant.
pub fn office_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&office_zone()).date_naive()
}

/// `2023-12-31 17:05` as the office's clocks show it.
pub fn office_time(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&office_zone()).format("%Y-%m-%d %H:%M").to_string()
}

/// The hour of the day at the office for an instant.
pub fn office_hour(instant: DateTime<Utc>) -> u32 {
    use chrono::Timelike as _;
    instant.with_timezone(&office_zone()).hour()
}

/// Reads `2023-12-31`; years that no record of the office can have are refused.
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    (1900..=2199).contains(&day.year()).then_some(day)
}

/// The day `days` later; the last day there is when that would be too far.
pub fn days_after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn a_calendar_that_stands_gives_its_day_and_the_real_time_of_the_day() {
        let day = parse_day("2024-01-31").unwrap();
        let (clock, now) = (Clock::Standing(day), instant("2026-07-03T23:30:00+08:00"));
        assert_eq!(clock.day(now), day);
        assert_eq!(office_time(clock.moment(now)), "2024-01-31 23:30");
    }

    #[test]
    fn instants_are_real_under_a_calendar_that_stands() {
        let before = Clock::System.now();
        assert!(Clock::Standing(parse_day("2024-01-31").unwrap()).now() >= before);
    }

    #[test]
    fn a_clock_of_an_office_at_work_has_the_day_of_its_instants() {
        let now = instant("2023-12-31T23:59:00+08:00");
        let clock = Clock::at(now);
        assert_eq!((clock.day(now), clock.moment(now), clock.standing()), (office_day(now), now, None));
    }
}
