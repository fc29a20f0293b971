//! Area results.
