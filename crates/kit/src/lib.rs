//! What every slice needs, and no word of the office in it.
//!
//! A slice says what it *is* (types, states, rules: [`labelled!`], [`Lifecycle`], [`Pred`]), stores it
//! ([`store`]), does its deeds in one transaction ([`WriteCx`]) and describes itself ([`Service`]).
//! From that description come pages, JSON API, OpenAPI document, imports, exports and the tests that
//! walk every route.

// The macros of this crate name it as others do.
extern crate self as kit;

pub mod access;
mod ahead;
pub mod audit;
mod by_unit;
pub mod calendar;
pub mod checkpoint;
pub mod clock;
pub mod cx;
pub mod dates;
pub mod dictionary;
pub mod error;
pub mod exports;
pub mod files;
pub mod form;
pub mod grid;
mod held;
pub mod ids;
pub mod jobs;
pub mod keys;
mod labelled;
pub mod lifecycle;
pub mod lookup;
pub mod numbers;
pub mod perform;
pub mod policy;
pub mod proof;
mod recent;
pub mod seal;
pub mod search;
pub mod seeds;
pub mod service;
pub mod shown;
pub mod store;
pub mod table;
#[cfg(feature = "testing")]
pub mod testing;
pub mod units;
pub mod unsealing;
pub mod web;

pub use access::{Actor, Post, Pred, Role};
pub use clock::Clock;
pub use cx::{App, Audience, Cx, Done, WriteCx};
pub use error::{Error, Refusal, Result, unusable};
pub use form::{Field, Form};
pub use labelled::{Choice, Labelled, Tone};
pub use lifecycle::{Governed, Lifecycle};
pub use service::{Deed, Outcome, RecordView, Secrecy, Service, Tab};
pub use shown::{Shown, alarms};
pub use table::{Column, Table};
pub use units::{Area, Fen};

// For the macros of this crate.
#[doc(hidden)]
pub use sea_orm;
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use uuid;
