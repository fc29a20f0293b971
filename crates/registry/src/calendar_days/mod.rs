//! The working-day calendar (工作日历): the days on which the plain week does not hold, as the yearly
//! notice on holidays gives them.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred};

pub use service::service;
pub use store::Model as CalendarDay;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "calendar_days";

kit::id!(
    /// Identity of a correction.
    CalendarDayId
);

/// Everybody with a business post: deadlines are counted by it.
pub fn visible(actor: &Actor) -> Pred {
    crate::dictionaries::visible(actor)
}

/// Who keeps the calendar.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}
