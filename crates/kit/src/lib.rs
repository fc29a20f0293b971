//! What every slice needs.
