//! Analysis of data: data sets handed over for an inspection, models run over them, and the doubts (疑点) these raise, until
//! a person has verified each of them. Only a person turns a doubt into a problem or a lead.

mod choices;
pub mod data_recipes;
pub mod data_samples;
pub mod data_sets;
pub mod doubts;
pub mod look;
pub mod model_runs;
pub mod office_models;
mod work;

pub use look::pages;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        data_sets::service(),
        data_recipes::service(),
        data_samples::service(),
        office_models::service(),
        doubts::service(),
        model_runs::service(),
    ]
}

/// The jobs of this area.
pub fn jobs() -> Vec<kit::jobs::Kind> {
    vec![data_sets::IMPORT, data_sets::RUN, data_sets::ERASE]
}

/// The sentences of the models' library are meant for the same person as ours.
pub(crate) fn said(error: models::Error) -> kit::Error {
    match error {
        models::Error::Refused(sentence) => kit::Refusal::conflict(sentence).into(),
        models::Error::Fault(fault) => kit::Error::Fault(fault),
    }
}
