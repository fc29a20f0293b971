//! Spreadsheets out and in.
