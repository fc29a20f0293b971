//! What is found in an inspection: working drafts with their evidence and sources, the problems made of
//! them with their closures, leads under seal, and projects suspected of breaking law or rules.

pub mod classify;
pub mod closures;
pub mod consultation_points;
pub mod consultations;
pub mod draft_sources;
pub mod drafts;
pub mod evidence;
pub mod fact_sheets;
mod handing;
pub mod immediate_actions;
pub mod leads;
pub mod passports;
pub mod problems;
pub mod suspect_projects;
pub mod typical_problems;

/// Whether `actor` inspects, or leads and helps those who do: what a finding rests on is for them.
fn inspects(actor: &kit::Actor, inspection: uuid::Uuid) -> bool {
    actor.is_office() || actor.is(kit::Role::LeadingGroup) || actor.in_team(inspection)
}

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        drafts::service(),
        draft_sources::service(),
        evidence::service(),
        fact_sheets::service(),
        immediate_actions::service(),
        typical_problems::service(),
        consultations::service(),
        consultation_points::service(),
        problems::service(),
        leads::service(),
        passports::service(),
        suspect_projects::service(),
        closures::service(),
    ]
}
