//! The same tables as CSV, for programs that take nothing else.

use std::io::Write;

use super::formula::needs_quote;
use super::{Heading, Value, WriteError};
use crate::decimal;

/// Writes UTF-8 with a byte order mark (so that office programs take the encoding right), commas and CRLF.
///
/// Text that could be taken for a formula is written with a leading `'`, which [`super::read`] takes off again.
pub struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the lines above the table and the header row.
    ///
    /// # Errors
    /// When `target` fails.
    pub fn new(mut target: W, headings: &[Heading], preamble: &[String]) -> Result<Self, WriteError> {
        target.write_all("\u{feff}".as_bytes())?;
        let out =
            csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(target);
        let mut writer = Self { out };
        for line in preamble {
            writer.row(&[Value::Text(line)])?;
        }
        let header: Vec<_> = headings.iter().map(|heading| Value::Text(&heading.label)).collect();
        writer.row(&header)?;
        Ok(writer)
    }

    /// Appends a row.
    ///
    /// # Errors
    /// When the target fails.
    pub fn row(&mut self, values: &[Value<'_>]) -> Result<(), WriteError> {
        for value in values {
            self.out.write_field(field(*value))?;
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is still held back and gives the target.
    ///
    /// # Errors
    /// When the target fails.
    pub fn finish(self) -> Result<W, WriteError> {
        self.out.into_inner().map_err(|error| WriteError::Output(error.into_error()))
    }
}

fn field(value: Value<'_>) -> String {
    match value {
        Value::Text(text) if needs_quote(text) => format!("'{text}"),
        Value::Text(text) => text.to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) if number.is_finite() => number.to_string(),
        Value::Empty | Value::Number(_) => String::new(),
        Value::Money(fen) => decimal::fixed(fen, 2),
        Value::Area(area) => decimal::fixed(area, 4),
        Value::Percent(_, 0) => "—".to_owned(),
        Value::Percent(part, whole) => {
            let hundredths = decimal::rounded(i128::from(part) * 10_000, i128::from(whole));
            format!("{}%", decimal::fixed(i64::try_from(hundredths).unwrap_or(i64::MAX), 2))
        }
        Value::Date(date) => date.format("%Y-%m-%d").to_string(),
        Value::Instant(instant) => instant.format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Format;

    #[test]
    fn payloads_start_safely_and_numbers_stay_numbers() {
        let headings = [Heading::new("=标题", 10, Format::Text), Heading::new("金额", 10, Format::Number)];
        let mut csv = CsvWriter::new(Vec::new(), &headings, &[]).unwrap();
        for payload in ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1"] {
            csv.row(&[Value::Text(payload), Value::Money(-150)]).unwrap();
        }
        let bytes = csv.finish().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let mut reader =
            csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        assert!(reader.headers().unwrap()[0].starts_with('\''));
        for record in reader.records() {
            let record = record.unwrap();
            assert!(record[0].starts_with('\''), "{record:?}");
            assert_eq!(&record[1], "-1.50");
        }
    }

    #[test]
    fn shares_are_rounded_to_two_decimals() {
        assert_eq!(field(Value::Percent(1, 3)), "33.33%");
        assert_eq!(field(Value::Percent(2, 3)), "66.67%");
        assert_eq!(field(Value::Percent(0, 0)), "—");
    }
}
