//! Who reads and keeps what a team gathers: the part of the permission table (domain.md 3.5) that the nouns of this
//! area share.

use kit::{Actor, Pred, Role};
use uuid::Uuid;

/// Talks and letters: the own team, and those who may open them for a reason.
pub(crate) fn sensitive(actor: &Actor) -> Pred {
    actor.reach([
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
    ])
}

/// Whether `actor` leads the team of `inspection`.
pub(crate) fn leads(actor: &Actor, inspection: Uuid) -> bool {
    actor.is_for(Role::TeamHead, inspection)
}

/// Whether `actor` belongs to any team.
pub(crate) fn of_a_team(actor: &Actor) -> bool {
    actor.is_any(&[Role::TeamHead, Role::TeamMember])
}

/// Whether `actor` opens talks and letters of others, for a reason and on record.
pub(crate) fn opens(actor: &Actor, inspection: Uuid) -> bool {
    actor.is_any(&[Role::LeadingGroup, Role::OfficeDirector]) && !actor.in_team(inspection)
}

/// Work of the own teams that fulfils `condition`.
pub(crate) fn own_work(actor: &Actor, condition: Pred) -> Pred {
    let own = [Role::TeamHead, Role::TeamMember].map(|role| actor.own_inspections(role));
    Pred::any(own.to_vec()).and(condition)
}

/// Work of the teams that `actor` leads.
pub(crate) fn led_work(actor: &Actor, condition: Pred) -> Pred {
    actor.own_inspections(Role::TeamHead).and(condition)
}
