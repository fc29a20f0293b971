//! Workbooks, within the bounds of `documents`; the first row with several filled cells is the heading.

use std::path::Path;

use csv::StringRecord;
use documents::sheet::{self, Cell, Limits, Sheet};

use super::{Next, Source, distinct};
use crate::{Error, Result};

struct Workbook {
    heading: Vec<String>,
    rows: std::vec::IntoIter<Vec<Cell>>,
    sheet: String,
}

pub(super) fn open(file: &Path, part: Option<&str>) -> Result<Box<dyn Source>> {
    let bytes = std::fs::read(file)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let book =
        sheet::read(&name, &bytes, &Limits::default()).map_err(|error| Error::Refused(error.to_string()))?;
    let sheet = choose(book.sheets, part)?;
    let at = heading_row(&sheet)
        .ok_or_else(|| Error::refused("工作表里没有找到表头，请在数据上方写上各列的名称。"))?;
    let mut rows = sheet.rows.into_iter().skip(at);
    let heading = distinct(rows.next().unwrap_or_default().iter().map(|cell| text(cell).into_owned()));
    Ok(Box::new(Workbook { heading, rows: rows.collect::<Vec<_>>().into_iter(), sheet: sheet.name }))
}

fn choose(sheets: Vec<Sheet>, part: Option<&str>) -> Result<Sheet> {
    let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let fits = |sheet: &Sheet| match part {
        Some(part) => sheet.name == part,
        None => !sheet.hidden && heading_row(sheet).is_some(),
    };
    sheets
        .into_iter()
        .find(fits)
        .ok_or_else(|| Error::refused(format!("没有找到可读的工作表；文件里有：{}。", names.join("、"))))
}

fn heading_row(sheet: &Sheet) -> Option<usize> {
    let filled = |row: &Vec<Cell>| row.iter().filter(|cell| matches!(cell, Cell::Text(_))).count();
    sheet.rows.iter().take(20).position(|row| filled(row) >= 2)
}

fn text(cell: &Cell) -> std::borrow::Cow<'_, str> {
    match cell {
        Cell::Empty | Cell::Error(_) => "".into(),
        Cell::Text(text) => (&**text).into(),
        Cell::Number(number) => number.to_string().into(),
        Cell::Date(day) => day.to_string().into(),
        Cell::DateTime(at) => at.format("%Y-%m-%d %H:%M:%S").to_string().into(),
        Cell::Bool(flag) => if *flag { "是" } else { "否" }.into(),
    }
}

impl Source for Workbook {
    fn heading(&self) -> &[String] {
        &self.heading
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next> {
        // Blank lines are how people set a sheet; they are no rows.
        let Some(cells) = self.rows.find(|cells| cells.iter().any(|cell| *cell != Cell::Empty)) else {
            return Ok(Next::End);
        };
        row.clear();
        for at in 0..self.heading.len() {
            row.push_field(&text(cells.get(at).unwrap_or(&Cell::Empty)));
        }
        let surplus = cells.iter().skip(self.heading.len()).any(|cell| *cell != Cell::Empty);
        Ok(if surplus { Next::Ragged } else { Next::Row })
    }

    fn remarks(&self) -> Vec<String> {
        vec![format!("读取工作表“{}”。", self.sheet)]
    }
}
