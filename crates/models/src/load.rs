//! A file into typed columns: which column is which field, what every odd cell became, what was left out.

use std::{
    collections::{BTreeMap, HashSet},
    fs::File,
    hash::{BuildHasher as _, BuildHasherDefault, Hasher},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use datafusion::{
    arrow::{
        array::RecordBatch,
        datatypes::{DataType, Field as ArrowField, Schema, SchemaRef},
    },
    parquet::{
        arrow::ArrowWriter,
        basic::{Compression, ZstdLevel},
        file::properties::WriterProperties,
    },
};
use foldhash::quality::RandomState;
use serde::{Deserialize, Serialize};
use sm3::{Digest as _, Sm3};

use crate::{
    Error, Result, codes,
    column::{Column, data_type, kind_mark},
    names,
    numbers::{self, Numbering},
    recipe::{Field, Table},
    sealed::Sealed,
    source::{self, Line, Portion, Source},
    value::{self, FieldKind, Odd, Value},
};

const BATCH: usize = 65_536;
/// Rows beyond which exact duplicates are no longer looked for.
const DUPLICATES: usize = 20_000_000;
/// Bytes of columns held in memory before they go to a file.
const IN_MEMORY: usize = 640 << 20;

/// Rows that a file beside the memory takes up at a time; so many lie in memory once more until they are written.
const SCRATCH_ROWS: usize = 4 * BATCH;

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

/// A table as models ask of it.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Its rows, with the numbers of numbered fields in columns behind the fields.
    pub rows: Stored,
    /// The fields.
    pub fields: Vec<String>,
    /// The fields among them that have numbers.
    pub numbered: Vec<Numbered>,
}

