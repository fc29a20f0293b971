//! Imports of real-life ledgers: workbooks as offices keep them become records through the same deeds
//! as pages, so that permissions, rules, numbers, history and audit are the same.
//!
//! The way of a file: [`ledger::read`] recognises it, [`run::preview`] tries every row in a transaction
//! that is taken back, [`run::commit`] does the same and keeps it, all rows or none. What a file's row
//! means is told by the cell it stands in; nothing is guessed in silence, and what is not taken over
//! is listed.
//!
//! The same row again changes nothing: rows are known by their natural key, either from the batch that
//! brought them or from the records themselves. A whole batch can be taken back with [`batches::undo`].

pub mod batches;
mod close;
mod command;
mod compare;
pub mod keep;
mod kind;
mod kinds;
pub mod ledger;
mod memo;
pub mod report;
pub mod row;
pub mod run;
mod template;
#[cfg(test)]
mod tests;
mod words;

pub use command::{Options, command, report_text, status};
pub use kind::{Column, Kind, To};
pub use kinds::KINDS;
pub use template::template;

use kit::{Actor, App, Refusal, Result};

/// The kind with this code.
///
/// # Errors
/// A refusal that names the codes there are.
pub fn kind(code: &str) -> Result<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code).ok_or_else(|| {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
        Refusal::bad_request(format!("没有名为“{code}”的导入种类，可用的有：{}。", known.join("、"))).into()
    })
}

/// The kinds that `actor` may import: those whose records the person may make.
pub fn offered(app: &App, actor: &Actor) -> Vec<&'static Kind> {
    KINDS.iter().filter(|kind| kind.is_offered(app, actor)).collect()
}
