//! Rounds (轮次): the first of two levels of the inspection calendar; a round holds batches.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred};

use crate::{
    progress::{self, Deed, State},
    rights,
};

pub use service::service;
pub use store::{Entity, Model as Round, find};

/// Path segment of the noun.
pub const NOUN: &str = "rounds";

kit::id!(
    /// Identity of a round.
    RoundId
);

impl Lifecycle for Round {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        progress::transition(state, deed)
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        rights::keeps(actor)
    }

    fn visible(actor: &Actor) -> Pred {
        rights::calendar(actor)
    }
}
