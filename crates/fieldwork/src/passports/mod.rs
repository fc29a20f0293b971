//! Passports of leads (线索移交凭证): with the transfer, what is handed over is frozen word for word with the
//! digests of its files. The receiver sees exactly that, confirms it, and both sides can prove it later.

pub(crate) mod actions;
mod service;
mod store;

use kit::{
    Actor, Lifecycle, Pred, Role, labelled,
    proof::{Proof, Receipt},
};
use registry::transfers::RECIPIENTS;

pub use service::service;
pub use store::Model as Passport;
pub use store::{ActiveModel, Column, Entity, all_of_subject, content, find, of_subject};

/// Path segment of the noun.
pub const NOUN: &str = "passports";

kit::id!(
    /// Identity of a passport; random, as that of its lead.
    PassportId
);

labelled! {
    /// Whether the receiver has confirmed what it got.
    pub enum State: "核对状态" {
        /// Handed over, not confirmed.
        Issued = "issued" => "待核对确认", Yellow;
        /// Confirmed.
        Acknowledged = "acknowledged" => "已核对确认", Green;
        /// The lead was returned and handed over again with another passport.
        Replaced = "replaced" => "已由新凭证代替", Grey;
    }
}

labelled! {
    /// What can be done to a passport.
    pub enum Deed: "凭证办理" {
        /// Confirm that this was received.
        Acknowledge = "acknowledge" => "核对并确认", Green;
    }
}

impl Passport {
    /// The proof that both sides keep.
    pub fn proof(&self, office: &str) -> Proof {
        let receipt = (!self.receipt_signature.is_empty()).then(|| Receipt {
            by: self.receipt_by.clone(),
            at: self.receipt_at.clone(),
            digest: self.receipt_digest.clone(),
            signature: self.receipt_signature.clone(),
        });
        Proof {
            office: office.to_owned(),
            subject: self.subject.clone(),
            digest: self.digest.clone(),
            at: self.issued_at.clone(),
            public_key: self.public_key.clone(),
            signature: self.signature.clone(),
            receipt,
        }
    }
}

impl Lifecycle for Passport {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Issued, Deed::Acknowledge) => Some(State::Acknowledged),
            (State::Acknowledged | State::Replaced, Deed::Acknowledge) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        RECIPIENTS.iter().any(|&role| actor.is_at(role, self.recipient_id.0))
    }

    /// Whoever sees the lead on the handing side, and the receiver its own.
    fn visible(actor: &Actor) -> Pred {
        let received = |role| actor.own_organisations(role, "recipient_id");
        actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
            (Role::Discipline, received(Role::Discipline)),
            (Role::OrganisationDepartment, received(Role::OrganisationDepartment)),
            (Role::Audit, received(Role::Audit)),
            (Role::FunctionalDepartment, received(Role::FunctionalDepartment)),
            (Role::DistrictOffice, received(Role::DistrictOffice)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::samples;

    #[test]
    fn only_the_receiver_confirms_and_the_unit_sees_no_passport() {
        let passport = store::sample(State::Issued);
        assert!(passport.may(&samples::concerned(Role::Discipline), Deed::Acknowledge));
        assert!(!passport.may(&samples::stranger(Role::Discipline), Deed::Acknowledge));
        assert!(!passport.may(&samples::concerned(Role::OfficeDirector), Deed::Acknowledge));
        assert_eq!(Passport::visible(&samples::concerned(Role::OrganisationLiaison)), Pred::Nothing);
    }
}
