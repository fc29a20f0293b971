//! Preparation (准备): what other bodies know of an organisation before a team enters it, the picture put
//! together from it, and the agreements and requests by which office, teams and departments work together.

pub mod agreements;
pub mod audit_linkages;
pub mod audit_shares;
pub mod briefing_items;
pub mod briefing_letters;
pub mod briefings;
pub mod brought_pieces;
pub mod cite;
pub mod duties;
pub mod focus_items;
pub mod focus_lists;
pub mod focus_rules;
pub mod obligation_dues;
pub mod obligations;
pub mod profile;
pub mod reference;
pub mod shared;
pub mod support_requests;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        agreements::service(),
        obligations::service(),
        obligation_dues::service(),
        audit_linkages::service(),
        audit_shares::service(),
        briefing_letters::service(),
        briefings::service(),
        briefing_items::service(),
        brought_pieces::service(),
        duties::service(),
        focus_rules::service(),
        focus_lists::service(),
        focus_items::service(),
        support_requests::service(),
    ]
}

/// Enters what an installation starts with: the rules of focus.
pub async fn seed(cx: &mut kit::WriteCx) -> kit::Result<()> {
    focus_rules::seed(cx).await?;
    Ok(())
}
