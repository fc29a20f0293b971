//! Files as they lie on the disk: written as a stream of sealed pieces, read from any place.

use std::{
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::{
    Result,
    seal::{FileKey, PIECE, Piece, TAG},
};

/// Bytes of plain text in a piece, as a length in files.
pub(super) const PIECE_LEN: u64 = PIECE as u64;
const STEP: u64 = (PIECE + TAG) as u64;

/// How long a file of `size` bytes is on the disk.
pub fn stored_len(size: u64) -> u64 {
    size + pieces(size) * TAG as u64
}

/// How many pieces a file of `size` bytes has; an empty one has one, which says that it is empty.
fn pieces(size: u64) -> u64 {
    size.div_ceil(PIECE_LEN).max(1)
}

/// How much of a file of `size` bytes has safely arrived when `stored` bytes of it lie on the disk.
pub(super) fn arrived(stored: u64, size: u64) -> u64 {
    if stored == stored_len(size) { size } else { (stored / STEP * PIECE_LEN).min(size) }
}

/// Writes a file piece by piece.
pub(super) struct Writer {
    file: tokio::fs::File,
    key: FileKey,
    at: u64,
    held: Vec<u8>,
}

impl Writer {
    /// Begins a new file.
    pub(super) async fn create(path: &Path, key: FileKey) -> Result<Self> {
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(path).await?;
        Ok(Self { file, key, at: 0, held: Vec::with_capacity(PIECE * 2) })
    }

    /// Goes on with `file` behind `offset`, which is a whole number of pieces; what lies behind is cut off.
    pub(super) async fn resume(mut file: tokio::fs::File, key: FileKey, offset: u64) -> Result<Self> {
        let at = offset / PIECE_LEN;
        file.set_len(at * STEP).await?;
        file.seek(SeekFrom::Start(at * STEP)).await?;
        Ok(Self { file, key, at, held: Vec::with_capacity(PIECE * 2) })
    }

    /// Takes the next bytes. At least one byte is held back, because only the end knows its last piece.
    pub(super) async fn take(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            if self.held.len() == PIECE {
                self.put(false).await?;
            }
            let (now, rest) = bytes.split_at(bytes.len().min(PIECE - self.held.len()));
            self.held.extend_from_slice(now);
            bytes = rest;
        }
        Ok(())
    }

    /// Stops in the middle: whole pieces are kept, the rest has to come again.
    pub(super) async fn pause(mut self) -> Result<()> {
        if self.held.len() == PIECE {
            self.put(false).await?;
        }
        self.durable().await
    }

    /// Ends the file.
    pub(super) async fn finish(mut self) -> Result<()> {
        self.put(true).await?;
        self.durable().await
    }

    async fn durable(&mut self) -> Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        Ok(())
    }

    async fn put(&mut self, last: bool) -> Result<()> {
        let tag = self.key.lock(Piece { at: self.at, last }, &mut self.held);
        self.held.extend_from_slice(&tag);
        self.file.write_all(&self.held).await?;
        self.held.clear();
        self.at += 1;
        Ok(())
    }
}

/// Reads a kept file; without a key it is one of before files were sealed.
pub struct Opened {
    file: std::fs::File,
    key: Option<FileKey>,
    size: u64,
    at: u64,
    held: Vec<u8>,
    held_at: Option<u64>,
}

impl Opened {
    /// Opens a file of `size` bytes of plain text.
    pub fn open(path: &Path, key: Option<FileKey>, size: u64) -> io::Result<Self> {
        let file = std::fs::File::open(path)?;
        let expected = if key.is_some() { stored_len(size) } else { size };
        if file.metadata()?.len() != expected {
            return Err(broken());
        }
        Ok(Self { file, key, size, at: 0, held: Vec::new(), held_at: None })
    }

    /// Bytes of plain text.
    pub fn size(&self) -> u64 {
        self.size
    }

