//! The rows below the header: which are data, and what their cells mean.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::header::{Column, Header};
use super::normal::{compact, plain_width};
use super::values::{self, raw};
use super::{
    CellFault, ColumnSpec, IgnoredRow, MOST_ROWS, NotRecognised, Options, Recognised, RecognisedRow,
};
use crate::sheet::{Address, Cell, Sheet};

/// Columns a merged cell must span to be a heading over the rows below it.
const HEADING_SPAN: u16 = 3;

/// Reads all rows below `header`.
pub(super) fn read(
    sheet: &Sheet,
    header: &Header,
    specs: &[ColumnSpec],
    options: &Options,
) -> Result<(Vec<RecognisedRow>, Vec<IgnoredRow>), NotRecognised> {
    let mut reader = RowReader::new(sheet, header, specs, options);
    let mut data = Vec::new();
    let mut ignored = Vec::new();
    let mut after_notes = false;
    for (row, cells) in (0u32..).zip(&sheet.rows).skip(header.last as usize + 1) {
        let line = Line::of(row, cells);
        if line.filled.is_empty() {
            continue;
        }
        if let Some(reason) = reader.reason_to_ignore(&line, after_notes) {
            after_notes |= reason == NOTE;
            ignored.push(IgnoredRow { row: row + 1, reason, text: line.brief() });
            continue;
        }
        if data.len() >= MOST_ROWS {
            return Err(NotRecognised::TooManyRows);
        }
        data.push(reader.data_row(row));
    }
    Ok((data, ignored))
}

const NOTE: &str = "表尾说明";

/// A row's filled cells.
struct Line<'a> {
    row: u32,
    filled: Vec<(u16, &'a Cell)>,
}

impl<'a> Line<'a> {
    fn of(row: u32, cells: &'a [Cell]) -> Self {
        let is_filled = |cell: &Cell| match cell {
            Cell::Empty => false,
            Cell::Text(text) => !text.trim().is_empty(),
            _ => true,
        };
        Self { row, filled: (0u16..).zip(cells).filter(|(_, cell)| is_filled(cell)).collect() }
    }

    /// The first text, without spaces.
    fn first_text(&self) -> Option<String> {
        self.filled.iter().find_map(|(_, cell)| match cell {
            Cell::Text(text) => Some(text.chars().take(40).collect::<String>()).map(|text| compact(&text)),
            _ => None,
        })
    }

    fn brief(&self) -> String {
        const MOST: usize = 40;
        let text = self.filled.iter().map(|(_, cell)| raw(cell)).take(6).collect::<Vec<_>>().join(" ");
        plain_width(&text).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MOST).collect()
    }
}

struct RowReader<'a> {
    sheet: &'a Sheet,
    header: &'a Header,
    options: &'a Options,
    columns: Vec<ColumnReader<'a>>,
    /// First cells of merged areas wide enough to be headings.
    wide: HashSet<Address>,
}

impl<'a> RowReader<'a> {
    fn new(sheet: &'a Sheet, header: &'a Header, specs: &'a [ColumnSpec], options: &'a Options) -> Self {
        let mut tall: HashMap<u16, Vec<(u32, u32)>> = HashMap::new();
        let mut wide = HashSet::new();
        for area in &sheet.merged {
            if area.last.row > area.first.row && area.first.row > header.last {
                tall.entry(area.first.column).or_default().push((area.first.row, area.last.row));
            }
            if area.last.column - area.first.column + 1 >= HEADING_SPAN {
                wide.insert(area.first);
            }
        }
        let columns = header
            .columns
            .iter()
            .filter_map(|column| {
                let spec = specs.get(column.spec)?;
                let mut spans = tall.remove(&column.at).unwrap_or_default();
                spans.sort_unstable();
                Some(ColumnReader { column, spec, spans, next: 0, merged: None, above: None })
            })
            .collect();
        Self { sheet, header, options, columns, wide }
    }

