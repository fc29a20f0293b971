//! Paperwork: official documents made from any record by templates that the office keeps, reviewed, signed, numbered,
//! dispatched and archived, one by one or all of a round in one go.
//!
//! A template hangs on a noun and reads its records as their pages show them to whoever drafts, so any noun can have
//! documents and nobody writes into one what he may not see.

pub mod batch;
pub mod document_dispatches;
pub mod document_templates;
pub mod documents;
mod facts;
mod hang;
mod ledger;
mod markup;
pub mod official;
mod pages;
mod render;
mod specimens;

pub use hang::hang;
pub use pages::{leaving, pages};
pub use render::fonts;
pub use specimens::{Specimen, specimens};

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![documents::service(), document_dispatches::service(), document_templates::service()]
}

/// The kinds of jobs of this area.
pub fn jobs() -> Vec<kit::jobs::Kind> {
    vec![batch::KIND]
}

/// Enters the templates whose codes do not exist yet; what the office has changed stays.
pub async fn seed(cx: &mut kit::WriteCx) -> kit::Result<()> {
    document_templates::actions::seed(cx).await
}
