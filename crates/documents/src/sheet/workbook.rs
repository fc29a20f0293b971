//! A checked container turned into a [`Workbook`].

use std::collections::HashMap;
use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::meter::Rationed;
use super::{Address, Cell, Limits, MAX_COLUMNS, MAX_ROWS, Range, Sheet, Unreadable, Workbook, container};

/// Last serial of a date (9999-12-31) plus one.
const SERIALS: f64 = 2_958_466.0;

/// Reads a workbook from a container that is checked first.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    let checked = container::check(bytes, limits)?;
    // Each part is needed at most twice (cells, merged areas); more is a file that points at one part many times.
    let ration = 4 * checked.bytes.len() as u64 + (1 << 20);
    let source = Rationed::new(Cursor::new(checked.bytes), ration);
    // The reader's arithmetic on crafted references may panic in checked builds: that is a refusal, not a crash.
    catch_unwind(AssertUnwindSafe(|| build(source, checked.merged > 0, limits)))
        .unwrap_or_else(|_| Err(Unreadable::damaged("单元格位置读不出来")))
}

fn build<S: Read + Seek>(source: S, has_merged: bool, limits: &Limits) -> Result<Workbook, Unreadable> {
    let mut file = Xlsx::new(source).map_err(unreadable)?;
    let listed: Vec<_> = file
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let mut budget = Budget { limits, gaps: 0, text: 0 };
    let mut sheets = Vec::with_capacity(listed.len());
    for (name, hidden) in listed {
        let rows = read_rows(&mut file, &name, &mut budget)?;
        let merged = if has_merged { read_merged(&mut file, &name)? } else { Vec::new() };
        sheets.push(Sheet { name, hidden, rows, merged });
    }
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(Unreadable::Empty);
    }
    Ok(Workbook { sheets })
}

/// What may still be kept in memory.
struct Budget<'a> {
    limits: &'a Limits,
    gaps: u64,
    text: u64,
}

impl Budget<'_> {
    fn gaps(&mut self, more: usize) -> Result<(), Unreadable> {
        self.gaps += more as u64;
        if self.gaps > self.limits.gaps {
            return Err(Unreadable::suspicious("内容分布过于零散"));
        }
        Ok(())
    }

    fn text(&mut self, more: usize) -> Result<(), Unreadable> {
        self.text += more as u64;
        if self.text > self.limits.text_bytes {
            return Err(Unreadable::too_large(
                "单元格文字总量",
                format!("{} MB", self.limits.text_bytes >> 20),
            ));
        }
        Ok(())
    }
}

fn read_rows<S: Read + Seek>(
    file: &mut Xlsx<S>,
    name: &str,
    budget: &mut Budget<'_>,
) -> Result<Vec<Vec<Cell>>, Unreadable> {
    let mut reader = file.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut texts = Texts::default();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    while let Some(found) = reader.next_cell().map_err(unreadable)? {
        let (row, column) = found.get_position();
        if row >= MAX_ROWS || column >= u32::from(MAX_COLUMNS) {
            return Err(Unreadable::suspicious("单元格位置超出工作表"));
        }
        let cell = texts.cell(found.get_value());
        if let Cell::Text(text) = &cell {
            budget.text(text.len())?;
        }
        if cell != Cell::Empty {
            place(&mut rows, row as usize, column as usize, cell, budget)?;
        }
    }
    Ok(rows)
}

fn place(
    rows: &mut Vec<Vec<Cell>>,
    row: usize,
    column: usize,
    cell: Cell,
    budget: &mut Budget<'_>,
) -> Result<(), Unreadable> {
    if rows.len() <= row {
        rows.resize_with(row + 1, Vec::new);
    }
    let Some(cells) = rows.get_mut(row) else { return Ok(()) };
    if let Some(slot) = cells.get_mut(column) {
        *slot = cell;
        return Ok(());
    }
    budget.gaps(column - cells.len())?;
    cells.resize(column, Cell::Empty);
    cells.push(cell);
    Ok(())
}

/// Shared strings keep their place while a sheet is read, so that place identifies them.
#[derive(Default)]
struct Texts {
    shared: HashMap<usize, Arc<str>>,
}

impl Texts {
    fn cell(&mut self, value: &DataRef<'_>) -> Cell {
        match value {
            DataRef::Empty => Cell::Empty,
            DataRef::Int(number) => Cell::Number(*number as f64),
            DataRef::Float(number) => Cell::Number(*number),
            DataRef::Bool(value) => Cell::Bool(*value),
            DataRef::SharedString(text) => self.shared(text),
            DataRef::String(text) | DataRef::DurationIso(text) => own_text(text),
            DataRef::DateTimeIso(text) => iso(text),
            DataRef::DateTime(serial) => date(serial),
            DataRef::Error(error) => Cell::Error(error_name(error)),
        }
    }

    fn shared(&mut self, text: &str) -> Cell {
        if text.is_empty() {
            return Cell::Empty;
        }
        Cell::Text(Arc::clone(self.shared.entry(text.as_ptr() as usize).or_insert_with(|| lines(text))))
    }
}

fn own_text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(lines(text)) }
}

/// Text with line breaks as `\n` only.
fn lines(text: &str) -> Arc<str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

fn date(serial: &ExcelDateTime) -> Cell {
    let number = serial.as_f64();
    if !serial.is_datetime() || !(1.0..SERIALS).contains(&number) {
        return Cell::Number(number);
    }
    let (year, month, day, hour, minute, second, milli) = serial.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    let time = NaiveTime::from_hms_milli_opt(
        u32::from(hour),
        u32::from(minute),
        u32::from(second),
        u32::from(milli),
    );
    match (date, time) {
        (Some(date), Some(NaiveTime::MIN)) => Cell::Date(date),
        (Some(date), Some(time)) => Cell::DateTime(date.and_time(time)),
        _ => Cell::Number(number),
    }
}

fn iso(text: &str) -> Cell {
    let text = text.trim_end_matches('Z');
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Cell::Date(date);
    }
    match text.parse::<NaiveDateTime>() {
        Ok(instant) if instant.time() == NaiveTime::MIN => Cell::Date(instant.date()),
        Ok(instant) => Cell::DateTime(instant),
        Err(_) => own_text(text),
    }
}

fn error_name(error: &calamine::CellErrorType) -> &'static str {
    use calamine::CellErrorType as E;
    match error {
        E::Div0 => "#DIV/0!",
        E::NA => "#N/A",
        E::Name => "#NAME?",
        E::Null => "#NULL!",
        E::Num => "#NUM!",
        E::Ref => "#REF!",
        E::Value => "#VALUE!",
        E::GettingData => "#DATA!",
    }
}

fn read_merged<S: Read + Seek>(file: &mut Xlsx<S>, name: &str) -> Result<Vec<Range>, Unreadable> {
    let areas = file.merge_cells_by_sheet_name(name).map_err(unreadable)?;
    areas
        .iter()
        .map(|area| {
            let (first, last) = (address(area.start)?, address(area.end)?);
            (first.row <= last.row && first.column <= last.column).then_some(Range { first, last })
        })
        .collect::<Option<_>>()
        .ok_or_else(|| Unreadable::suspicious("合并单元格的范围不合规"))
}

fn address((row, column): (u32, u32)) -> Option<Address> {
    let column = u16::try_from(column).ok().filter(|column| *column < MAX_COLUMNS)?;
    (row < MAX_ROWS).then_some(Address { row, column })
}

fn unreadable(error: XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::LockedOrOld,
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => Unreadable::damaged("缺少必要的部分"),
        _ => Unreadable::damaged("工作表内容读不出来"),
    }
}
