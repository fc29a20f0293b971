//! Organisations on a full-coverage list: in which year each is planned, or why it is exempted.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred};

use crate::rights;

pub use service::service;
pub(crate) use store::index;
pub use store::{Entity, Model as CoverageItem, find, of_list};

/// Path segment of the noun.
pub const NOUN: &str = "coverage_items";

kit::id!(
    /// Identity of an organisation's place on a list.
    CoverageItemId
);

impl CoverageItem {
    /// Items are read by those who oversee the work.
    pub fn visible(actor: &Actor) -> Pred {
        rights::overseen(actor)
    }

    /// Whether a reason stands against inspecting the organisation in this term.
    pub fn is_exempt(&self) -> bool {
        !self.exempt_reason.is_empty()
    }
}
