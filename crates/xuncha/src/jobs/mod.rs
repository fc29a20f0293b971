//! The kinds of jobs of this program: one file each, one list.

mod backup;
mod clean;
mod import;
#[cfg(test)]
pub(crate) mod tests;

use kit::jobs::Kind;

pub use import::order as order_import;

/// All kinds of jobs, of all areas.
pub fn kinds() -> Vec<Kind> {
    let mut kinds = vec![import::KIND, kit::web::export::KIND, backup::KIND, clean::KIND];
    kinds.extend(rectification::jobs());
    kinds.extend(results::jobs());
    kinds.extend(analysis::jobs());
    kinds.extend(paperwork::jobs());
    kinds
}
