//! A file of bids taken apart on all processors: each takes pieces of whole rows in turn, and what it found in them is
//! handed on in the order of the file.

use std::{
    io::Read,
    ops::Range,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use documents::separated::{Pieces, Row, Splitter};

use super::{
    Left, Places,
    amount::{self, Cell},
    mark,
};
use crate::{Error, Result};

/// Pieces that wait for each processor at most.
const WAITING: usize = 2;

/// Whole rows of a file.
struct Piece {
    bytes: Vec<u8>,
    /// The heading stands first.
    heading: bool,
}

/// What the rows of a piece say.
#[derive(Default)]
pub(super) struct Portion {
    pub(super) rows: Vec<Seen>,
    /// The names in the rows.
    names: String,
    /// Lines that the piece has.
    pub(super) lines: u64,
    /// Some bytes could not be decoded.
    pub(super) damaged: bool,
    /// The space of the piece, to be used again.
    bytes: Vec<u8>,
}

/// A row, or why it cannot be taken.
pub(super) struct Seen {
    /// Lines of the piece before it.
    pub(super) lines: u64,
    pub(super) said: Result<Said, Left>,
}

/// What a row says of a bid.
pub(super) struct Said {
    tender: Range<usize>,
    bidder: Option<Range<usize>>,
    pub(super) ceiling: Option<Cell>,
    pub(super) bid: Cell,
    /// Whether it won; none when it cannot be told.
    pub(super) won: Option<bool>,
}

impl Portion {
    pub(super) fn tender(&self, said: &Said) -> &str {
        self.names.get(said.tender.clone()).unwrap_or_default()
    }

    pub(super) fn bidder(&self, said: &Said) -> Option<&str> {
        Some(self.names.get(said.bidder.clone()?).unwrap_or_default())
    }

    fn read(piece: Piece, splitter: Splitter, places: &Places) -> Self {
        let mut portion = Self { bytes: piece.bytes, ..Self::default() };
        if std::str::from_utf8(&portion.bytes).is_err() {
            portion.damaged = true;
            portion.bytes = String::from_utf8_lossy(&portion.bytes).into_owned().into_bytes();
        }
        let bytes = std::mem::take(&mut portion.bytes);
        let mut row = Row::default();
        if piece.heading {
            splitter.next(&bytes, &mut row);
        }
        while splitter.next(&bytes, &mut row) {
            let said = portion.said(&bytes, &row, places);
            portion.rows.push(Seen { lines: row.lines_before(), said });
        }
        portion.lines = row.lines_before();
        portion.bytes = bytes;
        portion
    }

    fn said(&mut self, bytes: &[u8], row: &Row, places: &Places) -> Result<Said, Left> {
        if row.len() != places.width {
            return Err(Left::Ragged);
        }
        // Only the cells that are used are looked at as text, which halves the time that a wide file takes.
        let cell = |place: usize| {
            let cell = row.cell(bytes, place).and_then(|cell| std::str::from_utf8(cell).ok());
            cell.unwrap_or_default().trim()
        };
        let tender = cell(places.tender);
        if tender.is_empty() {
            return Err(Left::NoTender);
        }
        Ok(Said {
            tender: self.name(tender),
            bidder: places.bidder.map(|place| self.name(cell(place))),
            ceiling: places.ceiling.map(|place| amount::read(cell(place), places.ceiling_unit)),
            bid: amount::read(cell(places.bid), places.bid_unit),
            won: places.winner.map_or(Some(false), |place| mark(cell(place))),
        })
    }

    fn name(&mut self, name: &str) -> Range<usize> {
        let start = self.names.len();
        self.names.push_str(name);
        start..self.names.len()
    }
}

/// A processor with the pieces that it is given and the portions that it gives back.
struct Worker {
    give: SyncSender<Piece>,
    take: Receiver<Portion>,
}

impl Worker {
    fn start<'scope>(
        scope: &'scope thread::Scope<'scope, '_>,
        splitter: Splitter,
        places: &'scope Places,
    ) -> Self {
        let (give, pieces) = sync_channel(WAITING);
        let (portions, take) = sync_channel(WAITING);
        scope.spawn(move || {
            for piece in pieces {
                // Whoever takes the portions may have ended with an error of its own.
                if portions.send(Portion::read(piece, splitter, places)).is_err() {
                    return;
                }
            }
        });
        Self { give, take }
    }
}

