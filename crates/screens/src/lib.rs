//! Statistics that find collusion in the data of tenders: what prices, participation and published indicators tell.
//!
//! - [`price`]: screens on the bids of one tender, each a number or the reason why there is none;
//! - [`subsets`]: the same screens over every group of three and of four bids of a tender;
//! - [`coalition`]: the same screens over the bids of one fixed group of bidders in many tenders;
//! - [`bills`]: how the priced bills of two bidders follow each other;
//! - [`digits`]: first and last digits of amounts;
//! - [`table`]: a file of bids in, a table of screens out, with a report of what was treated how;
//! - [`network`]: who meets whom more often than chance allows, and who only ever loses;
//! - [`ranking`]: tenders in the order in which they resemble an office's own confirmed cases;
//! - [`invented`]: markets made up from a seed, with rings whose tenders are known;
//! - [`cardinal`]: the eleven indicators that Open Contracting publishes, over compiled releases.
//!
//! Everything here ranks and points, nothing decides. What cannot be computed says why ([`Why`]); it is never zero and
//! never "not flagged". The same input and the same seed give the same answer on every machine.

pub mod bills;
pub mod cardinal;
pub mod coalition;
pub mod digits;
pub mod invented;
pub mod network;
pub mod price;
pub mod ranking;
pub mod subsets;
pub mod table;

pub use price::{Prices, Screen, Screens, Value, Why};

/// What may go wrong with a file; the sentence is meant for the person who gave it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file or the request cannot be used as it is.
    #[error("{0}")]
    Refused(String),
    /// The machine could not read or write.
    #[error("读写文件时出错：{0}")]
    Io(#[from] std::io::Error),
}

/// The answer or a sentence.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<csv::Error> for Error {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::Io(error),
            kind => Self::Refused(format!("表格文件无法读取，请检查分隔符和引号：{kind:?}。")),
        }
    }
}
