//! Lines over processors: the file is read in blocks that end with a line, each block is evaluated by whoever is free.

use std::{
    io::Read,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use memchr::{Memchr, memchr, memchr_iter, memrchr};

use super::{
    Settings,
    fold::Tally,
    shape::{Object as _, Package, Record, Release},
};
use crate::{Error, Result};

/// Bytes that go to one processor at a time.
const BLOCK: usize = 1 << 20;
/// A longer line is not read.
const LONGEST: usize = 256 << 20;
/// How many numbers of invalid lines are kept.
const SHOWN: usize = 5;

/// Some whole lines of the file.
#[derive(Default)]
struct Block {
    text: Vec<u8>,
    /// Number of its first line.
    line: u64,
}

/// Counts all releases of `data`.
pub(super) fn tally(mut data: impl Read, settings: &Settings) -> Result<Tally> {
    let mut cutter = Cutter::new(&mut data);
    let mut whole = Tally::in_currency(settings.currency.clone());
    let mut first = cutter.next()?.unwrap_or_default();
    if spread_over_lines(&first.text) {
        package_of_many_lines(first, cutter, &mut whole, settings)?;
        return Ok(whole);
    }
    // Until the main currency is known the lines are taken in their order, so that the answer never depends on chance.
    loop {
        block(&mut whole, &first, settings);
        if whole.currency.is_some() {
            break;
        }
        match cutter.next()? {
            Some(next) => first = next,
            None => break,
        }
    }
    let rest = on_all_processors(&mut cutter, whole.currency.clone(), settings)?;
    for part in rest {
        whole.join(part);
    }
    whole.report.too_long = cutter.too_long;
    whole.report.invalid_lines.sort_unstable();
    whole.report.invalid_lines.truncate(SHOWN);
    Ok(whole)
}

fn on_all_processors<R: Read>(
    cutter: &mut Cutter<'_, R>,
    currency: Option<String>,
    settings: &Settings,
) -> Result<Vec<Tally>> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (give, take) = mpsc::sync_channel::<Block>(2 * workers);
    let take = Mutex::new(take);
    // The space of blocks that are done is used again: fresh memory has to be cleared each time.
    let (give_back, done) = mpsc::channel::<Vec<u8>>();
    thread::scope(|scope| {
        let spawned: Vec<_> = (0..workers)
            .map(|_| {
                let (take, give_back, currency) = (&take, give_back.clone(), currency.clone());
                scope.spawn(move || {
                    let mut part = Tally::in_currency(currency);
                    while let Some(next) = next_of(take) {
                        block(&mut part, &next, settings);
                        // Whoever reads may have ended; then nobody needs the space again.
                        let _ = give_back.send(next.text);
                    }
                    part
                })
            })
            .collect();
        let mut read = Ok(());
        loop {
            cutter.spare.extend(done.try_recv());
            match cutter.next() {
                Ok(Some(next)) => {
                    if give.send(next).is_err() {
                        break;
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    read = Err(error);
                    break;
                }
            }
        }
        drop(give);
        let parts: Result<Vec<Tally>> = spawned
            .into_iter()
            .map(|worker| worker.join().map_err(|_| Error::Refused("计算中断，请重新运行。".to_owned())))
            .collect();
        read.and(parts)
    })
}

fn next_of(take: &Mutex<mpsc::Receiver<Block>>) -> Option<Block> {
    take.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// The lines of a text, without what ends them.
struct Lines<'t> {
    text: &'t [u8],
    ends: Memchr<'t>,
    /// Where the next one begins; none behind the last.
    start: Option<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self { text, ends: memchr_iter(b'\n', text), start: Some(0) }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        let start = self.start.take()?;
        let end = self.ends.next();
        self.start = end.map(|end| end + 1);
        self.text.get(start..end.unwrap_or(self.text.len()))
    }
}

/// Evaluates the lines of a block.
fn block(tally: &mut Tally, block: &Block, settings: &Settings) {
    for (line, number) in Lines::of(&block.text).zip(block.line..) {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        tally.report.read += 1;
        if !one_line(tally, line, number, settings) {
            tally.report.invalid += 1;
            if tally.report.invalid_lines.len() < SHOWN {
                tally.report.invalid_lines.push(number);
            }
        }
    }
}

/// Whether the line is JSON.
fn one_line(tally: &mut Tally, line: &[u8], number: u64, settings: &Settings) -> bool {
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let Ok(release) = serde_json::from_str::<Release<'_>>(text) else { return false };
    if release.there() && !(release.tender.there() || release.bids.there() || release.awards.get().is_some())
    {
        if let Ok(package) = serde_json::from_str::<Package<'_>>(text)
            && (package.records.get().is_some() || package.releases.get().is_some())
        {
            tally.report.read -= 1;
            unpack(tally, &package, number, settings);
            return true;
        }
        if let Ok(record) = serde_json::from_str::<Record<'_>>(text)
            && record.release.there()
        {
            tally.release(&record.release, number, settings);
            return true;
        }
    }
    tally.release(&release, number, settings);
    true
}

