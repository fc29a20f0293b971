//! How the installation really runs: effective settings, keys, disk, jobs, backups, second factors.

use std::{path::Path, sync::Arc, time::SystemTime};

use db::Sql;
use kit::{Actor, App, Cx, Result, Role, jobs};
use registry::accounts::factor;

use crate::backup;

/// Room on the disk below which the doctor warns, in bytes.
const LEAST_ROOM: u64 = 2 << 30;
/// How long a job may wait after its time, in minutes.
const LONGEST_WAIT: i64 = 10;

/// One thing the doctor looked at.
#[derive(Debug, serde::Serialize)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// What was found.
    pub found: String,
    /// Whether it is as it should be.
    pub good: bool,
}

fn finding(what: &'static str, found: impl Into<String>, good: bool) -> Finding {
    Finding { what, found: found.into(), good }
}

/// Looks at everything.
pub async fn examine(app: &App) -> Result<Vec<Finding>> {
    let cx = app.read(&Arc::new(Actor::program("检查")));
    let mut findings = vec![finding("程序版本", env!("CARGO_PKG_VERSION"), true), schema(&cx).await?];
    for (what, found, good) in app.db().settings().await? {
        findings.push(finding(what, found, good));
    }
    findings.push(key_mode(app, "密钥文件权限", "seal.key", true));
    findings.push(key_mode(app, "签名密钥权限", "sign.key", false));
    findings.push(room(app.folder()));
    findings.push(fonts(app).await?);
    findings.push(queue(&cx).await?);
    findings.push(schedules(&cx).await?);
    findings.push(backups(&cx).await?);
    findings.push(factors(&cx).await?);
    Ok(findings)
}

/// Free fonts stand in for those the office has no licence for; that is worth knowing and no fault.
async fn fonts(app: &App) -> Result<Finding> {
    let missing = paperwork::fonts(app).await?;
    let found = if missing.is_empty() { String::from("标准字体齐全") } else { missing.concat() };
    Ok(finding("公文字体", found, true))
}

async fn schema(cx: &Cx) -> Result<Finding> {
    let known = db::migrations(cx.conn().backend()).len();
    let applied = cx.number(Sql::new("select count(*) from schema_migration")).await?;
    let found = format!("{applied} 步，程序知道 {known} 步");
    Ok(finding("数据库结构", found, usize::try_from(applied) == Ok(known)))
}

fn key_mode(app: &App, what: &'static str, name: &str, needed: bool) -> Finding {
    let path = app.folder().join("keys").join(name);
    let Ok(data) = std::fs::metadata(&path) else {
        return finding(what, if needed { "没有密钥文件" } else { "还没有生成" }, !needed);
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = data.permissions().mode() & 0o777;
        finding(what, format!("{mode:o}"), mode.trailing_zeros() >= 6)
    }
    #[cfg(not(unix))]
    finding(what, if data.is_file() { "在" } else { "不是文件" }, data.is_file())
}

fn room(folder: &Path) -> Finding {
    let what = "磁盘剩余空间";
    match rustix::fs::statvfs(folder) {
        Ok(disk) => {
            let bytes = disk.f_bavail.saturating_mul(disk.f_frsize);
            finding(what, format!("{} MB", bytes >> 20), bytes >= LEAST_ROOM)
        }
        Err(error) => finding(what, format!("不能读取：{error}"), false),
    }
}

/// A job that waits long after its time means that no worker runs.
async fn queue(cx: &Cx) -> Result<Finding> {
    let queue = jobs::queue(cx).await?;
    let waited = queue.oldest.map_or(0, |oldest| (cx.now - oldest).num_minutes());
    let found = format!(
        "到时未执行 {} 项（最久 {waited} 分钟），执行中 {} 项，一周内未完成 {} 项",
        queue.due, queue.running, queue.failed
    );
    Ok(finding("任务队列", found, waited <= LONGEST_WAIT))
}

