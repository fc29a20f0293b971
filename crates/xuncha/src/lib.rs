//! The program: all areas put together, with the command line, pages, figures, imports and the
//! demonstration city.

pub mod apart;
pub mod assemble;
pub mod backup;
pub mod cli;
mod cluster;
pub mod demo;
pub mod doctor;
pub mod figures;
pub mod imports;
pub mod intake;
pub mod jobs;
mod model_commands;
pub mod pages;
mod ranking_commands;
mod screen_commands;
pub mod usage;
pub mod verify;
