//! Deputy heads sent to the districts (选派区巡察组副组长), with their work log.

pub mod actions;
mod service;
mod store;

pub use super::visible;
pub use service::service;
pub use store::Model as DistrictDeputy;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "district_deputies";

kit::id!(
    /// Identity of a deputy sent.
    DistrictDeputyId
);
