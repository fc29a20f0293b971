//! Analysis of data: which models were run on what, and the doubts (疑点) they raised, until a person has verified
//! each of them. Only a person turns a doubt into a problem or a lead.

pub mod doubts;
pub mod model_runs;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![doubts::service(), model_runs::service()]
}
