//! The annual review.
