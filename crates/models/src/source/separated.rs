//! Separated text: UTF-8, GB18030 or UTF-16, with commas, semicolons, tabs or bars.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use csv::StringRecord;
use documents::separated::{Pieces, Row, Splitter};
use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8};

use super::{Next, Portion, Source, distinct};
use crate::{Error, Result};

const SAMPLE: usize = 1 << 20;

struct Separated {
    pieces: Pieces<Box<dyn Read + Send>>,
    splitter: Splitter,
    piece: String,
    row: Row,
    heading: Vec<String>,
    encoding: &'static Encoding,
    /// Of rows not yet read, whether they have bytes that cannot be decoded; nothing when none of the piece has.
    damaged: std::vec::IntoIter<bool>,
    broken: u64,
}

pub(super) fn open(file: &Path) -> Result<Box<dyn Source>> {
    let mut sample = Vec::with_capacity(SAMPLE);
    File::open(file)?.take(SAMPLE as u64).read_to_end(&mut sample)?;
    let encoding = guess(&sample)?;
    let (text, _) = encoding.decode_without_bom_handling(&sample);
    let splitter = Splitter::new(delimiter(&text));
    let raw = File::open(file)?;
    let text: Box<dyn Read + Send> = if encoding == UTF_8 {
        Box::new(raw)
    } else {
        // A decoder gives nothing into less room than a sign needs.
        Box::new(BufReader::with_capacity(1 << 16, Decoding::new(raw, encoding)))
    };
    let mut separated = Separated {
        pieces: Pieces::new(text, splitter),
        splitter,
        piece: String::new(),
        row: Row::default(),
        heading: Vec::new(),
        encoding,
        damaged: Vec::new().into_iter(),
        broken: 0,
    };
    if !separated.advance()? {
        return Err(Error::refused("文件里没有表头，请在第一行写上各列的名称。"));
    }
    separated.heading = distinct(separated.cells().map(str::to_owned));
    separated.broken = 0;
    Ok(Box::new(separated))
}

impl Separated {
    /// Goes on to the next row; false when there is none.
    fn advance(&mut self) -> Result<bool> {
        while !self.advance_in_piece() {
            let mut bytes = std::mem::take(&mut self.piece).into_bytes();
            if !self.pieces.next(&mut bytes).map_err(broken)? {
                return Ok(false);
            }
            self.row = Row::default();
            self.piece = self.text(bytes);
        }
        Ok(true)
    }

    fn advance_in_piece(&mut self) -> bool {
        let found = self.splitter.next(self.piece.as_bytes(), &mut self.row);
        self.broken += u64::from(found && self.damaged.next().unwrap_or_default());
        found
    }

    /// Whether the row is as wide as the heading, but for empty cells behind it.
    fn is_whole(&self) -> bool {
        let (width, held) = (self.heading.len(), self.row.len());
        let mut surplus = (width..held).map(|place| self.row.text(&self.piece, place));
        held >= width && surplus.all(|cell| cell.is_none_or(str::is_empty))
    }

    /// Hands on the row, whose cells stand in the piece but for those that were put into `loose`, which will stand behind it.
    fn hand_on(&self, portion: &mut Portion, loose: &mut String) {
        if !self.is_whole() {
            return portion.push_ragged();
        }
        portion.push_places((0..self.row.len()).map(|place| {
            self.row.place(place).unwrap_or_else(|| {
                let start = self.piece.len() + loose.len();
                loose.push_str(self.row.text(&self.piece, place).unwrap_or_default());
                start..self.piece.len() + loose.len()
            })
        }));
    }

    /// A piece as text; what cannot be decoded stands as replacement signs.
    fn text(&mut self, bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap_or_else(|error| {
            let bytes = error.into_bytes();
            self.damaged = damaged(self.splitter, &bytes).into_iter();
            String::from_utf8_lossy(&bytes).into_owned()
        })
    }

    fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.row.len()).map(|place| self.row.text(&self.piece, place).unwrap_or_default())
    }
}

/// Of every row of a piece, whether it has bytes that cannot be decoded.
fn damaged(splitter: Splitter, piece: &[u8]) -> Vec<bool> {
    let (mut row, mut found) = (Row::default(), Vec::new());
    while splitter.next(piece, &mut row) {
        let mut cells = (0..row.len()).filter_map(|place| row.cell(piece, place));
        found.push(cells.any(|cell| std::str::from_utf8(cell).is_err()));
    }
    found
}

