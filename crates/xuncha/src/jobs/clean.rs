//! Every night: what is kept for a while only, and the while is over.

use kit::{
    Result,
    jobs::{self, Doing, Ended, Kind},
};
use registry::policies;

use crate::imports::keep;

pub(super) const KIND: Kind =
    Kind::new("clean", "清理过期内容", |doing| Box::pin(run(doing))).daily("40 3 * * *");

async fn run(doing: &Doing) -> Result<Ended> {
    let cx = doing.read();
    let days = policies::amount(&cx, "job_keep", cx.today()).await?;
    let limit = cx.now - chrono::Duration::days(days.max(1));
    let removed = jobs::forget_before(&doing.app, &doing.actor, limit).await?;
    let ledgers = keep::clean(&doing.app).await?;
    // What grew since yesterday is counted, so that the database goes on choosing its ways well.
    doing.app.db().survey().await?;
    Ok(Ended::saying(format!("清理任务记录 {removed} 条、未提交的台账 {ledgers} 份。")))
}
