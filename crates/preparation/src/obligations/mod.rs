//! Obligations (约定事项) of agreements: who has to do what, once or again and again. Each becomes due
//! records with a clock, a year ahead.

pub mod actions;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Lifecycle, Pred, labelled};
use registry::policies::months_after;

pub use service::service;
pub use store::{Model as Obligation, find, parties};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "obligations";

kit::id!(
    /// Identity of an obligation.
    ObligationId
);

labelled! {
    /// How often it is due.
    pub enum Period: "周期" {
        /// Once.
        Once = "once" => "一次", Grey;
        /// Every month.
        Monthly = "monthly" => "每月", Grey;
        /// Every three months.
        Quarterly = "quarterly" => "每季度", Grey;
        /// Every six months.
        HalfYearly = "half_yearly" => "每半年", Grey;
        /// Every year.
        Yearly = "yearly" => "每年", Grey;
    }
}

labelled! {
    /// Whether an obligation holds.
    pub enum State: "约定状态" {
        /// It holds.
        InForce = "in_force" => "有效", Green;
        /// No longer.
        Ended = "ended" => "已终止", Grey;
    }
}

labelled! {
    /// What can be done to an obligation.
    pub enum Deed: "约定办理" {
        /// Record that it ended.
        End = "end" => "终止", Red;
    }
}

impl Period {
    /// Months from one day to the next; none when it is due once.
    fn months(self) -> Option<i64> {
        match self {
            Self::Once => None,
            Self::Monthly => Some(1),
            Self::Quarterly => Some(3),
            Self::HalfYearly => Some(6),
            Self::Yearly => Some(12),
        }
    }
}

/// The days from `first` on which something with `period` is due up to `until`; at least the first.
///
/// Every day is counted from the first, so that the last day of a month does not wander.
pub fn due_days(first: NaiveDate, period: Period, until: NaiveDate) -> Vec<NaiveDate> {
    let mut days = vec![first];
    let Some(months) = period.months() else { return days };
    for step in 1..=1_200 {
        let day = months_after(first, months * step);
        if day > until {
            break;
        }
        days.push(day);
    }
    days
}

impl Lifecycle for Obligation {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::InForce, Deed::End) => Some(State::Ended),
            (State::Ended, Deed::End) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office()
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![shared::overseen(actor), shared::own_bodies(actor, "party_id")])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_day_of_a_month_stays_the_last_day() {
        let days = due_days(day("2023-01-31"), Period::Monthly, day("2023-04-30"));
        assert_eq!(days, ["2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30"].map(day));
    }

    #[test]
    fn what_is_due_once_is_due_once_even_when_that_is_far_ahead() {
        assert_eq!(due_days(day("2025-01-01"), Period::Once, day("2023-12-31")), [day("2025-01-01")]);
    }

    proptest! {
        #[test]
        fn days_grow_and_a_later_end_only_adds(from in 0u64..4_000, early in 0u64..800, more in 0u64..800, at in 0usize..5) {
            let first = kit::clock::days_after(day("2015-01-01"), from);
            let period = Period::ALL[at];
            let until = |days| kit::clock::days_after(first, days);
            let (short, long) = (due_days(first, period, until(early)), due_days(first, period, until(early + more)));
            prop_assert!(long.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(long.starts_with(&short));
        }
    }
}
