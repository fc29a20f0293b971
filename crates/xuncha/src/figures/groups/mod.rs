//! The figures, by what they are about.

mod assets;
mod districts;
mod fieldwork;
mod inspections;
mod problems;
mod rectification;
mod reports;
mod results;
mod transfers;

use super::Figure;

/// Every figure, in the order of the annual review.
pub fn all() -> impl Iterator<Item = &'static Figure> {
    [
        inspections::FIGURES,
        fieldwork::FIGURES,
        reports::FIGURES,
        problems::FIGURES,
        transfers::FIGURES,
        districts::FIGURES,
        rectification::FIGURES,
        assets::FIGURES,
        results::FIGURES,
    ]
    .into_iter()
    .flatten()
}
