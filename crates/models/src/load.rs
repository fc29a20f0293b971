//! A file into typed columns: which column is which field, what every odd cell became, what was left out.

use std::{
    collections::{BTreeMap, HashSet},
    fs::File,
    hash::{BuildHasherDefault, DefaultHasher, Hash as _, Hasher},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
};

use csv::StringRecord;
use datafusion::{
    arrow::{
        array::RecordBatch,
        datatypes::{Field as ArrowField, Schema, SchemaRef},
    },
    parquet::{
        arrow::ArrowWriter,
        basic::{Compression, ZstdLevel},
        file::properties::WriterProperties,
    },
};
use serde::{Deserialize, Serialize};
use sm3::{Digest as _, Sm3};

use crate::{
    Error, Result, codes,
    column::{Column, data_type, kind_mark},
    names,
    recipe::{Field, Table},
    sealed::Sealed,
    source::{self, Next, Source},
    value::{self, FieldKind, Odd, Value},
};

const BATCH: usize = 65_536;
/// Rows beyond which exact duplicates are no longer looked for.
const DUPLICATES: usize = 20_000_000;
/// Bytes of columns held in memory before they go to a file.
const IN_MEMORY: usize = 512 << 20;

/// Typed columns, in memory or in a Parquet file.
#[derive(Clone, Debug)]
pub enum Stored {
    /// In memory.
    Memory(SchemaRef, Vec<RecordBatch>),
    /// In a file.
    Parquet(PathBuf),
    /// In a file that lies encrypted.
    Sealed(Sealed),
}

/// Which column of a file holds which field.
pub type Mapping = BTreeMap<String, String>;

/// How a file is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Key under which identity numbers are hashed; without one they stay as they are.
    pub key: Option<Vec<u8>>,
    /// Folder for columns that do not fit in memory.
    pub folder: Option<PathBuf>,
    /// Write to this Parquet file in any case.
    pub into: Option<PathBuf>,
    /// Write to a Parquet file in any case, in groups of so many rows that can be read apart.
    pub groups: Option<usize>,
}

impl Options {
    /// Whether columns go to a file however few they are.
    fn to_file(&self) -> bool {
        self.into.is_some() || self.groups.is_some()
    }
}

/// What became of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldReport {
    /// The field.
    pub field: String,
    /// Its Chinese name.
    pub label: String,
    /// The column it came from; none when no column was found.
    pub column: Option<String>,
    /// Values taken.
    pub filled: u64,
    /// Cells that gave no value, by reason.
    pub odd: BTreeMap<Odd, u64>,
    /// The first cells that could not be read, with their row.
    pub examples: Vec<(u64, String)>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The table it fills.
    pub table: String,
    /// Its Chinese name.
    pub label: String,
    /// SM3 digest of the file.
    pub digest: String,
    /// Rows in the file.
    pub rows: u64,
    /// Rows taken.
    pub taken: u64,
    /// Rows with another number of cells than the heading; left out.
    pub ragged: u64,
    /// The first of them.
    pub ragged_rows: Vec<u64>,
    /// Rows equal to an earlier one in every cell; left out.
    pub duplicates: u64,
    /// What became of each field.
    pub fields: Vec<FieldReport>,
    /// Remarks on the file as a whole.
    pub remarks: Vec<String>,
}

impl Report {
    /// Fields for which there is no column.
    pub fn unmapped(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|field| field.column.is_none()).map(|field| field.field.as_str())
    }
}

/// The columns of `heading` that look like the fields of `table`: by name, Chinese name or synonym.
pub fn propose(table: &Table, heading: &[String]) -> Mapping {
    let mut mapping = Mapping::new();
    for (name, field) in &table.fields {
        let wanted: Vec<String> =
            [name, &field.label].into_iter().chain(&field.synonyms).map(|text| bare(text)).collect();
        let fits = |column: &&String| wanted.contains(&bare(column));
        if let Some(column) = heading.iter().find(fits) {
            mapping.insert(name.clone(), column.clone());
        }
    }
    mapping
}

/// A heading without its remark in brackets.
fn bare(heading: &str) -> String {
    let end = heading.find(['（', '(', '[', '【']).filter(|at| *at > 0).unwrap_or(heading.len());
    names::text_key(heading.get(..end).unwrap_or_default())
}

/// How many fen a bare amount below this heading is worth: `金额（万元）`.
pub(crate) fn unit_of(heading: &str) -> i64 {
    if heading.contains("亿元") {
        10_000_000_000
    } else if heading.contains("万元") {
        1_000_000
    } else {
        100
    }
}

