//! Attempts to sign in are counted before they are checked, so that attempts side by side cannot slip
//! through, and in the database, so that a restart forgets nothing.
//!
//! What is counted stands under a keyed digest: a password typed into the wrong field is not stored.

use chrono::{DateTime, Duration, Utc};
use db::Sql;
use kit::{App, Cx, Refusal, Result, WriteCx, error::Reason};

/// After this long without a further failure, counting starts anew.
const FORGOTTEN_AFTER_HOURS: i64 = 24;

/// What failures are counted for, with the number that has no consequence. An address may be that of
/// a whole office, so it is allowed more.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    key: String,
    free: i64,
}

impl Subject {
    /// The account of this login name, whether it exists or not.
    pub(super) fn account(app: &App, login: &str) -> Self {
        Self { key: app.seal().token("sign-in account", login), free: 4 }
    }

    /// The second factor of this account.
    pub(super) fn factor(app: &App, account: uuid::Uuid) -> Self {
        Self { key: app.seal().token("sign-in factor", &account.to_string()), free: 4 }
    }

    /// The network address.
    pub(super) fn address(app: &App, origin: &str) -> Self {
        Self { key: app.seal().token("sign-in address", origin), free: 20 }
    }
}

/// How long to wait after so many failures, in seconds.
fn delay(failures: i64, free: i64) -> i64 {
    match failures - free {
        ..=0 => 0,
        1 => 5,
        2 => 15,
        3 => 60,
        4 => 5 * 60,
        5 => 15 * 60,
        _ => 30 * 60,
    }
}

/// Counts an attempt for every subject.
///
/// # Errors
/// A refusal that says how long to wait when one of them is blocked; then nothing was counted.
pub(super) async fn claim(cx: &mut WriteCx, subjects: &[Subject]) -> Result<()> {
    let forgotten = cx.now - Duration::hours(FORGOTTEN_AFTER_HOURS);
    for subject in subjects {
        let failures = count(cx, subject, forgotten).await?;
        if failures == 0 {
            return Err(wait(blocked_until(cx, subject).await? - cx.now).into());
        }
        let until = cx.now + Duration::seconds(delay(failures, subject.free));
        let mut sql = Sql::new("update sign_in_failure set blocked_until = ");
        sql.bind(until).push(" where subject = ").bind(subject.key.as_str());
        cx.execute(sql).await?;
    }
    let mut sql = Sql::new("delete from sign_in_failure where last_at < ");
    sql.bind(forgotten);
    cx.execute(sql).await?;
    Ok(())
}

/// The failures of `subject` with this one; 0 when it is blocked.
async fn count(cx: &Cx, subject: &Subject, forgotten: DateTime<Utc>) -> Result<i64> {
    let mut sql =
        Sql::new("insert into sign_in_failure (subject, failures, last_at, blocked_until) values (");
    sql.bind(subject.key.as_str()).push(", 1, ").bind(cx.now).push(", ").bind(cx.now);
    sql.push(
        ") on conflict (subject) do update set last_at = excluded.last_at, \
         failures = case when sign_in_failure.last_at < ",
    );
    sql.bind(forgotten)
        .push(" then 1 else sign_in_failure.failures + 1 end where sign_in_failure.blocked_until <= ");
    sql.bind(cx.now).push(" returning failures");
    cx.number(sql).await
}

async fn blocked_until(cx: &Cx, subject: &Subject) -> Result<DateTime<Utc>> {
    let mut sql = Sql::new("select blocked_until from sign_in_failure where subject = ");
    sql.bind(subject.key.as_str());
    let rows = cx.rows(sql).await?;
    rows.first().map_or(Ok(cx.now), |row| Ok(row.try_get_by_index(0)?))
}

fn wait(left: Duration) -> Refusal {
    let seconds = left.num_seconds().max(1);
    let words =
        if seconds < 60 { format!("{seconds} 秒") } else { format!("{} 分钟", (seconds + 59) / 60) };
    Refusal::new(Reason::SignIn, format!("登录失败次数较多，请在 {words}后再试。"))
}

/// Takes back what a right password had counted: all of its account, this one of its address.
pub(super) async fn succeed(cx: &mut WriteCx, account: &Subject, address: Option<&Subject>) -> Result<()> {
    let mut sql = Sql::new("delete from sign_in_failure where subject = ");
    sql.bind(account.key.as_str());
    cx.execute(sql).await?;
    if let Some(address) = address {
        let mut sql = Sql::new("update sign_in_failure set failures = failures - 1, blocked_until = ");
        sql.bind(cx.now).push(" where subject = ").bind(address.key.as_str());
        cx.execute(sql).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_failures_are_free_then_the_wait_grows_to_half_an_hour() {
        let waits: Vec<i64> = (1..=12).map(|failures| delay(failures, 4)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 5, 15, 60, 300, 900, 1800, 1800, 1800]);
    }
}