/// A field whose texts have numbers.
#[derive(Clone, Debug)]
pub struct Numbered {
    /// The field.
    pub field: String,
    /// Which text has which number.
    pub texts: Stored,
    /// Whether the rows of every text stand together, in the order of the numbers.
    pub ascending: bool,
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
) -> Result<(Filled, Report)> {
    let mut source = source::open(file, part)?;
    std::thread::scope(|scope| {
        let digest = scope.spawn(|| digest(file));
        let (filled, mut report) = load_source(source.as_mut(), (name, table), wanted, given, options)?;
        report.digest = digest.join().map_err(|_| Error::Fault(String::from("文件摘要没有算完")))??;
        Ok((filled, report))
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
) -> Result<(Filled, Report)> {
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
    numbering: Option<Numbering>,
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
            numbering: table.numbered.iter().any(|numbered| numbered == name).then(Numbering::default),
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

    fn take(&mut self, row: Line<'_>, at: u64) {
        let Some(place) = self.place else { return self.push(None) };
        let text = row.cell(place);
        match value::read(self.field.kind, text, self.unit).and_then(|value| self.positive(value)) {
            Ok(value) => {
                self.report.filled += 1;
                match (self.field.kind, self.key, &value) {
                    (FieldKind::Person, Some(key), Value::Text(number)) => {
                        self.push(Some(&Value::Text(codes::hashed(key, number).into())));
                    }
                    _ => self.push(Some(&value)),
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
                self.push(None);
            }
        }
    }

    fn push(&mut self, value: Option<&Value<'_>>) {
        if let Some(numbering) = &mut self.numbering {
            numbering.push(match value {
                Some(Value::Text(text)) => Some(text),
                _ => None,
            });
        }
        self.column.push(value);
    }

    /// The texts with their numbers, when all rows have been read.
    fn numbered(&mut self) -> Option<Result<Numbered>> {
        let numbering = self.numbering.take()?;
        let ascending = numbering.ascending();
        let field = self.report.field.clone();
        let texts = numbering.texts(&field);
        Some(texts.map(|texts| Numbered {
            field,
            texts: Stored::Memory(texts.schema(), vec![texts]),
            ascending,
        }))
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
    file: Option<Writing>,
    taken: u64,
    sorting: Sorting,
}

/// A file that columns go to, written beside the reading: to encode columns takes as long as to fill them.
struct Writing {
    path: PathBuf,
    batches: mpsc::SyncSender<RecordBatch>,
    thread: JoinHandle<Result<()>>,
}

impl Writing {
    fn new(path: PathBuf, mut writer: ArrowWriter<File>) -> Self {
        let (batches, take) = mpsc::sync_channel::<RecordBatch>(1);
        let thread = std::thread::spawn(move || {
            for batch in take {
                writer.write(&batch)?;
            }
            writer.close()?;
            Ok(())
        });
        Self { path, batches, thread }
    }

    /// The whole file, when all that was given is in it.
    fn close(self) -> Result<PathBuf> {
        drop(self.batches);
        self.thread.join().map_err(|_| Error::Fault(String::from("写列文件的线程中断")))??;
        Ok(self.path)
    }
}

/// How many portions of rows wait between two threads at most.
const PORTIONS: usize = 8;

/// Tells rows that are taken from those that are not.
#[derive(Default)]
struct Sorting {
    /// Another in every run: nobody can make rows that are taken for others.
    digests: RandomState,
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
        let width = source.heading().len();
        let mut more = true;
        while more {
            let mut portion = back.try_recv().unwrap_or_default();
            portion.begin(width, self.rows);
            more = source.portion(&mut portion)?;
            self.sort(&mut portion);
            // The other thread only ends early when it has its own error to tell.
            if give.send(portion).is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn sort(&mut self, portion: &mut Portion) {
        self.rows = portion.read();
        self.ragged += portion.ragged().len() as u64;
        self.ragged_rows.extend(portion.ragged());
        self.ragged_rows.truncate(10);
        portion.sort(|row| {
            let new = self.is_new(row);
            self.duplicates += u64::from(!new);
            new
        });
    }

    fn is_new(&mut self, row: Line<'_>) -> bool {
        if self.seen.len() >= DUPLICATES {
            return true;
        }
        let mut hasher = self.digests.build_hasher();
        for cell in row.cells() {
            // Each cell is a step of its own, so that what stands in two cells is not what stands in one.
            hasher.write(cell.as_bytes());
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
    fn new(mut columns: Vec<Reading<'a>>, options: &'a Options) -> Self {
        if options.into.is_some() {
            // Numbers are for the queries of one run; columns that are kept hold what the file held.
            for reading in &mut columns {
                reading.numbering = None;
            }
        }
        let field = |reading: &Reading<'_>| {
            ArrowField::new(&reading.report.field, data_type(reading.field.kind), true)
                .with_metadata(kind_mark(reading.field.kind))
        };
        let numbers = |reading: &Reading<'_>| {
            let name = numbers::column(&reading.report.field);
            reading.numbering.is_some().then(|| ArrowField::new(name, DataType::Int64, true))
        };
        let fields = columns.iter().map(field).chain(columns.iter().filter_map(numbers));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
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
                    self.take(&portion)?;
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

    fn take(&mut self, portion: &Portion) -> Result<()> {
        for (row, at) in portion.rows() {
            self.taken += 1;
            self.pending += 1;
            for column in &mut self.columns {
                column.take(row, at);
            }
            if self.pending >= BATCH {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if self.pending == 0 {
            return Ok(());
        }
        self.pending = 0;
        let mut arrays: Vec<_> = self.columns.iter_mut().map(|reading| reading.column.finish()).collect();
        let numberings = self.columns.iter_mut().filter_map(|reading| reading.numbering.as_mut());
        arrays.extend(numberings.map(Numbering::take));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)?;
        self.bytes += batch.get_array_memory_size();
        self.batches.push(batch);
        if self.file.is_some() || self.options.to_file() || self.bytes > IN_MEMORY {
            self.write_out()?;
        }
        Ok(())
    }

    fn write_out(&mut self) -> Result<()> {
        if self.file.is_none() {
            let (path, file) = self.target()?;
            let writer = ArrowWriter::try_new(file, Arc::clone(&self.schema), Some(self.properties()))?;
            self.file = Some(Writing::new(path, writer));
        }
        if let Some(writing) = &self.file
            && self.batches.drain(..).any(|batch| writing.batches.send(batch).is_err())
            && let Some(failed) = self.file.take()
        {
            failed.close()?;
            return Err(Error::Fault(String::from("写列文件的线程中断")));
        }
        self.bytes = 0;
        Ok(())
    }

    /// Columns that are kept are made small. What only lies by while models run is read by each of them and then thrown
    /// away: making it small took most of the time of reading a large file.
    fn properties(&self) -> WriterProperties {
        let rows = self.options.groups.or(self.options.into.is_none().then_some(SCRATCH_ROWS));
        let builder = match rows {
            Some(rows) => WriterProperties::builder().set_max_row_group_row_count(Some(rows)),
            None => WriterProperties::builder(),
        };
        if self.options.to_file() {
            return builder.set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        }
        builder.set_dictionary_enabled(false).build()
    }

    /// A file of its own, also beside other tables that are read at the same time.
    fn target(&self) -> Result<(PathBuf, File)> {
        if let Some(into) = &self.options.into {
            return Ok((into.clone(), File::create(into)?));
        }
        let folder = self.options.folder.clone().ok_or_else(|| {
            Error::refused("文件太大，不能全部放在内存中处理，也没有指定暂存目录；请指定暂存目录后重试。")
        })?;
        for at in 0..10_000 {
            let path = folder.join(format!("table-{at}.parquet"));
            match File::create_new(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                file => return Ok((path, file?)),
            }
        }
        Err(Error::Fault(String::from("暂存目录里没有可用的文件名")))
    }

    /// Columns that lie by may have to be found by other machines, which see files only.
    fn put_into_file(&self, stored: &mut Stored) -> Result<()> {
        let Stored::Memory(schema, batches) = stored else { return Ok(()) };
        if self.options.groups.is_none() || self.options.into.is_some() {
            return Ok(());
        }
        let (path, file) = self.target()?;
        let mut writer = ArrowWriter::try_new(file, Arc::clone(schema), Some(self.properties()))?;
        for batch in batches.iter() {
            writer.write(batch)?;
        }
        writer.close()?;
        *stored = Stored::Parquet(path);
        Ok(())
    }

    fn finish(mut self, name: &str, table: &Table, mut remarks: Vec<String>) -> Result<(Filled, Report)> {
        if self.file.is_some() || self.options.to_file() {
            self.write_out()?;
        }
        if self.sorting.seen.len() >= DUPLICATES {
            remarks.push(format!("行数很多，只在前 {DUPLICATES} 个不同的行里查找重复行。"));
        }
        let rows = match self.file.take() {
            None => Stored::Memory(Arc::clone(&self.schema), std::mem::take(&mut self.batches)),
            Some(writing) => Stored::Parquet(writing.close()?),
        };
        let mut filled = Filled { rows, fields: Vec::new(), numbered: Vec::new() };
        for reading in &mut self.columns {
            filled.fields.push(reading.report.field.clone());
            filled.numbered.extend(reading.numbered().transpose()?);
        }
        for numbered in &mut filled.numbered {
            self.put_into_file(&mut numbered.texts)?;
        }
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
        Ok((filled, report))
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

    fn loaded(text: &str, options: &Options) -> (Filled, Report) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, text).unwrap();
        load(&file, None, ("bids", &table()), &["tender", "bid", "person"], &Mapping::new(), options).unwrap()
    }

    #[test]
    fn every_odd_row_and_cell_has_a_stated_treatment() {
        let text = "标段编号,投标报价（万元）,身份证号\nA1,100,1\nA1,100,1\nA2\nA3,-5,\nA4,NaN,\nA5,很多,\n";
        let (filled, report) = loaded(text, &Options::default());
        assert_eq!((report.rows, report.taken, report.ragged, report.duplicates), (6, 4, 1, 1));
        let bid = &report.fields[1];
        assert_eq!(bid.filled, 1);
        assert_eq!(
            bid.odd,
            BTreeMap::from([(Odd::NotPositive, 1), (Odd::NotANumber, 1), (Odd::Unreadable, 1)])
        );
        assert_eq!(bid.examples, [(6, String::from("很多"))]);
        let Stored::Memory(_, batches) = filled.rows else { panic!("a small file went to disk") };
        assert_eq!(batches[0].column(1).as_primitive::<Int64Type>().value(0), 100_000_000);
    }

    #[test]
    fn identity_numbers_are_hashed_under_a_key_and_never_shown_as_examples() {
        let options = Options { key: Some(b"key".to_vec()), ..Options::default() };
        let (filled, report) = loaded("项目编号,报价,身份证号\nA1,1,11010519491231002X\n", &options);
        let Stored::Memory(_, batches) = filled.rows else { panic!("a small file went to disk") };
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
