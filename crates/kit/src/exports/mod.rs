//! The register of files that left the program (导出登记): who took what, when, under which number. The number stands in
//! every file and on every printed page of it, so that a sheet found outside leads back here and into the audit chain.
//!
//! A file is announced first, which gives the number to be written into it, and entered when it is finished; only then is
//! it handed out. A number without entry belongs to a file that was never finished.

mod actions;
mod service;
mod store;

use crate::{Actor, Pred, Role};

pub use actions::{Taken, announce, enter, register};
pub use service::service;
pub use store::{Model as FileExport, Relation};

/// Path segment of the noun.
pub const NOUN: &str = "exports";

crate::id!(
    /// Identity of an export.
    ExportId
);

/// Who takes a file out, when, under which number: what the file itself says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The person.
    pub person: String,
    /// Where the person works.
    pub organisation: String,
    /// When, in office time.
    pub at: String,
    /// `DC-20230601-00017`.
    pub number: String,
}

impl Trace {
    /// The line above a table and at the foot of a page.
    pub fn line(&self) -> String {
        let Self { person, organisation, at, number } = self;
        format!("导出时间：{at}　导出人：{organisation} {person}　导出编号：{number}")
    }

    /// The words of the watermark.
    pub fn mark(&self) -> documents::sheet::Mark {
        let Self { person, organisation, number, .. } = self;
        documents::sheet::Mark {
            watermark: format!("{organisation} {person} {number}"),
            line: self.line(),
            number: number.clone(),
        }
    }
}

/// The office and the auditor see every export.
pub fn visible(actor: &Actor) -> Pred {
    if actor.is_any(&[Role::OfficeDirector, Role::OfficeLiaison, Role::SecurityAuditor]) {
        Pred::All
    } else {
        Pred::Nothing
    }
}