/// Reads `file` into the fields `wanted` of `table`. `given` says which column holds which field and goes before
/// what the headings propose.
///
/// # Errors
/// A sentence when the file cannot be read or a column that was named does not exist.
pub fn load(
    file: &Path,
    part: Option<&str>,
    (name, table): (&str, &Table),
    wanted: &[&str],
    given: &Mapping,
    options: &Options,
) -> Result<(Stored, Report)> {
    let mut source = source::open(file, part)?;
    std::thread::scope(|scope| {
        let digest = scope.spawn(|| digest(file));
        let (stored, mut report) = load_source(source.as_mut(), (name, table), wanted, given, options)?;
        report.digest = digest.join().map_err(|_| Error::Fault(String::from("文件摘要没有算完")))??;
        Ok((stored, report))
    })
}

/// As [`load`], from rows that somebody else has opened; the report has no digest.
///
/// # Errors
/// A sentence when the rows cannot be read or a column that was named does not exist.
pub fn load_source(
    source: &mut dyn Source,
    (name, table): (&str, &Table),
    wanted: &[&str],
    given: &Mapping,
    options: &Options,
) -> Result<(Stored, Report)> {
    let mut mapping = propose(table, source.heading());
    mapping.extend(given.iter().map(|(field, column)| (field.clone(), column.clone())));
    let columns = wanted
        .iter()
        .map(|field| {
            Reading::new(field, table, mapping.get(*field), source.heading(), options.key.as_deref())
        })
        .collect::<Result<Vec<_>>>()?;
    let mut loading = Loading::new(columns, options);
    loading.read(source)?;
    loading.finish(name, table, source.remarks())
}

/// SM3 digest of a file.
///
/// # Errors
/// A fault when it cannot be read.
pub fn digest(file: &Path) -> Result<String> {
    use std::{fmt::Write as _, io::Read as _};
    let mut file = File::open(file)?;
    let mut hasher = Sm3::new();
    let mut piece = vec![0; 1 << 18];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        hasher.update(piece.get(..read).unwrap_or_default());
    }
    Ok(hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// One field on its way from cells to a column.
struct Reading<'a> {
    field: &'a Field,
    place: Option<usize>,
    unit: i64,
    key: Option<&'a [u8]>,
    column: Column,
    report: FieldReport,
}

impl<'a> Reading<'a> {
    fn new(
        name: &str,
        table: &'a Table,
        column: Option<&String>,
        heading: &[String],
        key: Option<&'a [u8]>,
    ) -> Result<Self> {
        let field =
            table.fields.get(name).ok_or_else(|| Error::refused(format!("没有名为 {name} 的字段。")))?;
        let place = match column {
            None => None,
            Some(column) => Some(heading.iter().position(|held| held == column).ok_or_else(|| {
                Error::refused(format!("文件里没有名为“{column}”的列；文件的列有：{}。", heading.join("、")))
            })?),
        };
        Ok(Self {
            field,
            place,
            unit: column.map_or(100, |column| unit_of(column)),
            key,
            column: Column::new(field.kind),
            report: FieldReport {
                field: name.to_owned(),
                label: field.label.clone(),
                column: column.cloned(),
                filled: 0,
                odd: BTreeMap::new(),
                examples: Vec::new(),
            },
        })
    }

    fn take(&mut self, row: &StringRecord, at: u64) {
        let Some(place) = self.place else { return self.column.push(None) };
        let text = row.get(place).unwrap_or_default();
        match value::read(self.field.kind, text, self.unit).and_then(|value| self.positive(value)) {
            Ok(value) => {
                self.report.filled += 1;
                match (self.field.kind, self.key, &value) {
                    (FieldKind::Person, Some(key), Value::Text(number)) => {
                        self.column.push(Some(&Value::Text(codes::hashed(key, number).into())));
                    }
                    _ => self.column.push(Some(&value)),
                }
            }
            Err(odd) => {
                *self.report.odd.entry(odd).or_default() += 1;
                if odd == Odd::Unreadable && self.report.examples.len() < 5 {
                    let shown = if self.field.kind == FieldKind::Person {
                        "（不显示）".to_owned()
                    } else {
                        text.chars().take(40).collect()
                    };
                    self.report.examples.push((at, shown));
                }
                self.column.push(None);
            }
        }
    }

    fn positive<'v>(&self, value: Value<'v>) -> Result<Value<'v>, Odd> {
        let positive = match value {
            Value::Integer(number) => number > 0,
            Value::Number(number) => number > 0.0,
            _ => true,
        };
        if self.field.positive && !positive { Err(Odd::NotPositive) } else { Ok(value) }
    }
}

struct Loading<'a> {
    columns: Vec<Reading<'a>>,
    schema: SchemaRef,
    options: &'a Options,
    pending: usize,
    batches: Vec<RecordBatch>,
    bytes: usize,
    file: Option<(PathBuf, ArrowWriter<File>)>,
    taken: u64,
    sorting: Sorting,
}

/// Rows that one thread hands to the other at a time, and how many such portions wait at most.
const PORTION: usize = 1_024;
const PORTIONS: usize = 8;

