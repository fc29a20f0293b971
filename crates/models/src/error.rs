//! What can go wrong, as sentences for the person who asked.

/// Why a file, a recipe or a run was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something the person can put right: what, why, what to do.
    #[error("{0}")]
    Refused(String),
    /// Something of ours or of the machine's.
    #[error("{0}")]
    Fault(String),
}

/// The result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal with its sentence.
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(sentence.into())
    }

    #[cfg(feature = "engine")]
    fn beyond_bounds() -> Self {
        Self::refused(
            "数据量超出内存和暂存空间的上限，计算已停止，没有产生结果；请缩小数据范围或提高上限后重试。",
        )
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(format!("文件读写失败：{error}"))
    }
}

#[cfg(feature = "engine")]
impl From<datafusion::error::DataFusionError> for Error {
    fn from(error: datafusion::error::DataFusionError) -> Self {
        use datafusion::error::DataFusionError as Inner;
        match error.find_root() {
            Inner::ResourcesExhausted(_) => Self::beyond_bounds(),
            // What happened on another machine arrives as its words alone.
            Inner::Execution(words) if words.contains("Resources exhausted") => Self::beyond_bounds(),
            Inner::SQL(..) | Inner::Plan(_) | Inner::SchemaError(..) => {
                Self::Refused(format!("查询语句不能执行：{}", error.strip_backtrace()))
            }
            _ => Self::Fault(format!("计算失败：{}", error.strip_backtrace())),
        }
    }
}

#[cfg(feature = "engine")]
impl From<datafusion::arrow::error::ArrowError> for Error {
    fn from(error: datafusion::arrow::error::ArrowError) -> Self {
        Self::Fault(format!("列数据处理失败：{error}"))
    }
}

#[cfg(feature = "engine")]
impl From<datafusion::parquet::errors::ParquetError> for Error {
    fn from(error: datafusion::parquet::errors::ParquetError) -> Self {
        Self::Refused(format!("不是可读的 Parquet 文件：{error}"))
    }
}
