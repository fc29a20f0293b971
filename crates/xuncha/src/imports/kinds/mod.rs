//! The kinds of ledgers, in the order in which an office takes them over: each refers to those before.

mod assets;
mod briefing_items;
mod drafts;
mod inspection_units;
mod inspections;
mod leads;
mod measures;
mod organisations;
mod people;
mod problems;
mod rules;
mod suggestions;
mod talents;
mod typical_problems;
mod units;

use db::Sql;
use kit::{Cx, Refusal, Result};

use super::{Kind, memo::Memo};

/// All kinds.
pub static KINDS: &[Kind] = &[
    organisations::KIND,
    people::KIND,
    talents::KIND,
    inspections::KIND,
    briefing_items::KIND,
    inspection_units::KIND,
    typical_problems::KIND,
    drafts::KIND,
    problems::KIND,
    leads::KIND,
    measures::KIND,
    assets::KIND,
    suggestions::KIND,
];

/// The next code `D0001` of a register that the office numbers itself, for rows without one.
async fn next_code(cx: &Cx, memo: &mut Memo, table: &'static str, prefix: &'static str) -> Result<String> {
    let mut sql = Sql::new("select code from ");
    sql.push(table).push(" where code >= ").bind(prefix).push(" and code < ").bind(format!("{prefix}~"));
    let highest = cx
        .once(format!("import/code/{table}"), async move {
            let serial = |row: &kit::sea_orm::QueryResult| -> Result<i64> {
                let code: String = row.try_get_by_index(0)?;
                Ok(code.strip_prefix(prefix).and_then(|rest| rest.parse().ok()).unwrap_or(0))
            };
            let mut highest = 0;
            for row in &cx.rows(sql).await? {
                highest = highest.max(serial(row)?);
            }
            Ok(highest)
        })
        .await?;
    let given = memo.serial(prefix);
    Ok(format!("{prefix}{:04}", *highest + given))
}

/// A refusal that hangs on the column `key`.
fn at(key: &str, reason: impl Into<String>) -> kit::Error {
    Refusal::field(key, reason).into()
}
