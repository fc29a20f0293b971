//! Seeded randomness. Every part of the plan draws from a stream of its own, so that a change in one part leaves
//! the others as they were.

use chrono::{Days, NaiveDate};
use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::calendar;

/// The parts of the plan that draw.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Organisations,
    People,
    Inspections,
    Reports,
    Problems,
    Rectification,
    Transfers,
    Results,
    Assets,
    Districts,
    Extra,
    Preparation,
    Onsite,
}

/// A seeded source of choices.
#[derive(Debug, Clone)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64, stream: Stream) -> Self {
        Self::numbered(seed, stream, 0)
    }

    /// A stream for the row with a number, drawn from independently of all other rows.
    pub(crate) fn numbered(seed: u64, stream: Stream, number: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((stream as u64) << 48 | number as u64);
        Self(rng)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// A count from `low` to `high`, both included.
    pub(crate) fn count(&mut self, low: usize, high: usize) -> usize {
        self.0.random_range(low..=high.max(low))
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// One of the items, of which there must be at least one.
    #[expect(clippy::indexing_slicing, reason = "an empty list to pick from is a mistake in the plan")]
    pub(crate) fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.count(0, items.len() - 1)]
    }

    /// A copy of one of the items, of which there must be at least one.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        *self.choose(items)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }

    /// A working day from `first` to `last`, as far as there is one.
    pub(crate) fn working_day(&mut self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        let span = (last - first).num_days().max(0);
        let drawn = calendar::on_or_after(first + Days::new(self.between(0, span) as u64));
        if drawn <= last { drawn } else { calendar::on_or_before(last).max(first) }
    }

    /// `count` working days from `first` to `last` in order.
    pub(crate) fn working_days(&mut self, first: NaiveDate, last: NaiveDate, count: usize) -> Vec<NaiveDate> {
        let mut days: Vec<_> = (0..count).map(|_| self.working_day(first, last)).collect();
        days.sort_unstable();
        days
    }
}

/// Splits a total over parts in proportion to their weights; the parts sum to the total exactly.
pub(crate) fn split(total: i64, weights: &[i64]) -> Vec<i64> {
    let weight_sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum::<i128>().max(1);
    let mut passed = 0_i128;
    let mut given = 0_i64;
    weights
        .iter()
        .map(|weight| {
            passed += i128::from(*weight);
            let upto = (i128::from(total) * passed / weight_sum) as i64;
            let part = upto - given;
            given = upto;
            part
        })
        .collect()
}
