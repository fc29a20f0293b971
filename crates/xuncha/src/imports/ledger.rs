//! A file read as a ledger of a kind, with what the person decided about it.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use documents::{
    recognise::{
        self, ColumnSpec, Conflict, Due, IgnoredRow, NotRecognised, OtherSheet, Parsed, Recognised,
        RecognisedColumn, RecognisedRow, Recognition, Unit, ValueKind,
    },
    sheet::{self, Address, Cell, Limits, Sheet, Workbook},
};
use kit::{Refusal, Result, seal};

use super::{
    Column, Kind, To,
    row::{CellValue, Fault, Row},
};

/// Where a value that was given for the whole file is said to stand.
pub const WHOLE_FILE: &str = "统一取值";

/// What a person decided about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Choices {
    /// The sheet; without it the best fitting one.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Column letter → key of the column; an empty key leaves the column out.
    #[serde(default)]
    pub assigned: BTreeMap<String, String>,
    /// Column key → text that holds for every row, for a column that the file does not have.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Cell → text in place of what is written there.
    #[serde(default)]
    pub corrected: BTreeMap<String, String>,
    /// Whether records that are there already are brought to what the file says.
    #[serde(default)]
    pub update: bool,
}

/// A file read as a ledger.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Name of the file.
    pub file: String,
    /// SM3 digest of its bytes.
    pub digest: String,
    /// Name of the sheet.
    pub sheet: String,
    /// The other sheets.
    pub others: Vec<OtherSheet>,
    /// First and last row of the header.
    pub header: (u32, u32),
    /// Columns with a meaning.
    pub columns: Vec<RecognisedColumn>,
    /// Letter and header of columns without one.
    pub unknown: Vec<(String, String)>,
    /// Columns that fit twice.
    pub conflicts: Vec<Conflict>,
    /// Required columns that are not there.
    pub missing: Vec<&'static str>,
    /// The data rows.
    pub rows: Vec<Row>,
    /// Rows that are no data.
    pub ignored: Vec<IgnoredRow>,
    /// What was assumed.
    pub notes: Vec<String>,
}

impl Ledger {
    /// Whether rows can be tried at all.
    pub fn is_understood(&self) -> bool {
        self.conflicts.is_empty() && self.missing.is_empty()
    }
}

/// Reads `bytes` as a ledger of `kind`; `today` completes days without a year.
///
/// # Errors
/// A refusal that says what is wrong with the file or with what was chosen.
pub fn read(kind: &Kind, name: &str, bytes: &[u8], choices: &Choices, today: NaiveDate) -> Result<Ledger> {
    let mut book = sheet::read(name, bytes, &Limits::default())
        .map_err(|unreadable| Refusal::invalid(unreadable.to_string()))?;
    let specs = kind.specs();
    let mut options = recognise::Options {
        default_year: None,
        assigned: assigned(kind, choices)?,
        sheet: choices.sheet.clone().filter(|sheet| !sheet.is_empty()),
    };
    let chosen = recognise::recognise(&book, &specs, &options).map_err(not_recognised)?.sheet;
    options.sheet = Some(chosen.clone());
    if let Some(sheet) = book.sheets.iter_mut().find(|sheet| sheet.name == chosen) {
        correct(sheet, &choices.corrected)?;
    }
    let first = recognise::recognise(&book, &specs, &options).map_err(not_recognised)?;
    let year = year_of(&first.title).unwrap_or_else(|| today.year());
    options.default_year = Some(year);
    if let Some(sheet) = book.sheets.iter().find(|sheet| sheet.name == chosen) {
        options.assigned.extend(exact(kind, sheet, first.header, &options.assigned));
    }
    let recognition = recognise::recognise(&book, &specs, &options).map_err(not_recognised)?;
    let constants = constants(kind, choices, &options)?;
    let mut ledger = assemble(kind, name, bytes, recognition, &constants, year);
    if let Some(sheet) = book.sheets.iter().find(|sheet| sheet.name == chosen) {
        for fault in ledger.rows.iter_mut().flat_map(|row| &mut row.faults) {
            fault.written =
                address(&fault.address).map(|place| written(sheet.cell(place))).unwrap_or_default();
        }
    }
    Ok(ledger)
}

