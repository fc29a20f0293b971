//! What the policies in force say on a day: a deadline with its basis, or a plain amount.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Error, Result};

use super::{Deadline, Unit, months_after};

/// The deadline of policy `code` that begins on `from`.
///
/// # Errors
/// A fault when no such policy holds on that day: [`super::seed`] enters every code used.
pub async fn deadline(cx: &Cx, code: &str, from: NaiveDate) -> Result<Deadline> {
    // An import feeds thousands of problems back on the same few days.
    let version = cx.once(format!("policy/{code}/{from}"), holding(cx, code, from)).await?;
    let (amount, unit, basis) = version.as_ref();
    let due_on = match unit {
        Unit::WorkingDays => kit::calendar::of(cx).await?.after(from, *amount),
        Unit::Months => months_after(from, *amount),
        Unit::Days | Unit::Hours | Unit::Minutes | Unit::Count | Unit::Megabytes => {
            kit::clock::days_after(from, amount.unsigned_abs())
        }
    };
    Ok(Deadline { due_on, basis: basis.clone() })
}

/// Amount, unit and basis of policy `code` on `day`.
async fn holding(cx: &Cx, code: &str, day: NaiveDate) -> Result<(i64, Unit, String)> {
    let mut sql = Sql::new("select amount, unit, basis from policy where code = ");
    sql.bind(code).push(" and valid_from <= ").bind(day);
    sql.push(" and (valid_to is null or valid_to >= ").bind(day).push(") order by valid_from desc limit 1");
    let rows = cx.rows(sql).await?;
    let row = rows.first().ok_or_else(|| Error::Fault(format!("no policy {code} on {day}")))?;
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
}

/// The plain amount of policy `code` on `day`, such as minutes without activity or days of warning.
///
/// # Errors
/// A fault when no such policy holds on that day.
pub async fn amount(cx: &Cx, code: &str, day: NaiveDate) -> Result<i64> {
    Ok(holding(cx, code, day).await?.0)
}
