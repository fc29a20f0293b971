//! Files as rows of text: csv in any usual encoding, workbooks, Parquet, OCDS releases, dumps of `insert` statements.
//! Every source is read forward, row by row; only workbooks and Parquet row groups lie in memory.

mod dump;
mod ocds;
mod parquet;
mod portion;
mod separated;
mod workbook;

use std::path::Path;

use csv::StringRecord;

pub(crate) use self::portion::Line;
pub use self::portion::Portion;
use crate::{Error, Result, sealed::Sealed};

/// What reading one row gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A row as wide as the heading.
    Row,
    /// A row with another number of cells, which cannot be trusted.
    Ragged,
    /// No more rows.
    End,
}

/// A table read forward.
pub trait Source: Send {
    /// Names of the columns, all different.
    fn heading(&self) -> &[String];
    /// Reads the next row into `row`.
    fn next(&mut self, row: &mut StringRecord) -> Result<Next>;
    /// Reads some of the next rows into `portion`; false when there are no more behind them.
    fn portion(&mut self, portion: &mut Portion) -> Result<bool> {
        let mut row = StringRecord::new();
        while !portion.is_full() {
            match self.next(&mut row)? {
                Next::End => return Ok(false),
                Next::Ragged => portion.push_ragged(),
                Next::Row => portion.push(row.iter()),
            }
        }
        Ok(true)
    }
    /// Remarks on the file as a whole, such as its encoding.
    fn remarks(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Opens `file`; the ending says what it is, `part` names a sheet, or a table of a release or a dump.
///
/// # Errors
/// A sentence saying what the file is, and what can be read.
pub fn open(file: &Path, part: Option<&str>) -> Result<Box<dyn Source>> {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let size = std::fs::metadata(file)
        .map_err(|error| Error::refused(format!("文件 {} 打不开：{error}。", file.display())))?
        .len();
    if size == 0 {
        return Err(Error::refused(format!("文件 {} 是空的，没有可读的内容。", file.display())));
    }
    match ending.as_str() {
        "csv" | "tsv" | "txt" => separated::open(file),
        "xlsx" => workbook::open(file, part),
        "parquet" => parquet::open(file),
        "json" | "jsonl" | "ndjson" => ocds::open(file, part),
        "sql" => dump::open(file, part),
        other => Err(Error::refused(format!(
            "不能读取“.{other}”文件，可以读取 csv、tsv、txt、xlsx、parquet、json、jsonl 和 sql（insert 语句）文件。"
        ))),
    }
}

/// Opens columns that lie encrypted.
///
/// # Errors
/// A sentence when they are no Parquet.
pub fn open_sealed(sealed: Sealed) -> Result<Box<dyn Source>> {
    parquet::sealed(sealed)
}

/// Headings made usable: trimmed, never empty, never twice the same.
fn distinct(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let name = name.trim().trim_start_matches('\u{feff}').replace(['\n', '\r'], "");
        let name = if name.is_empty() { format!("列{}", at + 1) } else { name };
        let mut candidate = name.clone();
        let mut count = 1;
        while found.contains(&candidate) {
            count += 1;
            candidate = format!("{name}_{count}");
        }
        found.push(candidate);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_never_empty_nor_twice_the_same() {
        let names = ["\u{feff}项目", "", "金额", "金额"].map(String::from);
        assert_eq!(distinct(names), ["项目", "列2", "金额", "金额_2"]);
    }

    #[test]
    fn an_unknown_kind_of_file_is_refused_with_what_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("数据.mdb");
        std::fs::write(&file, "x").unwrap();
        let sentence = open(&file, None).err().unwrap().to_string();
        assert!(sentence.contains(".mdb") && sentence.contains("xlsx"), "{sentence}");
        std::fs::write(&file, "").unwrap();
        assert!(open(&file, None).err().unwrap().to_string().contains("空的"));
    }
}
