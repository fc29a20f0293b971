//! Ledgers written as `.xlsx`, row by row, in constant memory.

use std::io::Write;
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter as xlsx;

use super::MAX_ROWS;
use super::formula::{is_dangerous, sheet_name};

/// How the cells of a column are aligned and shown when they are empty or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Short text, one line.
    Text,
    /// Text that wraps in its cell.
    LongText,
    /// Numbers, money, areas, shares.
    Number,
    /// Dates and instants.
    Date,
}

/// A column of the table: what stands above it and how wide it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Text of the header cell.
    pub label: String,
    /// Width in characters of the normal font; a Chinese character takes two.
    pub width: u16,
    /// Kind of content.
    pub format: Format,
}

impl Heading {
    /// A column headed `label`.
    pub fn new(label: impl Into<String>, width: u16, format: Format) -> Self {
        Self { label: label.into(), width, format }
    }
}

/// Who took a file: written on every printed page and into the properties of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The grey words above every printed page.
    pub watermark: String,
    /// The line below every printed page.
    pub line: String,
    /// The export number.
    pub number: String,
}

/// One value to write.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// Text; always written as text, whatever it looks like.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Any other number; not a number and infinite ones are left empty.
    Number(f64),
    /// Money in fen, shown in yuan with two decimals.
    Money(i64),
    /// An area in square centimetres, shown in ㎡ with two decimals.
    Area(i64),
    /// A share as numerator and denominator, shown in per cent; shown as “—” when the denominator is 0.
    Percent(i64, i64),
    /// A day.
    Date(NaiveDate),
    /// A point in time on the office's clock.
    Instant(NaiveDateTime),
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The table has more rows than a sheet can take.
    #[error("导出的行数超过一张工作表的上限（{MAX_ROWS} 行），请缩小筛选范围后重新导出。")]
    TooManyRows,
    /// The scratch file or the target could not be written.
    #[error("导出文件写入失败：{0}")]
    Output(#[from] std::io::Error),
    /// The workbook could not be put together.
    #[error("导出文件生成失败：{0}")]
    Workbook(#[from] xlsx::XlsxError),
}

impl From<csv::Error> for WriteError {
    fn from(error: csv::Error) -> Self {
        Self::Output(error.into())
    }
}

/// Whole numbers up to here keep all their digits in a spreadsheet; larger ones are written as text.
const EXACT: u64 = 1_000_000_000_000_000;
/// UTF-16 units a cell takes.
const CELL_UNITS: usize = 32_767;
const CUT_MARK: &str = "……（内容超出单元格上限，已截断）";

/// Writes one sheet: lines above the table, a frozen header row with filters, then the rows.
///
/// Finished rows lie in an unnamed scratch file, so memory does not grow with the table. Text is always a string cell;
/// what could be taken for a formula on editing carries the text mark as well. The file names no author and no
/// time of making: both belong into the lines above the table.
///
/// ```
/// use documents::sheet::{Format, Heading, SheetWriter, Value};
///
/// let headings = [Heading::new("单位", 20, Format::Text), Heading::new("金额（元）", 14, Format::Number)];
/// let mut sheet = SheetWriter::new("资产台账", &headings, &["截至 2023-06-30".to_owned()])?;
/// sheet.row(&[Value::Text("市教育局"), Value::Money(123_456)])?;
/// let bytes = sheet.finish()?;
/// assert!(bytes.starts_with(b"PK"));
/// # Ok::<(), documents::sheet::WriteError>(())
/// ```
pub struct SheetWriter {
    book: xlsx::Workbook,
    styles: Styles,
    sheet: usize,
    formats: Vec<Format>,
    header_row: u32,
    next_row: u32,
    mark: Option<Mark>,
}

impl SheetWriter {
    /// Starts a sheet; scratch data goes to the system's folder for temporary files.
    ///
    /// `preamble` holds the lines above the table: unit, as-of date, person, export number.
    ///
    /// # Errors
    /// [`WriteError::Workbook`] when the scratch file cannot be made.
    pub fn new(name: &str, headings: &[Heading], preamble: &[String]) -> Result<Self, WriteError> {
        Self::start(xlsx::Workbook::new(), name, headings, preamble)
    }

    /// Like [`SheetWriter::new`] with scratch data in `scratch`, for offices that keep all data on one protected disk.
    ///
    /// # Errors
    /// [`WriteError::Workbook`] when the scratch file cannot be made.
    pub fn new_in(
        scratch: &Path,
        name: &str,
        headings: &[Heading],
        preamble: &[String],
    ) -> Result<Self, WriteError> {
        let mut book = xlsx::Workbook::new();
        book.set_tempdir(scratch)?;
        Self::start(book, name, headings, preamble)
    }

    fn start(
        mut book: xlsx::Workbook,
        name: &str,
        headings: &[Heading],
        preamble: &[String],
    ) -> Result<Self, WriteError> {
        book.set_properties(&anonymous_properties()?);
        let mut writer = Self {
            book,
            styles: Styles::new(),
            sheet: 0,
            formats: Vec::new(),
            header_row: 0,
            next_row: 0,
            mark: None,
        };
        writer.begin(name, headings, preamble)?;
        Ok(writer)
    }

    /// Writes on every printed page of this sheet and the following ones, and into the file's properties, who took it.
    ///
    /// # Errors
    /// [`WriteError::Workbook`] when the properties cannot be written.
    pub fn mark(&mut self, mark: Mark) -> Result<(), WriteError> {
        let properties = anonymous_properties()?.set_custom_property("导出编号", mark.number.as_str());
        self.book.set_properties(&properties);
        self.mark = Some(mark);
        self.print_mark()
    }

    fn print_mark(&mut self) -> Result<(), WriteError> {
        let Some(mark) = &self.mark else { return Ok(()) };
        let sheet = self.book.worksheet_from_index(self.sheet)?;
        sheet.set_header(format!("&C&20&KD0D0D0{}", page_text(&mark.watermark)));
        sheet.set_footer(format!("&L&8{}&R&8&P / &N", page_text(&mark.line)));
        Ok(())
    }

    /// Ends the sheet and starts another one in the same workbook; its name must not occur yet.
    ///
    /// # Errors
    /// [`WriteError::Workbook`] when the name is taken or the scratch file cannot be made.
    pub fn next_sheet(
        &mut self,
        name: &str,
        headings: &[Heading],
        preamble: &[String],
    ) -> Result<(), WriteError> {
        self.close()?;
        self.sheet += 1;
        self.begin(name, headings, preamble)
    }

    fn begin(&mut self, name: &str, headings: &[Heading], preamble: &[String]) -> Result<(), WriteError> {
        let styles = &self.styles;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(name))?;
        let header_row = u32::try_from(preamble.len()).map_err(|_| WriteError::TooManyRows)?;
        for (column, heading) in (0u16..).zip(headings) {
            sheet.set_column_width(column, f64::from(heading.width.clamp(1, 255)))?;
        }
        sheet.set_freeze_panes(header_row + 1, 0)?;
        sheet.set_repeat_rows(header_row, header_row)?;
        sheet.set_landscape();
        for (row, line) in (0u32..).zip(preamble) {
            write_text(sheet, row, 0, line, styles.preamble(line))?;
        }
        for (column, heading) in (0u16..).zip(headings) {
            write_text(sheet, header_row, column, &heading.label, styles.header(&heading.label))?;
        }
        self.formats = headings.iter().map(|heading| heading.format).collect();
        (self.header_row, self.next_row) = (header_row, header_row + 1);
        self.print_mark()
    }

    /// Appends a row; values beyond the headings are written too.
    ///
    /// # Errors
    /// [`WriteError::TooManyRows`] beyond the bound of a sheet, otherwise the library's error.
    pub fn row(&mut self, values: &[Value<'_>]) -> Result<(), WriteError> {
        if self.next_row >= MAX_ROWS {
            return Err(WriteError::TooManyRows);
        }
        let sheet = self.book.worksheet_from_index(self.sheet)?;
        for (column, value) in (0u16..).zip(values) {
            let format = self.formats.get(usize::from(column)).copied().unwrap_or(Format::Text);
            write_value(sheet, &self.styles, (self.next_row, column), format, *value)?;
        }
        self.next_row += 1;
        Ok(())
    }

    /// Rows written so far, without header and preamble.
    pub fn rows(&self) -> u32 {
        self.next_row - self.header_row - 1
    }

    /// Ends the sheet and gives the file's bytes.
    ///
    /// # Errors
    /// When the workbook cannot be put together.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        self.close()?;
        Ok(self.book.save_to_buffer()?)
    }

    /// Ends the sheet and writes the file to `target`, without holding it in memory.
    ///
    /// # Errors
    /// When the workbook cannot be put together or `target` fails.
    pub fn finish_to<W: Write + Send>(mut self, target: W) -> Result<(), WriteError> {
        self.close()?;
        Ok(self.book.save_to_writer(target)?)
    }

    fn close(&mut self) -> Result<(), WriteError> {
        let last_row = self.next_row - 1;
        if let Some(last_column) = self.formats.len().checked_sub(1).and_then(|last| u16::try_from(last).ok())
        {
            let sheet = self.book.worksheet_from_index(self.sheet)?;
            sheet.autofilter(self.header_row, 0, last_row, last_column)?;
        }
        Ok(())
    }
}

