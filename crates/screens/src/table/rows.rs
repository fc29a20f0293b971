//! Any small table beside the bids, read with the same care for encodings.

use std::io::Read;

use super::decode::Decoded;
use crate::{Error, Result};

/// Rows of a csv file by the names in its header.
pub(crate) struct Rows<R: Read> {
    reader: csv::Reader<Decoded<R>>,
    header: Vec<String>,
    row: csv::ByteRecord,
}

/// Rows may have any width; whoever reads them says what becomes of odd ones.
pub(super) fn reader<R: Read>(data: Decoded<R>) -> csv::Reader<Decoded<R>> {
    csv::ReaderBuilder::new().flexible(true).buffer_capacity(1 << 16).from_reader(data)
}

/// A cell without the blanks around it. What was decoded is text; only the cells that are used are looked at as such,
/// which halves the time that a wide file takes.
pub(super) fn cell(row: &csv::ByteRecord, place: usize) -> &str {
    row.get(place).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or_default().trim()
}

/// One row.
pub(crate) struct Row<'a> {
    cells: &'a csv::ByteRecord,
    width: usize,
}

impl<R: Read> Rows<R> {
    pub(crate) fn open(data: R) -> Result<Self> {
        let mut reader = reader(Decoded::new(data)?);
        let header = reader.headers()?.iter().map(|name| name.trim().to_owned()).collect();
        Ok(Self { reader, header, row: csv::ByteRecord::new() })
    }

    /// Where a column is.
    pub(crate) fn place(&self, name: &str) -> Result<usize> {
        self.header.iter().position(|held| held == name.trim()).ok_or_else(|| {
            Error::Refused(format!("文件里没有名为“{name}”的列，表头是：{}。", self.header.join("、")))
        })
    }

    /// The next row.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>> {
        if !self.reader.read_byte_record(&mut self.row)? {
            return Ok(None);
        }
        self.reader.get_mut().row_read();
        Ok(Some(Row { cells: &self.row, width: self.header.len() }))
    }
}

impl<'a> Row<'a> {
    /// A cell without the blanks around it.
    pub(crate) fn cell(&self, place: usize) -> &'a str {
        cell(self.cells, place)
    }

    /// Whether it has as many cells as the header.
    pub(crate) fn whole(&self) -> bool {
        self.cells.len() == self.width
    }
}
