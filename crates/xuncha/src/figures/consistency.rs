//! Consistency of draft texts.
