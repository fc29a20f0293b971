//! The register of files that left the program (导出登记): who took what, when, under which number. The number stands on
//! every page of the file, so that a page found outside leads back here.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, Role};

pub use actions::{Taken, register};
pub use service::service;
pub use store::Model as FileExport;
pub use store::{ActiveModel, Column, Entity};

/// Path segment of the noun.
pub const NOUN: &str = "exports";

kit::id!(
    /// Identity of an export.
    ExportId
);

/// The office and the auditor see every export.
pub fn visible(actor: &Actor) -> Pred {
    if actor.is_any(&[Role::OfficeDirector, Role::OfficeLiaison, Role::SecurityAuditor]) {
        Pred::All
    } else {
        Pred::Nothing
    }
}
