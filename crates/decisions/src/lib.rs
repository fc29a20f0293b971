//! The fourth area: what follows from the decision on a report. Feedback meetings, in which the unit
//! is told what was found.

pub mod feedbacks;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![feedbacks::service()]
}
