//! Who sees what the nouns of this area share.

use kit::{Actor, Pred, Role};

/// What governs reports: everybody who writes, reviews or receives them.
pub(crate) fn governing(actor: &Actor) -> Pred {
    let inside = [
        Role::CommitteeLeader,
        Role::LeadingGroup,
        Role::OfficeDirector,
        Role::OfficeLiaison,
        Role::TeamHead,
        Role::TeamMember,
    ];
    if actor.program || actor.is_any(&inside) { Pred::All } else { Pred::Nothing }
}

/// Office and team, and the leading group that reads.
pub(crate) fn papers(actor: &Actor) -> Pred {
    actor.reach([
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
    ])
}

/// What decision bodies do: they themselves and the office.
pub(crate) fn decisions(actor: &Actor) -> Pred {
    if actor.is_any(&[Role::CommitteeLeader, Role::LeadingGroup]) || actor.is_office() {
        Pred::All
    } else {
        Pred::Nothing
    }
}

/// The places in which everybody of a role works, told apart for sample records.
pub(crate) fn keeps(actor: &Actor) -> bool {
    actor.is(Role::OfficeDirector)
}
