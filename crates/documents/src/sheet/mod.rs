//! Spreadsheets as plain values: what a workbook holds, how uploads are read and how exports are written.
//!
//! [`read`] turns an uploaded `.xlsx` or `.csv` into a [`Workbook`] and refuses what is damaged, disguised or built
//! to exhaust the machine. [`SheetWriter`] and [`CsvWriter`] write ledgers row by row in constant memory, and never
//! let stored text become a formula.

mod container;
mod csv_in;
mod csv_out;
mod formula;
mod limits;
mod meter;
mod refusal;
mod scan;
mod workbook;
mod write;

use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

pub use csv_out::CsvWriter;
pub use limits::Limits;
pub use refusal::Unreadable;
pub use write::{Format, Heading, Mark, SheetWriter, Value, WriteError};

/// Rows a sheet may have at most (the format's own bound).
pub const MAX_ROWS: u32 = 1_048_576;
/// Columns a sheet may have at most (the format's own bound).
pub const MAX_COLUMNS: u16 = 16_384;

/// All sheets of a file in the order of the file. A CSV file has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Workbook {
    /// The sheets in the order of the file.
    pub sheets: Vec<Sheet>,
}

/// One sheet with its cells in absolute position: `rows[0][0]` is A1.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Name on the tab; for CSV the file name without its ending.
    pub name: String,
    /// Hidden by the author: kept, but never chosen for recognition.
    pub hidden: bool,
    /// Cells from A1; a row ends after its last filled cell.
    pub rows: Vec<Vec<Cell>>,
    /// Merged areas; only the first cell of an area carries its value.
    pub merged: Vec<Range>,
}

impl Sheet {
    /// The cell at `address`, [`Cell::Empty`] outside the filled area.
    pub fn cell(&self, address: Address) -> &Cell {
        self.rows
            .get(address.row as usize)
            .and_then(|row| row.get(usize::from(address.column)))
            .unwrap_or(&Cell::Empty)
    }
}

/// The value of a cell. Equal texts of one workbook share their memory.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text as typed, line breaks as `\n`.
    Text(Arc<str>),
    /// A number without date format.
    Number(f64),
    /// A number with a date format and no time of day.
    Date(NaiveDate),
    /// A number with a date format and a time of day.
    DateTime(NaiveDateTime),
    /// A truth value.
    Bool(bool),
    /// A formula's error such as `#REF!`.
    Error(&'static str),
}

/// Position of a cell, shown as `C7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// Row counted from 0.
    pub row: u32,
    /// Column counted from 0.
    pub column: u16,
}

impl Address {
    /// The position in row `row` and column `column`, both counted from 0.
    pub fn new(row: u32, column: u16) -> Self {
        Self { row, column }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letter(self.column), u64::from(self.row) + 1)
    }
}

/// The letters of a column counted from 0: 0 is `A`, 26 is `AA`.
pub fn column_letter(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        let digit = ((rest - 1) % 26) as u8;
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A rectangle of cells, both corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Upper left corner.
    pub first: Address,
    /// Lower right corner.
    pub last: Address,
}

/// Reads an uploaded table. The kind is decided by the ending of `name` *and* by the content; both must agree.
///
/// ```
/// use documents::sheet::{Cell, Limits, read};
///
/// let book = read("单位.csv", "单位,类别\n市教育局,市直\n".as_bytes(), &Limits::default())?;
/// assert_eq!(book.sheets[0].rows[1][0], Cell::Text("市教育局".into()));
/// # Ok::<(), documents::sheet::Unreadable>(())
/// ```
///
/// # Errors
/// [`Unreadable`] says in a sentence for the user what is wrong with the file and what to do.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() as u64 > limits.container_bytes {
        return Err(Unreadable::too_large("文件大小", format!("{} MB", limits.container_bytes >> 20)));
    }
    match (Ending::of(name), Content::of(bytes)) {
        (Ending::Xlsx, Content::Zip) => workbook::read(bytes, limits),
        (Ending::Xlsx, Content::OldOffice) => Err(Unreadable::LockedOrOld),
        (Ending::Csv, Content::Text) => csv_in::read(name, bytes, limits),
        (Ending::Xlsx | Ending::Csv, content) => {
            Err(Unreadable::Disguised { ending: ending(name), content: content.name() })
        }
        (Ending::Other, _) => Err(Unreadable::Kind { ending: ending(name) }),
    }
}

/// What the file name promises.
enum Ending {
    Xlsx,
    Csv,
    Other,
}

impl Ending {
    fn of(name: &str) -> Self {
        match ending(name).as_str() {
            "xlsx" => Self::Xlsx,
            "csv" => Self::Csv,
            _ => Self::Other,
        }
    }
}

fn ending(name: &str) -> String {
    name.trim()
        .rsplit_once('.')
        .map(|(_, ending)| ending.chars().take(10).collect::<String>())
        .unwrap_or_default()
        .to_lowercase()
}

/// What the first bytes show.
enum Content {
    Zip,
    OldOffice,
    Pdf,
    Binary,
    Text,
}

impl Content {
    fn of(bytes: &[u8]) -> Self {
        const UTF16_MARKS: [&[u8]; 2] = [&[0xFF, 0xFE], &[0xFE, 0xFF]];
        if bytes.starts_with(b"PK\x03\x04") {
            Self::Zip
        } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            Self::OldOffice
        } else if bytes.starts_with(b"%PDF") {
            Self::Pdf
        } else if bytes.contains(&0) && !UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
            Self::Binary
        } else {
            Self::Text
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Zip => "压缩包或 Office 文件",
            Self::OldOffice => "旧版 Office 文件",
            Self::Pdf => "PDF 文件",
            Self::Binary => "无法识别的二进制数据",
            Self::Text => "纯文本",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_like_in_the_spreadsheet() {
        assert_eq!(column_letter(0), "A");
        assert_eq!(column_letter(25), "Z");
        assert_eq!(column_letter(26), "AA");
        assert_eq!(column_letter(16_383), "XFD");
        assert_eq!(Address::new(6, 2).to_string(), "C7");
    }

    #[test]
    fn a_cell_stays_small() {
        assert!(std::mem::size_of::<Cell>() <= 24);
        assert!(std::mem::size_of::<Value<'_>>() <= 24);
    }

    #[test]
    fn the_kind_needs_both_the_ending_and_the_content() {
        let limits = Limits::default();
        let refused = |name: &str, bytes: &[u8]| read(name, bytes, &limits).unwrap_err().to_string();
        assert!(refused("台账.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").contains("另存为"));
        assert!(refused("台账.et", b"x").contains(".xlsx"));
        assert!(refused("台账.docx", b"PK\x03\x04").contains(".docx"));
        assert!(refused("台账.xlsx", b"%PDF-1.7").contains("PDF"));
        assert!(refused("台账.xlsx", b"a,b").contains("纯文本"));
        assert!(refused("台账.csv", b"PK\x03\x04").contains("压缩包"));
        assert!(refused("台账.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").contains("密码"));
        assert!(refused("台账", b"a").contains("没有扩展名"));
        assert!(refused("台账.csv", b"").contains("空"));
    }
}
