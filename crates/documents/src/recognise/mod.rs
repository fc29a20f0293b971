//! Ledgers as offices keep them, recognised: where the header stands, which column means what, which rows are data.
//!
//! Nothing is guessed in silence. Columns without a meaning, columns that fit twice, rows that are no data and cells that
//! cannot be read are all listed with their place, so that the import's preview can show them before anything is taken
//! over.
//!
//! Compared are names without spaces, brackets, units and differences of width: first the label of a column, then its
//! synonyms ([`crate::synonyms`]). Amounts are turned into fen and square centimetres with integer arithmetic.

mod dates;
mod header;
mod normal;
mod rows;
mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::sheet::{Address, Sheet, Workbook, column_letter};
pub use dates::Due;

/// Data rows taken from one sheet at most.
pub const MOST_ROWS: usize = 100_000;

/// What a column of a ledger means to the caller.
#[derive(Debug, Clone, Copy)]
pub struct ColumnSpec {
    /// The caller's name of the field.
    pub key: &'static str,
    /// The name users know the field by; also the first name looked for.
    pub label: &'static str,
    /// Other names of the column.
    pub synonyms: &'static [&'static str],
    /// What its cells hold.
    pub kind: ValueKind,
    /// Rows without it are at fault.
    pub required: bool,
    /// An empty cell takes the value of the row above, as under a group that is written once.
    pub fill_down: bool,
}

/// Codes, each with the words that stand for it; the first word is shown to users.
pub type Choices = &'static [(&'static str, &'static [&'static str])];

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// A short text: one line, plain widths, no spaces inside Chinese words.
    Text,
    /// A text kept as written.
    LongText,
    /// A full date.
    Date,
    /// A date, a period or a term kind.
    Deadline,
    /// Money, in fen.
    Money,
    /// An area, in square centimetres.
    Area,
    /// A whole number, perhaps with its counter (12个).
    Integer,
    /// A calendar year, perhaps with its word (2023年度).
    Year,
    /// A share.
    Percent,
    /// 是 or 否.
    YesNo,
    /// One of some codes.
    Choice(Choices),
    /// Names, separated by signs, spaces or line breaks.
    People,
    /// Several numbered items in one cell.
    Numbered,
}

/// A unit of money or area, or the per cent sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 元.
    Yuan,
    /// 千元.
    ThousandYuan,
    /// 万元.
    TenThousandYuan,
    /// 百万元.
    MillionYuan,
    /// 亿元.
    HundredMillionYuan,
    /// ㎡.
    SquareMetre,
    /// 万㎡.
    TenThousandSquareMetres,
    /// 公顷.
    Hectare,
    /// 平方公里.
    SquareKilometre,
    /// 亩: two thirds of a thousand square metres, so no whole number of square centimetres.
    Mu,
    /// %.
    Percent,
}

impl Unit {
    fn named(text: &str) -> Option<Self> {
        let text = normal::compact(text)
            .to_lowercase()
            .replace("m²", "㎡")
            .replace("m2", "㎡")
            .replace("人民币", "");
        Some(match text.as_str() {
            "元" => Self::Yuan,
            "千元" => Self::ThousandYuan,
            "万元" => Self::TenThousandYuan,
            "百万元" => Self::MillionYuan,
            "亿元" => Self::HundredMillionYuan,
            "㎡" | "平方米" | "平米" | "平方" => Self::SquareMetre,
            "万㎡" | "万平方米" | "万平米" | "万平方" | "万平" => Self::TenThousandSquareMetres,
            "公顷" | "hm²" => Self::Hectare,
            "平方公里" | "平方千米" | "k㎡" => Self::SquareKilometre,
            "亩" => Self::Mu,
            "%" | "百分比" => Self::Percent,
            _ => return None,
        })
    }

    /// Whether it measures money.
    pub fn is_money(self) -> bool {
        use Unit as U;
        matches!(
            self,
            U::Yuan | U::ThousandYuan | U::TenThousandYuan | U::MillionYuan | U::HundredMillionYuan
        )
    }

    /// Whether it measures areas.
    pub fn is_area(self) -> bool {
        use Unit as U;
        matches!(self, U::SquareMetre | U::TenThousandSquareMetres | U::Hectare | U::SquareKilometre | U::Mu)
    }

