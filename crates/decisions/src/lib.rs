//! Area decisions.
