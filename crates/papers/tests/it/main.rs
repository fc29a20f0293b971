//! Measures laid-out documents against GB/T 9704—2012, through the finished PDF and the docx.
#![expect(clippy::expect_used, reason = "outside of test functions a helper that fails is a failed test")]

mod docx;
mod pdf;
mod samples;
