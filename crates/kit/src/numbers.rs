//! Series of numbers, each counted by one guarded row, so that two people never get the same one.

use db::Sql;

use crate::{Result, WriteCx};

/// The next number of `series`; a series that was never counted begins after `stored`, the highest
/// number that a loader or an import may have brought.
pub async fn next(cx: &mut WriteCx, series: &str, stored: i64) -> Result<i64> {
    let mut sql = Sql::new("insert into number_series (series, last) values (");
    sql.bind(series).push(", ").bind(stored + 1);
    sql.push(") on conflict (series) do update set last = number_series.last + 1 returning last");
    cx.number(sql).await
}
