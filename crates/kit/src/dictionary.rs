//! Dictionaries: the values an office may vary, versioned by day, so that a record keeps the words
//! that held when it was made.

use std::sync::Arc;

use db::Sql;
use sea_orm::FromQueryResult;

use crate::{Cx, Result};

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

/// SQL for the label of the code in `column`; the code itself when the dictionary no longer has it.
pub fn label_sql(kind: &'static str, column: &str) -> String {
    // `kind` is a constant of the program; several versions of one code share the newest label.
    format!(
        "coalesce((select d.label from dictionary_item d where d.kind = '{kind}' and d.code = {column} \
         order by d.valid_from desc limit 1), {column})"
    )
}