fn unpack(tally: &mut Tally, package: &Package<'_>, number: u64, settings: &Settings) {
    let compiled = package.records.each().map(|record| &record.release).filter(|release| release.there());
    for release in compiled.chain(package.releases.each()) {
        tally.report.read += 1;
        tally.release(release, number, settings);
    }
}

/// Whether the first line with something on it only begins a document.
fn spread_over_lines(text: &[u8]) -> bool {
    let first = Lines::of(text).find(|line| !line.iter().all(u8::is_ascii_whitespace));
    first.is_some_and(|line| {
        serde_json::from_slice::<serde::de::IgnoredAny>(line).is_err_and(|error| error.is_eof())
    })
}

/// A package printed over many lines is read as a whole.
fn package_of_many_lines<R: Read>(
    first: Block,
    mut cutter: Cutter<'_, R>,
    tally: &mut Tally,
    settings: &Settings,
) -> Result<()> {
    let mut text = first.text;
    while let Some(next) = cutter.next()? {
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend(next.text);
        if text.len() > LONGEST {
            return Err(Error::Refused(
                "数据包超过 256 MB，请先拆成每行一条发布（JSON Lines）再运行。".to_owned(),
            ));
        }
    }
    let text = String::from_utf8(text)
        .map_err(|_| Error::Refused("数据包不是 UTF-8 编码，请转换后再运行。".to_owned()))?;
    let mut documents = serde_json::Deserializer::from_str(&text).into_iter::<&serde_json::value::RawValue>();
    let mut number = 1;
    loop {
        match documents.next() {
            None => return Ok(()),
            Some(Ok(document)) => {
                tally.report.read += 1;
                if !one_line(tally, document.get().as_bytes(), number, settings) {
                    tally.report.invalid += 1;
                }
                number += 1;
            }
            Some(Err(error)) => {
                return Err(Error::Refused(format!("数据包第 {} 行不是 JSON，没有计算。", error.line())));
            }
        }
    }
}

/// Cuts a stream into blocks of whole lines.
struct Cutter<'r, R> {
    source: &'r mut R,
    held: Vec<u8>,
    line: u64,
    /// How much of what is held has no end of a line.
    searched: usize,
    ended: bool,
    too_long: u64,
    /// Space for what is read next.
    spare: Vec<Vec<u8>>,
}

impl<'r, R: Read> Cutter<'r, R> {
    fn new(source: &'r mut R) -> Self {
        Self { source, held: Vec::new(), line: 1, searched: 0, ended: false, too_long: 0, spare: Vec::new() }
    }

    /// The next whole lines; none at the end.
    fn next(&mut self) -> Result<Option<Block>> {
        loop {
            let end = if self.ended { Some(self.held.len()) } else { self.last_line_end() };
            if let Some(end) = end.filter(|end| *end > 0) {
                let mut rest = self.spare.pop().unwrap_or_default();
                rest.clear();
                rest.extend_from_slice(self.held.get(end..).unwrap_or_default());
                self.held.truncate(end);
                let text = std::mem::replace(&mut self.held, rest);
                // What lies behind the last end of a line has none.
                self.searched = self.held.len();
                let line = self.line;
                self.line += line_ends(&text);
                return Ok(Some(Block { text, line }));
            }
            if self.ended {
                return Ok(None);
            }
            if self.held.len() > LONGEST {
                self.pass_over()?;
            } else {
                self.more()?;
            }
        }
    }

    fn more(&mut self) -> Result<bool> {
        self.held.reserve(BLOCK);
        let got = self.source.by_ref().take(BLOCK as u64).read_to_end(&mut self.held)?;
        self.ended = got == 0;
        Ok(got > 0)
    }

    /// Leaves out a line that is too long and reads on behind it.
    fn pass_over(&mut self) -> Result<()> {
        self.too_long += 1;
        loop {
            if let Some(end) = memchr(b'\n', &self.held) {
                self.held = self.held.split_off(end + 1);
                self.searched = 0;
                self.line += 1;
                return Ok(());
            }
            self.held.clear();
            self.searched = 0;
            if !self.more()? {
                return Ok(());
            }
        }
    }

    /// Behind the last end of a line.
    fn last_line_end(&mut self) -> Option<usize> {
        let fresh = self.held.get(self.searched..).unwrap_or_default();
        let found = memrchr(b'\n', fresh).map(|at| self.searched + at + 1);
        self.searched = self.held.len();
        found
    }
}

fn line_ends(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}
