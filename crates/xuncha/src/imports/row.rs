//! A row on its way from cells to forms.

use std::collections::BTreeMap;

use documents::{
    decimal,
    recognise::{Due, Parsed},
};
use uuid::Uuid;

/// A value with the cell it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct CellValue {
    /// `C7`, or the words for a value that was given for the whole file.
    pub address: String,
    /// As written.
    pub raw: String,
    /// What it means.
    pub value: Parsed,
}

impl CellValue {
    /// The value as a form takes it.
    pub fn typed(&self) -> String {
        typed(&self.value)
    }
}

/// A cell that stands against taking over its row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fault {
    /// The cell, or the first one of the row.
    pub address: String,
    /// Label of its column; empty when the whole row is meant.
    pub column: String,
    /// What was written.
    pub written: String,
    /// Why.
    pub reason: String,
}

/// A row of the ledger.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number in the sheet.
    pub number: u32,
    /// Its values by column key.
    pub values: BTreeMap<&'static str, CellValue>,
    /// Cells that could not be read.
    pub faults: Vec<Fault>,
}

impl Row {
    /// The value of a column.
    pub fn get(&self, key: &str) -> Option<&CellValue> {
        self.values.get(key)
    }

    /// The value of a column as a form takes it; empty when the cell is.
    pub fn text(&self, key: &str) -> String {
        self.get(key).map(CellValue::typed).unwrap_or_default()
    }

    /// The items of a cell that holds several.
    pub fn items(&self, key: &str) -> Vec<String> {
        match self.get(key).map(|cell| &cell.value) {
            Some(Parsed::Numbered(items) | Parsed::People(items)) => items.to_vec(),
            Some(other) => vec![typed(other)],
            None => Vec::new(),
        }
    }

    /// What a column says about when something is due.
    pub fn due(&self, key: &str) -> Option<Due> {
        match self.get(key)?.value {
            Parsed::Deadline(due, _) => Some(due),
            Parsed::Date(day) => Some(Due::On(day)),
            _ => None,
        }
    }

    /// Where each value stands, as it is kept with the batch.
    pub(super) fn addresses(&self) -> String {
        let each: Vec<String> =
            self.values.iter().map(|(key, cell)| format!("{key}={}", cell.address)).collect();
        each.join(" ")
    }

    /// What tells the row from others with the same key.
    pub(super) fn content(&self) -> String {
        let each: Vec<String> =
            self.values.iter().map(|(key, cell)| format!("{key}\u{1f}{}", cell.typed())).collect();
        each.join("\u{1e}")
    }
}

fn typed(value: &Parsed) -> String {
    match value {
        Parsed::Text(text) => text.trim().to_owned(),
        Parsed::Date(day) | Parsed::Deadline(Due::On(day) | Due::Within(_, day), _) => day.to_string(),
        Parsed::Deadline(Due::Immediate, _) => String::from("immediate"),
        Parsed::Deadline(Due::LongTerm, _) => String::from("long_term"),
        Parsed::Money(fen) => decimal::fixed(*fen, 2),
        Parsed::Area(area) => decimal::fixed(*area, 4),
        Parsed::Integer(number) => number.to_string(),
        Parsed::Percent(millionths) => (millionths / 10_000).to_string(),
        Parsed::YesNo(yes) => String::from(if *yes { "1" } else { "" }),
        Parsed::Choice(code) => (*code).to_owned(),
        Parsed::People(names) => names.join("、"),
        Parsed::Numbered(items) => items.join("\n"),
    }
}

/// What the columns of a row filled in, before the kind completes it.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// Fields of the form.
    pub entries: Vec<(&'static str, String)>,
    /// The record known by its number or title.
    pub existing: Option<Uuid>,
}

impl Filled {
    /// What fills `field`.
    pub fn entry(&self, field: &str) -> Option<&str> {
        self.entries.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }

    /// The record picked for `field`.
    pub fn id(&self, field: &str) -> Option<Uuid> {
        Uuid::parse_str(self.entry(field)?).ok()
    }

    /// Fills `field`, unless there is nothing to fill in.
    pub fn put(&mut self, field: &'static str, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.entries.push((field, text));
        }
    }

    /// One record with these entries.
    pub fn into_target(self) -> Target {
        Target { entries: self.entries, existing: self.existing, steps: Vec::new() }
    }
}

/// One record a row is about.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// Fields of the form that makes it.
    pub entries: Vec<(&'static str, String)>,
    /// The record, when it is there already.
    pub existing: Option<Uuid>,
    /// What is done once the record is there.
    pub steps: Vec<Step>,
}

/// A deed that follows the making of a record.
#[derive(Clone, Debug)]
pub struct Step {
    /// Noun the deed belongs to.
    pub noun: &'static str,
    /// The deed.
    pub deed: &'static str,
    /// What it is done to.
    pub on: On,
    /// Its form.
    pub entries: Vec<(&'static str, String)>,
    /// Field that picks the record of the row.
    pub record_field: Option<&'static str>,
    /// Whether it is also done for a record that was there already.
    pub always: bool,
}

impl Step {
    /// `deed` on the new record of `noun`.
    pub fn on_record(noun: &'static str, deed: &'static str, entries: Vec<(&'static str, String)>) -> Self {
        Self { noun, deed, on: On::Record, entries, record_field: None, always: false }
    }
}

/// What a step is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The record of the row.
    Record,
    /// Another record that is there.
    Other(Uuid),
    /// The list: it makes another record.
    List,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_typed_exactly_as_forms_read_them() {
        assert_eq!(kit::Fen::from_yuan(&typed(&Parsed::Money(782_600_005))), Some(kit::Fen(782_600_005)));
        assert_eq!(kit::Area::from_square_metres(&typed(&Parsed::Area(12_345))), Some(kit::Area(12_345)));
    }
}
