//! Supervision models: data of an inspected unit in, doubts (疑点) with reasons out.
//!
//! A model is a tested recipe ([`recipe::Recipe`]): a description in Chinese, the fields it needs, parameters, a
//! query over columns and one sentence for each hit. The [`library`] is built in; an office adds its own. Files are
//! read row by row ([`source`]) into typed columns with a report on everything that was not taken as it stood
//! ([`load`]); the [`engine`] answers queries within a bounded memory; [`run`] puts them together.
//!
//! No database of records, no network, no clock: what comes out depends on what goes in alone, so the same run
//! again gives the same hits.

pub mod bind;
pub mod check;
pub mod codes;
pub mod engine;
mod error;
mod functions;
pub mod job;
pub mod library;
pub mod load;
pub mod names;
pub mod profile;
pub mod recipe;
pub mod run;
pub mod sampling;
pub mod screens;
pub mod source;
pub mod value;

pub use error::{Error, Result};