/// Some rows with their numbers in the file. The space of the rows is used again.
#[derive(Default)]
struct Portion {
    rows: Vec<StringRecord>,
    numbers: Vec<u64>,
}

impl Portion {
    fn rows(&self) -> impl Iterator<Item = (&StringRecord, u64)> {
        self.rows.iter().zip(self.numbers.iter().copied())
    }

    /// Room for the next row.
    fn next(&mut self) -> Option<&mut StringRecord> {
        if self.rows.len() == self.numbers.len() {
            self.rows.push(StringRecord::new());
        }
        self.rows.get_mut(self.numbers.len())
    }
}

/// Tells rows that are taken from those that are not.
#[derive(Default)]
struct Sorting {
    seen: HashSet<u64, BuildHasherDefault<Already>>,
    rows: u64,
    ragged: u64,
    ragged_rows: Vec<u64>,
    duplicates: u64,
}

impl Sorting {
    fn portions(
        &mut self,
        source: &mut dyn Source,
        give: &mpsc::SyncSender<Portion>,
        back: &mpsc::Receiver<Portion>,
    ) -> Result<()> {
        let mut portion = Portion::default();
        loop {
            let Some(row) = portion.next() else { return Ok(()) };
            match source.next(row)? {
                Next::End => {
                    // The other thread only ends early when it has its own error to tell.
                    let _ = give.send(portion);
                    return Ok(());
                }
                Next::Ragged => {
                    self.rows += 1;
                    self.ragged += 1;
                    if self.ragged_rows.len() < 10 {
                        self.ragged_rows.push(self.rows);
                    }
                }
                Next::Row => {
                    self.rows += 1;
                    if self.is_new(row) {
                        portion.numbers.push(self.rows);
                    } else {
                        self.duplicates += 1;
                    }
                }
            }
            if portion.numbers.len() >= PORTION {
                if give.send(portion).is_err() {
                    return Ok(());
                }
                portion = back.try_recv().unwrap_or_default();
                portion.numbers.clear();
            }
        }
    }

    fn is_new(&mut self, row: &StringRecord) -> bool {
        if self.seen.len() >= DUPLICATES {
            return true;
        }
        let mut hasher = DefaultHasher::new();
        row.as_byte_record().as_slice().hash(&mut hasher);
        row.as_byte_record().len().hash(&mut hasher);
        for cell in row {
            cell.len().hash(&mut hasher);
        }
        self.seen.insert(hasher.finish())
    }
}

/// What is a hash already is none the better for being hashed again.
#[derive(Default)]
struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