/// Columns headed by exactly the label that an export writes, where labels differ in brackets only:
/// 问题类别（二级） would without them be a second 问题类别.
fn exact(
    kind: &Kind,
    sheet: &Sheet,
    header: (u32, u32),
    assigned: &[(u16, &'static str)],
) -> Vec<(u16, &'static str)> {
    let stem = |column: &Column| column.spec.label.split('（').next().unwrap_or_default();
    let alike: Vec<&Column> = kind
        .columns
        .iter()
        .filter(|column| kind.columns.iter().filter(|other| stem(other) == stem(column)).count() > 1)
        .collect();
    let rows = sheet.rows.iter().take(header.1 as usize).skip(header.0.saturating_sub(1) as usize);
    rows.flat_map(|row| (0u16..).zip(row))
        .filter(|(at, _)| !assigned.iter().any(|(own, _)| own == at))
        .filter_map(|(at, cell)| {
            let Cell::Text(text) = cell else { return None };
            let column = alike.iter().find(|column| column.spec.label == text.trim())?;
            Some((at, column.spec.key))
        })
        .collect()
}

fn not_recognised(reason: NotRecognised) -> kit::Error {
    Refusal::invalid(reason.to_string()).into()
}

fn assigned(kind: &Kind, choices: &Choices) -> Result<Vec<(u16, &'static str)>> {
    choices
        .assigned
        .iter()
        .map(|(letter, key)| {
            let column = column_number(letter).ok_or_else(|| {
                Refusal::bad_request(format!("“{letter}”不是列号，应为 A、B、AA 这样的字母。"))
            })?;
            let key = if key.is_empty() {
                ""
            } else {
                kind.column(key).ok_or_else(|| unknown_key(kind, key))?.spec.key
            };
            Ok((column, key))
        })
        .collect()
}

fn unknown_key(kind: &Kind, key: &str) -> Refusal {
    let known: Vec<&str> = kind.columns.iter().map(|column| column.spec.key).collect();
    Refusal::bad_request(format!("{}没有名为“{key}”的列，可用的有：{}。", kind.label, known.join("、")))
}

/// `A` is 0, `AA` is 26.
fn column_number(letters: &str) -> Option<u16> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let number = letters.bytes().try_fold(0u32, |number, letter| {
        letter.is_ascii_alphabetic().then(|| number * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    u16::try_from(number.checked_sub(1)?).ok().filter(|column| *column < sheet::MAX_COLUMNS)
}

fn address(text: &str) -> Option<Address> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = text.split_at(digits);
    let row = number.parse::<u32>().ok()?.checked_sub(1)?;
    (row < sheet::MAX_ROWS).then_some(Address { row, column: column_number(letters)? })
}

/// Puts corrected texts into the cells; only places that the sheet has.
fn correct(sheet: &mut Sheet, corrected: &BTreeMap<String, String>) -> Result<()> {
    for (place, text) in corrected {
        let nowhere = || Refusal::bad_request(format!("“{place}”不是这张表里的单元格。"));
        let place = address(place).ok_or_else(nowhere)?;
        let row = sheet.rows.get_mut(place.row as usize).ok_or_else(nowhere)?;
        let column = usize::from(place.column);
        if column >= row.len() {
            row.resize(column + 1, Cell::Empty);
        }
        if let Some(cell) = row.get_mut(column) {
            *cell = if text.is_empty() { Cell::Empty } else { Cell::Text(text.as_str().into()) };
        }
    }
    Ok(())
}

/// A cell as a person reads it.
fn written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.as_ref().to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::DateTime(instant) => instant.to_string(),
        Cell::Bool(yes) => String::from(if *yes { "是" } else { "否" }),
        Cell::Error(error) => (*error).to_owned(),
    }
}

/// Whether `name` is the name of a cell, by which corrections are sent.
pub fn is_cell(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && address(name).is_some()
}

/// The year a title names: 2023年整改台账.
fn year_of(titles: &[String]) -> Option<i32> {
    titles.iter().find_map(|title| {
        let (before, _) = title.split_once('年')?;
        let start = before.char_indices().rev().nth(3)?.0;
        before.get(start..)?.parse().ok().filter(|year| (1990..=2199).contains(year))
    })
}

/// The values given for the whole file, read as cells of their columns would be.
fn constants(
    kind: &Kind,
    choices: &Choices,
    options: &recognise::Options,
) -> Result<BTreeMap<&'static str, CellValue>> {
    let mut values = BTreeMap::new();
    for (key, text) in choices.constants.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let column = kind.column(key).ok_or_else(|| unknown_key(kind, key))?;
        let value = constant(&column.spec, text.trim(), options).map_err(|reason| {
            Refusal::field(column.spec.key, format!("{}的统一取值不能采用：{reason}", column.spec.label))
        })?;
        let cell = CellValue { address: WHOLE_FILE.to_owned(), raw: text.trim().to_owned(), value };
        values.insert(column.spec.key, cell);
    }
    Ok(values)
}

fn constant(spec: &ColumnSpec, text: &str, options: &recognise::Options) -> Result<Parsed, String> {
    let rows = vec![vec![Cell::Text(spec.label.into())], vec![Cell::Text(text.into())]];
    let sheet = Sheet { name: String::new(), hidden: false, rows, merged: Vec::new() };
    let options = recognise::Options { default_year: options.default_year, ..recognise::Options::default() };
    let read = recognise::recognise(&Workbook { sheets: vec![sheet] }, std::slice::from_ref(spec), &options)
        .map_err(|reason| reason.to_string())?;
    let row = read.rows.into_iter().next().ok_or("没有内容")?;
    if let Some(fault) = row.faults.into_iter().next() {
        return Err(fault.reason);
    }
    row.values.into_values().next().map(|cell| cell.value).ok_or_else(|| String::from("没有内容"))
}

