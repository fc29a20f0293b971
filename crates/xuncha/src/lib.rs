//! The program: all areas put together, with the command line, figures, imports and the
//! demonstration city.

pub mod demo;
pub mod figures;
pub mod imports;
