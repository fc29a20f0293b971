//! Functions that queries of models may call beside those of the engine.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{ArrayRef, AsArray as _, Float64Array, Int64Array, StringArray},
        datatypes::{DataType, Date32Type},
    },
    common::Result,
    logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf},
};

use crate::{codes, names};

/// All of them.
pub fn all() -> Vec<ScalarUDF> {
    vec![
        // Whole days from the first day to the second.
        create_udf(
            "days",
            vec![DataType::Date32; 2],
            DataType::Int64,
            Volatility::Immutable,
            Arc::new(|arguments| {
                each(arguments, |arrays| {
                    let [from, to] = two(arrays);
                    let (from, to) = (from.as_primitive::<Date32Type>(), to.as_primitive::<Date32Type>());
                    let days = from.iter().zip(to).map(|(from, to)| Some(i64::from(to?) - i64::from(from?)));
                    Arc::new(days.collect::<Int64Array>())
                })
            }),
        ),
        text_to_text("company_key", names::company_key),
        text_to_text("text_key", names::text_key),
        create_udf(
            "similarity",
            vec![DataType::Utf8; 2],
            DataType::Float64,
            Volatility::Immutable,
            Arc::new(|arguments| {
                each(arguments, |arrays| {
                    let [one, other] = two(arrays);
                    let (one, other) = (one.as_string::<i32>(), other.as_string::<i32>());
                    let shares = one.iter().zip(other).map(|(one, other)| names::similarity(one?, other?));
                    Arc::new(shares.collect::<Float64Array>())
                })
            }),
        ),
        create_udf(
            "is_credit_code",
            vec![DataType::Utf8],
            DataType::Boolean,
            Volatility::Immutable,
            Arc::new(|arguments| {
                each(arguments, |arrays| {
                    let flags = first(arrays)
                        .as_string::<i32>()
                        .iter()
                        .map(|code| code.map(codes::is_credit_code))
                        .collect();
                    let flags: datafusion::arrow::array::BooleanArray = flags;
                    Arc::new(flags)
                })
            }),
        ),
    ]
}

fn text_to_text(name: &str, make: impl Fn(&str) -> String + Send + Sync + 'static) -> ScalarUDF {
    create_udf(
        name,
        vec![DataType::Utf8],
        DataType::Utf8,
        Volatility::Immutable,
        Arc::new(move |arguments| {
            each(arguments, |arrays| {
                let texts = first(arrays);
                let made = texts.as_string::<i32>().iter().map(|text| text.map(&make));
                Arc::new(made.collect::<StringArray>())
            })
        }),
    )
}

fn each(arguments: &[ColumnarValue], make: impl FnOnce(&[ArrayRef]) -> ArrayRef) -> Result<ColumnarValue> {
    let scalar = arguments.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
    let made = make(&ColumnarValue::values_to_arrays(arguments)?);
    if scalar {
        return Ok(ColumnarValue::Scalar(datafusion::common::ScalarValue::try_from_array(&made, 0)?));
    }
    Ok(ColumnarValue::Array(made))
}

/// The signature lets no other number of arguments through.
fn two(arrays: &[ArrayRef]) -> [ArrayRef; 2] {
    let second = arrays.get(1).cloned().unwrap_or_else(|| first(arrays));
    [first(arrays), second]
}

fn first(arrays: &[ArrayRef]) -> ArrayRef {
    arrays.first().cloned().unwrap_or_else(|| Arc::new(StringArray::new_null(0)))
}
