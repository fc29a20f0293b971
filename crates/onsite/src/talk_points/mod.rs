//! Points of talks (谈话要点): what was said, by class. Those about the top leader are gathered from all talks here
//! (一把手监督); the text itself is sealed like the record it comes from.

mod service;
mod store;

use kit::{Actor, Cx, Pred, Result};

use crate::rights;

pub use service::service;
pub use store::Model as TalkPoint;
pub use store::{find, of_talk};

/// Path segment of the noun.
pub const NOUN: &str = "talk_points";

kit::id!(
    /// Identity of a point.
    TalkPointId
);

/// As with talks.
pub fn visible(actor: &Actor) -> Pred {
    rights::sensitive(actor)
}

/// Encrypts the text of a point so that it opens in its own place only.
pub fn seal(cx: &Cx, id: TalkPointId, text: &str) -> Result<String> {
    cx.app().seal().seal(&format!("talk_point/{id}/text"), text)
}

fn open(cx: &Cx, id: TalkPointId, sealed: &str) -> Result<String> {
    cx.app().seal().open(&format!("talk_point/{id}/text"), sealed)
}
