//! Draws (抽签): a list of everybody who may be drawn is published with its digest, a witness names a number, and
//! from both follows who is drawn; anybody can repeat it from the printed record. Who has led the team before or
//! has inspected the organisation is not on the list (三不固定).

pub mod actions;
pub mod lot;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::needs;

pub use service::service;
pub use store::{Entity, Model as Draw, find};

/// Path segment of the noun.
pub const NOUN: &str = "draws";

kit::id!(
    /// Identity of a draw.
    DrawId
);

labelled! {
    /// Where a draw stands.
    pub enum State: "抽签情况" {
        /// The list is published; the number is not named yet.
        Listed = "listed" => "名单已公布", Yellow;
        /// Drawn.
        Drawn = "drawn" => "已抽签", Green;
        /// Does not count.
        Voided = "voided" => "已作废", Grey;
    }
}

labelled! {
    /// What can be done to a draw.
    pub enum Deed: "办理" {
        /// Draw with the number of the witness.
        Draw = "draw" => "抽签", Grey;
        /// Declare it void.
        Void = "void" => "作废", Grey;
    }
}

impl Lifecycle for Draw {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Listed, Deed::Draw) => Some(State::Drawn),
            (State::Listed | State::Drawn, Deed::Void) => Some(State::Voided),
            _ => None,
        }
    }

    /// Who published the list does not draw.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Draw => {
                needs::may_select(actor) && actor.account.is_some() && actor.account != self.listed_by
            }
            Deed::Void => actor.is(Role::OfficeDirector),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        if needs::may_select(actor) || actor.is(Role::LeadingGroup) { Pred::All } else { Pred::Nothing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rights;

    #[test]
    fn who_published_the_list_does_not_draw() {
        let office = rights::concerned(Role::OfficeLiaison);
        let mut draw = service::sample(State::Listed);
        assert!(draw.decide(&office, Deed::Draw).is_ok());
        draw.listed_by = office.account;
        assert!(draw.decide(&office, Deed::Draw).is_err());
        assert!(service::sample(State::Drawn).decide(&office, Deed::Draw).is_err(), "only once");
    }
}
