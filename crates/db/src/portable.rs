//! Rows in a form that either database takes: read from one consistent view of a database in use, and
//! written whole into an empty one, so that a backup of the one can be restored into the other.
//!
//! The full-text index is left out: its text is of another kind in each database, and `kit` carries it.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::{
    AccessMode, ConnectionTrait as _, Database, DatabaseConnection, DatabaseExecutor, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, QueryResult, Statement, TransactionTrait as _, Value,
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    Db, DbError, Migration, Sql, Target, migrate,
    open::{sqlite_file, sqlite_options},
};

/// Tables that are no records: the migrations' ledger, the full-text index, and what the database counts itself.
const NOT_RECORDS: [&str; 6] =
    ["schema_migration", "search_entry", "search_text", "problem_tally", "closure_tally", "measure_tally"];
/// Bound values to a statement; SQLite takes 32,766.
const BOUND: usize = 30_000;
/// Rows read at once.
const PAGE: usize = 1_000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An identity.
    Uuid,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Real,
    /// Text.
    Text,
    /// A day.
    Date,
    /// An instant.
    Instant,
    /// Yes or no.
    Boolean,
}

impl Kind {
    /// The kind of a column by its type as either database names it.
    fn of(declared: &str) -> Option<Self> {
        Some(match declared.to_lowercase().as_str() {
            "uuid" => Self::Uuid,
            "bigint" => Self::Integer,
            "double precision" => Self::Real,
            "text" => Self::Text,
            "date" => Self::Date,
            "timestamptz" | "timestamp with time zone" => Self::Instant,
            "boolean" => Self::Boolean,
            _ => return None,
        })
    }

    fn json(self, row: &QueryResult, at: usize) -> Result<Json, DbErr> {
        Ok(match self {
            Self::Uuid => row.try_get_by_index::<Option<Uuid>>(at)?.map(|id| id.to_string()).into(),
            Self::Integer => row.try_get_by_index::<Option<i64>>(at)?.into(),
            Self::Real => row.try_get_by_index::<Option<f64>>(at)?.into(),
            Self::Text => row.try_get_by_index::<Option<String>>(at)?.into(),
            Self::Date => row.try_get_by_index::<Option<NaiveDate>>(at)?.map(|day| day.to_string()).into(),
            Self::Instant => row
                .try_get_by_index::<Option<DateTime<Utc>>>(at)?
                .map(|instant| instant.to_rfc3339_opts(SecondsFormat::Micros, true))
                .into(),
            Self::Boolean => row.try_get_by_index::<Option<bool>>(at)?.into(),
        })
    }

    fn value(self, json: &Json) -> Option<Value> {
        if json.is_null() {
            return Some(self.null());
        }
        Some(match self {
            Self::Uuid => Uuid::parse_str(json.as_str()?).ok()?.into(),
            Self::Integer => json.as_i64()?.into(),
            Self::Real => json.as_f64()?.into(),
            Self::Text => json.as_str()?.into(),
            Self::Date => json.as_str()?.parse::<NaiveDate>().ok()?.into(),
            Self::Instant => DateTime::parse_from_rfc3339(json.as_str()?).ok()?.to_utc().into(),
            Self::Boolean => json.as_bool()?.into(),
        })
    }

    fn null(self) -> Value {
        match self {
            Self::Uuid => Value::Uuid(None),
            Self::Integer => Value::BigInt(None),
            Self::Real => Value::Double(None),
            Self::Text => Value::String(None),
            Self::Date => Value::ChronoDate(None),
            Self::Instant => Value::ChronoDateTimeUtc(None),
            Self::Boolean => Value::Bool(None),
        }
    }
}

/// A table of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns with what they hold.
    pub columns: Vec<(String, Kind)>,
    /// Places of the columns of its key.
    key: Vec<usize>,
}

impl Table {
    fn names(&self) -> String {
        let quoted: Vec<String> = self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        quoted.join(", ")
    }

