//! Series of numbers, each counted by one guarded row inside the transaction that stores the record,
//! so that two people never get the same one; and the written form `WT-2023-0007` of yearly series.

use chrono::{Datelike as _, NaiveDate};
use db::Sql;

use crate::{Result, WriteCx};

/// The next number of `series`; a series that was never counted begins after `stored`, the highest
/// number that a loader or an import may have brought.
pub async fn next(cx: &mut WriteCx, series: &str, stored: i64) -> Result<i64> {
    if let Some(serial) = cx.count_on(series) {
        return Ok(serial);
    }
    let mut sql = Sql::new("insert into number_series (series, last) values (");
    sql.bind(series).push(", ").bind(stored + 1);
    sql.push(") on conflict (series) do update set last = number_series.last + 1 returning last");
    let serial = cx.number(sql).await?;
    cx.counted_to(series, serial);
    Ok(serial)
}

/// Where a series is written down.
#[derive(Clone, Copy, Debug)]
pub struct Series {
    /// Letters before the year.
    pub prefix: &'static str,
    /// The table whose column `number` holds the numbers already given.
    pub table: &'static str,
}

/// The next number of `series` in the year of `day`.
///
/// A series that was never counted begins after the highest number stored, which a loader or an
/// import may have brought.
pub async fn yearly(cx: &mut WriteCx, series: Series, day: NaiveDate) -> Result<String> {
    let name = format!("{}-{}", series.prefix, day.year());
    if let Some(serial) = step(cx, &name).await? {
        return Ok(text(&name, serial));
    }
    let stored = highest(cx, series, &name).await?;
    Ok(text(&name, next(cx, &name, stored).await?))
}

/// Counts a series up that was counted before.
async fn step(cx: &mut WriteCx, name: &str) -> Result<Option<i64>> {
    if let Some(serial) = cx.count_on(name) {
        return Ok(Some(serial));
    }
    let mut sql = Sql::new("update number_series set last = last + 1 where series = ");
    sql.bind(name).push(" returning last");
    let counted = Some(cx.number(sql).await?).filter(|serial| *serial > 0);
    if let Some(serial) = counted {
        cx.counted_to(name, serial);
    }
    Ok(counted)
}

/// `WT-2023-0007`; more digits when four no longer suffice.
fn text(name: &str, serial: i64) -> String {
    format!("{name}-{serial:04}")
}

/// The highest serial that records already carry in a series that was never counted.
async fn highest(cx: &WriteCx, series: Series, name: &str) -> Result<i64> {
    let mut sql = Sql::new("select number from ");
    // The sign after '-' bounds the year's numbers from above.
    sql.push(series.table).push(" where number >= ").bind(format!("{name}-"));
    sql.push(" and number < ").bind(format!("{name}."));
    sql.push(" order by length(number) desc, number desc limit 1");
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(0) };
    let number: String = row.try_get_by_index(0)?;
    Ok(number.rsplit('-').next().and_then(|serial| serial.parse().ok()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_has_four_digits_and_grows_when_they_do_not_suffice() {
        assert_eq!(text("WT-2023", 7), "WT-2023-0007");
        assert_eq!(text("WT-2023", 12_345), "WT-2023-12345");
    }
}
