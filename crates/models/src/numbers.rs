//! Numbers for texts that rows repeat, such as the tender and the bidder of every bid: a query that groups and joins by
//! them moves and compares a few bytes where it would move and compare names.
//!
//! A number tells the same from the different and nothing else; it follows the first appearance in the file. What people
//! are shown, and what stands in an order, is the text.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{ArrayRef, Int64Array, Int64Builder, RecordBatch, StringArray},
        datatypes::{DataType, Field, Schema},
    },
    common::HashMap,
};

use crate::{Result, column::fitting};

/// The column in which the numbers of `field` stand.
pub(crate) fn column(field: &str) -> String {
    format!("{field}_no")
}

/// The table that has a column of numbers beside every numbered field of `table`.
pub(crate) fn rows_table(table: &str) -> String {
    format!("{table}_numbered")
}

/// The table that says which text of `field` has which number.
pub(crate) fn texts_table(table: &str, field: &str) -> String {
    format!("{table}_{field}")
}

/// Numbers the texts of one field, row by row.
#[derive(Default)]
pub(crate) struct Numbering {
    known: HashMap<Box<str>, i64>,
    column: Int64Builder,
    /// Rows of the same tender mostly follow one another, so that the last text is often the next.
    last: String,
    number: i64,
    scattered: bool,
}

impl Numbering {
    pub(crate) fn push(&mut self, text: Option<&str>) {
        let Some(text) = text else {
            self.scattered = true;
            return self.column.append_null();
        };
        if self.known.is_empty() || self.last != text {
            let number = self.number_of(text);
            self.scattered |= number < self.number;
            self.number = number;
            text.clone_into(&mut self.last);
        }
        self.column.append_value(self.number);
    }

    fn number_of(&mut self, text: &str) -> i64 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = self.known.len() as i64;
        self.known.insert(text.into(), number);
        number
    }

    /// The numbers of the rows since it was last asked.
    pub(crate) fn take(&mut self) -> ArrayRef {
        fitting(self.column.finish())
    }

    /// Whether the rows of every text stand together.
    pub(crate) fn ascending(&self) -> bool {
        !self.scattered
    }

    /// Which text has which number.
    ///
    /// # Errors
    /// A fault of the columns.
    pub(crate) fn texts(self, field: &str) -> Result<RecordBatch> {
        let mut known: Vec<(Box<str>, i64)> = self.known.into_iter().collect();
        known.sort_unstable_by_key(|(_, number)| *number);
        let numbers: Int64Array = known.iter().map(|(_, number)| *number).collect();
        let texts: StringArray = known.iter().map(|(text, _)| Some(text)).collect();
        let schema = Schema::new(vec![
            Field::new(column(field), DataType::Int64, false),
            Field::new(field, DataType::Utf8, true),
        ]);
        Ok(RecordBatch::try_new(Arc::new(schema), vec![Arc::new(numbers), Arc::new(texts)])?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::{array::AsArray as _, datatypes::Int64Type};

    fn numbered(texts: &[Option<&str>]) -> (Vec<Option<i64>>, bool, Vec<String>) {
        let mut numbering = Numbering::default();
        for text in texts {
            numbering.push(*text);
        }
        let numbers = numbering.take().as_primitive::<Int64Type>().iter().collect();
        let ascending = numbering.ascending();
        let texts = numbering.texts("tender").unwrap();
        (numbers, ascending, texts.column(1).as_string::<i32>().iter().flatten().map(str::to_owned).collect())
    }

    #[test]
    fn the_same_text_has_the_same_number_and_rows_that_stand_together_are_told_from_scattered_ones() {
        let together = numbered(&[Some("B"), Some("B"), Some("A"), Some("")]);
        assert_eq!(
            together,
            (vec![Some(0), Some(0), Some(1), Some(2)], true, vec!["B".into(), "A".into(), String::new()])
        );
        let scattered = numbered(&[Some("B"), Some("A"), Some("B")]);
        assert_eq!((scattered.0, scattered.1), (vec![Some(0), Some(1), Some(0)], false));
    }

    #[test]
    fn what_is_missing_has_no_number() {
        assert_eq!(numbered(&[Some("B"), None, Some("B")]).0, [Some(0), None, Some(0)]);
        assert!(!numbered(&[None, Some("B")]).1);
    }
}
