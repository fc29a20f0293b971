//! Any small table beside the bids, read with the same care for encodings.

use std::io::Read;

use super::decode::Decoded;
use crate::{Error, Result};

/// Rows of a csv file by the names in its header.
pub(crate) struct Rows<R: Read> {
    reader: csv::Reader<Decoded<R>>,
    header: Vec<String>,
    row: csv::StringRecord,
}

/// One row.
pub(crate) struct Row<'a> {
    cells: &'a csv::StringRecord,
    width: usize,
}

impl<R: Read> Rows<R> {
    pub(crate) fn open(data: R) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(Decoded::new(data)?);
        let header = reader.headers()?.iter().map(|name| name.trim().to_owned()).collect();
        Ok(Self { reader, header, row: csv::StringRecord::new() })
    }

    /// Where a column is.
    pub(crate) fn place(&self, name: &str) -> Result<usize> {
        self.header.iter().position(|held| held == name.trim()).ok_or_else(|| {
            Error::Refused(format!("文件里没有名为“{name}”的列，表头是：{}。", self.header.join("、")))
        })
    }

    /// The next row.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>> {
        if !self.reader.read_record(&mut self.row)? {
            return Ok(None);
        }
        self.reader.get_mut().row_read();
        Ok(Some(Row { cells: &self.row, width: self.header.len() }))
    }
}

impl<'a> Row<'a> {
    /// A cell without the blanks around it.
    pub(crate) fn cell(&self, place: usize) -> &'a str {
        self.cells.get(place).unwrap_or_default().trim()
    }

    /// Whether it has as many cells as the header.
    pub(crate) fn whole(&self) -> bool {
        self.cells.len() == self.width
    }
}
