//! Terms (届): the time in which one committee has to inspect everything on its list.

pub mod actions;
mod service;
mod store;

use chrono::{Datelike as _, NaiveDate};
use kit::{Actor, Pred};

use crate::rights;

pub use service::service;
pub use store::{Entity, Model as Term, find, on_day};

/// Path segment of the noun.
pub const NOUN: &str = "terms";

kit::id!(
    /// Identity of a term.
    TermId
);

/// Terms are read by those who oversee the work and by the teams.
pub fn visible(actor: &Actor) -> Pred {
    rights::calendar(actor)
}

impl Term {
    /// Whether `day` falls into the term.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|to| day <= to)
    }

    /// Whether some day of `year` falls into the term.
    pub fn has_year(&self, year: i64) -> bool {
        let last = self.ends_on.map_or(i64::MAX, |to| i64::from(to.year()));
        (i64::from(self.starts_on.year())..=last).contains(&year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_has_the_years_it_begins_and_ends_in() {
        let day = |y, m| NaiveDate::from_ymd_opt(y, m, 1).unwrap();
        let term = store::sample(day(2021, 9), Some(day(2026, 9)));
        assert!(term.has_year(2021) && term.has_year(2026));
        assert!(!term.has_year(2020) && !term.has_year(2027));
        assert!(!term.covers(day(2021, 8)));
    }
}
