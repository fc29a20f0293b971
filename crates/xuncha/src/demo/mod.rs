//! The demonstration city, written into the tables.
