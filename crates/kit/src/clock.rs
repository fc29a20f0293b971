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
}

impl Clock {
    /// A clock that stands at `instant`.
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self::Set(Arc::new(Mutex::new(instant)))
    }

    /// Now, to the millisecond: PostgreSQL keeps microseconds and SQLite text, both keep this.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => system_now(),
            Self::Set(instant) => instant.lock().map_or_else(|poisoned| *poisoned.into_inner(), |now| *now),
        }
        .trunc_subsecs(3)
    }

    /// Moves a standing clock; the machine's clock stays what it is.
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
