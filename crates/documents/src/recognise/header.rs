//! Finding the header rows of a sheet and the meaning of its columns.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::normal::{Name, compact, one_line, unit_in_line};
use super::values::raw;
use super::{ColumnSpec, Conflict, Options, RecognisedColumn, Unit, ValueKind};
use crate::sheet::{Cell, Sheet, column_letter};

/// Rows in which a header is looked for.
pub(super) const WINDOW_ROWS: usize = 40;
/// Columns in which a header is looked for.
const WINDOW_COLUMNS: usize = 512;
/// Positions of the window that merged areas may fill; beyond it the areas overlap over and over.
const MOST_FILLED: usize = 4 * WINDOW_ROWS * WINDOW_COLUMNS;
/// Rows a header may have.
const MOST_DEPTH: usize = 3;

/// The header of a sheet.
pub(super) struct Header {
    /// First row, counted from 0.
    pub(super) first: u32,
    /// Last row, counted from 0.
    pub(super) last: u32,
    pub(super) title: Vec<String>,
    /// Columns with a meaning, from left to right.
    pub(super) columns: Vec<Column>,
    pub(super) unknown: Vec<(u16, String)>,
    pub(super) conflicts: Vec<Conflict>,
    /// Wanted columns that were found, once or more often.
    pub(super) fitting: usize,
    /// For comparing headers: fitting columns, then fitting required ones, then the flatter.
    pub(super) fit: (usize, usize, Reverse<usize>),
    /// The header cells of each column, compacted, to know repeated header rows by.
    pub(super) cells: Vec<Vec<String>>,
}

/// A column with a meaning.
pub(super) struct Column {
    /// Index of its spec.
    pub(super) spec: usize,
    /// Counted from 0.
    pub(super) at: u16,
    pub(super) header: String,
    pub(super) unit: Option<Unit>,
}

impl Column {
    pub(super) fn describe(&self, specs: &[ColumnSpec]) -> Option<RecognisedColumn> {
        let spec = specs.get(self.spec)?;
        Some(RecognisedColumn {
            key: spec.key,
            label: spec.label,
            letter: column_letter(self.at),
            header: self.header.clone(),
            unit: self.unit,
        })
    }
}

impl Header {
    /// Required columns that nothing fits; those that fit twice are conflicts instead.
    pub(super) fn missing_required(&self, specs: &[ColumnSpec]) -> Vec<&'static str> {
        let found = |index: usize, label: &str| {
            self.columns.iter().any(|column| column.spec == index)
                || self.conflicts.iter().any(|conflict| conflict.labels.contains(&label))
        };
        let required = specs.iter().enumerate().filter(|(_, spec)| spec.required);
        required.filter(|(index, spec)| !found(*index, spec.label)).map(|(_, spec)| spec.label).collect()
    }
}

/// The names of all wanted columns, normalised once.
pub(super) struct Names {
    by_name: HashMap<String, Vec<(usize, Strength)>>,
}

/// How well a name fits; the label before synonyms.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Synonym,
    Label,
    Assigned,
}

impl Names {
    pub(super) fn of(specs: &[ColumnSpec]) -> Self {
        let mut by_name: HashMap<String, Vec<(usize, Strength)>> = HashMap::new();
        for (index, spec) in specs.iter().enumerate() {
            let label = std::iter::once((spec.label, Strength::Label));
            for (name, strength) in label.chain(spec.synonyms.iter().map(|name| (*name, Strength::Synonym))) {
                let known = by_name.entry(Name::of(name).name).or_default();
                if !known.iter().any(|(spec, _)| *spec == index) {
                    known.push((index, strength));
                }
            }
        }
        Self { by_name }
    }

    /// The specs a name fits best, with their strength.
    fn fitting(&self, name: &str) -> Vec<(usize, Strength)> {
        let Some(known) = self.by_name.get(name) else { return Vec::new() };
        let best = known.iter().map(|(_, strength)| *strength).max();
        known.iter().filter(|(_, strength)| Some(*strength) == best).copied().collect()
    }
}

