//! Stories of a team on site, told on a database of their own.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

mod letters;
mod support;
mod talks;
