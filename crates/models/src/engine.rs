//! Queries over columns within a bounded memory: what does not fit is spilled, what does not fit there either is
//! refused. A query reads the tables it was given and nothing else.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use datafusion::{
    arrow::{
        array::{AsArray as _, RecordBatch},
        datatypes::{DataType, Int64Type, SchemaRef},
    },
    datasource::MemTable,
    execution::{
        SessionStateBuilder,
        context::SQLOptions,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        object_store::ObjectStoreUrl,
        runtime_env::RuntimeEnvBuilder,
    },
    prelude::{DataFrame, ParquetReadOptions, SessionConfig, SessionContext, col},
};
use futures_util::StreamExt as _;

use crate::{
    Error, Result, frequency, functions,
    load::{Filled, Stored},
    numbers,
    room::Room,
    sealed::Store,
};

/// What a query may use.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of memory for sorting, grouping and joining.
    pub memory: usize,
    /// Bytes on disk for what does not fit.
    pub spill: u64,
    /// Folder for that; the system's when none is given.
    pub folder: Option<PathBuf>,
    /// Rows that a result may have.
    pub rows: usize,
    /// How many parts work at once; as many as there are processors when nothing is said. A single one keeps the
    /// order of a file.
    pub partitions: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1 << 30, spill: 50 << 30, folder: None, rows: 500_000, partitions: None }
    }
}

/// An engine with some tables.
pub struct Engine {
    context: SessionContext,
    rows: usize,
    counts: Mutex<BTreeMap<(String, String), u64>>,
    elsewhere: Option<Elsewhere>,
}

/// How an engine is asked that computes on other machines.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// The folder in which those machines find the files.
    pub folder: PathBuf,
    /// The address under which they know it, with a slash at its end.
    pub address: String,
    /// How often a query is asked altogether when machines fall out while they answer it.
    pub attempts: usize,
}

