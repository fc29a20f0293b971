//! Common problems (共性问题): the lines of a hand-over, each from a recorded problem or written by hand.
//! They are what is counted.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred};

use crate::shared::{handed_to, read_once_out, whole};

pub use service::service;
pub use store::Model as CommonProblem;
pub use store::{count, find};

/// Path segment of the noun.
pub const NOUN: &str = "common_problems";

kit::id!(
    /// Identity of a common problem.
    CommonProblemId
);

/// What an actor can see: the whole, what left the office, or what was handed to his body.
pub fn visible(actor: &Actor) -> Pred {
    Pred::any(vec![
        whole(actor),
        read_once_out(actor, "handed_on"),
        handed_to(actor, "recipient_id", "handed_on"),
    ])
}
