//! `cargo xtask screenshots`: pictures of the pages that `docs/screenshots.json` lists, for the handbook.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::{browser::Stage, process, provision, tree};

#[derive(Args)]
pub(crate) struct Options {
    /// Take pictures with this in their file name only
    filter: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    provision::browser_programs()?;
    let stage = Stage::build()?;
    let mut script = stage.script("screenshots.mjs");
    script.env("SCREENSHOTS", tree::root().join("docs/screenshots.json"));
    script.env("IMAGES", tree::root().join("docs/handbook/images"));
    process::run(script.args(options.filter.as_deref()))?;
    Ok(ExitCode::SUCCESS)
}