    /// Fen or square centimetres in one of it; `None` when that is no whole number.
    fn factor(self) -> Option<i64> {
        match self {
            Self::Yuan => Some(100),
            Self::ThousandYuan => Some(100_000),
            Self::TenThousandYuan => Some(1_000_000),
            Self::MillionYuan | Self::TenThousandSquareMetres | Self::Hectare => Some(100_000_000),
            Self::HundredMillionYuan | Self::SquareKilometre => Some(10_000_000_000),
            Self::SquareMetre => Some(10_000),
            Self::Mu | Self::Percent => None,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yuan => "元",
            Self::ThousandYuan => "千元",
            Self::TenThousandYuan => "万元",
            Self::MillionYuan => "百万元",
            Self::HundredMillionYuan => "亿元",
            Self::SquareMetre => "㎡",
            Self::TenThousandSquareMetres => "万㎡",
            Self::Hectare => "公顷",
            Self::SquareKilometre => "平方公里",
            Self::Mu => "亩",
            Self::Percent => "%",
        })
    }
}

/// What the caller knows beyond the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The year of deadlines that name none, such as 4月底前.
    pub default_year: Option<i32>,
    /// Columns the user assigned by hand (counted from 0) to keys; they go before names.
    pub assigned: Vec<(u16, &'static str)>,
    /// The sheet the user chose; without it the best fitting visible one is taken.
    pub sheet: Option<String>,
}

/// A recognised sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognition {
    /// Name of the sheet.
    pub sheet: String,
    /// The other sheets of the file, not taken.
    pub others: Vec<OtherSheet>,
    /// Lines above the header.
    pub title: Vec<String>,
    /// First and last row of the header, as the spreadsheet numbers them.
    pub header: (u32, u32),
    /// The columns with a meaning, from left to right.
    pub columns: Vec<RecognisedColumn>,
    /// Letter and header of the columns without a meaning; serial numbers are left out.
    pub unknown: Vec<(String, String)>,
    /// Columns that were not assigned because they fit more than once.
    pub conflicts: Vec<Conflict>,
    /// Labels of required columns that were not found.
    pub missing_required: Vec<&'static str>,
    /// The data rows.
    pub rows: Vec<RecognisedRow>,
    /// Rows below the header that are no data.
    pub ignored: Vec<IgnoredRow>,
}

/// A sheet that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherSheet {
    /// Name of the sheet.
    pub name: String,
    /// Hidden by the author.
    pub hidden: bool,
    /// How many of the wanted columns its best header row has.
    pub fitting_columns: usize,
    /// Its rows.
    pub rows: usize,
}

/// A column with a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognisedColumn {
    /// The caller's name of the field.
    pub key: &'static str,
    /// The name users know the field by.
    pub label: &'static str,
    /// Letter of the column.
    pub letter: String,
    /// Its header as written, group and sub-heading joined by `/`.
    pub header: String,
    /// Its unit, from the header or a line above the table. Without one, amounts are in 元 and areas in ㎡.
    pub unit: Option<Unit>,
}

/// Columns and fields that fit each other more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Labels of the fields.
    pub labels: Vec<&'static str>,
    /// Letters of the columns.
    pub letters: Vec<String>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letters, labels) = (self.letters.join("、"), self.labels.join("、"));
        if self.letters.len() > 1 {
            write!(f, "第 {letters} 列都像是“{labels}”，请指定用哪一列")
        } else {
            write!(f, "第 {letters} 列既像是{labels}，请指定它的含义")
        }
    }
}

/// A data row.
#[derive(Debug, Clone, PartialEq)]
pub struct RecognisedRow {
    /// Row as the spreadsheet numbers it.
    pub row: u32,
    /// Values by key; empty cells are left out.
    pub values: BTreeMap<&'static str, Recognised>,
    /// Cells that could not be read, and missing required ones.
    pub faults: Vec<CellFault>,
}

/// A value with its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    /// The cell it was read from; for a value filled down that of its source.
    pub address: Address,
    /// The cell as written.
    pub raw: Arc<str>,
    /// What it means.
    pub value: Parsed,
}

