//! On site (了解): everything a team hears, reads and sees while it is in an organisation. Talks, letters,
//! files, visits and meetings are entered once here and cited by working drafts later.

pub mod announcements;
pub mod assemblies;
pub mod contacts;
pub mod file_request_items;
pub mod file_requests;
pub mod informants;
pub mod officers;
pub mod openings;
pub mod overview;
pub mod petitions;
pub mod questionnaires;
mod rights;
pub mod talk_plans;
pub mod talk_points;
pub mod talks;
pub mod tasks;
pub mod team_meetings;
pub mod upward_letters;
pub mod visits;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        announcements::service(),
        contacts::service(),
        assemblies::service(),
        questionnaires::service(),
        file_requests::service(),
        file_request_items::service(),
        talk_plans::service(),
        talks::service(),
        talk_points::service(),
        petitions::service(),
        informants::service(),
        upward_letters::service(),
        openings::service(),
        visits::service(),
        team_meetings::service(),
        tasks::service(),
    ]
}
