//! Area registry.
