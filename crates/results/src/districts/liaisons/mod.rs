//! Contact persons (挂钩联系): each year one person of the office or a team head looks after a district.

pub mod actions;
mod service;
mod store;

pub use super::visible;
pub use service::service;
pub use store::Model as DistrictLiaison;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "district_liaisons";

kit::id!(
    /// Identity of an assignment.
    DistrictLiaisonId
);
