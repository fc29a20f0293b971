//! What becomes of the findings: suggestions, special reports, common problems handed to supervising
//! departments, the ledger of the use of results; the guidance of the districts; and figures reported
//! by others.

pub mod common_problems;
pub mod districts;
mod handing;
pub mod handovers;
pub mod problem_groups;
pub mod reported_values;
pub mod result_uses;
mod samples;
mod shared;
pub mod special_reports;
pub mod suggestions;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        suggestions::service(),
        special_reports::service(),
        problem_groups::service(),
        handovers::service(),
        common_problems::service(),
        result_uses::service(),
        districts::liaisons::service(),
        districts::deputies::service(),
        districts::trainings::service(),
        districts::checks::service(),
        districts::check_problems::service(),
        districts::evaluations::service(),
        reported_values::service(),
    ]
}

/// The jobs of this area.
pub fn jobs() -> Vec<kit::jobs::Kind> {
    vec![problem_groups::propose::KIND]
}
