//! Finding a record by what people call it: its id, its number or its exact title, within what the
//! actor may see.

use std::collections::HashMap;

use db::Sql;
use uuid::Uuid;

use crate::{Cx, Pred, Result, Service, table::ColumnKind};

/// The record of `noun` meant by `text`, or a sentence why none is.
pub async fn record(cx: &Cx, noun: &str, text: &str) -> Result<std::result::Result<Uuid, String>> {
    let service = service(cx, noun)?;
    let id = Uuid::parse_str(text).ok();
    let ids = match id {
        Some(id) => {
            let key = format!("lookup/{noun}/{id}");
            cx.once(key, meant(cx, service, text, Some(id))).await?.to_vec()
        }
        None => meant(cx, service, text, None).await?,
    };
    Ok(match ids.as_slice() {
        [id] => Ok(*id),
        [] => match told_apart(cx, service, text).await? {
            Some(id) => Ok(id),
            None => Err(format!("没有找到{}“{text}”", service.label)),
        },
        _ => Err(format!("有多个{}都叫“{text}”，请改用编号或从列表中选择", service.label)),
    })
}

fn service<'a>(cx: &'a Cx, noun: &str) -> Result<&'a Service> {
    let service = cx.app().registry().service(noun);
    service.ok_or_else(|| crate::Error::Fault(format!("no service for noun {noun}")))
}

/// At most two records that `text` may mean.
async fn meant(cx: &Cx, service: &Service, text: &str, id: Option<Uuid>) -> Result<Vec<Uuid>> {
    let table = &service.list;
    let mut sql = Sql::new("select ");
    sql.push(table.alias).push(".id from ").push(table.from).push(" where ");
    service.scope(&cx.actor).write(table.alias, &mut sql);
    sql.push(" and (");
    if let Some(id) = id {
        sql.push(table.alias).push(".id = ").bind(id);
    } else {
        sql.push(table.title).push(" = ").bind(text);
        if let Some(number) = table.number {
            sql.push(" or ").push(number).push(" = ").bind(text);
        }
    }
    sql.push(") limit 2");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// What tells records of one title apart: their number, or else the first record that they belong to.
fn mark(cx: &Cx, service: &Service) -> Option<&'static str> {
    let table = &service.list;
    table.number.or_else(|| {
        table.columns.iter().find_map(|column| match column.kind {
            ColumnKind::Reference { label, .. } if column.open_to(&cx.actor) => Some(label),
            _ => None,
        })
    })
}

/// The record that [`offers`] calls `text` when its title alone would mean several: `title（mark）`.
async fn told_apart(cx: &Cx, service: &Service, text: &str) -> Result<Option<Uuid>> {
    let Some(mark) = mark(cx, service) else { return Ok(None) };
    let Some(rest) = text.strip_suffix('）') else { return Ok(None) };
    let mut found = Vec::new();
    for (at, bracket) in rest.match_indices('（') {
        let (title, said) = (rest.get(..at).unwrap_or_default(), rest.get(at + bracket.len()..));
        let table = &service.list;
        let mut sql = Sql::new("select ");
        sql.push(table.alias).push(".id from ").push(table.from).push(" where ");
        service.scope(&cx.actor).write(table.alias, &mut sql);
        sql.push(" and ").push(table.title).push(" = ").bind(title);
        sql.push(" and ").push(mark).push(" = ").bind(said.unwrap_or_default()).push(" limit 2");
        for row in cx.rows(sql).await? {
            found.push(row.try_get_by_index(0)?);
        }
    }
    Ok(if let [id] = found.as_slice() { Some(*id) } else { None })
}

/// Up to `limit` records of `noun` whose title contains `text`: `(id, title)`.
pub async fn options(cx: &Cx, noun: &str, text: &str, limit: u64) -> Result<Vec<(Uuid, String)>> {
    let found = found(cx, noun, text, &Pred::All, limit).await?;
    Ok(found.into_iter().map(|(id, title, _)| (id, title)).collect())
}

/// The same among those that fulfil `among`, under names of which each means one record: where titles are the
/// same, what tells them apart follows in brackets.
pub async fn offers(
    cx: &Cx,
    noun: &str,
    text: &str,
    among: &Pred,
    limit: u64,
) -> Result<Vec<(Uuid, String)>> {
    let found = found(cx, noun, text, among, limit).await?;
    let mut times: HashMap<&str, usize> = HashMap::new();
    for (_, title, _) in &found {
        *times.entry(title).or_default() += 1;
    }
    let once = |title: &str| times.get(title).is_none_or(|times| *times < 2);
    Ok(found.iter().map(|(id, title, mark)| (*id, called(title, mark, once(title)))).collect())
}

/// What [`offers`] calls the record; nothing when it is out of sight.
pub async fn name(cx: &Cx, noun: &str, id: Uuid) -> Result<Option<String>> {
    let service = service(cx, noun)?;
    let column = Pred::is("id", id);
    let Some((_, title, mark)) = found(cx, noun, "", &column, 1).await?.pop() else { return Ok(None) };
    let once = meant(cx, service, &title, None).await?.len() < 2;
    Ok(Some(called(&title, &mark, once)))
}

fn called(title: &str, mark: &str, once: bool) -> String {
    if once || mark.is_empty() { title.to_owned() } else { format!("{title}（{mark}）") }
}

/// Id, title and mark of the records found.
async fn found(
    cx: &Cx,
    noun: &str,
    text: &str,
    among: &Pred,
    limit: u64,
) -> Result<Vec<(Uuid, String, String)>> {
    let Some(service) = cx.app().registry().service(noun) else { return Ok(Vec::new()) };
    let table = &service.list;
    let mut sql = Sql::new("select ");
    sql.push(table.alias).push(".id, ").push(table.title).push(", ");
    match mark(cx, service) {
        Some(mark) => sql.push("coalesce(cast(").push(mark).push(" as text), '')"),
        None => sql.push("''"),
    };
    sql.push(" from ").push(table.from).push(" where ");
    service.scope(&cx.actor).and(among.clone()).write(table.alias, &mut sql);
    if !text.is_empty() {
        sql.push(" and lower(").push(table.title).push(") like ").bind(contains(text)).push(" escape '!'");
    }
    sql.push(" order by ").push(table.title).push(" limit ").bind(i64::try_from(limit).unwrap_or(500));
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?)))
        .collect()
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
