//! Two kinds of failure. A *refusal* is an answer to a person: what, why, what to do. A *fault* is
//! ours: logged with a number, answered without detail.

use std::{
    fmt,
    io::{Error as IoError, ErrorKind},
    path::Path,
};

/// What most functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Either kind of failure.
#[derive(Debug)]
pub enum Error {
    /// An answer that says no.
    Refusal(Refusal),
    /// Something of ours is broken.
    Fault(String),
}

/// Why something was refused; decides the HTTP status and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It does not exist, or the person may not know that it does: the same answer.
    NotFound,
    /// The person knows of it but may not do this.
    Forbidden,
    /// Not signed in, or no longer.
    SignIn,
    /// What was entered cannot be accepted.
    Invalid,
    /// The record's state, or another record, stands against it.
    Conflict,
    /// Somebody else changed the record meanwhile.
    Stale,
    /// More than is accepted in one go.
    TooLarge,
    /// The address or its parameters make no sense.
    BadRequest,
    /// Too much is going on; try again.
    Overloaded,
}

/// One field of a record in two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Chinese label of the field.
    pub label: String,
    /// What the person wanted to store.
    pub mine: String,
    /// What is stored now.
    pub stored: String,
}

/// A "no" that a person can act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// A plain Chinese sentence.
    pub message: String,
    /// Sentences that hang on single fields, by field name.
    pub fields: Vec<(String, String)>,
    /// For stale edits: both texts.
    pub differences: Vec<Difference>,
}

impl Refusal {
    /// A refusal for `reason` saying `message`.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), fields: Vec::new(), differences: Vec::new() }
    }

    /// The one answer for what does not exist and for what one may not see.
    pub fn not_found() -> Self {
        Self::new(Reason::NotFound, "没有找到您要的内容。可能地址有误，或者它不在您的工作范围内。")
    }

    /// The person may see the thing but not do this to it.
    pub fn forbidden(deed: &str) -> Self {
        Self::new(Reason::Forbidden, format!("您的岗位不能办理“{deed}”。如工作需要，请联系巡察办调整授权。"))
    }

    /// Another person with the same posts may do it: this one has done an earlier part of the same matter.
    pub fn own_matter(deed: &str) -> Self {
        let message =
            format!("本人提交、填报或拟稿的事项，不能由本人办理“{deed}”。请由同岗位的其他同志办理。");
        Self::new(Reason::Forbidden, message)
    }

    /// The state of the record does not allow the deed.
    pub fn wrong_state(state: &str, deed: &str) -> Self {
        Self::new(
            Reason::Conflict,
            format!("当前状态为“{state}”，不能办理“{deed}”。请刷新页面查看最新状态。"),
        )
    }

    /// One field cannot be accepted.
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut refusal = Self::new(Reason::Invalid, message.clone());
        refusal.fields.push((name.to_owned(), message));
        refusal
    }

    /// What was entered cannot be accepted.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Reason::Invalid, message)
    }

    /// Another record or a rule stands against it.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(Reason::Conflict, message)
    }

    /// Somebody was faster.
    pub fn stale() -> Self {
        Self::new(
            Reason::Stale,
            "这条记录刚被别人修改过，您的修改没有保存，填写的内容仍在下面。请对照两个版本后重新提交。",
        )
    }

    /// More is being written than can be served now.
    pub fn overloaded() -> Self {
        Self::new(Reason::Overloaded, "现在办理的人较多，请稍候几秒再提交；已填写的内容没有丢失。")
    }

    /// The address or a parameter makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(Reason::BadRequest, message)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        if db::broken_off(&error) {
            return Refusal::overloaded().into();
        }
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => {
                Refusal::conflict("已经有一条相同的记录（编号或名称重复），没有重复保存。").into()
            }
            Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)) => {
                Refusal::conflict("引用的记录不存在或仍被其他记录使用，没有保存。").into()
            }
            _ => Self::Fault(format!("database: {error}")),
        }
    }
}

impl From<db::DbError> for Error {
    fn from(error: db::DbError) -> Self {
        match error {
            db::DbError::Overloaded => Refusal::overloaded().into(),
            db::DbError::Driver(error) => error.into(),
            db::DbError::Folder { path, source } => unusable(&path, "使用数据目录", &source).into(),
            other => Self::Fault(other.to_string()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(format!("json: {error}"))
    }
}

impl From<IoError> for Error {
    fn from(error: IoError) -> Self {
        Self::Fault(format!("io: {error}"))
    }
}

/// A file or folder that the person named and that cannot be read, written, …: which, why, and what to do.
pub fn unusable(path: &Path, doing: &str, error: &IoError) -> Refusal {
    let (why, remedy) = in_words(error);
    Refusal::invalid(format!("不能{doing} {}：{why}。{remedy}", path.display()))
}

/// Why the operating system would not, and what a person can do about it.
pub fn in_words(error: &IoError) -> (String, &'static str) {
    let (why, remedy) = match error.kind() {
        ErrorKind::NotFound => ("文件或文件夹不存在", "请核对路径后重试。"),
        ErrorKind::AlreadyExists => ("已经有同名的文件", "请换一个名称。"),
        ErrorKind::PermissionDenied => ("没有权限", "请换一个位置，或调整它的权限后重试。"),
        ErrorKind::IsADirectory => ("它是文件夹，不是文件", "请指定文件。"),
        ErrorKind::NotADirectory => ("路径中有一段不是文件夹", "请核对路径后重试。"),
        ErrorKind::DirectoryNotEmpty => ("文件夹不是空的", "请换一个空文件夹。"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ("磁盘空间不足", "请腾出空间后重试。"),
        ErrorKind::ReadOnlyFilesystem => ("所在的磁盘只能读取", "请换一个位置。"),
        ErrorKind::FileTooLarge => ("文件太大", "请换一个能放大文件的磁盘。"),
        ErrorKind::InvalidFilename => ("名称太长或含有不能使用的字符", "请换一个名称。"),
        ErrorKind::InvalidData => ("内容不是文字（UTF-8），或者已经损坏", "请核对是不是这个文件。"),
        ErrorKind::UnexpectedEof => ("文件不完整", "请重新取得这个文件。"),
        ErrorKind::AddrInUse => ("这个端口已被别的程序占用", "请换一个端口，或先停止那个程序。"),
        ErrorKind::AddrNotAvailable => ("本机没有这个地址", "请换成本机的地址。"),
        _ => {
            let number = error.raw_os_error().map_or_else(String::new, |number| format!("（{number} 号）"));
            return (format!("操作系统报告错误{number}"), "请把这句话告诉系统管理员。");
        }
    };
    (why.to_owned(), remedy)
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Fault(format!("template: {error}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refusal(refusal) => out.write_str(&refusal.message),
            Self::Fault(detail) => write!(out, "fault: {detail}"),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_used_is_named_with_the_reason_and_a_remedy() {
        for (error, expected) in [
            (IoError::from(ErrorKind::NotFound), "不能读取 a/b.csv：文件或文件夹不存在。请核对路径后重试。"),
            (IoError::from_raw_os_error(21), "不能读取 a/b.csv：它是文件夹，不是文件。请指定文件。"),
            (
                IoError::from_raw_os_error(5),
                "不能读取 a/b.csv：操作系统报告错误（5 号）。请把这句话告诉系统管理员。",
            ),
        ] {
            assert_eq!(unusable(Path::new("a/b.csv"), "读取", &error).message, expected);
        }
    }
}
