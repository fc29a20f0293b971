//! Dumps of PostgreSQL and MySQL: `insert into table (columns) values (…), (…);`. Statements of other kinds are passed over.

use std::{
    fs::File,
    io::{BufReader, Bytes, Read as _},
    path::Path,
};

use csv::StringRecord;

use super::{Next, Source, distinct};
use crate::{Error, Result};

struct Dump {
    bytes: Bytes<BufReader<File>>,
    /// The byte looked at and not yet taken.
    held: Option<u8>,
    heading: Vec<String>,
    table: String,
    wanted: Option<String>,
    inside: bool,
    other: u64,
}

pub(super) fn open(file: &Path, part: Option<&str>) -> Result<Box<dyn Source>> {
    let bytes = BufReader::with_capacity(1 << 18, File::open(file)?).bytes();
    let mut dump = Dump {
        bytes,
        held: None,
        heading: Vec::new(),
        table: String::new(),
        wanted: part.map(str::to_lowercase),
        inside: false,
        other: 0,
    };
    if !dump.statement()? {
        return Err(Error::refused(
            "文件里没有找到带列名的 insert 语句；请导出为“INSERT INTO 表 (列, …) VALUES (…)”或 csv 文件。",
        ));
    }
    Ok(Box::new(dump))
}

impl Dump {
    fn take(&mut self) -> Result<Option<u8>> {
        match self.held.take() {
            Some(byte) => Ok(Some(byte)),
            None => Ok(self.bytes.next().transpose()?),
        }
    }

    fn blank(&mut self) -> Result<Option<u8>> {
        loop {
            match self.take()? {
                Some(byte) if byte.is_ascii_whitespace() => {}
                other => return Ok(other),
            }
        }
    }

    /// The text of a quoted piece whose first quote has been taken.
    fn quoted(&mut self, quote: u8) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        loop {
            match self.take()? {
                None => return Err(Error::refused("文件在一段引号中间结束，可能没有导出完整。")),
                Some(b'\\') => match self.take()? {
                    Some(b'n') => text.push(b'\n'),
                    Some(b't') => text.push(b'\t'),
                    Some(byte) => text.push(byte),
                    None => {}
                },
                Some(byte) if byte == quote => match self.take()? {
                    Some(next) if next == quote => text.push(quote),
                    next => {
                        self.held = next;
                        return Ok(text);
                    }
                },
                Some(byte) => text.push(byte),
            }
        }
    }

    /// A word outside of quotes, or the text of a quoted one; a sign by itself otherwise.
    fn word(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(first) = self.blank()? else { return Ok(None) };
        match first {
            b'\'' | b'"' | b'`' => self.quoted(first).map(Some),
            b'(' | b')' | b',' | b';' => Ok(Some(vec![first])),
            first => {
                let mut word = vec![first];
                while let Some(byte) = self.take()? {
                    if byte.is_ascii_whitespace() || matches!(byte, b'(' | b')' | b',' | b';') {
                        self.held = Some(byte);
                        break;
                    }
                    word.push(byte);
                }
                Ok(Some(word))
            }
        }
    }

    /// Goes to the values of the next statement on the wanted table.
    fn statement(&mut self) -> Result<bool> {
        self.inside = false;
        while let Some(word) = self.word()? {
            if word.starts_with(b"--") {
                while !matches!(self.take()?, None | Some(b'\n')) {}
                continue;
            }
            if !word.eq_ignore_ascii_case(b"into") {
                continue;
            }
            let table = last_name(&self.word()?.unwrap_or_default());
            let columns = self.columns()?;
            if columns.is_empty() || self.wanted.as_ref().is_some_and(|wanted| *wanted != table) {
                continue;
            }
            if self.heading.is_empty() {
                (self.heading, self.table) = (distinct(columns), table.clone());
                self.wanted = Some(table);
                self.inside = true;
                return Ok(true);
            }
            if distinct(columns) == self.heading {
                self.inside = true;
                return Ok(true);
            }
            self.other += 1;
        }
        Ok(false)
    }

    /// The names in brackets before `values`; none when the statement has none.
    fn columns(&mut self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        while let Some(word) = self.word()? {
            match word.as_slice() {
                b";" => return Ok(Vec::new()),
                b"(" | b")" | b"," => {}
                word if word.eq_ignore_ascii_case(b"values") => return Ok(names),
                word => names.push(String::from_utf8_lossy(word).into_owned()),
            }
        }
        Ok(Vec::new())
    }

    /// One tuple of values into `row`; false when the statement has no more.
    fn tuple(&mut self, row: &mut StringRecord) -> Result<bool> {
        loop {
            match self.blank()? {
                Some(b'(') => break,
                Some(b',') => {}
                _ => return Ok(false),
            }
        }
        row.clear();
        let mut cell: Vec<u8> = Vec::new();
        let mut depth = 0u32;
        let push = |row: &mut StringRecord, cell: &mut Vec<u8>| {
            let text = String::from_utf8_lossy(cell);
            let text = text.trim();
            row.push_field(if text.eq_ignore_ascii_case("null") { "" } else { text });
            cell.clear();
        };
        loop {
            match self.take()? {
                None => return Err(Error::refused("文件在一行数据中间结束，可能没有导出完整。")),
                Some(b'\'') => cell.extend(self.quoted(b'\'')?),
                Some(b'(') => depth += 1,
                Some(b')') if depth > 0 => depth -= 1,
                Some(b')') => break,
                Some(b',') if depth == 0 => push(row, &mut cell),
                Some(byte) => cell.push(byte),
            }
        }
        push(row, &mut cell);
        Ok(true)
    }
}

/// The last part of `schema.table`, without quotes.
fn last_name(word: &[u8]) -> String {
    let text = String::from_utf8_lossy(word).to_lowercase();
    text.rsplit('.').next().unwrap_or_default().trim_matches(['"', '`']).to_owned()
}

impl Source for Dump {
    fn heading(&self) -> &[String] {
        &self.heading
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next> {
        loop {
            if self.inside && self.tuple(row)? {
                return Ok(if row.len() == self.heading.len() { Next::Row } else { Next::Ragged });
            }
            if !self.statement()? {
                return Ok(Next::End);
            }
        }
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![format!("读取表 {} 的 insert 语句。", self.table)];
        if self.other > 0 {
            remarks.push(format!("{} 条语句的列与第一条不同，没有读取。", self.other));
        }
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_give_rows_and_other_statements_are_passed_over() {
        let text = "CREATE TABLE `bid` (id int);\n-- note\nINSERT INTO `bid` (`id`, `name`) VALUES (1,'甲''乙'),(2,NULL);\n\
                    INSERT INTO other (x) VALUES (9);\ninsert into public.bid (id, name) values (3, 'a\\'b, (c)');\n";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.sql");
        std::fs::write(&file, text).unwrap();
        let mut source = open(&file, None).unwrap();
        let mut row = StringRecord::new();
        let mut found = Vec::new();
        while source.next(&mut row).unwrap() == Next::Row {
            found.push((row[0].to_owned(), row[1].to_owned()));
        }
        let expected =
            [("1", "甲'乙"), ("2", ""), ("3", "a'b, (c)")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_cut_in_the_middle_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.sql");
        std::fs::write(&file, "insert into t (a) values (1),('x").unwrap();
        let mut source = open(&file, None).unwrap();
        let mut row = StringRecord::new();
        assert_eq!(source.next(&mut row).unwrap(), Next::Row);
        assert!(source.next(&mut row).is_err());
    }
}
