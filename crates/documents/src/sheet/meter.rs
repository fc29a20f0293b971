//! A reader that counts what comes out of a container and stops at the bound, whatever the headers claim.

use std::io::{self, Read, Seek, SeekFrom};

use super::{Limits, Unreadable};

/// Counts the expanded bytes of one entry and of the whole container.
pub(super) struct Meter<'a, R> {
    inner: R,
    limits: &'a Limits,
    packed: u64,
    own_most: u64,
    own: u64,
    total: &'a mut u64,
    since_mark: u64,
    refusal: Option<Unreadable>,
}

impl<'a, R: Read> Meter<'a, R> {
    /// `packed` is the entry's stored length, `own_most` its own bound, `total` the container's running sum.
    pub(super) fn new(inner: R, limits: &'a Limits, packed: u64, own_most: u64, total: &'a mut u64) -> Self {
        Self { inner, limits, packed, own_most, own: 0, total, since_mark: 0, refusal: None }
    }

    /// Tightens the bound once the kind of part is known.
    pub(super) fn set_own_most(&mut self, own_most: u64) {
        self.own_most = own_most;
    }

    /// Says that the parser has finished one piece; a piece may not exceed a cell's size.
    pub(super) fn mark(&mut self) {
        self.since_mark = 0;
    }

    /// Why reading stopped, when a bound was the reason.
    pub(super) fn take_refusal(&mut self) -> Option<Unreadable> {
        self.refusal.take()
    }

    fn verdict(&self) -> Option<Unreadable> {
        if *self.total > self.limits.expanded_bytes {
            Some(Unreadable::too_large("解压后的内容", format!("{} MB", self.limits.expanded_bytes >> 20)))
        } else if self.own > self.limits.ratio_grace && self.own / self.packed.max(1) > self.limits.ratio {
            Some(Unreadable::suspicious("压缩比过高"))
        } else if self.own > self.own_most {
            Some(Unreadable::too_large("文件中单个部分", format!("{} MB", self.own_most >> 20)))
        } else {
            None
        }
    }
}

impl<R: Read> Read for Meter<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.own += read as u64;
        *self.total += read as u64;
        self.since_mark += read as u64;
        self.refusal = self.verdict().or_else(|| {
            (self.since_mark > self.limits.cell_bytes).then(|| Unreadable::suspicious("存在超长的标记或文字"))
        });
        if self.refusal.is_some() { Err(io::Error::other("bound reached")) } else { Ok(read) }
    }
}

/// Bounds how much of a checked container is read in all, so that no part can be read over and over.
pub(super) struct Rationed<R> {
    inner: R,
    left: u64,
}

impl<R> Rationed<R> {
    pub(super) fn new(inner: R, most: u64) -> Self {
        Self { inner, left: most }
    }
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other("the same part was asked for too often"))?;
        Ok(read)
    }
}

impl<R: Seek> Seek for Rationed<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
