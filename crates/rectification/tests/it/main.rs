//! The stories of rectification, told through the one way in for deeds.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests: where a story cannot go on, it stops"
)]

mod assets;
mod campaigns;
mod described;
mod evaluation;
mod guards;
mod measures;
mod plans;
mod publicity;
mod reports;
mod review;
mod rules;
mod speed;
mod support;