fn assemble(
    kind: &Kind,
    name: &str,
    bytes: &[u8],
    recognition: Recognition,
    constants: &BTreeMap<&'static str, CellValue>,
    year: i32,
) -> Ledger {
    let mut notes = assumed_units(kind, &recognition);
    notes.extend(left_out(kind, &recognition));
    let yearless = recognition.rows.iter().filter(|row| row.values.values().any(is_yearless)).count();
    if yearless > 0 {
        notes.push(format!("{yearless} 行的日期没有写年份，按 {year} 年计算。"));
    }
    let present = |key: &str| recognition.columns.iter().any(|column| column.key == key);
    for (key, cell) in constants.iter().filter(|(key, _)| !present(key)) {
        let label = kind.column(key).map_or("", |column| column.spec.label);
        notes.push(format!("{label}：各行统一取“{}”。", cell.raw));
    }
    let constants: Vec<_> = constants.iter().filter(|(key, _)| !present(key)).collect();
    // A list that was taken out names its records by number and need not say what makes a new one; a row without
    // its record still has to, and is refused by the form it fills.
    let numbered = kind.number().is_some_and(|column| present(column.spec.key));
    let missing = recognition
        .missing_required
        .iter()
        .copied()
        .filter(|label| {
            !numbered
                && !constants.iter().any(|(key, _)| kind.column(key).is_some_and(|c| c.spec.label == *label))
        })
        .collect();
    let rows = recognition.rows.into_iter().map(|row| taken(row, &constants)).collect();
    Ledger {
        file: name.to_owned(),
        digest: seal::digest(bytes),
        sheet: recognition.sheet,
        others: recognition.others,
        header: recognition.header,
        columns: recognition.columns,
        unknown: recognition.unknown,
        conflicts: recognition.conflicts,
        missing,
        rows,
        ignored: recognition.ignored,
        notes,
    }
}

fn taken(row: RecognisedRow, constants: &[(&&'static str, &CellValue)]) -> Row {
    let mut values: BTreeMap<&'static str, CellValue> = row
        .values
        .into_iter()
        .map(|(key, cell)| {
            let address = cell.address.to_string();
            (key, CellValue { address, raw: cell.raw.as_ref().to_owned(), value: cell.value })
        })
        .collect();
    for (key, cell) in constants {
        values.insert(key, (*cell).clone());
    }
    let faults = row
        .faults
        .into_iter()
        .map(|fault| Fault {
            address: fault.address.to_string(),
            column: fault.column.to_owned(),
            written: String::new(),
            reason: fault.reason,
        })
        .collect();
    Row { number: row.row, values, faults }
}

fn assumed_units(kind: &Kind, recognition: &Recognition) -> Vec<String> {
    recognition
        .columns
        .iter()
        .filter_map(|column| {
            let unit = match (kind.column(column.key)?.spec.kind, column.unit) {
                (ValueKind::Money, None) => Unit::Yuan,
                (ValueKind::Area, None) => Unit::SquareMetre,
                _ => return None,
            };
            Some(format!("{} 列“{}”没有写单位，没有单位的数字按{unit}计算。", column.letter, column.header))
        })
        .collect()
}

/// Columns that are known and never taken over.
fn left_out(kind: &Kind, recognition: &Recognition) -> Vec<String> {
    recognition
        .columns
        .iter()
        .filter_map(|column| match kind.column(column.key)?.to {
            To::Told(why) => Some(format!("{} 列“{}”没有采用：{why}", column.letter, column.header)),
            _ => None,
        })
        .collect()
}

fn is_yearless(cell: &Recognised) -> bool {
    let dated = matches!(cell.value, Parsed::Deadline(Due::On(_) | Due::Within(..), _));
    // A year has four digits, or two before 年; a stored date is written with its year.
    let longest = cell.raw.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    dated && longest < 4 && !cell.raw.contains(['年', '〇', '○'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_cells_are_named_as_the_spreadsheet_does() {
        assert_eq!(column_number("A"), Some(0));
        assert_eq!(column_number("aa"), Some(26));
        assert_eq!(column_number("XFD"), Some(16_383));
        assert_eq!(column_number("XFE"), None);
        assert_eq!(column_number("=1"), None);
        assert_eq!(address("C7"), Some(Address { row: 6, column: 2 }));
        assert_eq!(address("C0"), None);
        assert_eq!(address("7"), None);
    }

    #[test]
    fn the_year_of_a_title_completes_its_days() {
        assert_eq!(year_of(&["市教育局党组2022年巡察整改台账".to_owned()]), Some(2022));
        assert_eq!(year_of(&["本年整改台账".to_owned(), "22年".to_owned()]), None);
    }
}
