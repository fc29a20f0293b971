//! Stories of a team on site, told on a database of their own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where it cannot go on"
)]

mod letters;
mod papers;
mod questionnaires;
mod support;
mod talks;
