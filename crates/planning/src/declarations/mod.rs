//! Declarations of avoidance (回避申报): what every member of a team declares about himself, once for each
//! inspection. Until it is signed the inspection does not exist for him; with the signature the program checks
//! his record, and whatever he declared or the check found waits for a decision as an avoidance.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::{avoidances, rights};

pub use service::service;
pub use store::{Entity, Model as Declaration, find, signed};

/// Path segment of the noun.
pub const NOUN: &str = "declarations";

kit::id!(
    /// Identity of a declaration.
    DeclarationId
);

labelled! {
    /// Where a declaration stands.
    pub enum State: "申报情况" {
        /// Waits for the person's signature; the inspection is closed to him.
        Requested = "requested" => "待本人申报", Yellow;
        /// Signed.
        Signed = "signed" => "已签署", Green;
        /// Not needed any more.
        Cancelled = "cancelled" => "已取消", Grey;
    }
}

labelled! {
    /// What can be done to a declaration.
    pub enum Deed: "办理" {
        /// Declare and sign.
        Sign = "sign" => "申报并签署", Grey;
        /// Something has changed: declare again.
        Renew = "renew" => "重新申报", Grey;
        /// Take the request back.
        Cancel = "cancel" => "取消", Grey;
    }
}

impl Lifecycle for Declaration {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Requested, Deed::Sign) => Some(State::Signed),
            (State::Signed, Deed::Renew) => Some(State::Requested),
            (State::Requested, Deed::Cancel) => Some(State::Cancelled),
            _ => None,
        }
    }

    /// Only the person signs. A request is taken back only before anything was signed: what has to be declared
    /// again stays to be declared.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let own = actor.account == Some(self.account_id);
        match deed {
            Deed::Sign => own,
            Deed::Renew => own || avoidances::may_raise(actor),
            Deed::Cancel => actor.is_office() && self.statement.is_empty(),
        }
    }

    /// One's own, and for those who form the teams everybody's, apart from inspections they must keep away
    /// from themselves.
    fn visible(actor: &Actor) -> Pred {
        let own = rights::own_account(actor);
        let keepers =
            [Role::LeadingGroup, Role::OfficeDirector, Role::OfficeLiaison, Role::OrganisationDepartment];
        let all = if actor.is_any(&keepers) {
            Pred::outside("for_inspection_id", &actor.bars.inspections)
        } else {
            Pred::Nothing
        };
        Pred::any(vec![own, all])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_person_signs_and_a_renewed_declaration_cannot_be_cancelled() {
        let mut director = rights::concerned(Role::OfficeDirector);
        let mut declaration = service::sample(State::Requested);
        director.account = Some(kit::ids::random());
        assert!(declaration.decide(&director, Deed::Sign).is_err());
        assert!(declaration.decide(&director, Deed::Cancel).is_ok());
        director.account = Some(declaration.account_id);
        assert!(declaration.decide(&director, Deed::Sign).is_ok());
        declaration.statement = String::from("没有");
        assert!(declaration.decide(&director, Deed::Cancel).is_err());
        declaration.state = State::Signed;
        assert!(declaration.decide(&director, Deed::Renew).is_ok());
    }
}