impl Engine {
    /// An engine without tables.
    ///
    /// # Errors
    /// A fault when the folder for spilling cannot be used.
    pub fn new(limits: &Limits) -> Result<Self> {
        let mode = match &limits.folder {
            Some(folder) => DiskManagerMode::Directories(vec![folder.clone()]),
            None => DiskManagerMode::OsTmpDirectory,
        };
        let disk = DiskManagerBuilder::default().with_mode(mode).with_max_temp_directory_size(limits.spill);
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(Room::new(limits.memory)))
            .with_disk_manager_builder(disk)
            .build_arc()?;
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let config = SessionConfig::new().with_target_partitions(limits.partitions.unwrap_or(processors));
        let state = SessionStateBuilder::new()
            .with_config(plain_texts(config))
            .with_runtime_env(runtime)
            .with_default_features()
            .build();
        Ok(Self::over(SessionContext::new_with_state(state), limits.rows))
    }

    /// An engine that asks a context which somebody else has made; results have at most `rows` rows.
    pub fn over(context: SessionContext, rows: usize) -> Self {
        for function in functions::all() {
            context.register_udf(function);
        }
        // A query reads the tables it was given: what makes rows out of nothing could run without end.
        for made in ["generate_series", "range"] {
            context.deregister_udtf(made);
        }
        Self { context, rows, counts: Mutex::default(), elsewhere: None }
    }

    /// The same for a context that computes on other machines.
    #[must_use]
    pub fn elsewhere(mut self, elsewhere: Elsewhere) -> Self {
        self.elsewhere = Some(elsewhere);
        self
    }

    /// Gives it a table.
    ///
    /// # Errors
    /// A fault when the table cannot be read.
    pub async fn register(&self, name: &str, stored: &Stored) -> Result<()> {
        self.register_ordered(name, stored, None).await
    }

    /// Gives it a table that models ask of, and beside it what they may ask instead when names are long and rows are
    /// many: the same rows with numbers, and which text has which number.
    ///
    /// # Errors
    /// A fault when the table cannot be read.
    pub async fn fill(&self, name: &str, filled: &Filled) -> Result<()> {
        if filled.numbered.is_empty() {
            return self.register(name, &filled.rows).await;
        }
        let ascending = filled.numbered.iter().find(|numbered| numbered.ascending);
        let order = ascending.map(|numbered| numbers::column(&numbered.field));
        let rows = numbers::rows_table(name);
        self.register_ordered(&rows, &filled.rows, order.as_deref()).await?;
        for numbered in &filled.numbered {
            self.register(&numbers::texts_table(name, &numbered.field), &numbered.texts).await?;
        }
        let fields: Vec<&str> = filled.fields.iter().map(String::as_str).collect();
        let plain = self.context.table(rows.as_str()).await?.select_columns(&fields)?;
        self.context.register_table(name, plain.into_view())?;
        Ok(())
    }

    /// As [`Self::register`]; `order` names a column whose values never fall from one row to the next.
    async fn register_ordered(&self, name: &str, stored: &Stored, order: Option<&str>) -> Result<()> {
        let order: Vec<_> = order.iter().map(|column| vec![col(*column).sort(true, false)]).collect();
        match stored {
            Stored::Memory(schema, batches) => {
                let parts = parts(batches, self.context.copied_config().target_partitions());
                let table = MemTable::try_new(Arc::clone(schema), parts)?.with_sort_order(order);
                self.context.register_table(name, Arc::new(table))?;
            }
            Stored::Sealed(sealed) => {
                let address = format!("sealed://{}", name.replace('_', "-"));
                let url = ObjectStoreUrl::parse(&address)?;
                self.context.register_object_store(url.as_ref(), Arc::new(Store(sealed.clone())));
                let path = format!("{address}/columns.parquet");
                self.context.register_parquet(name, &path, ParquetReadOptions::default()).await?;
            }
            Stored::Parquet(file) => {
                let path = self.address(file)?;
                // Parts of a file that are read on several machines stand in no order.
                let order = if self.elsewhere.is_some() { Vec::new() } else { order };
                let options = ParquetReadOptions::default().file_sort_order(order);
                self.context.register_parquet(name, &path, options).await?;
            }
        }
        Ok(())
    }

    /// Where the context finds `file`.
    fn address(&self, file: &Path) -> Result<String> {
        let Some(elsewhere) = &self.elsewhere else { return Ok(file.to_string_lossy().into_owned()) };
        let below = file.strip_prefix(&elsewhere.folder).map_err(|_| {
            Error::Fault(format!("{} 不在共享目录 {} 里", file.display(), elsewhere.folder.display()))
        })?;
        Ok(format!("{}{}", elsewhere.address, below.to_string_lossy()))
    }

    /// The answer to a query.
    ///
    /// # Errors
    /// A sentence when the query is none, changes anything, or gives too many rows.
    pub async fn query(&self, sql: &str) -> Result<(SchemaRef, Vec<RecordBatch>)> {
        self.answer(sql, self.rows).await
    }

    /// Columns of a whole table, for functions of the program; the memory is the only bound.
    ///
    /// # Errors
    /// A sentence when there is no such table or column.
    pub async fn columns(&self, table: &str, columns: &[&str]) -> Result<Vec<RecordBatch>> {
        let sql = format!("select {} from {table}", columns.join(", "));
        Ok(self.answer(&sql, usize::MAX).await?.1)
    }

    /// What a screen gets of a table, by the names under which queries find it: fields that have numbers as numbers, with
    /// the tables of their texts.
    ///
    /// # Errors
    /// A sentence when there is no such table or column.
    pub async fn screened(&self, table: &str, fields: &[&str]) -> Result<Vec<(String, Vec<RecordBatch>)>> {
        let (mut columns, mut found) = (Vec::new(), Vec::new());
        for field in fields {
            let texts = numbers::texts_table(table, field);
            let number = numbers::column(field);
            if self.context.table_exist(texts.as_str())? {
                found.push((texts.clone(), self.columns(&texts, &[&number, field]).await?));
                columns.push(number);
            } else {
                columns.push((*field).to_owned());
            }
        }
        let rows = if found.is_empty() { table.to_owned() } else { numbers::rows_table(table) };
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let held = self.columns(&rows, &columns).await?;
        found.push((rows, held));
        Ok(found)
    }

    /// Refuses what a screen found when no query might find so much.
    ///
    /// # Errors
    /// A sentence when there are too many rows.
    pub(crate) fn bounded(&self, found: RecordBatch) -> Result<RecordBatch> {
        refuse_beyond(self.rows, found.num_rows())?;
        Ok(found)
    }

    /// How many different values a column has; asked once, however many models ask.
    ///
    /// # Errors
    /// A sentence when there is no such table or column.
    pub async fn distinct(&self, table: &str, column: &str) -> Result<Option<u64>> {
        let key = (table.to_owned(), column.to_owned());
        if let Some(held) = self.counts.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Some(*held));
        }
        let (_, batches) = self.query(&format!("select count(distinct {column}) from {table}")).await?;
        let count = batches.first().and_then(|batch| {
            let column = batch.column(0).as_primitive_opt::<Int64Type>()?;
            u64::try_from(column.iter().next()??).ok()
        });
        if let Some(count) = count {
            self.counts.lock().unwrap_or_else(PoisonError::into_inner).insert(key, count);
        }
        Ok(count)
    }

    /// A query that only reads.
    async fn frame(&self, sql: &str) -> Result<DataFrame> {
        let reading =
            SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        Ok(self.context.sql_with_options(sql, reading).await?)
    }

    async fn answer(&self, sql: &str, rows_at_most: usize) -> Result<(SchemaRef, Vec<RecordBatch>)> {
        let frame = self.frame(sql).await?;
        let schema = Arc::clone(frame.schema().inner());
        let attempts = self.elsewhere.as_ref().map_or(1, |elsewhere| elsewhere.attempts);
        for _ in 1..attempts {
            match rows_of(frame.clone(), rows_at_most).await {
                // A machine may fall out with parts of an answer that is fetched from it just now.
                Err(Error::Fault(_)) => {}
                answered => return Ok((schema, answered?)),
            }
        }
        Ok((schema, rows_of(frame, rows_at_most).await?))
    }
}

