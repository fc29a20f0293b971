//! Rows handed on many at a time. Their cells lie in one text, so that no row costs memory of its own, and who works on
//! them goes through memory forwards.

use std::ops::Range;

/// Rows that a portion takes from a source that gives them one by one, and bytes.
const ROWS: usize = 1_024;
const BYTES: usize = 1 << 20;

/// Some rows of a source, one after the other. The space is used again.
#[derive(Default)]
pub struct Portion {
    text: String,
    /// Cells of all whole rows, as many for each as the heading has.
    cells: Vec<Place>,
    width: usize,
    /// Which rows of the file the whole ones are.
    numbers: Vec<u64>,
    /// Which of them are taken.
    taken: Vec<bool>,
    /// Which rows of the file have another number of cells than the heading.
    ragged: Vec<u64>,
    /// Rows of the file up to the end of the portion.
    read: u64,
}

/// Where a cell stands in the text; a portion is never so long that half of an address would not do.
#[derive(Clone, Copy)]
struct Place {
    start: u32,
    end: u32,
}

impl From<Range<usize>> for Place {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start as u32, end: range.end as u32 }
    }
}

/// A whole row of a portion.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    text: &'a str,
    cells: &'a [Place],
}

impl<'a> Line<'a> {
    pub(crate) fn cell(self, place: usize) -> &'a str {
        self.cells.get(place).map_or("", |cell| self.at(*cell))
    }

    pub(crate) fn cells(self) -> impl Iterator<Item = &'a str> {
        self.cells.iter().map(move |cell| self.at(*cell))
    }

    fn at(self, cell: Place) -> &'a str {
        self.text.get(cell.start as usize..cell.end as usize).unwrap_or_default()
    }
}

impl Portion {
    /// Makes it empty, for rows of `width` cells that follow the first `read` ones of the file.
    pub(crate) fn begin(&mut self, width: usize, read: u64) {
        self.text.clear();
        self.cells.clear();
        self.numbers.clear();
        self.ragged.clear();
        (self.width, self.read) = (width.max(1), read);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.numbers.len() >= ROWS || self.text.len() >= BYTES
    }

    /// Rows of the file up to the end of the portion.
    pub(crate) fn read(&self) -> u64 {
        self.read
    }

    pub(crate) fn ragged(&self) -> &[u64] {
        &self.ragged
    }

    pub(crate) fn push_ragged(&mut self) {
        self.read += 1;
        self.ragged.push(self.read);
    }

    /// A whole row, cell by cell.
    pub(crate) fn push(&mut self, cells: impl Iterator<Item = impl AsRef<str>>) {
        let mut cells = cells.fuse();
        for _ in 0..self.width {
            let start = self.text.len();
            if let Some(cell) = cells.next() {
                self.text.push_str(cell.as_ref());
            }
            self.cells.push((start..self.text.len()).into());
        }
        self.end_row();
    }

    /// A whole row whose cells stand in the text that [`Portion::set_text`] will bring.
    pub(crate) fn push_places(&mut self, places: impl Iterator<Item = Range<usize>>) {
        self.cells.extend(places.take(self.width).map(Place::from));
        self.end_row();
    }

    fn end_row(&mut self) {
        self.read += 1;
        self.numbers.push(self.read);
    }

    /// Exchanges the text for the one in which the cells stand.
    pub(crate) fn set_text(&mut self, text: &mut String) {
        std::mem::swap(&mut self.text, text);
    }

    /// Says of every whole row whether it is taken.
    pub(crate) fn sort(&mut self, mut takes: impl FnMut(Line<'_>) -> bool) {
        let mut taken = std::mem::take(&mut self.taken);
        taken.clear();
        taken.extend(self.lines().map(&mut takes));
        self.taken = taken;
    }

    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.cells.chunks_exact(self.width.max(1)).map(|cells| Line { text: &self.text, cells })
    }

    /// The rows that are taken, with their numbers in the file.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Line<'_>, u64)> {
        let all = self.lines().zip(self.numbers.iter().copied()).zip(&self.taken);
        all.filter(|(_, taken)| **taken).map(|(row, _)| row)
    }
}
