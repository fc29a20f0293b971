//! Paperwork: official documents made from any record by templates that the office keeps, reviewed, signed, numbered,
//! dispatched and archived, and the register of files that left the program.
//!
//! A template hangs on a noun and reads its records as their pages show them to whoever drafts, so any noun can have
//! documents and nobody writes into one what he may not see.

pub mod document_dispatches;
pub mod document_templates;
pub mod documents;
mod facts;
pub mod file_exports;
mod hang;
mod markup;
mod pages;
mod render;

pub use hang::hang;
pub use pages::{leaving, pages};

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        documents::service(),
        document_dispatches::service(),
        document_templates::service(),
        file_exports::service(),
    ]
}

/// Enters the templates whose codes do not exist yet; what the office has changed stays.
pub async fn seed(cx: &mut kit::WriteCx) -> kit::Result<()> {
    document_templates::actions::seed(cx).await
}
