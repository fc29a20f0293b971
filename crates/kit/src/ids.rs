//! Identities: one type per noun, so that a problem's id cannot be passed for a measure's.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// A new time-ordered identity (UUIDv7) for the instant `now`.
pub fn ordered(now: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    let seconds = millis / 1000;
    let nanos = u32::try_from(millis % 1000).unwrap_or(0) * 1_000_000;
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))
}

/// A new identity without time or order, for leads and letters: nothing can be learnt from it.
pub fn random() -> Uuid {
    Uuid::new_v4()
}

/// Identities that follow from a word: the same every time, in the order in which they are asked for.
pub(crate) struct Planned {
    word: String,
    millis: u64,
    count: AtomicU64,
}

impl Planned {
    /// Those of `word`, beginning with the instant `from`.
    pub(crate) fn new(word: String, from: DateTime<Utc>) -> Self {
        Self { word, millis: u64::try_from(from.timestamp_millis()).unwrap_or(0), count: AtomicU64::new(0) }
    }

    /// The next one.
    pub(crate) fn next(&self) -> Uuid {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let digest = crate::seal::unhex(&crate::seal::digest(format!("{}/{count}", self.word).as_bytes()));
        let mut random = [0_u8; 10];
        for (to, from) in random.iter_mut().zip(digest.unwrap_or_default()) {
            *to = from;
        }
        Builder::from_unix_timestamp_millis(self.millis + count, &random).into_uuid()
    }
}

/// Declares the identity of a noun.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            $crate::serde::Serialize, $crate::serde::Deserialize,
        )]
        #[serde(crate = "kit::serde", transparent)]
        pub struct $name(pub $crate::uuid::Uuid);

        impl From<$name> for $crate::uuid::Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        impl From<$crate::uuid::Uuid> for $name {
            fn from(id: $crate::uuid::Uuid) -> Self { Self(id) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(out) }
        }
        impl From<$name> for $crate::sea_orm::Value {
            fn from(id: $name) -> Self { id.0.into() }
        }
        impl $crate::sea_orm::TryGetable for $name {
            fn try_get_by<I: $crate::sea_orm::ColIdx>(
                row: &$crate::sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, $crate::sea_orm::TryGetError> {
                <$crate::uuid::Uuid as $crate::sea_orm::TryGetable>::try_get_by(row, index).map(Self)
            }
        }
        impl $crate::sea_orm::sea_query::ValueType for $name {
            fn try_from(value: $crate::sea_orm::Value) -> Result<Self, $crate::sea_orm::sea_query::ValueTypeErr> {
                <$crate::uuid::Uuid as $crate::sea_orm::sea_query::ValueType>::try_from(value).map(Self)
            }
            fn type_name() -> String { String::from(stringify!($name)) }
            fn array_type() -> $crate::sea_orm::sea_query::ArrayType {
                <$crate::uuid::Uuid as $crate::sea_orm::sea_query::ValueType>::array_type()
            }
            fn column_type() -> $crate::sea_orm::sea_query::ColumnType {
                $crate::sea_orm::sea_query::ColumnType::Uuid
            }
        }
        impl $crate::sea_orm::sea_query::Nullable for $name {
            fn null() -> $crate::sea_orm::Value {
                <$crate::uuid::Uuid as $crate::sea_orm::sea_query::Nullable>::null()
            }
        }
        impl $crate::sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, $crate::sea_orm::DbErr> {
                Err($crate::sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}
