//! Agreements of cooperation (协作配合实施意见): the documents by which the office and other bodies bind
//! themselves, with their parties and text. What they oblige to stands in `obligations`.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

pub use service::service;
pub use store::{Model as Agreement, find};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "agreements";

/// Most parties beside the office that one document has.
pub const PARTIES: usize = 4;

kit::id!(
    /// Identity of an agreement.
    AgreementId
);

labelled! {
    /// Whether an agreement holds.
    pub enum State: "意见状态" {
        /// It holds.
        InForce = "in_force" => "施行中", Green;
        /// It was ended or replaced.
        Ended = "ended" => "已废止", Grey;
    }
}

labelled! {
    /// What can be done to an agreement.
    pub enum Deed: "意见办理" {
        /// Correct it.
        Edit = "edit" => "修改", Grey;
        /// Record that it ended.
        End = "end" => "废止", Red;
    }
}

impl Lifecycle for Agreement {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::InForce, Deed::Edit) => Some(State::InForce),
            (State::InForce, Deed::End) => Some(State::Ended),
            (State::Ended, _) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office()
    }

    fn visible(actor: &Actor) -> Pred {
        let party = |column| shared::own_bodies(actor, column);
        Pred::any(vec![
            shared::overseen(actor),
            party("party_id"),
            party("second_party_id"),
            party("third_party_id"),
            party("fourth_party_id"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;
    use registry::organisations::OrganisationId;

    #[test]
    fn every_party_reads_an_agreement_and_nobody_else() {
        let mut agreement = store::sample(State::InForce);
        let (audit, other) = (samples::concerned(Role::Audit), samples::stranger(Role::Audit));
        assert!(Agreement::visible(&audit).holds(&agreement));
        assert!(!Agreement::visible(&other).holds(&agreement));
        agreement.fourth_party_id = Some(OrganisationId(samples::OTHER));
        assert!(Agreement::visible(&other).holds(&agreement));
        assert!(!agreement.may(&audit, Deed::Edit));
    }
}
