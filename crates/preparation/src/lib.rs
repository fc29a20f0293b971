//! Preparation (准备): what other bodies know of an organisation before a team enters it, the picture put
//! together from it, and the agreements and requests by which office, teams and departments work together.

pub mod briefing_items;
pub mod briefing_letters;
pub mod briefings;
pub mod brought_pieces;
pub mod shared;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        briefing_letters::service(),
        briefings::service(),
        briefing_items::service(),
        brought_pieces::service(),
    ]
}
