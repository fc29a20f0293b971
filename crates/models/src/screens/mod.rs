//! Models that are better said in Rust than in a query: a function from columns to hits.
//!
//! A screen gets the tables its model asks of, as typed columns under the names of the fields, and the parameters; fields
//! that have numbers come as these, in the tables in which queries find them too.
//! It answers with one row for each hit, in which the model's keys and the columns of its sentence stand; a column
//! `level` may say how loudly a hit speaks. It keeps no state and reads nothing else.

mod market;
mod pairs;
mod rings;

use std::collections::BTreeMap;

use datafusion::arrow::array::RecordBatch;

use crate::{Result, bind::Bound};

/// What a screen is given.
pub struct Given<'a> {
    /// The tables by name.
    pub tables: &'a BTreeMap<String, Vec<RecordBatch>>,
    /// The parameters by name; money in fen.
    pub parameters: &'a BTreeMap<String, Bound>,
}

impl Given<'_> {
    /// The batches of a table; none when the model did not ask for it.
    pub fn table(&self, name: &str) -> &[RecordBatch] {
        self.tables.get(name).map_or(&[], Vec::as_slice)
    }

    /// A numeric parameter.
    pub fn number(&self, name: &str) -> f64 {
        match self.parameters.get(name) {
            Some(Bound::Number(number)) => *number,
            Some(Bound::Integer(number)) => *number as f64,
            _ => 0.0,
        }
    }
}

/// A function from columns to hits.
pub type Screen = fn(&Given<'_>) -> Result<RecordBatch>;

/// The screens by the name under which models call them.
const SCREENS: &[(&str, Screen)] = &[("bidding_pairs", pairs::pairs), ("bidding_rings", rings::rings)];

/// The screen called `name`.
pub fn named(name: &str) -> Option<Screen> {
    SCREENS.iter().find(|(held, _)| *held == name).map(|(_, screen)| *screen)
}
