//! The screens, the indicators and the network from outside.
#![expect(clippy::float_cmp, reason = "values that must be exactly the same are compared so")]
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail where it stands")]

mod cardinal;
mod network;
mod price;
mod ranking;
mod table;

/// Equal to a relative 1e-9.
#[track_caller]
fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1e-12), "{found} is not {wanted}");
}
