//! What an edit changed, as people read it: the labels of the record instead of columns, words instead of codes.

use uuid::Uuid;

use crate::{
    Cx, Result, Secrecy, Service, Shown,
    cx::Change,
    dictionary, lookup,
    service::RecordView,
    table::{Column, ColumnKind},
    units::{Area, Fen},
};

/// One field before and after.
pub(super) struct Altered {
    pub(super) label: &'static str,
    pub(super) before: String,
    pub(super) after: String,
}

/// The changes of one line of a history as far as the person may see the fields: those that the record or its list
/// shows to him. What is sealed stays so: of it only the label is told.
pub(super) async fn altered(
    cx: &Cx,
    service: &Service,
    view: &RecordView,
    changes: &str,
) -> Result<Vec<Altered>> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let changes: Vec<Change> = serde_json::from_str(changes)?;
    let mut told = Vec::new();
    for change in &changes {
        let Some((label, column)) = field(cx, service, view, &change.field) else { continue };
        let (before, after) = if service.secrecy == Secrecy::Sealed {
            (String::new(), String::new())
        } else {
            (said(cx, column, &change.before).await?, said(cx, column, &change.after).await?)
        };
        told.push(Altered { label, before, after });
    }
    Ok(told)
}

/// What the changed column is called, and the column of the list that shows it.
fn field(
    cx: &Cx,
    service: &Service,
    view: &RecordView,
    changed: &str,
) -> Option<(&'static str, Option<&'static Column>)> {
    // A column that names another record ends so; what shows it goes by the plain word.
    let keys = [changed, changed.strip_suffix("_id").unwrap_or(changed)];
    let column = keys.iter().find_map(|key| service.list.column_for(key, &cx.actor));
    let fact = view.facts.iter().find(|fact| keys.contains(&fact.key));
    let label = fact.map(|fact| fact.label).or(column.map(|column| column.label))?;
    Some((label, column))
}

async fn said(cx: &Cx, column: Option<&'static Column>, value: &str) -> Result<String> {
    let number = || value.parse::<i64>().ok();
    let words = match column.map(|column| column.kind) {
        _ if value.is_empty() => return Ok(String::from("（未填写）")),
        Some(ColumnKind::Choice(choices)) => {
            choices.iter().find(|choice| choice.code == value).map(|choice| choice.label.to_owned())
        }
        Some(ColumnKind::Dict(kind)) => dictionary::find(cx, kind, value).await?.map(|item| item.label),
        Some(ColumnKind::Reference { noun, .. }) => match Uuid::parse_str(value) {
            Ok(id) => lookup::name(cx, noun, id).await?,
            Err(_) => None,
        },
        Some(ColumnKind::Money) => number().map(|fen| Shown::Money(Fen(fen)).plain()),
        Some(ColumnKind::Area) => number().map(|area| Shown::Area(Area(area)).plain()),
        _ => None,
    };
    // The name of a record that the person may not see is not told.
    let hidden = words.is_none() && Uuid::parse_str(value).is_ok();
    Ok(words.unwrap_or_else(|| if hidden { String::from("（另一条记录）") } else { value.to_owned() }))
}