/// The header that fits best; the flatter one of equals, then the upper one.
pub(super) fn find(sheet: &Sheet, specs: &[ColumnSpec], names: &Names, options: &Options) -> Option<Header> {
    let window = Window::of(sheet);
    let least = if specs.len() == 1 || !options.assigned.is_empty() { 1 } else { 2 };
    let mut best: Option<Header> = None;
    for first in 0..window.rows.len() {
        for depth in window.depths(first) {
            let header = window.header(first, depth, specs, names, options);
            if header.fitting >= least && best.as_ref().is_none_or(|best| header.fit > best.fit) {
                best = Some(header);
            }
        }
    }
    best
}

/// The upper left part of a sheet with merged areas filled in.
struct Window {
    rows: Vec<Vec<Piece>>,
    columns: usize,
}

/// A position of the window: the text that shows there and the cell it comes from.
#[derive(Clone)]
struct Piece {
    text: Arc<str>,
    row: usize,
    column: usize,
    /// Rows of the merged area, 1 without one.
    height: usize,
}

impl Window {
    fn of(sheet: &Sheet) -> Self {
        let rows = sheet.rows.iter().take(WINDOW_ROWS);
        let columns = rows.clone().map(Vec::len).max().unwrap_or(0).min(WINDOW_COLUMNS);
        let mut window = Self {
            rows: rows
                .enumerate()
                .map(|(row, cells)| {
                    (0..columns).map(|column| Piece::of(cells.get(column), row, column)).collect()
                })
                .collect(),
            columns,
        };
        window.fill_merged(sheet);
        window
    }

    fn fill_merged(&mut self, sheet: &Sheet) {
        let mut filled = 0;
        for area in &sheet.merged {
            let (top, left) = (area.first.row as usize, usize::from(area.first.column));
            let Some(piece) = self.piece(top, left).cloned() else { continue };
            let height = area.last.row as usize - top + 1;
            let piece = Piece { height, ..piece };
            let rows = self.rows.iter_mut().take(area.last.row as usize + 1).skip(top);
            for position in
                rows.flat_map(|row| row.iter_mut().take(usize::from(area.last.column) + 1).skip(left))
            {
                *position = piece.clone();
                filled += 1;
            }
            if filled > MOST_FILLED {
                return;
            }
        }
    }

    fn piece(&self, row: usize, column: usize) -> Option<&Piece> {
        self.rows.get(row).and_then(|row| row.get(column))
    }

    /// Depths a header beginning in `first` may have: as tall as its cells are merged, else one or two rows. A lone
    /// cell is a title, never the upper row of a header.
    fn depths(&self, first: usize) -> Vec<usize> {
        let row = self.rows.get(first).into_iter().flatten().enumerate();
        let own: Vec<_> = row
            .filter(|(column, piece)| (piece.row, piece.column) == (first, *column) && !piece.text.is_empty())
            .map(|(_, piece)| piece.height)
            .collect();
        match own.iter().max() {
            None => Vec::new(),
            Some(1) if own.len() > 1 && first + 1 < self.rows.len() => vec![1, 2],
            Some(1) => vec![1],
            Some(_) if own.len() == 1 => Vec::new(),
            Some(tall) => vec![(*tall).min(MOST_DEPTH)],
        }
    }

