//! The arithmetic of one idle property: what was found, dated corrections, dated activations.
//!
//! At the end of every day the idle stock, what was activated and what remains are all at least
//! zero; an entry that would break this on any day, also a later one, is refused. So the sum of
//! all movements is the cumulative area on every day, and no order of entering changes a figure.

use chrono::NaiveDate;
use kit::Area;

/// What a dated entry changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The stock found idle was wrong by this area.
    Correction(Area),
    /// This area was activated; negative when an earlier entry is taken back.
    Movement(Area),
}

/// A dated entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The day it counts from.
    pub on: NaiveDate,
    /// What it changes.
    pub change: Change,
}

/// The sums at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Found idle, with corrections.
    pub stock: Area,
    /// Activated so far.
    pub activated: Area,
}

impl Balance {
    /// Still idle.
    pub fn remaining(self) -> Area {
        Area(self.stock.0.saturating_sub(self.activated.0))
    }

    fn holds(self) -> bool {
        self.stock.0 >= 0 && self.activated.0 >= 0 && self.remaining().0 >= 0
    }

    fn after(self, change: Change) -> Self {
        match change {
            Change::Correction(area) => Self { stock: Area(self.stock.0.saturating_add(area.0)), ..self },
            Change::Movement(area) => {
                Self { activated: Area(self.activated.0.saturating_add(area.0)), ..self }
            }
        }
    }
}

/// Why an entry is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It lies before the day on which the property was found idle.
    BeforeFound {
        /// That day.
        found_on: NaiveDate,
    },
    /// On `on` more would have been activated, or taken back, than there was.
    Overdrawn {
        /// The day.
        on: NaiveDate,
        /// What would remain idle, or stay activated, on that day; negative.
        rest: Area,
    },
}

/// The ledger of one property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    found_on: NaiveDate,
    found: Area,
    entries: Vec<Entry>,
}

impl Ledger {
    /// A property of `found` area, found idle on `found_on`.
    pub fn new(found_on: NaiveDate, found: Area) -> Self {
        Self { found_on, found, entries: Vec::new() }
    }

    /// Adds entries that were admitted before.
    #[must_use]
    pub fn with(mut self, entries: impl IntoIterator<Item = Entry>) -> Self {
        self.entries.extend(entries);
        self.entries.sort_by_key(|entry| entry.on);
        self
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// The reason when it lies before the finding, or when a sum would fall below zero on any day.
    pub fn admit(self, entry: Entry) -> Result<Self, Refused> {
        if entry.on < self.found_on {
            return Err(Refused::BeforeFound { found_on: self.found_on });
        }
        let ledger = self.with([entry]);
        ledger.check()?;
        Ok(ledger)
    }

    fn check(&self) -> Result<(), Refused> {
        for entry in &self.entries {
            let balance = self.as_of(entry.on);
            if !balance.holds() {
                let rest = balance.remaining().min(balance.activated).min(balance.stock);
                return Err(Refused::Overdrawn { on: entry.on, rest });
            }
        }
        Ok(())
    }

    /// The sums at the end of `day`; nothing before the property was found.
    pub fn as_of(&self, day: NaiveDate) -> Balance {
        if day < self.found_on {
            return Balance::default();
        }
        let found = Balance { stock: self.found, activated: Area(0) };
        let until = self.entries.iter().take_while(|entry| entry.on <= day);
        until.fold(found, |balance, entry| balance.after(entry.change))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::units::{CM2_PER_WAN_M2, ratio};
    use proptest::prelude::*;

    fn day(n: u64) -> NaiveDate {
        kit::clock::days_after(NaiveDate::from_ymd_opt(2022, 1, 1).unwrap(), n)
    }

    fn movement(on: u64, area: i64) -> Entry {
        Entry { on: day(on), change: Change::Movement(Area(area)) }
    }

    #[test]
    fn the_published_areas_come_out_in_exact_integers() {
        let wan = |hundredths: i64| Area(hundredths * CM2_PER_WAN_M2 / 100);
        let ledger = Ledger::new(day(0), wan(78_262))
            .admit(Entry { on: day(10), change: Change::Movement(wan(45_050)) })
            .and_then(|ledger| ledger.admit(Entry { on: day(20), change: Change::Movement(wan(27_663)) }))
            .unwrap();
        let (before, after) = (ledger.as_of(day(19)), ledger.as_of(day(20)));
        assert_eq!(before.activated, wan(45_050));
        assert_eq!(after.activated, wan(72_713));
        assert_eq!(after.remaining(), wan(5_549));
        assert_eq!(ratio(after.activated.0 * 100, after.stock.0, 2), "92.91");
        assert_eq!(ratio(before.activated.0 * 100, before.stock.0, 2), "57.56");
    }

    #[test]
    fn an_entry_dated_back_may_not_overdraw_a_day_in_between() {
        let correction = Entry { on: day(30), change: Change::Correction(Area(50)) };
        let ledger = Ledger::new(day(0), Area(100)).admit(correction).unwrap();
        assert_eq!(
            ledger.clone().admit(movement(20, 120)),
            Err(Refused::Overdrawn { on: day(20), rest: Area(-20) })
        );
        assert!(ledger.admit(movement(30, 120)).is_ok());
    }

    #[test]
    fn taking_back_more_than_was_activated_is_refused() {
        let ledger = Ledger::new(day(0), Area(100)).admit(movement(5, 40)).unwrap();
        assert!(ledger.clone().admit(movement(6, -41)).is_err());
        assert!(ledger.clone().admit(movement(4, -40)).is_err());
        assert!(ledger.admit(movement(6, -40)).is_ok());
    }

    #[test]
    fn nothing_happens_before_the_property_was_found() {
        assert_eq!(
            Ledger::new(day(3), Area(100)).admit(movement(2, 1)),
            Err(Refused::BeforeFound { found_on: day(3) })
        );
    }

    fn any_entry() -> impl Strategy<Value = Entry> {
        (0u64..40, any::<bool>(), -120i64..120).prop_map(|(on, correction, area)| Entry {
            on: day(on),
            change: if correction { Change::Correction(Area(area)) } else { Change::Movement(Area(area)) },
        })
    }

    proptest! {
        #[test]
        fn whatever_is_entered_in_whatever_order_no_sum_is_ever_negative_and_movements_add_up(
            found in 0i64..300,
            entries in prop::collection::vec(any_entry(), 0..40),
        ) {
            let mut ledger = Ledger::new(day(2), Area(found));
            let mut admitted = Vec::new();
            for entry in entries {
                if let Ok(next) = ledger.clone().admit(entry) {
                    ledger = next;
                    admitted.push(entry);
                }
            }
            for n in 0..45 {
                let balance = ledger.as_of(day(n));
                prop_assert!(balance.holds());
                let moved: i64 = admitted
                    .iter()
                    .filter(|entry| entry.on <= day(n))
                    .map(|entry| match entry.change { Change::Movement(area) => area.0, Change::Correction(_) => 0 })
                    .sum();
                prop_assert_eq!(balance.activated, Area(moved));
            }
        }

        #[test]
        fn opening_and_increment_are_the_cumulative_area(
            areas in prop::collection::vec((0u64..40, 0i64..50), 0..30),
            cut in 0u64..45,
        ) {
            let ledger = Ledger::new(day(0), Area(10_000)).with(areas.iter().map(|&(on, area)| movement(on, area)));
            let increment: i64 = areas.iter().filter(|(on, _)| *on > cut).map(|(_, area)| area).sum();
            prop_assert_eq!(ledger.as_of(day(cut)).activated.0 + increment, ledger.as_of(day(99)).activated.0);
        }
    }
}