impl<'a> Loading<'a> {
    fn new(columns: Vec<Reading<'a>>, options: &'a Options) -> Self {
        let field = |reading: &Reading<'_>| {
            ArrowField::new(&reading.report.field, data_type(reading.field.kind), true)
                .with_metadata(kind_mark(reading.field.kind))
        };
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        Self {
            columns,
            schema,
            options,
            pending: 0,
            batches: Vec::new(),
            bytes: 0,
            file: None,
            taken: 0,
            sorting: Sorting::default(),
        }
    }

    /// One thread takes the file apart into rows, another turns cells into columns.
    fn read(&mut self, source: &mut dyn Source) -> Result<()> {
        let (give, take) = mpsc::sync_channel::<Portion>(PORTIONS);
        let (give_back, take_back) = mpsc::channel::<Portion>();
        let mut sorting = Sorting::default();
        std::thread::scope(|scope| {
            let columns = scope.spawn(|| {
                for portion in take {
                    for (row, at) in portion.rows() {
                        self.take(row, at)?;
                    }
                    // Whoever reads may have ended; then nobody needs the space again.
                    let _ = give_back.send(portion);
                }
                self.flush()
            });
            let read = sorting.portions(source, &give, &take_back);
            drop(give);
            // What went wrong with the columns explains why nobody took the rows.
            columns.join().map_err(|_| Error::Fault(String::from("读取文件的线程中断")))??;
            read
        })?;
        self.sorting = sorting;
        Ok(())
    }

    fn take(&mut self, row: &StringRecord, at: u64) -> Result<()> {
        self.taken += 1;
        self.pending += 1;
        for column in &mut self.columns {
            column.take(row, at);
        }
        if self.pending >= BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        if self.pending == 0 {
            return Ok(());
        }
        self.pending = 0;
        let arrays = self.columns.iter_mut().map(|reading| reading.column.finish()).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)?;
        self.bytes += batch.get_array_memory_size();
        self.batches.push(batch);
        if self.options.to_file() || self.bytes > IN_MEMORY {
            self.write_out()?;
        }
        Ok(())
    }

    fn write_out(&mut self) -> Result<()> {
        if self.file.is_none() {
            let path = self.target()?;
            let properties =
                WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
            let properties = match self.options.groups {
                Some(rows) => properties.set_max_row_group_row_count(Some(rows)),
                None => properties,
            };
            let writer = ArrowWriter::try_new(
                File::create(&path)?,
                Arc::clone(&self.schema),
                Some(properties.build()),
            )?;
            self.file = Some((path, writer));
        }
        if let Some((_, writer)) = &mut self.file {
            for batch in self.batches.drain(..) {
                writer.write(&batch)?;
            }
        }
        self.bytes = 0;
        Ok(())
    }

    fn target(&self) -> Result<PathBuf> {
        if let Some(into) = &self.options.into {
            return Ok(into.clone());
        }
        let folder = self.options.folder.clone().ok_or_else(|| {
            Error::refused("文件太大，不能全部放在内存中处理，也没有指定暂存目录；请指定暂存目录后重试。")
        })?;
        let free =
            (0..10_000).map(|at| folder.join(format!("table-{at}.parquet"))).find(|path| !path.exists());
        free.ok_or_else(|| Error::Fault(String::from("暂存目录里没有可用的文件名")))
    }

    fn finish(mut self, name: &str, table: &Table, mut remarks: Vec<String>) -> Result<(Stored, Report)> {
        if self.options.to_file() {
            self.write_out()?;
        }
        if self.sorting.seen.len() >= DUPLICATES {
            remarks.push(format!("行数很多，只在前 {DUPLICATES} 个不同的行里查找重复行。"));
        }
        let stored = match self.file.take() {
            None => Stored::Memory(Arc::clone(&self.schema), std::mem::take(&mut self.batches)),
            Some((path, mut writer)) => {
                for batch in self.batches.drain(..) {
                    writer.write(&batch)?;
                }
                writer.close()?;
                Stored::Parquet(path)
            }
        };
        let report = Report {
            table: name.to_owned(),
            label: table.label.clone(),
            digest: String::new(),
            rows: self.sorting.rows,
            taken: self.taken,
            ragged: self.sorting.ragged,
            ragged_rows: self.sorting.ragged_rows,
            duplicates: self.sorting.duplicates,
            fields: self.columns.into_iter().map(|reading| reading.report).collect(),
            remarks,
        };
        Ok((stored, report))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::{array::AsArray as _, datatypes::Int64Type};

    fn table() -> Table {
        toml::from_str(
            r#"label = "投标"
            grain = "一家一行"
            [fields]
            tender = { label = "项目编号", kind = "code", synonyms = ["标段编号"] }
            bid = { label = "报价", kind = "money", positive = true, synonyms = ["投标报价"] }
            person = { label = "身份证号", kind = "person" }"#,
        )
        .unwrap()
    }

    fn loaded(text: &str, options: &Options) -> (Stored, Report) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, text).unwrap();
        load(&file, None, ("bids", &table()), &["tender", "bid", "person"], &Mapping::new(), options).unwrap()
    }

    #[test]
    fn every_odd_row_and_cell_has_a_stated_treatment() {
        let text = "标段编号,投标报价（万元）,身份证号\nA1,100,1\nA1,100,1\nA2\nA3,-5,\nA4,NaN,\nA5,很多,\n";
        let (stored, report) = loaded(text, &Options::default());
        assert_eq!((report.rows, report.taken, report.ragged, report.duplicates), (6, 4, 1, 1));
        let bid = &report.fields[1];
        assert_eq!(bid.filled, 1);
        assert_eq!(
            bid.odd,
            BTreeMap::from([(Odd::NotPositive, 1), (Odd::NotANumber, 1), (Odd::Unreadable, 1)])
        );
        assert_eq!(bid.examples, [(6, String::from("很多"))]);
        let Stored::Memory(_, batches) = stored else { panic!("a small file went to disk") };
        assert_eq!(batches[0].column(1).as_primitive::<Int64Type>().value(0), 100_000_000);
    }

    #[test]
    fn identity_numbers_are_hashed_under_a_key_and_never_shown_as_examples() {
        let options = Options { key: Some(b"key".to_vec()), ..Options::default() };
        let (stored, report) = loaded("项目编号,报价,身份证号\nA1,1,11010519491231002X\n", &options);
        let Stored::Memory(_, batches) = stored else { panic!("a small file went to disk") };
        let text = format!("{batches:?}{report:?}");
        assert!(!text.contains("11010519491231002X"));
    }

    #[test]
    fn a_column_that_does_not_exist_is_named_with_those_that_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, "项目编号,报价\nA,1\n").unwrap();
        let given = Mapping::from([(String::from("bid"), String::from("单价"))]);
        let error = load(&file, None, ("bids", &table()), &["bid"], &given, &Options::default()).unwrap_err();
        assert!(error.to_string().contains("“单价”") && error.to_string().contains("报价"), "{error}");
    }
}
