//! Separated text: UTF-8, GB18030 or UTF-16, with commas, semicolons, tabs or bars.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use csv::{ByteRecord, StringRecord};
use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8};

use super::{Next, Source, distinct};
use crate::{Error, Result};

const SAMPLE: usize = 1 << 20;

struct Separated {
    reader: csv::Reader<Bounded>,
    heading: Vec<String>,
    held: ByteRecord,
    encoding: &'static Encoding,
    broken: u64,
}

pub(super) fn open(file: &Path) -> Result<Box<dyn Source>> {
    let mut sample = Vec::with_capacity(SAMPLE);
    File::open(file)?.take(SAMPLE as u64).read_to_end(&mut sample)?;
    let encoding = guess(&sample)?;
    let raw = BufReader::with_capacity(1 << 18, File::open(file)?);
    let (text, _) = encoding.decode_without_bom_handling(&sample);
    let delimiter = delimiter(&text);
    let reader: Box<dyn Read + Send> =
        if encoding == UTF_8 { Box::new(raw) } else { Box::new(Decoding::new(raw, encoding)) };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 16)
        .from_reader(Bounded { inner: reader, left: LONGEST });
    let mut first = ByteRecord::new();
    if !reader.read_byte_record(&mut first).map_err(broken)? {
        return Err(Error::refused("文件里没有表头，请在第一行写上各列的名称。"));
    }
    let heading = distinct(first.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()));
    Ok(Box::new(Separated { reader, heading, held: ByteRecord::new(), encoding, broken: 0 }))
}

impl Source for Separated {
    fn heading(&self) -> &[String] {
        &self.heading
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next> {
        if !self.reader.read_byte_record(&mut self.held).map_err(broken)? {
            return Ok(Next::End);
        }
        self.reader.get_mut().left = LONGEST;
        let width = self.heading.len();
        let surplus_is_empty = self.held.iter().skip(width).all(<[u8]>::is_empty);
        let ragged = self.held.len() < width || !surplus_is_empty;
        self.held.truncate(width);
        match StringRecord::from_byte_record(std::mem::take(&mut self.held)) {
            Ok(read) => {
                let reused = std::mem::replace(row, read);
                self.held = reused.into_byte_record();
            }
            Err(error) => {
                self.broken += 1;
                self.held = error.into_byte_record();
                *row = StringRecord::from_byte_record_lossy(self.held.clone());
            }
        }
        Ok(if ragged { Next::Ragged } else { Next::Row })
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![format!("文件编码识别为 {}。", self.encoding.name())];
        if self.broken > 0 {
            remarks.push(format!("{} 行含有不能解码的字节，已用替代符号代替。", self.broken));
        }
        remarks
    }
}

/// The most bytes that are read for one row: a quote that is never closed would take the rest of the file for a cell.
const LONGEST: u64 = 16 << 20;

struct Bounded {
    inner: Box<dyn Read + Send>,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(std::io::Error::other("有一行超过 16 MB，可能是引号没有配对"));
        }
        let read = self.inner.read(out)?;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

fn broken(error: csv::Error) -> Error {
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
    fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        let mut text = b"a,b\n1,\"x".to_vec();
        text.resize(LONGEST as usize + (1 << 17), b'y');
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
