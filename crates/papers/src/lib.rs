//! Official documents laid out by GB/T 9704—2012: one value, [`Paper`], out of which come PDF/A, pages as pictures and docx.
//!
//! No database, no network, no clock: the caller gives the instant. Fonts come from folders the caller names, else from
//! the program itself, so that a document can be made on a machine without any font.
//!
//! ```
//! use papers::{Block, Form, Paper, Typesetter};
//!
//! let typesetter = Typesetter::new(&[])?;
//! let paper = Paper {
//!     form: Form::RedHead,
//!     issuer: "中共某市委巡察工作领导小组办公室文件".into(),
//!     number: "某巡办〔2023〕1号".into(),
//!     title: "关于开展巡察的通知".into(),
//!     body: vec![Block::paragraph("经研究,现通知如下。")],
//!     ..Paper::default()
//! };
//! let at = chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap_or_default();
//! let set = typesetter.set(&paper, at)?;
//! assert!(set.pdf()?.starts_with(b"%PDF"));
//! assert!(papers::docx(&paper, at)?.starts_with(b"PK"));
//! # Ok::<(), papers::Fault>(())
//! ```

mod docx;
mod fonts;
#[cfg(feature = "testing")]
pub mod measure;
mod model;
pub mod page;
pub mod text;
mod typeset;

pub use docx::{docx, marked_docx};
pub use fonts::Face;
pub use model::{Attachment, Attendance, Block, Colophon, Column, Form, Level, Paper, Table, Trace};
pub use typeset::{Typeset, Typesetter};

/// Why a document could not be laid out. The texts are for operators; people get a number.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A font that the program brings along cannot be read.
    #[error("a font of the program cannot be read: {0}")]
    Font(String),
    /// The layout was refused.
    #[error("the layout was refused: {0}")]
    Layout(String),
    /// A package could not be written.
    #[error("the document package could not be written: {0}")]
    Package(#[from] zip::result::ZipError),
    /// Writing failed.
    #[error("writing failed: {0}")]
    Write(#[from] std::io::Error),
    /// A value could not be passed to the layout.
    #[error("a value could not be passed on: {0}")]
    Value(#[from] serde_json::Error),
}

/// What comes of an attempt to lay out a document.
pub type Result<T> = std::result::Result<T, Fault>;