    /// The columns in the order `names`; nothing when the table has others.
    #[must_use]
    pub fn ordered(&self, names: &[String]) -> Option<Self> {
        let column = |name: &String| self.columns.iter().find(|(held, _)| held == name).cloned();
        let columns: Vec<(String, Kind)> = names.iter().map(column).collect::<Option<_>>()?;
        let is_whole = columns.len() == self.columns.len();
        is_whole.then(|| Self { columns, key: Vec::new(), name: self.name.clone() })
    }
}

/// One consistent view of a database in use; it hinders nobody.
pub struct Snapshot {
    tx: DatabaseTransaction,
    backend: DbBackend,
    _pool: DatabaseConnection,
}

impl Snapshot {
    /// Begins the view; everything read through it is as of now.
    pub async fn take(db: &Db) -> Result<Self, DbError> {
        let pool = match db.target() {
            Target::Folder(folder) => {
                Database::connect(sqlite_options(&sqlite_file(folder), 1, false)).await?
            }
            Target::Postgres(_) => db.writer().clone(),
        };
        let tx = match db.backend() {
            DbBackend::Postgres => {
                pool.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly))
                    .await?
            }
            _ => pool.begin().await?,
        };
        // SQLite fixes what is seen with the first read.
        tx.query_one_raw(Statement::from_string(db.backend(), "select count(*) from schema_migration"))
            .await?;
        Ok(Self { tx, backend: db.backend(), _pool: pool })
    }

    /// Which SQL dialect is spoken.
    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    /// What statements are run on.
    pub fn executor(&self) -> DatabaseExecutor<'_> {
        (&self.tx).into()
    }

    /// The migrations applied: name and digest.
    pub async fn migrations(&self) -> Result<Vec<(String, String)>, DbError> {
        let text = "select name, digest from schema_migration order by applied_seq";
        let rows = self.tx.query_all_raw(Statement::from_string(self.backend, text)).await?;
        Ok(rows
            .iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect::<Result<_, DbErr>>()?)
    }

    /// All tables of records, by name.
    pub async fn tables(&self) -> Result<Vec<Table>, DbError> {
        tables(&self.executor(), self.backend).await
    }

    /// Up to a thousand rows of `table`, each an array in JSON, in the order of its key and behind the row
    /// `last`.
    pub async fn rows(&self, table: &Table, last: Option<&[Json]>) -> Result<Vec<Vec<Json>>, DbError> {
        let mut sql = Sql::new(&format!("select {} from \"{}\"", table.names(), table.name));
        let key = || table.key.iter().filter_map(|at| table.columns.get(*at));
        let names: Vec<String> = key().map(|(name, _)| format!("\"{name}\"")).collect();
        if let Some(last) = last {
            sql.push(&format!(" where ({}) > (", names.join(", ")));
            for (place, at) in table.key.iter().enumerate() {
                let (kind, json) = (table.columns.get(*at).map(|(_, kind)| *kind), last.get(*at));
                let value = kind.zip(json).and_then(|(kind, json)| kind.value(json));
                sql.push(if place == 0 { "" } else { ", " }).bind(value.unwrap_or(Value::String(None)));
            }
            sql.push(")");
        }
        sql.push(&format!(" order by {} limit {PAGE}", names.join(", ")));
        let rows = self.tx.query_all_raw(sql.statement(self.backend)).await?;
        let read = |row: &QueryResult| {
            table.columns.iter().enumerate().map(|(at, (_, kind))| kind.json(row, at)).collect()
        };
        Ok(rows.iter().map(read).collect::<Result<_, DbErr>>()?)
    }
}

