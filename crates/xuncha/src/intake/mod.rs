//! Public intake, the office's side: what is given to the intake host, and how its letters become petitions. The
//! host itself stands in the crate `intake` and shares nothing with this installation but signed files.

mod carry;
pub mod command;
mod keys;
mod publish;

pub use carry::{Report, Trust, import};
pub use publish::publish;