/// Properties without person, organisation or time: the library would put the machine's time in.
fn anonymous_properties() -> Result<xlsx::DocProperties, WriteError> {
    let fixed = xlsx::ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(xlsx::DocProperties::new().set_creation_datetime(&fixed))
}

/// A text as heads and feet of pages take it: `&` begins a command there, and all of it holds 255 characters.
fn page_text(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect::<String>().replace('&', "&&")
}

fn write_value(
    sheet: &mut xlsx::Worksheet,
    styles: &Styles,
    (row, column): (u32, u16),
    format: Format,
    value: Value<'_>,
) -> Result<(), WriteError> {
    match shown(value) {
        Shown::Nothing => {}
        Shown::Text(text) => write_text(sheet, row, column, text, styles.text(format, text))?,
        Shown::Digits(text) => write_text(sheet, row, column, &text, &styles.digits)?,
        Shown::Number(number, kind) => {
            sheet.write_number_with_format(row, column, number, styles.number(kind))?;
        }
    }
    Ok(())
}

/// How a value stands in the sheet.
enum Shown<'a> {
    Nothing,
    Text(&'a str),
    /// A number or date that a spreadsheet would not keep exactly.
    Digits(String),
    Number(f64, NumberKind),
}

#[derive(Clone, Copy)]
enum NumberKind {
    Integer,
    Plain,
    Decimals,
    Percent,
    Date,
    Instant,
}