/// All rows of an answer.
async fn rows_of(frame: DataFrame, at_most: usize) -> Result<Vec<RecordBatch>> {
    let mut stream = frame.execute_stream().await?;
    let mut batches = Vec::new();
    let mut rows = 0;
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        rows += batch.num_rows();
        refuse_beyond(at_most, rows)?;
        batches.push(batch);
    }
    Ok(batches)
}

/// Texts in their plain form, which all our functions read.
pub fn plain_texts(mut config: SessionConfig) -> SessionConfig {
    config.options_mut().execution.parquet.schema_force_view_types = false;
    config.options_mut().sql_parser.map_string_types_to_utf8view = false;
    config
}

impl Engine {
    /// The most frequent values of a column, with their rows; equal counts by value.
    ///
    /// # Errors
    /// A sentence when there is no such column.
    pub async fn facet(&self, table: &str, column: &str, most: usize) -> Result<Vec<(Option<String>, u64)>> {
        let quoted = format!("\"{}\"", column.replace('"', "\"\""));
        self.most_frequent(&quoted, &format!("{table} where true"), most).await
    }

    /// The most frequent of what `value` is in `rows`, a table with a condition; equal counts by the value as words.
    ///
    /// # Errors
    /// A sentence when there is no such table or column.
    pub async fn most_frequent(
        &self,
        value: &str,
        rows: &str,
        most: usize,
    ) -> Result<Vec<(Option<String>, u64)>> {
        let frame = self.frame(&format!("select {value} as held from {rows}")).await?;
        let is_text = frame.schema().fields().iter().all(|field| *field.data_type() == DataType::Utf8);
        if is_text && self.elsewhere.is_none() {
            let room = Arc::clone(&self.context.runtime_env().memory_pool);
            if let Some(found) = frequency::most_frequent(frame, &room, most).await? {
                return Ok(found);
            }
        }
        // Numbers and days, and texts that do not fit into the room: slower, and what does not fit goes to a disk.
        let sql = format!(
            "select cast({value} as varchar) as held, count(*) as rows from {rows} group by {value} \
             order by rows desc, held limit {most}"
        );
        let (_, batches) = self.query(&sql).await?;
        let mut found = Vec::new();
        for batch in &batches {
            let (Some(held), Some(rows)) =
                (batch.column(0).as_string_opt::<i32>(), batch.column(1).as_primitive_opt::<Int64Type>())
            else {
                return Err(Error::Fault(String::from("取值和次数的类型不符")));
            };
            found.extend(held.iter().zip(rows.iter()).map(|(value, rows)| {
                (value.map(str::to_owned), u64::try_from(rows.unwrap_or_default()).unwrap_or_default())
            }));
        }
        Ok(found)
    }
}