impl Source for Separated {
    fn heading(&self) -> &[String] {
        &self.heading
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next> {
        if !self.advance()? {
            return Ok(Next::End);
        }
        row.clear();
        for cell in self.cells().take(self.heading.len()) {
            row.push_field(cell);
        }
        Ok(if self.is_whole() { Next::Row } else { Next::Ragged })
    }

    /// All rows of a piece, whose text goes with them.
    fn portion(&mut self, portion: &mut Portion) -> Result<bool> {
        let mut more = self.advance()?;
        let (found, mut loose) = (more, String::new());
        while more {
            self.hand_on(portion, &mut loose);
            more = self.advance_in_piece();
        }
        self.piece.push_str(&loose);
        portion.set_text(&mut self.piece);
        self.row = Row::default();
        self.piece.clear();
        Ok(found)
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![format!("文件编码识别为 {}。", self.encoding.name())];
        if self.broken > 0 {
            remarks.push(format!("{} 行含有不能解码的字节，已用替代符号代替。", self.broken));
        }
        remarks
    }
}

fn broken(error: std::io::Error) -> Error {
    Error::refused(format!("文件不能按分隔文本读取：{error}。"))
}

/// UTF-16 by its mark, UTF-8 when the sample is valid, else GB18030; bytes that fit none are refused.
fn guess(sample: &[u8]) -> Result<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return Ok(encoding);
    }
    if sample.contains(&0) {
        return Err(Error::refused("文件内容不是文字，扩展名可能被改过；请确认后重新导出。"));
    }
    let valid = match std::str::from_utf8(sample) {
        Ok(_) => true,
        // A sign cut at the end of the sample is no error.
        Err(error) => error.error_len().is_none() && sample.len() == SAMPLE,
    };
    if valid {
        return Ok(UTF_8);
    }
    let (_, malformed) = GB18030.decode_without_bom_handling(sample);
    // A good file may have a cut sign at the end of the sample; a wrong guess is broken throughout.
    let (text, _) = GB18030.decode_without_bom_handling(sample);
    let replaced = text.matches('\u{fffd}').count();
    if malformed && replaced > 1 + text.chars().count() / 1_000 {
        return Err(Error::refused("文件既不是 UTF-8 也不是 GB18030 编码，请用 UTF-8 重新导出。"));
    }
    Ok(GB18030)
}

/// The sign that parts the first line most.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().next().unwrap_or_default();
    [b',', b'\t', b';', b'|']
        .into_iter()
        .max_by_key(|sign| (line.bytes().filter(|byte| byte == sign).count(), *sign == b','))
        .unwrap_or(b',')
}

/// Turns another encoding into UTF-8 on the way.
struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    finished: bool,
}

impl<R: Read> Decoding<R> {
    fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { inner, decoder, raw: vec![0; 1 << 16], start: 0, end: 0, finished: false }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let rest = self.raw.get(self.start..self.end).unwrap_or_default();
            let (result, read, written, _) = self.decoder.decode_to_utf8(rest, out, self.finished);
            self.start += read;
            if written > 0 || (self.finished && result == CoderResult::InputEmpty) {
                return Ok(written);
            }
            if self.start >= self.end {
                self.start = 0;
                self.end = self.inner.read(&mut self.raw)?;
                self.finished = self.end == 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> (Vec<String>, Vec<(Next, Vec<String>)>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, bytes).unwrap();
        let mut source = open(&file).unwrap();
        let mut found = Vec::new();
        let mut row = StringRecord::new();
        loop {
            match source.next(&mut row).unwrap() {
                Next::End => break,
                next => found.push((next, row.iter().map(str::to_owned).collect())),
            }
        }
        (source.heading().to_vec(), found)
    }

    #[test]
    fn gb18030_and_utf16_read_like_utf8() {
        let text = "项目,投标人\nA1,宏远建设\n";
        let plain = rows(text.as_bytes());
        assert_eq!(plain.0, ["项目", "投标人"]);
        let (gb, _, _) = GB18030.encode(text);
        assert_eq!(rows(&gb), plain);
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(rows(&utf16), plain);
        assert_eq!(rows(format!("\u{feff}{text}").as_bytes()), plain);
    }

    #[test]
    fn rows_of_another_width_are_ragged_unless_the_surplus_is_empty() {
        let (_, found) = rows(b"a,b\n1,2\n1\n1,2,3\n1,2,,\n");
        let kinds: Vec<Next> = found.iter().map(|(next, _)| *next).collect();
        assert_eq!(kinds, [Next::Row, Next::Ragged, Next::Ragged, Next::Row]);
    }

    #[test]
    fn rows_handed_on_many_at_a_time_are_those_that_come_one_by_one() {
        let mut text = b"a,b,c\n".to_vec();
        for row in 0..80_000 {
            let end: &[u8] = match row % 5 {
                0 => b",\"two\nlines, \"\"quoted\"\"\",x\n",
                1 => b",plain\r\n",
                // Behind what the encoding is guessed by.
                2 if row >= 60_000 => b",\xff,\"in quotes\"\n",
                2 => b",plain,\"in quotes\"\n",
                3 => b",surplus,is empty,,\n\n",
                _ => b",surplus,is,not\n",
            };
            text.extend_from_slice(format!("row number {row}").as_bytes());
            text.extend_from_slice(end);
        }
        let (heading, single) = rows(&text);
        let whole = single.iter().filter(|(next, _)| *next == Next::Row).map(|(_, row)| row.clone());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, &text).unwrap();
        let mut source = open(&file).unwrap();
        let (mut portion, mut found, mut ragged, mut read) = (Portion::default(), Vec::new(), 0, 0);
        while {
            portion.begin(heading.len(), read);
            source.portion(&mut portion).unwrap()
        } {
            portion.sort(|_| true);
            found.extend(portion.rows().map(|(row, _)| row.cells().map(str::to_owned).collect::<Vec<_>>()));
            ragged += portion.ragged().len();
            read = portion.read();
        }
        assert!(found.into_iter().eq(whole));
        assert_eq!((ragged, read), (32_000, 80_000));
        assert!(source.remarks().iter().any(|remark| remark.contains("4000 行含有不能解码的字节")));
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        let mut text = b"a,b\n1,\"x".to_vec();
        text.resize((16 << 20) + (1 << 17), b'y');
        std::fs::write(&file, text).unwrap();
        let error = open(&file).unwrap().next(&mut StringRecord::new()).unwrap_err().to_string();
        assert!(error.contains("引号没有配对"), "{error}");
    }

    #[test]
    fn binary_content_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, b"PK\x03\x04\0\0").unwrap();
        assert!(open(&file).is_err());
    }
}