    fn header(
        &self,
        first: usize,
        depth: usize,
        specs: &[ColumnSpec],
        names: &Names,
        options: &Options,
    ) -> Header {
        let headings: Vec<_> = (0..self.columns).map(|column| self.heading(first, depth, column)).collect();
        let meanings = Meanings::of(&headings, names, specs, options);
        let mut columns = meanings.columns(&headings);
        let top = self.top(first, &columns);
        let title = self.title(top);
        for column in &mut columns {
            let kind = specs.get(column.spec).map(|spec| spec.kind);
            column.unit = column.unit.or_else(|| unit_above(kind, &title));
        }
        let unknown = headings
            .iter()
            .filter(|heading| !heading.text.is_empty() && !heading.is_serial())
            .filter(|heading| !meanings.has_meaning(heading.column))
            .map(|heading| (heading.column, heading.text.clone()))
            .collect();
        let fitting = meanings.specs.len();
        let required = specs.iter().enumerate();
        let required =
            required.filter(|(index, spec)| spec.required && meanings.specs.contains_key(index)).count();
        Header {
            first: top as u32,
            last: (first + depth - 1).min(self.rows.len().saturating_sub(1)) as u32,
            title,
            columns,
            unknown,
            conflicts: meanings.conflicts(specs),
            fitting,
            fit: (fitting, required, Reverse(depth)),
            cells: headings.into_iter().map(|heading| heading.cells).collect(),
        }
    }

    /// The row in which the headings that show in `first` begin: those of merged cells stand above it.
    fn top(&self, first: usize, columns: &[Column]) -> usize {
        let shown = columns.iter().filter_map(|column| self.piece(first, usize::from(column.at)));
        shown.map(|piece| piece.row).fold(first, usize::min)
    }

    /// The distinct texts of the rows above the header.
    fn title(&self, first: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for (index, row) in self.rows.iter().take(first).enumerate() {
            let own = row
                .iter()
                .enumerate()
                .filter(|(column, piece)| piece.row == index && piece.column == *column);
            let texts: Vec<_> =
                own.map(|(_, piece)| one_line(&piece.text)).filter(|text| !text.is_empty()).collect();
            if !texts.is_empty() {
                lines.push(texts.join(" "));
            }
        }
        lines
    }

    fn heading(&self, first: usize, depth: usize, column: usize) -> Heading {
        let mut pieces: Vec<&Piece> = Vec::new();
        for row in first..first + depth {
            if let Some(piece) = self.piece(row, column)
                && !piece.text.is_empty()
                && pieces.last().is_none_or(|last| (last.row, last.column) != (piece.row, piece.column))
            {
                pieces.push(piece);
            }
        }
        // A heading that spans several columns down to the table belongs to the first of them.
        if pieces.last().is_some_and(|piece| piece.column != column) {
            pieces.clear();
        }
        let group = if depth > 1 { self.group_left_of(first, column) } else { None };
        Heading::of(column, &pieces, group)
    }

    /// The group heading further left, when this column has none of its own and headings were not merged.
    fn group_left_of(&self, first: usize, column: usize) -> Option<&Piece> {
        if !self.piece(first, column)?.text.is_empty() {
            return None;
        }
        (0..column).rev().find_map(|left| self.piece(first, left).filter(|piece| !piece.text.is_empty()))
    }
}

impl Piece {
    fn of(cell: Option<&Cell>, row: usize, column: usize) -> Self {
        let text = cell.map_or_else(|| "".into(), raw);
        Self { text: if text.trim().is_empty() { "".into() } else { text }, row, column, height: 1 }
    }
}

/// What stands over one column.
struct Heading {
    column: u16,
    /// As shown: group and sub-heading joined by `/`.
    text: String,
    /// Names to look for, best first.
    names: Vec<String>,
    unit: Option<Unit>,
    cells: Vec<String>,
}

impl Heading {
    fn of(column: usize, pieces: &[&Piece], group: Option<&Piece>) -> Self {
        let parts: Vec<_> = pieces.iter().map(|piece| Name::of(&piece.text)).collect();
        let mut names = Vec::new();
        if let Some(own) = parts.last() {
            names.push(own.name.clone());
            // 整改 over 措施 is 整改措施.
            let above = parts.iter().rev().skip(1);
            let mut joined = own.name.clone();
            for part in above {
                joined = format!("{}{joined}", part.name);
                names.push(joined.clone());
            }
            if let Some(group) = group {
                names.push(format!("{}{}", Name::of(&group.text).name, own.name));
            }
        }
        names.retain(|name| !name.is_empty());
        Self {
            column: column as u16,
            text: pieces.iter().map(|piece| one_line(&piece.text)).collect::<Vec<_>>().join("/"),
            names,
            unit: parts.iter().rev().find_map(|part| part.unit),
            cells: pieces.iter().map(|piece| compact(&piece.text)).collect(),
        }
    }

