//! Rectification (整改): what the inspected organisation does about the problems fed back to it.
mod access;
mod html;
pub mod measures;
pub mod rect_plans;
pub mod subjects;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![rect_plans::service(), measures::service()]
}
