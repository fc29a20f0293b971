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

/// The ordinary papers of a team: its own, and the office that is in contact with it.
pub(crate) fn papers(actor: &Actor) -> Pred {
    actor.reach([
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
    ])
}

/// What the inspected organisation shares with the team: its own rows that fulfil `known`.
pub(crate) fn own_side(actor: &Actor, known: Pred) -> Pred {
    actor.own_organisations(Role::OrganisationLiaison, "organisation_id").and(known)
}

/// Whether `actor` belongs to any team or to the office, which helps it with its papers.
pub(crate) fn of_team_or_office(actor: &Actor) -> bool {
    of_a_team(actor) || actor.is_office()
}
