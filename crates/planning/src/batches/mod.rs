//! Batches (批次): the second level of the inspection calendar; a batch holds inspections.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred};

use crate::{
    progress::{self, Deed, State},
    rights,
};

pub use service::service;
pub use store::{Entity, Model as Batch, find};

/// Path segment of the noun.
pub const NOUN: &str = "batches";

kit::id!(
    /// Identity of a batch.
    BatchId
);

impl Lifecycle for Batch {
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
