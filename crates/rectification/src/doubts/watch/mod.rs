//! The watch over rectification: reads what is new, compares it with everything known, and notes signs. Runs every
//! night, and when the office asks for it. It reads in the name of the program and shows nothing to anybody: what it
//! notes is seen by those who may see doubts.

mod evidence;
mod prints;
mod reading;
pub mod signs;

use std::sync::Arc;

use kit::{
    Actor, App, Result, WriteCx,
    jobs::{Doing, Ended, Kind, Progress},
};

pub use evidence::{Match, matches};
pub use prints::Print;

use super::actions;

/// The job.
pub const KIND: Kind =
    Kind::new("rectification_watch", "排查整改疑点", |doing| Box::pin(run(doing))).daily("20 1 * * *");

/// Files read and compared in one transaction.
const AT_ONCE: usize = 20;

async fn run(doing: &Doing) -> Result<Ended> {
    let Seen { files, noted } = look(&doing.app, &doing.progress).await?;
    let words = format!("核对新增佐证文件 {files} 个，提出疑点 {noted} 条；疑点由人核实，不是结论。");
    Ok(Ended::saying(words).link(format!("/{}", super::NOUN)))
}

/// What a watch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Files read for the first time.
    pub files: usize,
    /// Doubts that were not known before.
    pub noted: usize,
}

/// Looks at everything that is new.
pub async fn look(app: &App, progress: &Progress) -> Result<Seen> {
    let program = Arc::new(Actor::program("整改疑点排查"));
    let waiting = evidence::waiting(&app.read(&program)).await?;
    let files = waiting.len();
    let mut noted = 0;
    for (at, some) in waiting.chunks(AT_ONCE).enumerate() {
        progress.step(at * AT_ONCE, files)?;
        let prints = prints::of_files(app, some.to_vec()).await?;
        noted += app.write(&program, |cx| Box::pin(keep(cx, prints))).await?;
    }
    progress.say("正在核对销号记录");
    let signs = reading::signs(&app.read(&program)).await?;
    noted += app.write(&program, |cx| Box::pin(actions::note(cx, signs))).await?;
    Ok(Seen { files, noted })
}

async fn keep(cx: &mut WriteCx, prints: Vec<Print>) -> Result<usize> {
    let signs = evidence::keep(cx, prints).await?;
    actions::note(cx, signs).await
}
