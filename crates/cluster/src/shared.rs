//! The one folder that a cluster reads. Queries name files by `shared://files/…` below it, so each machine may have it in
//! another place; no other address leads anywhere, and nobody writes to it through a query.

use std::{fmt, ops::Range, path::Path as Folder, sync::Arc};

use async_trait::async_trait;
use datafusion::object_store::{
    CopyOptions, Error as StoreError, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result as StoreResult,
    local::LocalFileSystem, path::Path,
};
use datafusion::{
    common::DataFusionError,
    execution::{
        object_store::ObjectStoreRegistry,
        runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
    },
};
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use models::{Error, Result};
use url::Url;

const SCHEME: &str = "shared";

/// What stands before the path of a file below the folder.
pub(crate) const ADDRESS: &str = "shared://files/";

/// Bytes on disk for what does not fit in memory.
const SPILL: u64 = 50 << 30;

/// The surroundings of queries that read `folder` alone; what does not fit in memory goes to `spill`.
///
/// # Errors
/// A sentence when there is no such folder.
pub(crate) fn surroundings(folder: &Folder, spill: Option<&Folder>) -> Result<Arc<RuntimeEnv>> {
    let store = LocalFileSystem::new_with_prefix(folder)
        .map_err(|error| Error::refused(format!("不能使用共享目录 {}：{error}。", folder.display())))?;
    let mut builder = RuntimeEnvBuilder::new()
        .with_object_store_registry(Arc::new(OnlyShared(Arc::new(ReadOnly(store)))))
        .with_max_temp_directory_size(SPILL);
    if let Some(spill) = spill {
        builder = builder.with_temp_file_path(spill);
    }
    Ok(builder.build_arc()?)
}

#[derive(Debug)]
struct OnlyShared(Arc<ReadOnly>);

impl ObjectStoreRegistry for OnlyShared {
    fn register_store(&self, _: &Url, _: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        None
    }

    fn get_store(&self, url: &Url) -> datafusion::common::Result<Arc<dyn ObjectStore>> {
        if url.scheme() == SCHEME {
            return Ok(Arc::clone(&self.0) as Arc<dyn ObjectStore>);
        }
        Err(DataFusionError::Execution(format!("集群只读取共享目录里的文件，不读取 {url}。")))
    }
}

#[derive(Debug)]
struct ReadOnly(LocalFileSystem);

impl fmt::Display for ReadOnly {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "shared folder")
    }
}

fn refused<T>() -> StoreResult<T> {
    Err(StoreError::NotSupported { source: "共享目录只读".into() })
}

#[async_trait]
impl ObjectStore for ReadOnly {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> StoreResult<GetResult> {
        self.0.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> StoreResult<Vec<bytes::Bytes>> {
        self.0.get_ranges(location, ranges).await
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, StoreResult<ObjectMeta>> {
        self.0.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> StoreResult<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> StoreResult<PutResult> {
        refused()
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> StoreResult<Box<dyn MultipartUpload>> {
        refused()
    }

    fn delete_stream(
        &self,
        _: BoxStream<'static, StoreResult<Path>>,
    ) -> BoxStream<'static, StoreResult<Path>> {
        stream::once(async { refused() }).boxed()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> StoreResult<()> {
        refused()
    }
}

#[cfg(test)]
mod tests {
    use datafusion::object_store::ObjectStoreExt as _;

    use super::*;

    #[tokio::test]
    async fn a_query_reads_below_the_folder_alone_and_writes_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let shared = folder.path().join("shared");
        std::fs::create_dir(&shared).unwrap();
        std::fs::write(shared.join("open"), "1").unwrap();
        std::fs::write(folder.path().join("secret"), "2").unwrap();
        let stores = Arc::clone(&surroundings(&shared, None).unwrap().object_store_registry);
        for elsewhere in ["file:///etc/passwd", "http://127.0.0.1/", "s3://bucket/key"] {
            assert!(stores.get_store(&Url::parse(elsewhere).unwrap()).is_err(), "{elsewhere}");
        }
        let store = stores.get_store(&Url::parse(ADDRESS).unwrap()).unwrap();
        assert!(store.get(&Path::from("open")).await.is_ok());
        for outside in ["secret", "../secret", "shared/../../secret"] {
            assert!(store.get(&Path::from(outside)).await.is_err(), "{outside}");
        }
        assert!(store.put(&Path::from("new"), PutPayload::from_static(b"3")).await.is_err());
        assert!(store.delete(&Path::from("open")).await.is_err());
        assert!(shared.join("open").exists() && !shared.join("new").exists());
    }
}
