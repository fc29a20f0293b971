//! Columns that lie encrypted: read range by range through whoever holds the key, so that nothing plain lies on a disk.

use std::{
    fmt,
    io::{self, BufReader, Read, Seek, SeekFrom},
    ops::Range,
    sync::Arc,
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use datafusion::parquet::{
    errors::{ParquetError, Result as ParquetResult},
    file::reader::{ChunkReader, Length},
};
use futures_util::{StreamExt as _, stream::BoxStream};
use object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, path::Path,
};

/// Plain bytes from any place.
pub trait Plain: Read + Seek + Send {}

impl<T: Read + Seek + Send> Plain for T {}

type Open = dyn Fn() -> io::Result<Box<dyn Plain>> + Send + Sync;

/// A Parquet file that somebody opens piece by piece.
#[derive(Clone)]
pub struct Sealed {
    length: u64,
    open: Arc<Open>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sealed({} bytes)", self.length)
    }
}

impl Sealed {
    /// A file of `length` plain bytes that `open` opens.
    pub fn new(length: u64, open: impl Fn() -> io::Result<Box<dyn Plain>> + Send + Sync + 'static) -> Self {
        Self { length, open: Arc::new(open) }
    }

    fn range(&self, range: Range<u64>) -> io::Result<Bytes> {
        let mut opened = (self.open)()?;
        opened.seek(SeekFrom::Start(range.start))?;
        let wanted = range.end.saturating_sub(range.start);
        let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
        if opened.take(wanted).read_to_end(&mut bytes)? as u64 != wanted {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a sealed file ends too early"));
        }
        Ok(Bytes::from(bytes))
    }
}

/// Reads forward from a place.
pub struct From {
    sealed: Sealed,
    at: u64,
}

impl Read for From {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let end = self.at.saturating_add(into.len() as u64).min(self.sealed.length);
        let bytes = self.sealed.range(self.at.min(end)..end)?;
        if let Some(to) = into.get_mut(..bytes.len()) {
            to.copy_from_slice(&bytes);
        }
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }
}

impl Length for Sealed {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Sealed {
    type T = BufReader<From>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::with_capacity(1 << 14, From { sealed: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        self.range(start..start.saturating_add(length as u64))
            .map_err(|error| ParquetError::External(error.into()))
    }
}

/// The store in which the engine finds the one file.
#[derive(Debug)]
pub(crate) struct Store(pub(crate) Sealed);

impl fmt::Display for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("sealed columns")
    }
}

const NAME: &str = "sealed columns";

impl Store {
    fn meta(&self, location: &Path) -> ObjectMeta {
        ObjectMeta {
            location: location.clone(),
            last_modified: DateTime::<Utc>::UNIX_EPOCH,
            size: self.0.length,
            e_tag: None,
            version: None,
        }
    }
}

fn refused<T>() -> Result<T> {
    Err(Error::NotSupported { source: "sealed columns are only read".into() })
}

#[async_trait::async_trait]
impl ObjectStore for Store {
    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        refused()
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        refused()
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let meta = self.meta(location);
        let generic =
            |error: Box<dyn std::error::Error + Send + Sync>| Error::Generic { store: NAME, source: error };
        let range = match options.range {
            Some(range) => range.as_range(meta.size).map_err(|error| generic(error.into()))?,
            None => 0..meta.size,
        };
        let bytes = if options.head {
            Bytes::new()
        } else {
            let (sealed, wanted) = (self.0.clone(), range.clone());
            let reading = tokio::task::spawn_blocking(move || sealed.range(wanted));
            reading.await.map_err(|error| generic(error.into()))?.map_err(|error| generic(error.into()))?
        };
        let payload = GetResultPayload::Stream(futures_util::stream::once(async { Ok(bytes) }).boxed());
        Ok(GetResult { payload, meta, range, attributes: Attributes::default() })
    }

    fn delete_stream(&self, _: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        futures_util::stream::once(async { refused() }).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let found = prefix.map(|prefix| Ok(self.meta(prefix)));
        futures_util::stream::iter(found).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let objects = prefix.map(|prefix| self.meta(prefix)).into_iter().collect();
        Ok(ListResult { common_prefixes: Vec::new(), objects })
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        refused()
    }
}
