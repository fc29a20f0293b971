//! Planning: terms and their full coverage, topics named by the committee, yearly plans, rounds and
//! batches, inspections, the stages of every inspected organisation, and who is in the teams.

pub mod authorisations;
pub mod avoidances;
pub mod batches;
pub mod board;
pub mod calendar;
pub mod coverage;
pub mod coverage_items;
pub mod coverage_lists;
mod days;
pub mod declarations;
pub mod draws;
pub mod inspection_units;
pub mod inspections;
pub mod needs;
pub mod nominations;
mod numbers;
pub mod progress;
pub mod review;
mod rights;
pub mod rounds;
pub mod samples;
pub mod secondments;
pub mod talents;
pub mod teams;
pub mod terms;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod topics;
pub mod units;
pub mod year_plans;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        terms::service(),
        coverage_lists::service(),
        coverage_items::service(),
        topics::service(),
        year_plans::service(),
        rounds::service(),
        batches::service(),
        inspections::service(),
        inspection_units::service(),
        talents::service(),
        needs::service(),
        nominations::service(),
        secondments::service(),
        draws::service(),
        declarations::service(),
        avoidances::service(),
        authorisations::service(),
        teams::service(),
    ]
}