    fn reason_to_ignore(&self, line: &Line<'_>, after_notes: bool) -> Option<&'static str> {
        if self.repeats_header(line) {
            Some("重复的表头")
        } else if self.numbers_columns(line) {
            Some("栏次行")
        } else if line.first_text().is_some_and(|text| is_total(&text)) {
            Some("合计行")
        } else if self.is_note_row(line) || (after_notes && line.filled.len() == 1) {
            Some(NOTE)
        } else if self.is_group_heading(line) {
            Some("分组标题行")
        } else if !self.has_known_content(line) {
            Some("可识别的列都没有内容")
        } else {
            None
        }
    }

    fn repeats_header(&self, line: &Line<'_>) -> bool {
        let same = line
            .filled
            .iter()
            .filter(|(column, cell)| {
                let header = self.header.cells.get(usize::from(*column));
                matches!(cell, Cell::Text(text) if text.len() < 200
                    && header.is_some_and(|header| header.contains(&compact(text))))
            })
            .count();
        same == line.filled.len() || (same >= 2 && same * 2 > line.filled.len())
    }

    /// A row right under the header that counts the columns: 甲 乙 1 2 3.
    fn numbers_columns(&self, line: &Line<'_>) -> bool {
        if line.row != self.header.last + 1 || line.filled.len() < 3 {
            return false;
        }
        let texts = line.filled.iter().map(|(_, cell)| compact(&raw(cell)));
        let mut numbers =
            texts.skip_while(|text| matches!(text.as_str(), "甲" | "乙" | "丙" | "丁" | "栏次")).peekable();
        numbers.peek().is_some()
            && numbers.zip(1..).all(|(text, expected): (String, usize)| text == expected.to_string())
    }

    fn is_note_row(&self, line: &Line<'_>) -> bool {
        line.first_text().is_some_and(|text| is_note(&text)) && !self.is_complete(line)
    }

    /// Whether all required columns are filled in the row itself.
    fn is_complete(&self, line: &Line<'_>) -> bool {
        let mut required = self.columns.iter().filter(|column| column.spec.required).peekable();
        let is_filled = |column: u16| line.filled.iter().any(|(own, _)| *own == column);
        required.peek().is_some() && required.all(|column| is_filled(column.column.at))
    }

    fn is_group_heading(&self, line: &Line<'_>) -> bool {
        match line.filled.as_slice() {
            [(column, Cell::Text(_))] => self.wide.contains(&Address::new(line.row, *column)),
            _ => false,
        }
    }

    fn has_known_content(&self, line: &Line<'_>) -> bool {
        line.filled.iter().any(|(column, _)| self.columns.iter().any(|known| known.column.at == *column))
    }

    fn data_row(&mut self, row: u32) -> RecognisedRow {
        let mut values = BTreeMap::new();
        let mut faults = Vec::new();
        for column in &mut self.columns {
            match column.outcome(self.sheet, row, self.options) {
                Outcome::Value(value) => {
                    values.insert(column.spec.key, value);
                }
                Outcome::Fault(fault) => faults.push(fault),
                Outcome::Nothing if column.spec.required => faults.push(CellFault {
                    address: Address::new(row, column.column.at),
                    column: column.spec.label,
                    reason: "必填，但没有填写".to_owned(),
                }),
                Outcome::Nothing => {}
            }
        }
        RecognisedRow { row: row + 1, values, faults }
    }
}

/// What a cell gives to its row, and perhaps to the rows below.
#[derive(Clone)]
enum Outcome {
    Nothing,
    Value(Recognised),
    Fault(CellFault),
}

/// Reads one column downwards.
struct ColumnReader<'a> {
    column: &'a Column,
    spec: &'a ColumnSpec,
    /// Rows of merged areas that begin in this column, from top to bottom.
    spans: Vec<(u32, u32)>,
    next: usize,
    /// First row and outcome of the merged area read last.
    merged: Option<(u32, Outcome)>,
    /// The last cell that was not blank.
    above: Option<Outcome>,
}

impl ColumnReader<'_> {
    fn outcome(&mut self, sheet: &Sheet, row: u32, options: &Options) -> Outcome {
        let address = Address::new(row, self.column.at);
        let cell = sheet.cell(address);
        if !is_blank(cell) {
            let outcome = self.read(address, cell, options);
            self.above = Some(outcome.clone());
            return outcome;
        }
        if let Some(first) = self.span_over(row) {
            return self.span_outcome(sheet, first, options);
        }
        match &self.above {
            Some(above) if self.spec.fill_down => above.clone(),
            _ => Outcome::Nothing,
        }
    }

    /// First row of the merged area that covers `row`; rows are asked for in order.
    fn span_over(&mut self, row: u32) -> Option<u32> {
        while self.spans.get(self.next).is_some_and(|(_, last)| *last < row) {
            self.next += 1;
        }
        self.spans.get(self.next).filter(|(first, _)| *first < row).map(|(first, _)| *first)
    }

    fn span_outcome(&mut self, sheet: &Sheet, first: u32, options: &Options) -> Outcome {
        if let Some((known, outcome)) = &self.merged
            && *known == first
        {
            return outcome.clone();
        }
        let address = Address::new(first, self.column.at);
        let outcome = self.read(address, sheet.cell(address), options);
        self.merged = Some((first, outcome.clone()));
        self.above = Some(outcome.clone());
        outcome
    }

    fn read(&self, address: Address, cell: &Cell, options: &Options) -> Outcome {
        match values::read(cell, self.spec.kind, self.column.unit, options) {
            Ok(None) => Outcome::Nothing,
            Ok(Some(value)) => Outcome::Value(Recognised { address, raw: raw(cell), value }),
            Err(reason) => Outcome::Fault(CellFault { address, column: self.spec.label, reason }),
        }
    }
}

fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// 合计, 市教育局小计 and the like.
fn is_total(text: &str) -> bool {
    const ALONE: [&str; 6] = ["共计", "累计", "总数", "汇总", "总和", "平均"];
    const ENDINGS: [&str; 3] = ["合计", "总计", "小计"];
    const LONGEST: usize = 16;
    let text = text.trim_matches([':', '(', ')']);
    text.chars().count() <= LONGEST
        && (ALONE.contains(&text)
            || ENDINGS.iter().any(|word| text.ends_with(word) || text.starts_with(word)))
}

/// 备注：…, 填表人：… and the like under a table.
fn is_note(text: &str) -> bool {
    const WITH_COLON: [&str; 14] = [
        "备注",
        "注",
        "说明",
        "附注",
        "制表",
        "审核",
        "填表",
        "填报",
        "复核",
        "签字",
        "负责人",
        "单位负责人",
        "日期",
        "盖章",
    ];
    const STARTS: [&str; 15] = [
        "填表说明",
        "填表人",
        "填报人",
        "制表人",
        "审核人",
        "复核人",
        "联系人",
        "联系电话",
        "填报日期",
        "填表日期",
        "填报单位",
        "填表单位",
        "主要负责人签字",
        "(盖章",
        "单位(盖章",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
        || WITH_COLON.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(':')))
}
