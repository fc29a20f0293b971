//! The library of typical problems and their bases (问题类型库、依据库): how a kind of problem shows, by which
//! rule it is measured, who answers for it, what evidence it takes. A draft can be started from an entry.

pub mod actions;
mod seed;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use seed::seed;
pub use service::service;
pub use store::Model as TypicalProblem;
pub use store::{ActiveModel, Column, Entity, find};

use crate::drafts::content::Basis;

/// Path segment of the noun.
pub const NOUN: &str = "typical_problems";

kit::id!(
    /// Identity of an entry.
    TypicalProblemId
);

labelled! {
    /// Whether an entry is used.
    pub enum State: "使用状态" {
        /// Offered.
        InUse = "in_use" => "使用中", Green;
        /// Kept for the record.
        Retired = "retired" => "已停用", Grey;
    }
}

labelled! {
    /// What can be done to an entry.
    pub enum Deed: "类型库办理" {
        /// Correct it.
        Edit = "edit" => "修改", Grey;
        /// Offer it no longer.
        Retire = "retire" => "停用", Red;
        /// Offer it again.
        Restore = "restore" => "恢复使用", Blue;
    }
}

/// Whether `actor` keeps the library.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}

/// Rules with articles, one a line as people read them.
pub fn basis_text(bases: &[Basis]) -> String {
    let lines: Vec<String> =
        bases.iter().map(|basis| format!("《{}》{}", basis.rule, basis.article)).collect();
    lines.join("\n")
}

impl Lifecycle for TypicalProblem {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::InUse, Deed::Edit) | (State::Retired, Deed::Restore) => Some(State::InUse),
            (State::InUse, Deed::Retire) => Some(State::Retired),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        may_keep(actor)
    }

    /// Whoever inspects, here or in a district; the inspected side has no part in it.
    fn visible(actor: &Actor) -> Pred {
        actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, Pred::All),
            (Role::TeamMember, Pred::All),
            (Role::DistrictOffice, Pred::is("state", State::InUse)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::samples;

    #[test]
    fn teams_read_the_library_and_the_office_keeps_it() {
        let entry = store::sample(State::InUse);
        for (role, reads, keeps) in [
            (Role::TeamMember, true, false),
            (Role::OfficeLiaison, true, true),
            (Role::OrganisationLiaison, false, false),
            (Role::Discipline, false, false),
        ] {
            let actor = samples::stranger(role);
            assert_eq!(TypicalProblem::visible(&actor).holds(&entry), reads, "{role:?}");
            assert_eq!(entry.may(&actor, Deed::Edit), keeps, "{role:?}");
        }
    }
}