    fn load(&mut self, piece: u64) -> io::Result<()> {
        if self.held_at == Some(piece) {
            return Ok(());
        }
        self.held_at = None;
        let begin = piece * PIECE_LEN;
        let plain = self.size.saturating_sub(begin).min(PIECE_LEN);
        let tag = if self.key.is_some() { TAG } else { 0 };
        let start = if self.key.is_some() { piece * STEP } else { begin };
        self.held.resize(usize::try_from(plain).map_err(|_| broken())? + tag, 0);
        self.file.seek(SeekFrom::Start(start))?;
        self.file.read_exact(&mut self.held)?;
        if let Some(key) = &self.key {
            let last = piece + 1 == pieces(self.size);
            let place = self.held.len() - TAG;
            let (bytes, tag) = self.held.split_at_mut(place);
            if !key.unlock(Piece { at: piece, last }, bytes, tag) {
                return Err(broken());
            }
            self.held.truncate(place);
        }
        self.held_at = Some(piece);
        Ok(())
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a kept file was changed or cut")
}

impl Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // An empty file still has to prove that it is one.
        if into.is_empty() || (self.at >= self.size && self.size > 0) {
            return Ok(0);
        }
        self.load(self.at / PIECE_LEN)?;
        let from = usize::try_from(self.at % PIECE_LEN).map_err(|_| broken())?;
        let ready = self.held.get(from..).unwrap_or_default();
        let count = ready.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "before the beginning"))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(size: usize) -> Vec<u8> {
        (0..size).map(|at| (at % 251) as u8).collect()
    }

    async fn written(path: &Path, key: &FileKey, bytes: &[u8], step: usize) {
        let mut writer = Writer::create(path, key.clone()).await.unwrap();
        for part in bytes.chunks(step) {
            writer.take(part).await.unwrap();
        }
        writer.finish().await.unwrap();
    }

    fn read(path: &Path, key: &FileKey, size: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Opened::open(path, Some(key.clone()), size as u64)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[tokio::test]
    async fn what_was_written_in_any_portions_is_read_again_and_lies_there_unreadable() {
        let folder = tempfile::tempdir().unwrap();
        for (at, size) in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE].into_iter().enumerate() {
            let (path, key) = (folder.path().join(at.to_string()), FileKey::new().unwrap());
            written(&path, &key, &text(size), 10_007).await;
            assert_eq!(read(&path, &key, size).unwrap(), text(size));
            let stored = std::fs::read(&path).unwrap();
            assert_eq!(stored.len() as u64, stored_len(size as u64));
            assert!(size < 64 || !stored.windows(32).any(|window| window == &text(32)[..]));
        }
    }

    #[tokio::test]
    async fn a_changed_exchanged_or_missing_piece_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key, size) = (folder.path().join("a"), FileKey::new().unwrap(), 3 * PIECE);
        written(&path, &key, &text(size), 50_000).await;
        let whole = std::fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        flipped[PIECE + 100] ^= 1;
        let swapped =
            [&whole[PIECE + TAG..2 * (PIECE + TAG)], &whole[..PIECE + TAG], &whole[2 * (PIECE + TAG)..]]
                .concat();
        for bad in [flipped, swapped] {
            std::fs::write(&path, bad).unwrap();
            assert!(read(&path, &key, size).is_err());
        }
        std::fs::write(&path, &whole[..2 * (PIECE + TAG)]).unwrap();
        assert!(read(&path, &key, size).is_err());
        assert!(read(&path, &key, 2 * PIECE).is_err(), "a cut file must not pass for a shorter one");
    }

    #[tokio::test]
    async fn a_broken_upload_goes_on_behind_its_last_whole_piece() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key, size) = (folder.path().join("a"), FileKey::new().unwrap(), 2 * PIECE + 500);
        let bytes = text(size);
        let mut writer = Writer::create(&path, key.clone()).await.unwrap();
        writer.take(&bytes[..PIECE + 300]).await.unwrap();
        writer.pause().await.unwrap();
        let stored = std::fs::metadata(&path).unwrap().len();
        let offset = arrived(stored, size as u64);
        assert_eq!(offset, PIECE as u64);
        let file = tokio::fs::OpenOptions::new().write(true).open(&path).await.unwrap();
        let mut writer = Writer::resume(file, key.clone(), offset).await.unwrap();
        writer.take(&bytes[PIECE..]).await.unwrap();
        writer.finish().await.unwrap();
        assert_eq!(read(&path, &key, size).unwrap(), bytes);
    }

    #[tokio::test]
    async fn any_part_can_be_read_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key, size) = (folder.path().join("a"), FileKey::new().unwrap(), 2 * PIECE + 7);
        written(&path, &key, &text(size), PIECE).await;
        let opened = std::cell::RefCell::new(Opened::open(&path, Some(key), size as u64).unwrap());
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
        runner
            .run(&(0..size, 1usize..4_000), |(from, count)| {
                let mut part = vec![0; count.min(size - from)];
                let mut opened = opened.borrow_mut();
                opened.seek(SeekFrom::Start(from as u64)).unwrap();
                opened.read_exact(&mut part).unwrap();
                prop_assert_eq!(&part[..], &text(size)[from..from + part.len()]);
                Ok(())
            })
            .unwrap();
    }
}
