//! Contact group (联络组名单): who speaks for the inspected organisation while the team is there.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as Contact;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "contacts";

kit::id!(
    /// Identity of a contact.
    ContactId
);

labelled! {
    /// What somebody is in the contact group.
    pub enum Part: "联络组职责" {
        /// Leads it.
        Leader = "leader" => "联络组组长", Grey;
        /// The one liaison.
        Liaison = "liaison" => "联络员", Grey;
        /// Helps with files.
        Files = "files" => "资料提供", Grey;
        /// Helps with rooms and meals.
        Logistics = "logistics" => "后勤保障", Grey;
    }
}

labelled! {
    /// Whether a contact still is one.
    pub enum State: "联络状态" {
        /// Is one.
        Active = "active" => "在岗", Green;
        /// Was replaced.
        Ended = "ended" => "已更换", Grey;
    }
}

labelled! {
    /// What can be done to a contact.
    pub enum Deed: "联络办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Replace it.
        End = "end" => "更换", Grey;
    }
}

/// Who keeps the list of an organisation in an inspection.
pub fn may_keep(actor: &Actor, organisation: uuid::Uuid, inspection: uuid::Uuid) -> bool {
    actor.is_office() || actor.in_team(inspection) || actor.is_at(Role::OrganisationLiaison, organisation)
}

impl Lifecycle for Contact {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Active, Deed::Edit) => Some(State::Active),
            (State::Active, Deed::End) => Some(State::Ended),
            (State::Ended, _) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        may_keep(actor, self.organisation_id.0, self.inspection_id)
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![rights::papers(actor), rights::own_side(actor, Pred::All)])
    }
}