async fn schedules(cx: &Cx) -> Result<Finding> {
    let resting = Sql::new("select kind from job_schedule where state <> 'on' order by kind");
    let app = cx.app().clone();
    let mut labels = Vec::new();
    for row in cx.rows(resting).await? {
        let code: String = row.try_get_by_index(0)?;
        labels.push(app.registry().job(&code).map_or(code.clone(), |kind| kind.label.to_owned()));
    }
    let found = if labels.is_empty() {
        String::from("都已启用")
    } else {
        format!("停用：{}", labels.join("、"))
    };
    Ok(finding("定时任务", found, labels.is_empty()))
}

/// A new installation has no backup yet and is no fault for as long as one may be old.
async fn backups(cx: &Cx) -> Result<Finding> {
    let what = "最近备份";
    let hours = registry::policies::amount(cx, "backup_age", cx.today()).await?;
    let limit = chrono::Duration::hours(hours.max(1));
    let Some((path, written)) = backup::newest(&backup::folder(cx.app()))? else {
        let young = cx.now - begun(cx).await? <= limit;
        return Ok(finding(what, "还没有备份", young));
    };
    let age = SystemTime::now().duration_since(written).unwrap_or_default();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let hours = age.as_secs() / 3600;
    let good = limit.to_std().is_ok_and(|limit| age <= limit);
    Ok(finding(what, format!("{name}，{hours} 小时前"), good))
}

/// When the first entry of the audit chain was written.
async fn begun(cx: &Cx) -> Result<chrono::DateTime<chrono::Utc>> {
    let rows = cx.rows(Sql::new("select at from audit_entry order by seq limit 1")).await?;
    rows.first().map_or(Ok(cx.now), |row| Ok(row.try_get_by_index(0)?))
}

/// Accounts whose posts ask for a second factor and that have none yet; they set it up when they sign in.
async fn factors(cx: &Cx) -> Result<Finding> {
    let mut sql = Sql::new(
        "select distinct p.account_id, p.role, f.confirmed_at from post p join account a on a.id = p.account_id \
         left join second_factor f on f.account_id = p.account_id where a.state = 'active' and p.state = 'approved' \
         and p.from_on <= ",
    );
    sql.bind(cx.today()).push(" and (p.to_on is null or p.to_on >= ").bind(cx.today()).push(")");
    let (mut asked, mut missing) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for row in cx.rows(sql).await? {
        let (account, role): (uuid::Uuid, Role) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if !factor::is_required(cx, &[role]).await? {
            continue;
        }
        asked.insert(account);
        if row.try_get_by_index::<Option<chrono::DateTime<chrono::Utc>>>(2)?.is_none() {
            missing.insert(account);
        }
    }
    let found = format!("必须使用的 {} 个账号，尚未启用 {} 个", asked.len(), missing.len());
    Ok(finding("第二因素", found, missing.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::tests::{installation, somebody};

    async fn found(app: &App, what: &str) -> Finding {
        examine(app).await.unwrap().into_iter().find(|finding| finding.what == what).unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_queue_that_nobody_works_off_is_noticed() {
        let test = installation().await;
        assert!(found(&test.app, "任务队列").await.good);
        let program = Arc::new(Actor::program("test"));
        let order = jobs::Order::new("clean", "清理");
        test.app.write(&program, |cx| Box::pin(jobs::enqueue(cx, order))).await.unwrap();
        test.set_clock(test.clock.now() + chrono::Duration::minutes(11));
        let finding = found(&test.app, "任务队列").await;
        assert!(!finding.good && finding.found.contains("到时未执行 1 项"), "{}", finding.found);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_missing_backup_is_noticed_after_a_while_and_a_missing_factor_at_once() {
        let test = installation().await;
        assert!(found(&test.app, "最近备份").await.good);
        assert!(found(&test.app, "第二因素").await.good);
        somebody(&test, Role::OfficeDirector).await;
        let finding = found(&test.app, "第二因素").await;
        assert_eq!((finding.good, finding.found.as_str()), (false, "必须使用的 1 个账号，尚未启用 1 个"));
        test.set_clock(test.clock.now() + chrono::Duration::hours(27));
        assert!(!found(&test.app, "最近备份").await.good);
    }
}
