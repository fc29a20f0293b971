//! The named contact of the office and the division behind it, for each team (专人对接、处室挂钩联系): consultation begins with
//! the entry and has a face.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as TeamContact;
pub use store::{find, of_inspection};
pub(crate) use store::{members, officers};

/// Path segment of the noun.
pub const NOUN: &str = "team_contacts";

kit::id!(
    /// Identity of a contact.
    TeamContactId
);

labelled! {
    /// What can be done to a contact.
    pub enum Deed: "对接联络办理" {
        /// Correct it.
        Edit = "edit" => "修改", Grey;
        /// End it.
        End = "end" => "结束对接", Orange;
    }
}

/// Office, team and leading group.
pub fn visible(actor: &Actor) -> Pred {
    rights::papers(actor)
}

/// The director names them.
pub fn may_keep(actor: &Actor) -> bool {
    rights::keeps(actor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;

    #[test]
    fn the_unit_does_not_learn_who_is_in_contact_with_the_team() {
        assert_eq!(visible(&samples::concerned(Role::OrganisationLiaison)), Pred::Nothing);
        assert!(
            may_keep(&samples::concerned(Role::OfficeDirector))
                && !may_keep(&samples::concerned(Role::TeamHead))
        );
    }
}
