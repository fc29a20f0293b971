//! What the program brings along and an office may then change freely: libraries without codes of their own. A
//! ledger remembers which entries have arrived, so that those of a later version arrive too and nothing that was
//! reworded or taken out comes back.

use std::collections::HashSet;

use db::Sql;

use crate::{Result, WriteCx};

/// The places in `codes` of the entries of `seed` that have not arrived yet; they count as arrived from now on. A
/// code never changes once it is released. `settled`: the library holds entries already. Where it does and the
/// ledger is empty, it was filled before there was a ledger, and what is known today has arrived.
pub async fn arriving(
    cx: &mut WriteCx,
    seed: &'static str,
    codes: &[&str],
    settled: bool,
) -> Result<Vec<usize>> {
    let mut sql = Sql::new("select code from seed_entry where seed = ");
    sql.bind(seed);
    let rows = cx.rows(sql).await?;
    let held: HashSet<String> =
        rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<_, _>>()?;
    let new: Vec<usize> =
        codes.iter().enumerate().filter(|(_, code)| !held.contains(**code)).map(|(place, _)| place).collect();
    for place in &new {
        let mut sql = Sql::new("insert into seed_entry (seed, code) values (");
        sql.bind(seed).push(", ").bind(codes.get(*place).copied().unwrap_or_default()).push(")");
        cx.execute(sql).await?;
    }
    Ok(if held.is_empty() && settled { Vec::new() } else { new })
}
