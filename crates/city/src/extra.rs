//! The problems a scaled city has above the normal one: on units and inspections of their own, made one by one, so
//! that a million of them never sits in memory.

use std::ops::Range;

use crate::City;
use crate::dice::{Dice, Stream};
use crate::keys::{InspectedUnitKey, ProblemKey};
use crate::people::{Roster, add_extra_liaisons};
use crate::problems::{ProblemPlan, find_extra};
use crate::rectification::rectify_extra;
use crate::{inspections, organisations};

/// About how many problems an extra unit has.
const PER_UNIT: usize = 400;

/// What a scaled city has more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extra {
    seed: u64,
    count: usize,
    units: Vec<InspectedUnitKey>,
}

impl Extra {
    pub(crate) const fn none(seed: u64) -> Self {
        Self { seed, count: 0, units: Vec::new() }
    }
}

/// Adds the units and inspections that the extra problems belong to.
pub(crate) fn prepare(city: &mut City, total: usize, dice: &mut Dice) {
    city.extra.count = total.saturating_sub(city.problems.len());
    let organisations = organisations::add_extra(city, city.extra.count.div_ceil(PER_UNIT));
    add_extra_liaisons(city, dice, &organisations);
    city.extra.units = inspections::add_extra(city, &organisations, dice);
}

impl City {
    /// The problems above the normal city's, each with its measures, made as they are asked for. Their keys go on
    /// from [`City::problems`]; asked again, they come out the same.
    pub fn extra_problems(&self) -> impl Iterator<Item = ProblemPlan> + '_ {
        let first = self.problems.len();
        let last = first + self.extra.count;
        self.extra.units.iter().enumerate().flat_map(move |(place, unit)| {
            let from = first + place * PER_UNIT;
            self.extra_problems_of(*unit, from..last.min(from + PER_UNIT))
        })
    }

    /// The extra problems of one unit, by their numbers.
    fn extra_problems_of(
        &self,
        unit: InspectedUnitKey,
        numbers: Range<usize>,
    ) -> impl Iterator<Item = ProblemPlan> + '_ {
        let seed = self.extra.seed;
        let roster = Roster::draw(&mut Dice::numbered(seed, Stream::People, self[unit].organisation.0 + 1));
        numbers.map(move |number| {
            let mut dice = Dice::numbered(seed, Stream::Extra, number);
            let mut problem = find_extra(self, unit, ProblemKey(number), &mut dice);
            let measures = rectify_extra(&mut problem, &roster, &mut dice);
            ProblemPlan { problem, measures }
        })
    }
}