fn shown(value: Value<'_>) -> Shown<'_> {
    match value {
        Value::Text(text) => Shown::Text(text),
        Value::Integer(number) if number.unsigned_abs() < EXACT => {
            Shown::Number(number as f64, NumberKind::Integer)
        }
        Value::Integer(number) => Shown::Digits(number.to_string()),
        Value::Number(number) if number.is_finite() => Shown::Number(number, NumberKind::Plain),
        Value::Empty | Value::Number(_) => Shown::Nothing,
        Value::Money(fen) if fen.unsigned_abs() < EXACT => {
            Shown::Number(fen as f64 / 100.0, NumberKind::Decimals)
        }
        Value::Money(fen) => Shown::Digits(crate::decimal::fixed(fen, 2)),
        Value::Area(area) if area.unsigned_abs() < EXACT => {
            Shown::Number(area as f64 / 10_000.0, NumberKind::Decimals)
        }
        Value::Area(area) => Shown::Digits(crate::decimal::fixed(area, 4)),
        Value::Percent(_, 0) => Shown::Text("—"),
        Value::Percent(part, whole) => Shown::Number(part as f64 / whole as f64, NumberKind::Percent),
        Value::Date(date) => match serial_day(date) {
            Some(day) => Shown::Number(day, NumberKind::Date),
            None => Shown::Digits(date.to_string()),
        },
        Value::Instant(instant) => match serial_day(instant.date()) {
            Some(day) => Shown::Number(day + day_share(instant), NumberKind::Instant),
            None => Shown::Digits(instant.to_string()),
        },
    }
}

/// The day number of a date from 1900-03-01 to 9999-12-31; before that spreadsheets count a day that never was.
fn serial_day(date: NaiveDate) -> Option<f64> {
    let days = date.signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    (61..2_958_466).contains(&days).then_some(days as f64)
}

fn day_share(instant: NaiveDateTime) -> f64 {
    let since_midnight = instant.time().signed_duration_since(chrono::NaiveTime::MIN);
    since_midnight.num_milliseconds() as f64 / 86_400_000.0
}

fn write_text(
    sheet: &mut xlsx::Worksheet,
    row: u32,
    column: u16,
    text: &str,
    style: &xlsx::Format,
) -> Result<(), WriteError> {
    sheet.write_string_with_format(row, column, clean(text), style)?;
    Ok(())
}

/// Text an XML file can carry, cut visibly at the bound of a cell.
fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut units = 0;
    let room = CELL_UNITS - CUT_MARK.chars().count();
    let fits = text.len() <= room || text.encode_utf16().count() <= CELL_UNITS;
    let mut previous = ' ';
    for c in text.chars() {
        units += c.len_utf16();
        if !fits && units > room {
            cleaned.push_str(CUT_MARK);
            break;
        }
        match c {
            '\r' => cleaned.push('\n'),
            '\n' if previous == '\r' => {}
            '\t' | '\n' => cleaned.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && u32::from(c) < 0x20 => {}
            c => cleaned.push(c),
        }
        previous = c;
    }
    cleaned
}

