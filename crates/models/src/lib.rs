//! Supervision models: data of an inspected unit in, doubts (疑点) with reasons out.
//!
//! A model is a tested recipe ([`recipe::Recipe`]): a description in Chinese, the fields it needs, parameters, a
//! query over columns and one sentence for each hit. The [`library`] is built in; an office adds its own. Files are
//! read row by row ([`source`]) into typed columns with a report on everything that was not taken as it stood
//! ([`load`]); the [`engine`] answers queries within a bounded memory; [`run`] puts them together.
//!
//! No database of records, no network, no clock: what comes out depends on what goes in alone, so the same run
//! again gives the same hits.

//!
//! Reading files and answering queries stand behind the feature `engine`, so that whoever only needs the catalogue
//! (what models there are, what they mean, how to verify them) does not build a query engine.

pub mod bind;
#[cfg(feature = "engine")]
pub mod check;
#[cfg(feature = "engine")]
pub mod clean;
pub mod codes;
#[cfg(feature = "engine")]
mod column;
#[cfg(feature = "engine")]
pub mod engine;
mod error;
#[cfg(feature = "engine")]
mod frequency;
#[cfg(feature = "engine")]
pub mod functions;
#[cfg(feature = "engine")]
pub mod held;
pub mod hit;
#[cfg(feature = "engine")]
pub mod intake;
#[cfg(feature = "engine")]
pub mod job;
pub mod library;
#[cfg(feature = "engine")]
pub mod load;
#[cfg(feature = "engine")]
pub mod look;
pub mod names;
#[cfg(feature = "engine")]
mod numbers;
#[cfg(feature = "engine")]
pub mod profile;
pub mod recipe;
#[cfg(feature = "engine")]
mod room;
#[cfg(feature = "engine")]
pub mod run;
pub mod sampling;
#[cfg(feature = "engine")]
pub mod screens;
#[cfg(feature = "engine")]
pub mod sealed;
#[cfg(feature = "engine")]
pub mod source;
#[cfg(feature = "engine")]
mod told;
pub mod value;

pub use error::{Error, Result};