    fn is_serial(&self) -> bool {
        self.names
            .first()
            .is_some_and(|name| matches!(name.as_str(), "序号" | "顺序号" | "行号" | "no" | "no."))
    }
}

/// Which columns fit which specs.
struct Meanings {
    /// Fitting columns of each spec.
    specs: BTreeMap<usize, Vec<(u16, Strength)>>,
    /// Columns whose name fits several specs equally.
    torn: Vec<(u16, Vec<usize>)>,
}

impl Meanings {
    fn of(headings: &[Heading], names: &Names, specs: &[ColumnSpec], options: &Options) -> Self {
        let mut meanings = Self { specs: BTreeMap::new(), torn: Vec::new() };
        for heading in headings {
            let assigned = options.assigned.iter().find(|(column, _)| *column == heading.column);
            let fitting = match assigned {
                Some((_, key)) => {
                    let index = specs.iter().position(|spec| spec.key == *key);
                    index.map(|index| (index, Strength::Assigned)).into_iter().collect()
                }
                None => heading
                    .names
                    .iter()
                    .map(|name| names.fitting(name))
                    .find(|f| !f.is_empty())
                    .unwrap_or_default(),
            };
            match fitting.as_slice() {
                [] => {}
                [(index, strength)] => {
                    meanings.specs.entry(*index).or_default().push((heading.column, *strength));
                }
                several => {
                    meanings.torn.push((heading.column, several.iter().map(|(index, _)| *index).collect()));
                }
            }
        }
        meanings.keep_strongest();
        meanings
    }

    /// A column under the label itself goes before columns under synonyms.
    fn keep_strongest(&mut self) {
        for columns in self.specs.values_mut() {
            let best = columns.iter().map(|(_, strength)| *strength).max();
            columns.retain(|(_, strength)| Some(*strength) == best);
        }
    }

    fn has_meaning(&self, column: u16) -> bool {
        self.specs.values().flatten().any(|(own, _)| *own == column)
            || self.torn.iter().any(|(own, _)| *own == column)
    }

    /// The columns that fit exactly one spec which fits exactly them.
    fn columns(&self, headings: &[Heading]) -> Vec<Column> {
        let mut columns: Vec<_> = self
            .specs
            .iter()
            .filter_map(|(spec, columns)| match columns.as_slice() {
                [(column, _)] => headings.get(usize::from(*column)).map(|heading| Column {
                    spec: *spec,
                    at: *column,
                    header: heading.text.clone(),
                    unit: heading.unit,
                }),
                _ => None,
            })
            .collect();
        columns.sort_by_key(|column| column.at);
        columns
    }

    fn conflicts(&self, specs: &[ColumnSpec]) -> Vec<Conflict> {
        let label = |index: &usize| specs.get(*index).map(|spec| spec.label);
        let doubled =
            self.specs.iter().filter(|(_, columns)| columns.len() > 1).map(|(spec, columns)| Conflict {
                labels: label(spec).into_iter().collect(),
                letters: columns.iter().map(|(column, _)| column_letter(*column)).collect(),
            });
        let torn = self.torn.iter().map(|(column, several)| Conflict {
            labels: several.iter().filter_map(label).collect(),
            letters: vec![column_letter(*column)],
        });
        doubled.chain(torn).collect()
    }
}

/// The unit a line above the table names for columns of this kind.
fn unit_above(kind: Option<ValueKind>, title: &[String]) -> Option<Unit> {
    let fits = match kind? {
        ValueKind::Money => Unit::is_money,
        ValueKind::Area => Unit::is_area,
        _ => return None,
    };
    title.iter().find_map(|line| unit_in_line(line, fits))
}
