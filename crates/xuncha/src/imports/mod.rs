//! Imports of real-life ledgers.
