//! Area fieldwork.
