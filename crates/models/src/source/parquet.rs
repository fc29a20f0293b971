//! Parquet, one batch of rows at a time.

use std::{fs::File, path::Path};

use csv::StringRecord;
use datafusion::{
    arrow::{
        array::{Array as _, ArrayRef, AsArray as _, RecordBatch, StringArray},
        compute::cast,
        datatypes::{DataType, Field, Int64Type},
    },
    parquet::{
        arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
        file::reader::ChunkReader,
    },
};

use super::{Next, Source, distinct};
use crate::{
    Result,
    column::marked_kind,
    sealed::Sealed,
    value::{FieldKind, yuan},
};

struct Parquet {
    reader: ParquetRecordBatchReader,
    heading: Vec<String>,
    columns: Vec<ArrayRef>,
    at: usize,
    length: usize,
}

pub(super) fn open(file: &Path) -> Result<Box<dyn Source>> {
    read(File::open(file)?)
}

/// Rows of columns that lie encrypted.
pub(super) fn sealed(sealed: Sealed) -> Result<Box<dyn Source>> {
    read(sealed)
}

fn read(file: impl ChunkReader + 'static) -> Result<Box<dyn Source>> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
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
    let schema = batch.schema();
    batch.columns().iter().zip(schema.fields()).map(|(column, field)| text(column, field)).collect()
}

/// A column as cells that read back as what it holds.
fn text(column: &ArrayRef, field: &Field) -> Result<ArrayRef> {
    if marked_kind(field) == Some(FieldKind::Money)
        && let Some(fen) = column.as_primitive_opt::<Int64Type>()
    {
        let texts: StringArray = fen.iter().map(|fen| fen.map(|fen| yuan(fen) + "元")).collect();
        return Ok(std::sync::Arc::new(texts));
    }
    Ok(cast(column, &DataType::Utf8)?)
}