/// Runs `work` on threads of the engine's own, so that a long query never holds up whoever answers requests, and
/// gives it up after `within`.
///
/// # Errors
/// A sentence when the time is over.
pub async fn apart<T: Send + 'static>(
    within: Duration,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let mut task = threads()?.spawn(work);
    if let Ok(done) = tokio::time::timeout(within, &mut task).await {
        return done.map_err(|error| Error::Fault(format!("计算线程中断：{error}")))?;
    }
    task.abort();
    Err(Error::refused(format!(
        "计算超过 {} 秒，已停止，没有结果；请缩小数据范围、收紧条件后重试。",
        within.as_secs()
    )))
}

fn threads() -> Result<&'static tokio::runtime::Runtime> {
    static THREADS: OnceLock<Option<tokio::runtime::Runtime>> = OnceLock::new();
    let make = || tokio::runtime::Builder::new_multi_thread().thread_name("engine").enable_all().build().ok();
    THREADS.get_or_init(make).as_ref().ok_or_else(|| Error::Fault(String::from("计算线程不能启动")))
}

fn refuse_beyond(most: usize, rows: usize) -> Result<()> {
    if rows > most {
        let sentence = format!("结果超过 {most} 行，已停止，没有产生疑点；请收紧参数或缩小数据范围后重试。");
        return Err(Error::Refused(sentence));
    }
    Ok(())
}

/// Batches dealt out so that each of `most` workers has some.
fn parts(batches: &[RecordBatch], most: usize) -> Vec<Vec<RecordBatch>> {
    let mut parts = vec![Vec::new(); most.min(batches.len()).max(1)];
    let count = parts.len();
    for (at, batch) in batches.iter().enumerate() {
        if let Some(part) = parts.get_mut(at % count) {
            part.push(batch.clone());
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_query_reaches_nothing_but_the_tables_it_was_given() {
        let engine = Engine::new(&Limits::default()).unwrap();
        for sql in [
            "select * from '/etc/passwd'",
            "select * from \"/etc/passwd.csv\"",
            "create external table t stored as csv location '/etc/passwd'",
            "copy (select 1) to '/tmp/x.csv'",
            "create view v as select 1",
            "set datafusion.execution.batch_size = 1",
            "insert into t values (1)",
            "select * from range(1, 100000000000)",
            "select * from generate_series(1, 100000000000)",
            "select * from information_schema.tables",
        ] {
            assert!(matches!(engine.query(sql).await, Err(Error::Refused(_))), "{sql}");
        }
    }

    #[tokio::test]
    async fn a_query_that_takes_too_long_is_given_up() {
        let engine = Engine::new(&Limits::default()).unwrap();
        let endless =
            "with recursive n as (select 1 as at union all select at + 1 from n) select max(at) from n";
        let work = async move { engine.query(endless).await.map(|_| ()) };
        let begun = std::time::Instant::now();
        let given_up = apart(Duration::from_millis(300), work).await.unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(20), "{given_up}");
    }
}
