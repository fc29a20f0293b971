//! Area planning.
