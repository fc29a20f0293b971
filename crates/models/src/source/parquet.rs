//! Parquet, one batch of rows at a time.

use std::{fs::File, path::Path};

use csv::StringRecord;
use datafusion::{
    arrow::{
        array::{Array as _, ArrayRef, AsArray as _, RecordBatch},
        compute::cast,
        datatypes::DataType,
    },
    parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
};

use super::{Next, Source, distinct};
use crate::Result;

struct Parquet {
    reader: ParquetRecordBatchReader,
    heading: Vec<String>,
    columns: Vec<ArrayRef>,
    at: usize,
    length: usize,
}

pub(super) fn open(file: &Path) -> Result<Box<dyn Source>> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(file)?)?;
    let heading = distinct(builder.schema().fields().iter().map(|field| field.name().clone()));
    let reader = builder.with_batch_size(8_192).build()?;
    Ok(Box::new(Parquet { reader, heading, columns: Vec::new(), at: 0, length: 0 }))
}

impl Source for Parquet {
    fn heading(&self) -> &[String] {
        &self.heading
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next> {
        while self.at >= self.length {
            let Some(batch) = self.reader.next() else { return Ok(Next::End) };
            let batch = batch?;
            self.columns = texts(&batch)?;
            (self.at, self.length) = (0, batch.num_rows());
        }
        row.clear();
        for column in &self.columns {
            let column = column.as_string::<i32>();
            row.push_field(if column.is_null(self.at) { "" } else { column.value(self.at) });
        }
        self.at += 1;
        Ok(Next::Row)
    }
}

fn texts(batch: &RecordBatch) -> Result<Vec<ArrayRef>> {
    batch.columns().iter().map(|column| Ok(cast(column, &DataType::Utf8)?)).collect()
}
