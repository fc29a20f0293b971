//! Whether a row says what is stored already, field by field.

use std::collections::BTreeMap;

use kit::{Area, Cx, Fen, Field, Result, Service, clock::parse_day, dictionary, form::Kind as Holds};
use uuid::Uuid;

use super::{
    Kind,
    memo::plain,
    report::Difference,
    row::{Row, Target},
};

/// The edit form of an existing record as it is stored, and how the row differs from it.
pub(super) struct Compared {
    /// Every field of the edit form with what is stored.
    pub(super) stored: BTreeMap<String, String>,
    /// Fields that differ, with what the row says.
    pub(super) changed: Vec<(&'static str, String)>,
    /// The same for people.
    pub(super) differences: Vec<Difference>,
}

/// Compares `target` with the record it is about; nothing when records of the noun cannot be edited.
pub(super) async fn compare(
    cx: &Cx,
    kind: &Kind,
    service: &Service,
    row: &Row,
    target: &Target,
    id: Uuid,
) -> Result<Option<Compared>> {
    let Some(edit) = service.deed("edit") else { return Ok(None) };
    let fields = (edit.fields)(cx, Some(id)).await?;
    let mut compared = Compared {
        stored: fields.iter().map(|field| (field.name.to_owned(), field.value.clone())).collect(),
        changed: Vec::new(),
        differences: Vec::new(),
    };
    for (name, written) in &target.entries {
        let Some(field) = fields.iter().find(|field| field.name == *name) else { continue };
        if is_same(cx, field, written).await? {
            continue;
        }
        let cell = kind.column_of_field(name).and_then(|column| row.get(column.spec.key));
        compared.differences.push(Difference {
            address: cell.map(|cell| cell.address.clone()).unwrap_or_default(),
            column: field.label.to_owned(),
            written: cell.map_or_else(|| written.clone(), |cell| cell.raw.clone()),
            stored: shown(cx, field).await?,
        });
        compared.changed.push((name, written.clone()));
    }
    Ok(Some(compared))
}

/// Whether `written` means what `field` holds.
async fn is_same(cx: &Cx, field: &Field, written: &str) -> Result<bool> {
    let stored = field.value.as_str();
    if written.trim() == stored.trim() {
        return Ok(true);
    }
    Ok(match &field.kind {
        Holds::Date => parse_day(written).is_some() && parse_day(written) == parse_day(stored),
        Holds::Money => {
            Fen::from_yuan(written).is_some() && Fen::from_yuan(written) == Fen::from_yuan(stored)
        }
        Holds::Area => {
            let read = Area::from_square_metres(written);
            read.is_some() && read == Area::from_square_metres(stored)
        }
        Holds::Flag => is_yes(written) == is_yes(stored),
        Holds::Choice(choices) => {
            choices.iter().any(|choice| choice.code == stored && choice.label == written.trim())
        }
        Holds::Options(options) => {
            options.iter().any(|(code, words)| code == stored && words == written.trim())
        }
        Holds::Dict(kind) => {
            dictionary::find(cx, kind, written.trim()).await?.is_some_and(|item| item.code == stored)
        }
        Holds::Rows(columns) => lines(cx, columns, written).await? == lines(cx, columns, stored).await?,
        Holds::DictMany(kind) => codes(cx, kind, written).await? == codes(cx, kind, stored).await?,
        Holds::Integer { .. } => written.trim().parse::<i64>().ok() == stored.trim().parse().ok(),
        _ => plain(written) == plain(stored),
    })
}

/// The lines of a small table, with the codes that dictionaries know for their values; fields that are left out
/// are empty.
async fn lines(cx: &Cx, columns: &[Field], text: &str) -> Result<Vec<BTreeMap<String, String>>> {
    let text = if text.trim().is_empty() { "[]" } else { text };
    let mut lines: Vec<BTreeMap<String, String>> = serde_json::from_str(text)?;
    for line in &mut lines {
        line.retain(|_, text| !text.is_empty());
        for column in columns {
            let (Holds::Dict(kind), Some(value)) = (&column.kind, line.get_mut(column.name)) else {
                continue;
            };
            if let Some(item) = dictionary::find(cx, kind, value).await? {
                *value = item.code;
            }
        }
    }
    Ok(lines)
}

/// The codes that a cell with several values means; a value that is unknown stays as it is.
async fn codes(cx: &Cx, kind: &str, text: &str) -> Result<Vec<String>> {
    let mut codes = Vec::new();
    for value in text.split(['、', '，', ',', '；', ';']).map(str::trim).filter(|value| !value.is_empty())
    {
        let known = dictionary::find(cx, kind, value).await?;
        codes.push(known.map_or_else(|| value.to_owned(), |item| item.code));
    }
    Ok(codes)
}

fn is_yes(text: &str) -> bool {
    matches!(text.trim(), "1" | "on" | "true" | "是" | "√")
}

/// What `field` holds, in words.
async fn shown(cx: &Cx, field: &Field) -> Result<String> {
    let stored = field.value.as_str();
    let labelled = match &field.kind {
        Holds::Choice(choices) => {
            choices.iter().find(|choice| choice.code == stored).map(|choice| choice.label.to_owned())
        }
        Holds::Options(options) => {
            options.iter().find(|(code, _)| code == stored).map(|(_, words)| words.clone())
        }
        Holds::Dict(kind) => dictionary::find(cx, kind, stored).await?.map(|item| item.label),
        Holds::Pick(noun) => title_of(cx, noun, stored).await?,
        Holds::Flag => Some(String::from(if is_yes(stored) { "是" } else { "否" })),
        _ => None,
    };
    Ok(labelled.unwrap_or_else(|| stored.to_owned()))
}

async fn title_of(cx: &Cx, noun: &str, id: &str) -> Result<Option<String>> {
    let (Some(service), Ok(id)) = (cx.app().registry().service(noun), Uuid::parse_str(id)) else {
        return Ok(None);
    };
    let list = &service.list;
    let mut sql = db::Sql::new("select ");
    sql.push(list.title)
        .push(" from ")
        .push(list.from)
        .push(" where ")
        .push(list.alias)
        .push(".id = ")
        .bind(id);
    let rows = cx.rows(sql).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?)
}
