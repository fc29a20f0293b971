//! Spreadsheets in and out, as plain values: no database, no network, no clock.
//!
//! - [`hazards::find`] looks into documents of any kind for what could act by itself: macros, outside references, scripts.
//! - [`sheet::read`] opens an uploaded `.xlsx` or `.csv` within strict [`sheet::Limits`] and refuses disguised, broken
//!   and hostile files with a sentence for the user.
//! - [`recognise::recognise`] finds the header and the data rows of a ledger as offices really keep them, and lists all
//!   it could not understand with its place.
//! - [`separated::Pieces`] take csv of any length apart, piece by piece, for whoever reads millions of rows.
//! - [`sheet::SheetWriter`] and [`sheet::CsvWriter`] write ledgers row by row in constant memory; stored text never
//!   becomes a formula.
//!
//! # A ledger in
//!
//! ```
//! use documents::recognise::{ColumnSpec, Due, Options, Parsed, ValueKind, recognise};
//! use documents::{sheet, synonyms};
//!
//! let specs = [
//!     ColumnSpec {
//!         key: "organisation",
//!         label: "被巡察单位",
//!         synonyms: synonyms::ORGANISATION,
//!         kind: ValueKind::Text,
//!         required: true,
//!         fill_down: true,
//!     },
//!     ColumnSpec {
//!         key: "deadline",
//!         label: "完成时限",
//!         synonyms: synonyms::DEADLINE,
//!         kind: ValueKind::Deadline,
//!         required: false,
//!         fill_down: false,
//!     },
//! ];
//! let upload = "整改台账,\n单 位,整改时限\n市教育局,长期坚持\n,4月底前\n合计,2\n";
//! let book = sheet::read("台账.csv", upload.as_bytes(), &sheet::Limits::default())?;
//! let ledger = recognise(&book, &specs, &Options { default_year: Some(2023), ..Options::default() })?;
//!
//! assert_eq!(ledger.title, ["整改台账"]);
//! let second = &ledger.rows[1].values;
//! assert_eq!(second["organisation"].address.to_string(), "A3");
//! assert_eq!(second["deadline"].raw.as_ref(), "4月底前");
//! assert!(matches!(second["deadline"].value, Parsed::Deadline(Due::On(day), _) if day.to_string() == "2023-04-30"));
//! assert_eq!(ledger.ignored[0].reason, "合计行");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A ledger out
//!
//! See [`sheet::SheetWriter`].

pub mod decimal;
pub mod hazards;
pub mod recognise;
pub mod separated;
pub mod sheet;
pub mod synonyms;
pub mod text;
