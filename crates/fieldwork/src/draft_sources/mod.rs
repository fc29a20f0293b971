//! Sources of drafts (底稿来源): which talk, letter, file, meeting, doubt or other record a draft rests on.
//! One link serves both sides, so that nothing is typed twice and nothing loses its origin.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred};

pub use actions::Source;
pub use service::service;
pub(crate) use service::source_shown;
pub use store::Model as DraftSource;
pub(crate) use store::of_noun;
pub use store::{ActiveModel, Column, Entity, find};

use crate::drafts;

/// Path segment of the noun.
pub const NOUN: &str = "draft_sources";

kit::id!(
    /// Identity of a link.
    DraftSourceId
);

/// Who sees the drafts of an inspection sees what they rest on; the record itself only who may see that too.
pub fn visible(actor: &Actor) -> Pred {
    drafts::scope(actor)
}

/// The address of the form that starts a draft from a record, for `Tab::Related` on that record's page.
pub fn start(noun: &str, id: uuid::Uuid) -> Option<String> {
    Some(format!("/{}/new?source_noun={noun}&source_id={id}", drafts::NOUN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;

    #[test]
    fn the_unit_never_learns_what_a_draft_rests_on() {
        assert_eq!(visible(&samples::concerned(Role::OrganisationLiaison)), Pred::Nothing);
        assert_ne!(visible(&samples::concerned(Role::TeamMember)), Pred::Nothing);
    }
}
