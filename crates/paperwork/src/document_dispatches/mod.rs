//! Dispatches (发文签收): one for each organisation a document was sent to; the organisation opens the document and
//! acknowledges it.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use service::service;
pub use store::Model as Dispatch;
pub use store::{ActiveModel, Column, Entity, find};

/// Path segment of the noun.
pub const NOUN: &str = "document_dispatches";

kit::id!(
    /// Identity of a dispatch.
    DispatchId
);

labelled! {
    /// Where a dispatch stands.
    pub enum State: "签收状态" {
        /// Sent.
        Sent = "sent" => "待签收", Yellow;
        /// Acknowledged.
        Received = "received" => "已签收", Green;
    }
}

labelled! {
    /// What can be done to a dispatch.
    pub enum Deed: "签收办理" {
        /// Acknowledge it.
        Receive = "receive" => "签收", Green;
    }
}

/// Roles that hold their post in an organisation that can be sent something.
const RECIPIENTS: [Role; 6] = [
    Role::OrganisationLiaison,
    Role::Discipline,
    Role::OrganisationDepartment,
    Role::Audit,
    Role::FunctionalDepartment,
    Role::DistrictOffice,
];

/// Whether `actor` answers for the organisation it was sent to.
fn answers(actor: &Actor, organisation: uuid::Uuid) -> bool {
    RECIPIENTS.iter().any(|&role| actor.is_at(role, organisation))
}

impl Lifecycle for Dispatch {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, _: Deed) -> Option<State> {
        (state == State::Sent).then_some(State::Received)
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        // The office enters receipts that came on paper.
        actor.is_office() || answers(actor, self.organisation_id.0)
    }

    fn visible(actor: &Actor) -> Pred {
        let own = RECIPIENTS.map(|role| actor.own_organisations(role, "organisation_id"));
        let office = actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
        ]);
        Pred::any([vec![office], own.into()].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn only_the_addressee_and_the_office_acknowledge() {
        let dispatch = store::sample(State::Sent);
        for &role in Role::ALL {
            let may = dispatch.may(&samples::concerned(role), Deed::Receive);
            assert_eq!(may, role.is_office() || role == Role::OrganisationLiaison, "{role:?}");
            assert!(!dispatch.may(&samples::stranger(role), Deed::Receive) || role.is_office());
        }
    }
}
