//! CSV files, in the encodings offices use.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::formula::unquoted;
use super::{Cell, Limits, MAX_COLUMNS, MAX_ROWS, Sheet, Unreadable, Workbook};

/// Reads one CSV table; every filled cell is text.
pub(super) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    let text = decode(bytes)?;
    let delimiter = sniff(&text);
    bound_fields(&text, delimiter, limits)?;
    let rows = read_rows(&text, delimiter, limits)?;
    if rows.iter().all(Vec::is_empty) {
        return Err(Unreadable::Empty);
    }
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Ok(Workbook { sheets: vec![Sheet { name: name.to_owned(), hidden: false, rows, merged: Vec::new() }] })
}

/// A byte order mark decides; without one, valid UTF-8 wins over GB18030.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let body = bytes.get(mark..).unwrap_or_default();
        return encoding
            .decode_without_bom_handling_and_without_replacement(body)
            .ok_or(Unreadable::Encoding);
    }
    UTF_8
        .decode_without_bom_handling_and_without_replacement(bytes)
        .or_else(|| GB18030.decode_without_bom_handling_and_without_replacement(bytes))
        .ok_or(Unreadable::Encoding)
}

/// The separator that occurs most often outside quotes in the first lines; a comma when none does.
fn sniff(text: &str) -> u8 {
    const SAMPLE: usize = 16 * 1024;
    let mut counts = [(b',', 0usize), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(SAMPLE) {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted {
            for (separator, count) in &mut counts {
                *count += usize::from(*separator == byte);
            }
        }
    }
    // The first of equals wins: the comma.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

/// Where in a field a byte stands.
#[derive(Clone, Copy)]
enum Place {
    Start,
    Bare,
    Quoted,
    /// Behind a quotation mark in a quoted field: its end, or one of two that mean one.
    Closing,
}

/// One line of separators alone would cost memory for every field of it, and a quotation that is never closed
/// would gather the rest of the file.
fn bound_fields(text: &str, delimiter: u8, limits: &Limits) -> Result<(), Unreadable> {
    let (mut place, mut separators, mut length) = (Place::Start, 0_u64, 0_u64);
    let longest = limits.cell_bytes.saturating_mul(2).saturating_add(2); // as written: doubled quotation marks
    for byte in text.bytes() {
        let separates = matches!(byte, b'\n' | b'\r') || byte == delimiter;
        separators += u64::from(separates && byte != b'\r');
        (place, length) = match (place, byte) {
            (Place::Quoted, b'"') => (Place::Closing, length + 1),
            (Place::Start | Place::Closing, b'"') | (Place::Quoted, _) => (Place::Quoted, length + 1),
            _ if separates => (Place::Start, 0),
            _ => (Place::Bare, length + 1),
        };
        if length > longest {
            return Err(too_long(limits));
        }
    }
    if separators > limits.cells {
        return Err(Unreadable::too_large("单元格数", limits.cells));
    }
    Ok(())
}

fn too_long(limits: &Limits) -> Unreadable {
    Unreadable::too_large("单个单元格的文字", format!("{} KB", limits.cell_bytes >> 10))
}

fn read_rows(text: &str, delimiter: u8, limits: &Limits) -> Result<Vec<Vec<Cell>>, Unreadable> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut line = reader.position().line();
    while reader.read_record(&mut record).map_err(|_| Unreadable::damaged("CSV 读不出来"))? {
        if record.len() > usize::from(MAX_COLUMNS) {
            return Err(Unreadable::too_large("列数", MAX_COLUMNS));
        }
        let lines = reader.position().line() - line;
        line += lines;
        rows.resize_with(rows.len() + blank_lines(&record, lines), Vec::new);
        rows.push(row(&record, limits)?);
        if rows.len() > MAX_ROWS as usize {
            return Err(Unreadable::too_large("总行数", MAX_ROWS));
        }
    }
    Ok(rows)
}

/// The reader leaves blank lines out; they are put back so that rows keep the numbers a spreadsheet gives them.
fn blank_lines(record: &csv::StringRecord, lines: u64) -> usize {
    let own = 1 + record.iter().map(|field| field.matches('\n').count() as u64).sum::<u64>();
    lines.saturating_sub(own) as usize
}

fn row(record: &csv::StringRecord, limits: &Limits) -> Result<Vec<Cell>, Unreadable> {
    let mut cells = Vec::with_capacity(record.len());
    for field in record {
        if field.len() as u64 > limits.cell_bytes {
            return Err(too_long(limits));
        }
        cells.push(cell(unquoted(field)));
    }
    while cells.last() == Some(&Cell::Empty) {
        cells.pop();
    }
    Ok(cells)
}

fn cell(field: &str) -> Cell {
    if field.is_empty() {
        Cell::Empty
    } else if field.contains('\r') {
        Cell::Text(field.replace("\r\n", "\n").replace('\r', "\n").into())
    } else {
        Cell::Text(field.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_rows(bytes: &[u8]) -> Vec<Vec<Cell>> {
        read("甲.csv", bytes, &Limits::default()).unwrap().sheets.remove(0).rows
    }

    fn text(value: &str) -> Cell {
        Cell::Text(value.into())
    }

    #[test]
    fn encodings_of_the_office_are_told_apart() {
        let expected = vec![vec![text("单位"), text("问题")], vec![text("市教育局"), text("“一岗双责”")]];
        let source = "单位,问题\r\n市教育局,“一岗双责”\r\n";
        assert_eq!(first_rows(source.as_bytes()), expected);
        assert_eq!(first_rows(format!("\u{feff}{source}").as_bytes()), expected);
        assert_eq!(first_rows(&GB18030.encode(source).0), expected);
    }

    #[test]
    fn semicolons_and_tabs_separate_too() {
        let expected = vec![vec![text("单位"), text("1,5")]];
        assert_eq!(first_rows("单位;\"1,5\"\n".as_bytes()), expected);
        assert_eq!(first_rows("单位\t\"1,5\"\n".as_bytes()), expected);
    }

    #[test]
    fn rows_keep_their_numbers_over_blank_lines_and_breaks_in_cells() {
        for ending in ["\n", "\r\n"] {
            let source = ["标题", "", "", "单位,\"甲", "乙\"", "", "丙,丁", ""].join(ending);
            let rows = first_rows(source.as_bytes());
            assert_eq!(rows.len(), 6, "{rows:?}");
            assert_eq!(rows[3], [text("单位"), text("甲\n乙")]);
            assert_eq!(rows[5], [text("丙"), text("丁")]);
        }
    }

    #[test]
    fn a_line_of_separators_is_refused() {
        let refused = read("甲.csv", &vec![b','; 5_000_000], &Limits::default()).unwrap_err();
        assert!(refused.to_string().contains("单元格数"));
    }

    #[test]
    fn a_quotation_that_is_never_closed_is_refused_before_it_is_gathered() {
        let limits = Limits { cell_bytes: 100, ..Limits::default() };
        let open = format!("单位,问题\n\"{}", "甲,\"\"乙\n".repeat(40));
        assert!(bound_fields(&open, b',', &limits).is_err());
        let inches = format!("管径,问题\n{}", "5\" 管,甲\n".repeat(400));
        assert!(bound_fields(&inches, b',', &limits).is_ok());
        let doubled = format!("\"{}\",甲\n", "\"\"".repeat(100));
        assert!(bound_fields(&doubled, b',', &limits).is_ok());
    }
}
