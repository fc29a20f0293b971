//! Two kinds of failure. A *refusal* is an answer to a person: what, why, what to do. A *fault* is
//! ours: logged with a number, answered without detail.

use std::fmt;

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
            other => Self::Fault(other.to_string()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(format!("json: {error}"))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(format!("io: {error}"))
    }
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
