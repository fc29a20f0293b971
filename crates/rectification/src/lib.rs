//! Rectification (整改): what the inspected organisation does about the problems fed back to it.
//! Plans with their measures and the opinions on them, progress and reports with evidence, urging, close-out,
//! evaluation and publicity; checks afterwards and doubts; campaigns of deepened rectification, the
//! ledger of idle state assets, and the rules that were built.

mod access;
pub mod accountabilities;
pub mod asset_movements;
pub mod assets;
pub mod campaigns;
mod common;
pub mod cooperations;
pub mod doubts;
pub mod evaluations;
pub mod instructions;
pub mod measures;
pub mod opinions;
pub mod polls;
pub mod publicities;
pub mod rechecks;
pub mod rect_plans;
pub mod reports;
pub mod rules_built;
pub mod schemes;
pub mod subjects;
pub mod urgings;
pub mod verifications;

use kit::grid as html;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        rect_plans::service(),
        opinions::service(),
        measures::service(),
        cooperations::service(),
        reports::service(),
        instructions::service(),
        urgings::service(),
        evaluations::service(),
        schemes::service(),
        polls::service(),
        publicities::service(),
        accountabilities::service(),
        campaigns::service(),
        assets::service(),
        asset_movements::service(),
        rules_built::service(),
        rechecks::service(),
        verifications::service(),
        doubts::service(),
    ]
}

/// The jobs of this area.
pub fn jobs() -> Vec<kit::jobs::Kind> {
    vec![doubts::watch::KIND]
}

/// Enters what comes along with the program and an installation lacks; what the office has changed stays.
pub async fn seed(cx: &mut kit::WriteCx) -> kit::Result<()> {
    schemes::seed(cx).await
}