/// The formats of the cells, made once.
struct Styles {
    short: Quoted,
    long: Quoted,
    header: Quoted,
    preamble: Quoted,
    digits: xlsx::Format,
    integer: xlsx::Format,
    plain: xlsx::Format,
    decimals: xlsx::Format,
    percent: xlsx::Format,
    date: xlsx::Format,
    instant: xlsx::Format,
}

/// A text format with and without the mark that keeps edited text from becoming a formula.
struct Quoted {
    plain: xlsx::Format,
    marked: xlsx::Format,
}

impl Quoted {
    fn new(format: xlsx::Format) -> Self {
        Self { marked: format.clone().set_quote_prefix(), plain: format }
    }

    fn of(&self, text: &str) -> &xlsx::Format {
        if is_dangerous(text) { &self.marked } else { &self.plain }
    }
}

impl Styles {
    fn new() -> Self {
        let base = || xlsx::Format::new().set_align(xlsx::FormatAlign::Top);
        let number = |pattern: &str| base().set_num_format(pattern);
        let header = base()
            .set_bold()
            .set_text_wrap()
            .set_align(xlsx::FormatAlign::Center)
            .set_align(xlsx::FormatAlign::VerticalCenter)
            .set_border(xlsx::FormatBorder::Thin)
            .set_background_color(xlsx::Color::RGB(0x00F2_F2F2));
        Self {
            short: Quoted::new(base()),
            long: Quoted::new(base().set_text_wrap()),
            header: Quoted::new(header),
            preamble: Quoted::new(base()),
            digits: base().set_align(xlsx::FormatAlign::Right),
            integer: number("0"),
            plain: number("General"),
            decimals: number("#,##0.00"),
            percent: number("0.00%"),
            date: number("yyyy-mm-dd"),
            instant: number("yyyy-mm-dd hh:mm"),
        }
    }

    fn text(&self, format: Format, text: &str) -> &xlsx::Format {
        match format {
            Format::LongText => self.long.of(text),
            Format::Text | Format::Number | Format::Date => self.short.of(text),
        }
    }

    fn header(&self, text: &str) -> &xlsx::Format {
        self.header.of(text)
    }

    fn preamble(&self, text: &str) -> &xlsx::Format {
        self.preamble.of(text)
    }

    fn number(&self, kind: NumberKind) -> &xlsx::Format {
        match kind {
            NumberKind::Integer => &self.integer,
            NumberKind::Plain => &self.plain,
            NumberKind::Decimals => &self.decimals,
            NumberKind::Percent => &self.percent,
            NumberKind::Date => &self.date,
            NumberKind::Instant => &self.instant,
        }
    }
}
