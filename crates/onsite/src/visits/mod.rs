//! Visits (下沉走访): going to see for oneself: to the grass roots, unannounced, to check what people have declared.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as Visit;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "visits";

kit::id!(
    /// Identity of a visit.
    VisitId
);

labelled! {
    /// Kinds of visit.
    pub enum VisitKind: "走访方式" {
        /// To units below.
        Grassroots = "grassroots" => "下沉了解", Grey;
        /// To enterprises and people.
        Call = "call" => "走访群众和企业", Grey;
        /// Without notice.
        Unannounced = "unannounced" => "“四不两直”", Grey;
        /// What leaders have declared.
        Declarations = "declarations" => "抽查个人有关事项", Grey;
        /// Things on the spot.
        Inspection = "inspection" => "实地查看", Grey;
        /// To other bodies.
        Bodies = "bodies" => "向有关单位了解", Grey;
    }
}

labelled! {
    /// Where an entry stands.
    pub enum State: "走访登记状态" {
        /// Being entered.
        Draft = "draft" => "登记中", Yellow;
        /// Final.
        Final = "final" => "已定稿", Green;
    }
}

labelled! {
    /// What can be done to an entry.
    pub enum Deed: "走访办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Make it final.
        Finalise = "finalise" => "定稿", Grey;
    }
}

impl Lifecycle for Visit {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft, Deed::Edit) => Some(State::Draft),
            (State::Draft, Deed::Finalise) => Some(State::Final),
            (State::Final, _) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.in_team(self.inspection_id)
    }

    fn visible(actor: &Actor) -> Pred {
        rights::sensitive(actor)
    }
}