/// What a cell means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// Of [`ValueKind::Text`] and [`ValueKind::LongText`].
    Text(Arc<str>),
    /// A day.
    Date(NaiveDate),
    /// When something is due, and the words used.
    Deadline(Due, Arc<str>),
    /// Fen.
    Money(i64),
    /// Square centimetres.
    Area(i64),
    /// A whole number, or a year.
    Integer(i64),
    /// A share in millionths: 98.5% is 985,000.
    Percent(i64),
    /// 是 is true.
    YesNo(bool),
    /// A code of the column's choices.
    Choice(&'static str),
    /// Names in the order written.
    People(Arc<[String]>),
    /// Items in order, without their numbers.
    Numbered(Arc<[String]>),
}

/// A cell that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// Where it stands.
    pub address: Address,
    /// Label of its column.
    pub column: &'static str,
    /// Why, for users.
    pub reason: String,
}

/// A row below the header that is no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredRow {
    /// Row as the spreadsheet numbers it.
    pub row: u32,
    /// Why it was left out.
    pub reason: &'static str,
    /// The start of what it says.
    pub text: String,
}

/// Why no ledger was recognised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRecognised {
    /// No row looks like a header.
    #[error(
        "没有找到表头：前 {rows} 行里没有一行包含“{wanted}”等列名。请检查表头名称，或使用导入模板填写后重新上传。"
    )]
    NoHeader {
        /// Rows looked at.
        rows: usize,
        /// Labels looked for.
        wanted: String,
    },
    /// The sheet the user chose is not there.
    #[error("文件里没有名为“{0}”的工作表，请重新选择。")]
    NoSuchSheet(String),
    /// More than can be taken at once.
    #[error("数据超过 {MOST_ROWS} 行，请拆成几个文件分别导入。")]
    TooManyRows,
}

/// Recognises the sheet of `book` whose header fits `specs` best.
///
/// # Errors
/// [`NotRecognised`] when no row of any sheet looks like a header, or the sheet is too long.
pub fn recognise(
    book: &Workbook,
    specs: &[ColumnSpec],
    options: &Options,
) -> Result<Recognition, NotRecognised> {
    let names = header::Names::of(specs);
    let candidates: Vec<_> =
        book.sheets.iter().map(|sheet| (sheet, header::find(sheet, specs, &names, options))).collect();
    let chosen = choose(&candidates, options)?.ok_or_else(|| NotRecognised::NoHeader {
        rows: header::WINDOW_ROWS,
        wanted: specs.iter().take(4).map(|spec| spec.label).collect::<Vec<_>>().join("、"),
    })?;
    let others = candidates
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != chosen.0)
        .map(|(_, (sheet, header))| OtherSheet {
            name: sheet.name.clone(),
            hidden: sheet.hidden,
            fitting_columns: header.as_ref().map_or(0, |header| header.fitting),
            rows: sheet.rows.len(),
        })
        .collect();
    let (_, sheet, header) = chosen;
    let (rows, ignored) = rows::read(sheet, header, specs, options)?;
    Ok(Recognition {
        sheet: sheet.name.clone(),
        others,
        title: header.title.clone(),
        header: (header.first + 1, header.last + 1),
        columns: header.columns.iter().filter_map(|column| column.describe(specs)).collect(),
        unknown: header.unknown.iter().map(|(column, text)| (column_letter(*column), text.clone())).collect(),
        conflicts: header.conflicts.clone(),
        missing_required: header.missing_required(specs),
        rows,
        ignored,
    })
}

type Candidate<'a> = (&'a Sheet, Option<header::Header>);

/// The chosen sheet with its index, or the best fitting visible one; the first of equals.
fn choose<'a>(
    candidates: &'a [Candidate<'a>],
    options: &Options,
) -> Result<Option<(usize, &'a Sheet, &'a header::Header)>, NotRecognised> {
    let with_header = |(index, (sheet, header)): (usize, &'a Candidate<'a>)| {
        header.as_ref().map(|header| (index, *sheet, header))
    };
    if let Some(name) = &options.sheet {
        let found = candidates.iter().enumerate().find(|(_, (sheet, _))| &sheet.name == name);
        return found.map(with_header).ok_or_else(|| NotRecognised::NoSuchSheet(name.clone()));
    }
    let visible = candidates.iter().enumerate().filter(|(_, (sheet, _))| !sheet.hidden);
    // `max_by_key` takes the last of equals: walk backwards.
    Ok(visible.filter_map(with_header).rev().max_by_key(|(_, _, header)| header.fit))
}
