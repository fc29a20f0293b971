//! The stories of rectification, told through the one way in for deeds.

mod assets;
mod campaigns;
mod described;
mod measures;
mod plans;
mod rules;
mod support;