/// Hands all rows behind the heading to `each`, portion by portion in the order of the file; `first` is the piece with the heading.
pub(super) fn each_portion<R: Read>(
    pieces: &mut Pieces<R>,
    first: Vec<u8>,
    splitter: Splitter,
    places: &Places,
    mut each: impl FnMut(&Portion),
) -> Result<()> {
    thread::scope(|scope| {
        let count = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<Worker> = (0..count).map(|_| Worker::start(scope, splitter, places)).collect();
        // Pieces are dealt out in turn and taken back in turn.
        let (mut dealt, mut back) = (workers.iter().cycle(), workers.iter().cycle());
        let (mut waiting, mut spare) = (0, Vec::new());
        let mut next = Some(Piece { bytes: first, heading: true });
        while next.is_some() || waiting > 0 {
            match next.take() {
                Some(piece) if waiting < count * WAITING => {
                    dealt.next().and_then(|worker| worker.give.send(piece).ok()).ok_or_else(stopped)?;
                    waiting += 1;
                    let mut bytes = spare.pop().unwrap_or_default();
                    next = pieces.next(&mut bytes)?.then_some(Piece { bytes, heading: false });
                }
                held => {
                    next = held;
                    let portion =
                        back.next().and_then(|worker| worker.take.recv().ok()).ok_or_else(stopped)?;
                    waiting -= 1;
                    each(&portion);
                    spare.push(portion.bytes);
                }
            }
        }
        Ok(())
    })
}

fn stopped() -> Error {
    Error::Refused(String::from("计算中断，请重新运行。"))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::table::{Columns, Report, gather};

    /// So many rows that they come in several pieces, some of them with line ends in quotes.
    fn bids(rows: u64) -> String {
        let mut text = String::from("tender,bid,who,note\r\n");
        for row in 0..rows {
            let note = if row % 7 == 0 { "\"one\ntwo, \"\"three\"\"\"" } else { "plain" };
            let surplus = if row % 13 == 0 { ",surplus" } else { "" };
            let (tender, bid, firm, filling) = (row / 5, row % 11, row % 3, "x".repeat(200));
            let _ = writeln!(text, "T{tender},{bid},firm {firm},{note}{filling}{surplus}");
        }
        text
    }

    #[test]
    fn rows_are_handed_on_in_the_order_of_the_file_with_the_lines_they_begin_on() {
        let text = bids(30_000);
        let columns = Columns {
            tender: String::from("tender"),
            bid: String::from("bid"),
            bidder: Some(String::from("who")),
            ..Columns::default()
        };
        let mut report = Report::default();
        let tenders = gather(&mut text.as_bytes(), &columns, &mut report).unwrap();
        let names: Vec<String> = (0..6_000).map(|tender| format!("T{tender}")).collect();
        assert!(tenders.iter().map(|tender| &tender.name).eq(&names));
        assert_eq!((report.rows, report.undecodable), (30_000, false));
        // Every seventh row has a line more; every thirteenth is ragged, every eleventh bids nothing.
        let line = |row: u64| 2 + row + row.div_ceil(7);
        let ragged: Vec<u64> = (0..5).map(|at| line(at * 13)).collect();
        assert_eq!(report.left_out[&Left::Ragged].lines, ragged);
        assert_eq!(report.left_out[&Left::Ragged].rows, 30_000_u64.div_ceil(13));
        let last = tenders.iter().flat_map(|tender| &tender.bids).map(|bid| bid.line).max();
        assert_eq!(last, Some(line(29_999)));
    }

    #[test]
    fn bytes_that_cannot_be_decoded_stand_as_signs_and_are_told() {
        let mut text = b"tender,bid\nT1,5\n".repeat(60_000);
        text.extend_from_slice(b"T\xff2,6\n");
        let columns =
            Columns { tender: String::from("tender"), bid: String::from("bid"), ..Columns::default() };
        let mut report = Report::default();
        let tenders = gather(&mut text.as_slice(), &columns, &mut report).unwrap();
        assert!(report.undecodable);
        assert_eq!(tenders.last().map(|tender| tender.name.as_str()), Some("T\u{fffd}2"));
    }
}
