//! Finding a record by what people call it: its id, its number or its exact title, within what the
//! actor may see.

use db::Sql;
use uuid::Uuid;

use crate::{Cx, Result};

/// The record of `noun` meant by `text`, or a sentence why none is.
pub async fn record(cx: &Cx, noun: &str, text: &str) -> Result<std::result::Result<Uuid, String>> {
    let Some(service) = cx.app().registry().service(noun) else {
        return Err(crate::Error::Fault(format!("no service for noun {noun}")));
    };
    let table = &service.list;
    let mut sql = Sql::new("select ");
    sql.push(table.alias).push(".id from ").push(table.from).push(" where ");
    service.scope(&cx.actor).write(table.alias, &mut sql);
    sql.push(" and (");
    if let Ok(id) = Uuid::parse_str(text) {
        sql.push(table.alias).push(".id = ").bind(id);
    } else {
        sql.push(table.title).push(" = ").bind(text);
        if let Some(number) = table.number {
            sql.push(" or ").push(number).push(" = ").bind(text);
        }
    }
    sql.push(") limit 2");
    let ids: Vec<Uuid> = cx
        .rows(sql)
        .await?
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<std::result::Result<_, _>>()?;
    Ok(match ids.as_slice() {
        [id] => Ok(*id),
        [] => Err(format!("没有找到{}“{text}”", service.label)),
        _ => Err(format!("有多个{}都叫“{text}”，请改用编号或从列表中选择", service.label)),
    })
}

/// Up to `limit` records of `noun` whose title or number contains `text`: `(id, title)`.
pub async fn options(cx: &Cx, noun: &str, text: &str, limit: u64) -> Result<Vec<(Uuid, String)>> {
    let Some(service) = cx.app().registry().service(noun) else { return Ok(Vec::new()) };
    let table = &service.list;
    let mut sql = Sql::new("select ");
    sql.push(table.alias).push(".id, ").push(table.title).push(" from ").push(table.from).push(" where ");
    service.scope(&cx.actor).write(table.alias, &mut sql);
    if !text.is_empty() {
        sql.push(" and lower(").push(table.title).push(") like ").bind(contains(text)).push(" escape '!'");
    }
    sql.push(" order by ").push(table.title).push(" limit ").bind(i64::try_from(limit).unwrap_or(500));
    cx.rows(sql).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// A pattern for `like … escape '!'` that finds `text` anywhere.
pub fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