async fn names(on: &DatabaseExecutor<'_>, backend: DbBackend) -> Result<Vec<String>, DbErr> {
    let text = match backend {
        DbBackend::Postgres => {
            "select cast(table_name as text) from information_schema.tables \
             where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1"
        }
        _ => "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by 1",
    };
    let rows = on.query_all_raw(Statement::from_string(backend, text)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn tables(on: &DatabaseExecutor<'_>, backend: DbBackend) -> Result<Vec<Table>, DbError> {
    let mut tables = Vec::new();
    for name in names(on, backend).await? {
        if NOT_RECORDS.contains(&name.as_str()) || name.starts_with("search_text_") {
            continue;
        }
        tables.push(table(on, backend, name).await?);
    }
    Ok(tables)
}

async fn table(on: &DatabaseExecutor<'_>, backend: DbBackend, name: String) -> Result<Table, DbError> {
    let mut sql = Sql::default();
    match backend {
        DbBackend::Postgres => sql.push(
            "select cast(c.column_name as text), cast(c.data_type as text), cast((select count(*) from \
             information_schema.table_constraints t join information_schema.key_column_usage k \
             on k.constraint_name = t.constraint_name and k.table_schema = t.table_schema and k.table_name = t.table_name \
             where t.constraint_type = 'PRIMARY KEY' and t.table_schema = c.table_schema \
             and t.table_name = c.table_name and k.column_name = c.column_name) as bigint) \
             from information_schema.columns c where c.table_schema = current_schema() and c.table_name = ",
        ),
        _ => sql.push("select name, type, pk from pragma_table_info("),
    };
    sql.bind(name.as_str());
    sql.push(if backend == DbBackend::Postgres { " order by c.ordinal_position" } else { ") order by cid" });
    let (mut columns, mut key) = (Vec::new(), Vec::new());
    for row in on.query_all_raw(sql.statement(backend)).await? {
        let (column, declared): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let kind = Kind::of(&declared)
            .ok_or_else(|| DbError::Schema(format!("表 {name} 的列 {column} 是 {declared}，不能写入备份")))?;
        if row.try_get_by_index::<i64>(2)? > 0 {
            key.push(columns.len());
        }
        columns.push((column, kind));
    }
    if key.is_empty() {
        return Err(DbError::Schema(format!("表 {name} 没有主键，不能写入备份")));
    }
    Ok(Table { name, columns, key })
}

/// An empty database being filled, all or nothing.
pub struct Loading {
    tx: DatabaseTransaction,
    backend: DbBackend,
    /// Foreign keys put aside: table, name, definition.
    aside: Vec<(String, String, String)>,
}

impl Loading {
    /// Begins to fill `db`.
    ///
    /// # Errors
    /// [`DbError::Schema`] when there are tables in it already.
    pub async fn begin(db: &Db) -> Result<Self, DbError> {
        let tx = db.writer().begin().await?;
        let executor: DatabaseExecutor<'_> = (&tx).into();
        if !names(&executor, db.backend()).await?.is_empty() {
            return Err(DbError::Schema(String::from("数据库不是空的，没有恢复；请换一个空的数据库")));
        }
        Ok(Self { tx, backend: db.backend(), aside: Vec::new() })
    }

    /// What statements are run on.
    pub fn executor(&self) -> DatabaseExecutor<'_> {
        (&self.tx).into()
    }

    /// Which SQL dialect is spoken.
    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Brings the empty database to the schema that `applied` describes, empties what migrations
    /// entered, and puts references aside until [`Loading::commit`].
    ///
    /// # Errors
    /// [`DbError::Schema`] when this program does not know that schema.
    pub async fn prepare(&mut self, applied: &[(String, String)]) -> Result<(), DbError> {
        let known = migrate::migrations(self.backend);
        let shared = |name: &str| !name.ends_with(".sqlite.sql") && !name.ends_with(".postgres.sql");
        for (name, digest) in applied.iter().filter(|(name, _)| shared(name)) {
            if !known.iter().any(|migration| migration.name == name && migration.digest == *digest) {
                return Err(DbError::Schema(format!(
                    "备份的数据库结构含有本程序没有的升级步骤 {name}；请使用做备份的程序版本或更新的版本恢复"
                )));
            }
        }
        let last = applied.iter().map(|(name, _)| name.as_str()).max().unwrap_or_default();
        self.apply(known.iter().filter(|migration| sorted_name(migration.name) <= sorted_name(last))).await?;
        for table in tables(&self.executor(), self.backend).await? {
            self.tx.execute_unprepared(&format!("delete from \"{}\"", table.name)).await?;
        }
        self.put_references_aside().await
    }

    async fn apply(&self, migrations: impl Iterator<Item = &Migration>) -> Result<(), DbError> {
        self.tx.execute_unprepared(migrate::LEDGER).await?;
        let known = migrate::migrations(self.backend);
        for migration in migrations {
            let seq = known.iter().position(|held| held.name == migration.name).unwrap_or(0);
            migrate::apply_in(&self.tx, self.backend, migration, seq).await?;
        }
        Ok(())
    }

    async fn put_references_aside(&mut self) -> Result<(), DbError> {
        if self.backend != DbBackend::Postgres {
            self.tx.execute_unprepared("pragma defer_foreign_keys = on").await?;
            return Ok(());
        }
        let text = "select cast(conrelid::regclass as text), cast(conname as text), pg_get_constraintdef(oid) \
                    from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace \
                    order by 1, 2";
        for row in self.tx.query_all_raw(Statement::from_string(self.backend, text)).await? {
            let found: (String, String, String) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            self.tx
                .execute_unprepared(&format!("alter table {} drop constraint \"{}\"", found.0, found.1))
                .await?;
            self.aside.push(found);
        }
        Ok(())
    }

    /// All tables of records, by name.
    pub async fn tables(&self) -> Result<Vec<Table>, DbError> {
        tables(&self.executor(), self.backend).await
    }

    /// Rows that fit into one statement.
    pub fn at_once(table: &Table) -> usize {
        (BOUND / table.columns.len().max(1)).clamp(1, 500)
    }

    /// Stores rows, each an array in JSON; at most [`Loading::at_once`] of them.
    ///
    /// # Errors
    /// [`DbError::Schema`] when a row does not fit its table.
    pub async fn insert(&self, table: &Table, rows: &[Vec<Json>]) -> Result<(), DbError> {
        if rows.is_empty() {
            return Ok(());
        }
        let torn = || DbError::Schema(format!("备份中表 {} 的一行不符合表的结构，没有恢复", table.name));
        let mut sql = Sql::new(&format!("insert into \"{}\" ({}) values ", table.name, table.names()));
        for (at, row) in rows.iter().enumerate() {
            if row.len() != table.columns.len() {
                return Err(torn());
            }
            sql.push(if at == 0 { "(" } else { ", (" });
            for (place, (json, (_, kind))) in row.iter().zip(&table.columns).enumerate() {
                if place > 0 {
                    sql.push(", ");
                }
                sql.bind(kind.value(json).ok_or_else(torn)?);
            }
            sql.push(")");
        }
        self.tx.execute_raw(sql.statement(self.backend)).await?;
        Ok(())
    }

    /// Puts the references back, which checks them all, brings the schema up to date and makes
    /// everything durable.
    pub async fn commit(self) -> Result<(), DbError> {
        for (table, name, definition) in &self.aside {
            self.tx
                .execute_unprepared(&format!("alter table {table} add constraint \"{name}\" {definition}"))
                .await?;
        }
        let text = "select name from schema_migration";
        let rows = self.tx.query_all_raw(Statement::from_string(self.backend, text)).await?;
        let held: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
        let known = migrate::migrations(self.backend);
        self.apply(known.iter().filter(|migration| !held.iter().any(|name| name == migration.name))).await?;
        self.tx.commit().await?;
        Ok(())
    }
}

/// `0002_search.sqlite.sql` and `0002_search.postgres.sql` stand at the same place.
fn sorted_name(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
