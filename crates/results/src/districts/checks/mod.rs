//! Special checks of a district's inspection work (巡察工作专项检查), alone or together with the
//! provincial inspection. The district learns of a check's findings when they are fed back to it.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use super::own;
use crate::shared::whole;

pub use service::service;
pub use store::Model as DistrictCheck;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "district_checks";

kit::id!(
    /// Identity of a check.
    DistrictCheckId
);

labelled! {
    /// Where a check stands.
    pub enum State: "检查状态" {
        /// Under way.
        Checking = "checking" => "检查中", Blue;
        /// Its problems are with the district.
        FedBack = "fed_back" => "整改中", Yellow;
        /// All its problems are closed.
        Closed = "closed" => "已办结", Green;
    }
}

labelled! {
    /// What can be done to a check.
    pub enum Deed: "办理事项" {
        /// Change what is recorded.
        Edit = "edit" => "修改", Grey;
        /// Tell the district what was found.
        FeedBack = "feed_back" => "反馈", Grey;
        /// Finish.
        Close = "close" => "办结", Grey;
    }
}

impl Lifecycle for DistrictCheck {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Checking, Deed::Edit) => Some(State::Checking),
            (State::Checking, Deed::FeedBack) => Some(State::FedBack),
            (State::FedBack, Deed::Close) => Some(State::Closed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        super::may_keep(actor)
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![whole(actor), own(actor).and(Pred::Present("fed_back_on"))])
    }
}
