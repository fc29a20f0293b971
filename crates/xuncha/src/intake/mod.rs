//! Public intake, the office's side: what is given to the intake host, and how its letters become petitions. The
//! host itself stands in the crate `intake` and shares nothing with this installation but signed files.

mod carry;
pub mod command;
mod keys;
mod publish;
pub mod register;

pub use carry::{Report, Trust, import, may_carry, take_in};
pub use keys::{Key, may_renew, renew, ring};
pub use publish::publish;
