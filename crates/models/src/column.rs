//! Values gathered into columns.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use datafusion::arrow::{
    array::{
        Array, ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder,
        TimestampSecondBuilder,
    },
    datatypes::{DataType, Field, TimeUnit},
};

use crate::value::{FieldKind, Value};

/// How values of a kind lie in columns.
pub(crate) fn data_type(kind: FieldKind) -> DataType {
    match kind {
        FieldKind::Text | FieldKind::Code | FieldKind::Person => DataType::Utf8,
        FieldKind::Integer | FieldKind::Money => DataType::Int64,
        FieldKind::Number => DataType::Float64,
        FieldKind::Date => DataType::Date32,
        FieldKind::Time => DataType::Timestamp(TimeUnit::Second, None),
        FieldKind::Flag => DataType::Boolean,
    }
}

const KIND: &str = "xuncha.kind";

/// Says in a column's schema what it holds, where its storage does not: money lies as whole fen.
pub(crate) fn kind_mark(kind: FieldKind) -> HashMap<String, String> {
    let code = serde_json::to_value(kind).ok().and_then(|code| code.as_str().map(str::to_owned));
    code.map(|code| (KIND.to_owned(), code)).into_iter().collect()
}

/// What a column of ours holds.
pub(crate) fn marked_kind(field: &Field) -> Option<FieldKind> {
    serde_json::from_value(field.metadata().get(KIND)?.as_str().into()).ok()
}

/// Grows a column of one kind.
pub(crate) enum Column {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Date(Date32Builder),
    Time(TimestampSecondBuilder),
    Flag(BooleanBuilder),
}

impl Column {
    pub(crate) fn new(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Text | FieldKind::Code | FieldKind::Person => Self::Text(StringBuilder::new()),
            FieldKind::Integer | FieldKind::Money => Self::Integer(Int64Builder::new()),
            FieldKind::Number => Self::Number(Float64Builder::new()),
            FieldKind::Date => Self::Date(Date32Builder::new()),
            FieldKind::Time => Self::Time(TimestampSecondBuilder::new()),
            FieldKind::Flag => Self::Flag(BooleanBuilder::new()),
        }
    }

    pub(crate) fn push(&mut self, value: Option<&Value<'_>>) {
        match (self, value) {
            (Self::Text(column), Some(Value::Text(text))) => column.append_value(text),
            (Self::Integer(column), Some(Value::Integer(number))) => column.append_value(*number),
            (Self::Number(column), Some(Value::Number(number))) => column.append_value(*number),
            (Self::Date(column), Some(Value::Date(day))) => {
                column.append_option(
                    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).ok(),
                );
            }
            (Self::Time(column), Some(Value::Time(at))) => column.append_value(at.and_utc().timestamp()),
            (Self::Flag(column), Some(Value::Flag(flag))) => column.append_value(*flag),
            (Self::Text(column), _) => column.append_null(),
            (Self::Integer(column), _) => column.append_null(),
            (Self::Number(column), _) => column.append_null(),
            (Self::Date(column), _) => column.append_null(),
            (Self::Time(column), _) => column.append_null(),
            (Self::Flag(column), _) => column.append_null(),
        }
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => fitting(column.finish()),
            Self::Integer(column) => fitting(column.finish()),
            Self::Number(column) => fitting(column.finish()),
            Self::Date(column) => fitting(column.finish()),
            Self::Time(column) => fitting(column.finish()),
            Self::Flag(column) => fitting(column.finish()),
        }
    }
}

/// Without the space that growing left over: columns stay as long as models run, and what does not fit goes to a file.
pub(crate) fn fitting<A: Array + 'static>(mut column: A) -> ArrayRef {
    column.shrink_to_fit();
    Arc::new(column)
}
