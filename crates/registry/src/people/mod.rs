//! People (人员): who works with the office, where, as what, and what they are good at.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, Role};

pub use service::service;
pub use store::Model as Person;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "people";

kit::id!(
    /// Identity of a person.
    PersonId
);

/// The office and the organisation department, who pick and appraise inspectors.
pub fn visible(actor: &Actor) -> Pred {
    if may_keep(actor) { Pred::All } else { Pred::Nothing }
}

/// Who keeps the register.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office() || actor.is(Role::OrganisationDepartment)
}
