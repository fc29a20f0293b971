//! What the office's policies say today, for tools that know no area.

use db::Sql;

use crate::{Cx, Error, Result};

/// The amount of policy `code` that holds today.
///
/// # Errors
/// A fault when no such policy holds: the areas enter every code that is used.
pub async fn amount(cx: &Cx, code: &str) -> Result<i64> {
    let today = cx.today();
    let mut sql = Sql::new("select amount from policy where code = ");
    sql.bind(code).push(" and valid_from <= ").bind(today);
    sql.push(" and (valid_to is null or valid_to >= ").bind(today).push(") order by valid_from desc limit 1");
    let rows = cx.rows(sql).await?;
    let row = rows.first().ok_or_else(|| Error::Fault(format!("no policy {code} on {today}")))?;
    Ok(row.try_get_by_index(0)?)
}
