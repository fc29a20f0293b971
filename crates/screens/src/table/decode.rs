//! A file of bids as UTF-8, whatever it was written in.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8};

const PIECE: usize = 1 << 16;
/// A row that is longer was never meant as one: a quote was opened and not closed.
const LONGEST_ROW: usize = 16 << 20;

/// A file as bytes of UTF-8, for whoever tells himself what cannot be decoded and how long a row may be.
pub(super) enum Text<R> {
    /// It is written so.
    Plain(io::Chain<io::Cursor<Vec<u8>>, R>),
    /// It is written in another way.
    Decoded(Decoded<R>),
}

impl<R: Read> Text<R> {
    pub(super) fn new(mut source: R) -> io::Result<Self> {
        let mut raw = Vec::with_capacity(PIECE);
        let ended = fill(&mut source, &mut raw)?;
        let encoding = guess(&raw, ended);
        Ok(if encoding == UTF_8 {
            Self::Plain(io::Cursor::new(raw).chain(source))
        } else {
            Self::Decoded(Decoded::begun(source, raw, ended, encoding))
        })
    }

    pub(super) fn encoding(&self) -> &'static str {
        match self {
            Self::Plain(_) => UTF_8.name(),
            Self::Decoded(decoded) => decoded.encoding,
        }
    }

    /// Whether something stands as a replacement sign already.
    pub(super) fn damaged(&self) -> bool {
        matches!(self, Self::Decoded(decoded) if decoded.damaged)
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(into),
            Self::Decoded(decoded) => {
                decoded.row_read();
                decoded.read(into)
            }
        }
    }
}

/// Reads UTF-8 out of a file in UTF-8, UTF-16 with its mark, or GB18030.
pub(super) struct Decoded<R> {
    source: R,
    decoder: Decoder,
    encoding: &'static str,
    raw: Vec<u8>,
    text: String,
    given: usize,
    ended: bool,
    /// Bytes given since the last row was whole.
    since: usize,
    /// Whether something could not be decoded and stands as a replacement sign.
    damaged: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(mut source: R) -> io::Result<Self> {
        let mut raw = Vec::with_capacity(PIECE);
        let ended = fill(&mut source, &mut raw)?;
        let encoding = guess(&raw, ended);
        Ok(Self::begun(source, raw, ended, encoding))
    }

    fn begun(source: R, raw: Vec<u8>, ended: bool, encoding: &'static Encoding) -> Self {
        let mut decoded = Self {
            source,
            decoder: encoding.new_decoder(),
            encoding: encoding.name(),
            raw,
            text: String::new(),
            given: 0,
            ended,
            since: 0,
            damaged: false,
        };
        decoded.decode();
        decoded
    }

    /// A row was read to its end.
    pub(super) fn row_read(&mut self) {
        self.since = 0;
    }

    fn decode(&mut self) {
        self.text.clear();
        self.given = 0;
        let most = self.decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(4 * PIECE);
        self.text.reserve(most);
        let (result, _, damaged) = self.decoder.decode_to_string(&self.raw, &mut self.text, self.ended);
        debug_assert!(result == CoderResult::InputEmpty, "the buffer is as long as the decoder asked");
        self.damaged |= damaged;
        self.raw.clear();
    }
}

/// The encoding: by its mark (the decoder sees to that), else UTF-8 when the beginning can be read so.
fn guess(raw: &[u8], ended: bool) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(raw) {
        return encoding;
    }
    match std::str::from_utf8(raw) {
        Ok(_) => UTF_8,
        // A letter cut in two at the end of the first piece is no error.
        Err(error) if error.error_len().is_none() && !ended => UTF_8,
        Err(_) => GB18030,
    }
}

/// Fills one piece; whether the source has ended.
fn fill(source: &mut impl Read, raw: &mut Vec<u8>) -> io::Result<bool> {
    let got = source.by_ref().take((PIECE - raw.len().min(PIECE)) as u64).read_to_end(raw)?;
    Ok(got == 0 || raw.len() < PIECE)
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.ended = fill(&mut self.source, &mut self.raw)?;
            self.decode();
        }
        if self.since > LONGEST_ROW {
            let words = "有一行超过 16 MB，多半是引号没有配对，请检查文件";
            return Err(io::Error::new(io::ErrorKind::InvalidData, words));
        }
        let left = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let count = left.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), left.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        self.since += count;
        Ok(count)
    }
}
