//! Yearly plans (年度计划): what a year's inspections are to be, approved before they begin.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred};

use crate::{
    review::{self, Deed, State},
    rights,
};

pub use service::service;
pub use store::{Entity, Model as YearPlan, find};

/// Path segment of the noun.
pub const NOUN: &str = "year_plans";

kit::id!(
    /// Identity of a yearly plan.
    YearPlanId
);

impl Lifecycle for YearPlan {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        review::transition(state, deed)
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        review::may(actor, deed, [self.prepared_by, self.submitted_by])
    }

    fn visible(actor: &Actor) -> Pred {
        rights::overseen(actor)
    }
}
