//! Area rectification.
