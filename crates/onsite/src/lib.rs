//! On site (了解): everything a team hears, reads and sees while it is in an organisation. Talks, letters,
//! files, visits and meetings are entered once here and cited by working drafts later.

pub mod informants;
pub mod officers;
pub mod openings;
pub mod petitions;
mod rights;
pub mod talk_plans;
pub mod talk_points;
pub mod talks;
pub mod upward_letters;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        talk_plans::service(),
        talks::service(),
        talk_points::service(),
        petitions::service(),
        informants::service(),
        upward_letters::service(),
        openings::service(),
    ]
}
