//! Every night: a backup of everything, read back, and the oldest removed.

use kit::{
    Result,
    jobs::{Doing, Ended, Kind},
};
use registry::policies;

use crate::backup;

pub(super) const KIND: Kind = Kind::new("backup", "备份", |doing| Box::pin(run(doing))).daily("30 2 * * *");

async fn run(doing: &Doing) -> Result<Ended> {
    let cx = doing.read();
    let most = policies::amount(&cx, "backup_keep", cx.today()).await?;
    let most = usize::try_from(most).unwrap_or(1);
    let (path, manifest, removed) = backup::take_and_keep(&doing.app, most, &doing.progress).await?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Ended::saying(format!(
        "已备份到 {name} 并核对：{} 张表 {} 行，文件 {} 个；按保留份数删除旧备份 {removed} 份。",
        manifest.tables.len(),
        manifest.rows(),
        manifest.files()
    )))
}
