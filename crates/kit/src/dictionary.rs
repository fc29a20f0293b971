//! Dictionaries: the values an office may vary, versioned by day, so that a record keeps the words
//! that held when it was made.

use std::{collections::HashMap, sync::Arc};

use db::Sql;
use sea_orm::FromQueryResult;

use crate::{Cx, Result, Shown};

/// One value of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Item {
    /// What is stored.
    pub code: String,
    /// What people read.
    pub label: String,
    /// The value it belongs under, when the dictionary has two levels.
    pub parent: Option<String>,
}

/// The values of dictionary `kind` that hold today, in their order; remembered while nothing changes.
pub async fn items(cx: &Cx, kind: &str) -> Result<Arc<Vec<Item>>> {
    let day = cx.today();
    let mut sql = Sql::new("select code, label, parent from dictionary_item where kind = ");
    sql.bind(kind)
        .push(" and valid_from <= ")
        .bind(day)
        .push(" and (valid_to is null or valid_to >= ")
        .bind(day);
    sql.push(") order by position, code");
    cx.app().remember(format!("dictionary/{kind}/{day}"), cx.all(sql)).await
}

/// The value with this code or label.
pub async fn find(cx: &Cx, kind: &str, text: &str) -> Result<Option<Item>> {
    let items = items(cx, kind).await?;
    Ok(items.iter().find(|item| item.code == text || item.label == text).cloned())
}

/// The labels of all codes that dictionary `kind` ever had, the newest of each; remembered while
/// nothing changes.
pub async fn labels(cx: &Cx, kind: &str) -> Result<Arc<HashMap<String, String>>> {
    let key = format!("dictionary/{kind}/labels");
    cx.app().remember(key, load_labels(cx, kind)).await
}

async fn load_labels(cx: &Cx, kind: &str) -> Result<HashMap<String, String>> {
    let mut sql = Sql::new("select code, label from dictionary_item where kind = ");
    sql.bind(kind).push(" order by valid_from");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The label of a dictionary's code for a record page; the code itself when the dictionary has it no longer.
pub async fn shown(cx: &Cx, kind: &str, code: &str) -> Result<Shown> {
    let found = find(cx, kind, code).await?;
    Ok(Shown::text(found.map_or_else(|| code.to_owned(), |item| item.label)))
}
