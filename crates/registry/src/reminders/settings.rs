//! How each person wants to be reminded.

use db::Sql;
use kit::{Cx, Done, Labelled as _, Refusal, Result, WriteCx};

use super::{Manner, NOUN};

/// How a person wants to be reminded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// One notice a day or one for each record.
    pub manner: Manner,
    /// Nouns about which the person is not reminded before the last day.
    pub quiet: Vec<String>,
}

impl Default for Setting {
    fn default() -> Self {
        Self { manner: Manner::Digest, quiet: Vec::new() }
    }
}

/// The setting of the actor of `cx`; the usual one when nothing was chosen.
pub async fn of(cx: &Cx) -> Result<Setting> {
    let mut sql = Sql::new("select manner, quiet from reminder_setting where account_id = ");
    sql.bind(cx.actor.account);
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(Setting::default()) };
    let quiet: String = row.try_get_by_index(1)?;
    Ok(Setting {
        manner: row.try_get_by_index(0)?,
        quiet: quiet.split(',').filter(|noun| !noun.is_empty()).map(str::to_owned).collect(),
    })
}

/// Keeps what the actor chose.
pub async fn keep(cx: &mut WriteCx, manner: &str, quiet: &[String]) -> Result<()> {
    let account = cx.actor.account.ok_or_else(Refusal::not_found)?;
    let manner = Manner::parse(manner).ok_or_else(|| Refusal::field("manner", "请选择提醒方式。"))?;
    let known = |noun: &String| cx.app().registry().service(noun).is_some();
    if quiet.len() > 200 || !quiet.iter().all(known) {
        return Err(Refusal::bad_request("提醒种类不正确，没有保存。").into());
    }
    let mut sql = Sql::new("insert into reminder_setting (account_id, version, manner, quiet) values (");
    sql.bind(account).push(", 1, ").bind(manner).push(", ").bind(quiet.join(","));
    sql.push(") on conflict (account_id) do update set version = reminder_setting.version + 1, manner = excluded.manner, quiet = excluded.quiet");
    cx.execute(sql).await?;
    cx.done(Done::new(NOUN, account, "keep_setting", "设置提醒"));
    Ok(())
}
