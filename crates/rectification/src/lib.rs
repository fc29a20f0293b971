//! Rectification (整改): what the inspected organisation does about the problems fed back to it.
//! Plans with their measures, progress with evidence, campaigns of deepened rectification, the
//! ledger of idle state assets, and the rules that were built.

mod access;
pub mod asset_movements;
pub mod assets;
pub mod campaigns;
use kit::grid as html;
pub mod measures;
pub mod rect_plans;
pub mod rules_built;
pub mod subjects;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        rect_plans::service(),
        measures::service(),
        campaigns::service(),
        assets::service(),
        asset_movements::service(),
        rules_built::service(),
    ]
}
