//! Looking at columns: pages of rows, facets, concentration, whatever a page asks; by queries that are put together from
//! columns and values, never from text of a person.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use chrono::NaiveDate;
use datafusion::arrow::{
    array::{Array as _, ArrayRef, AsArray as _, RecordBatch},
    compute::cast,
    datatypes::{DataType, Date32Type, Float64Type, Int64Type},
};
use serde::Serialize;

use crate::{
    Error, Result,
    engine::{Engine, Limits, apart},
    intake::Kept,
    load::{Mapping, Stored, unit_of},
    names::{self, Cluster},
    recipe::Table,
    sealed::Sealed,
    value::FieldKind,
};

/// How long somebody waits for a page.
const PATIENCE: Duration = Duration::from_secs(20);
/// Different values of a column that are looked through for spellings of the same.
const SPELLINGS: usize = 50_000;

/// What a page may use.
const MODEST: Limits = Limits { memory: 512 << 20, spill: 1 << 30, folder: None, rows: 0, partitions: None };

/// One cell of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Fen.
    Money(i64),
    /// A day.
    Date(NaiveDate),
    /// Yes or no.
    Flag(bool),
}

impl Cell {
    /// As a number, when it is one; money in fen.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) | Self::Money(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// As a whole number, when it is one.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) | Self::Money(number) => Some(*number),
            _ => None,
        }
    }

    /// As words.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Money(fen) => crate::value::yuan(*fen),
            Self::Date(day) => day.to_string(),
            Self::Flag(flag) => String::from(if *flag { "是" } else { "否" }),
        }
    }
}

/// A condition on a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// The column holds this, as a facet shows it; nothing for empty cells.
    Is(String, Option<String>),
    /// The column holds this text somewhere.
    Contains(String, String),
    /// The column is at least this: a day or a number.
    AtLeast(String, String),
    /// The column is at most this.
    AtMost(String, String),
}

/// The order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub column: String,
    /// Largest first.
    pub falling: bool,
}

/// How often a value occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// The value as it is compared; nothing for empty cells.
    pub value: Option<String>,
    /// How often.
    pub count: u64,
}

/// What somebody has of a whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Who.
    pub name: String,
    /// Rows.
    pub count: u64,
    /// The sum, in fen when the column is money; rows when none was named.
    pub sum: f64,
}

/// How a whole is divided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Concentration {
    /// The largest, largest first.
    pub shares: Vec<Share>,
    /// How many there are.
    pub parts: u64,
    /// The whole.
    pub total: f64,
    /// Herfindahl–Hirschman index: sum of the squared shares, from 0 to 1.
    pub index: f64,
}

/// A name in a query.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in a query.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Columns that can be looked at.
#[derive(Clone, Debug)]
pub struct Columns {
    sealed: Sealed,
    /// What there is.
    pub kept: Vec<Kept>,
}

impl Columns {
    /// The columns `kept` of a sealed file.
    pub fn new(sealed: Sealed, kept: Vec<Kept>) -> Self {
        Self { sealed, kept }
    }

    /// The file.
    pub fn sealed(&self) -> &Sealed {
        &self.sealed
    }

    /// The kind of a column.
    ///
    /// # Errors
    /// A sentence when there is none of that name.
    pub fn kind(&self, column: &str) -> Result<FieldKind> {
        let found = self.kept.iter().find(|kept| kept.name == column);
        found.map(|kept| kept.kind).ok_or_else(|| Error::refused(format!("数据里没有名为“{column}”的列。")))
    }

    /// The answer to a query over the table `data`.
    ///
    /// # Errors
    /// A sentence when it takes too long or gives too much.
    pub async fn ask(&self, sql: String) -> Result<Vec<Vec<Cell>>> {
        self.answer(sql, Limits { rows: 100_000, ..MODEST }).await
    }

    /// As [`Columns::ask`], for answers of many rows.
    ///
    /// # Errors
    /// A sentence when it takes too long or gives more than `most`.
    pub async fn ask_many(&self, sql: String, most: usize) -> Result<Vec<Vec<Cell>>> {
        self.answer(sql, Limits { rows: most, ..MODEST }).await
    }

    /// As [`Columns::ask`], by one thread alone: the rows come as they stand in the file.
    async fn ask_in_order(&self, sql: String, rows: usize) -> Result<Vec<Vec<Cell>>> {
        self.answer(sql, Limits { rows, partitions: Some(1), ..MODEST }).await
    }

    async fn answer(&self, sql: String, limits: Limits) -> Result<Vec<Vec<Cell>>> {
        self.with_engine(limits, move |engine| async move {
            let (_, batches) = engine.query(&sql).await?;
            let mut rows = Vec::new();
            for batch in &batches {
                read(batch, &mut rows)?;
            }
            Ok(rows)
        })
        .await
    }

    /// What `ask` makes of an engine that has the columns as the table `data`.
    async fn with_engine<T: Send + 'static, F: Future<Output = Result<T>> + Send>(
        &self,
        limits: Limits,
        ask: impl FnOnce(Engine) -> F + Send + 'static,
    ) -> Result<T> {
        let sealed = self.sealed.clone();
        apart(PATIENCE, async move {
            let engine = Engine::new(&limits)?;
            engine.register("data", &Stored::Sealed(sealed)).await?;
            ask(engine).await
        })
        .await
    }

    fn condition(&self, filters: &[Filter]) -> Result<String> {
        let mut text = String::from("true");
        for filter in filters {
            text.push_str(" and ");
            match filter {
                Filter::Is(column, None) => {
                    self.kind(column)?;
                    let _ = write!(text, "{} is null", ident(column));
                }
                Filter::Is(column, Some(value)) => {
                    let _ = write!(text, "{} = {}", self.words(column)?, literal(value));
                }
                Filter::Contains(column, part) => {
                    let _ = write!(text, "strpos({}, {}) > 0", self.words(column)?, literal(part));
                }
                Filter::AtLeast(column, value) => {
                    let _ = write!(text, "{} >= {}", ident(column), self.bound(column, value)?);
                }
                Filter::AtMost(column, value) => {
                    let _ = write!(text, "{} <= {}", ident(column), self.bound(column, value)?);
                }
            }
        }
        Ok(text)
    }

    /// A column as words.
    fn words(&self, column: &str) -> Result<String> {
        Ok(match self.kind(column)? {
            FieldKind::Text | FieldKind::Code | FieldKind::Person => ident(column),
            _ => format!("cast({} as varchar)", ident(column)),
        })
    }

    /// A typed value for comparing with a column; money is typed in yuan.
    fn bound(&self, column: &str, value: &str) -> Result<String> {
        let wrong = || Error::refused(format!("“{value}”不能与列“{column}”比较，请填写数或日期。"));
        let number =
            || value.trim().parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(wrong);
        Ok(match self.kind(column)? {
            FieldKind::Integer | FieldKind::Number => format!("{:?}", number()?),
            FieldKind::Money => format!("{}", (number()? * 100.0).round() as i64),
            FieldKind::Date => {
                let day: NaiveDate = value.trim().parse().map_err(|_| wrong())?;
                format!("date '{day}'")
            }
            FieldKind::Time => {
                let day: NaiveDate = value.trim().parse().map_err(|_| wrong())?;
                format!("timestamp '{day} 00:00:00'")
            }
            _ => return Err(wrong()),
        })
    }

    /// How many rows fulfil `filters`.
    ///
    /// # Errors
    /// A sentence when a filter does not fit.
    pub async fn count(&self, filters: &[Filter]) -> Result<u64> {
        let rows = self.ask(format!("select count(*) from data where {}", self.condition(filters)?)).await?;
        let count = rows.first().and_then(|row| row.first()).and_then(Cell::integer).unwrap_or_default();
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Rows from `offset`, at most `limit`; without an order as they stand in the file.
    ///
    /// # Errors
    /// A sentence when a filter or the order does not fit.
    pub async fn rows(
        &self,
        filters: &[Filter],
        order: Option<&Order>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Vec<Cell>>> {
        let names: Vec<String> = self.kept.iter().map(|kept| ident(&kept.name)).collect();
        let mut sql = format!("select {} from data where {}", names.join(", "), self.condition(filters)?);
        if let Some(order) = order {
            self.kind(&order.column)?;
            let way = if order.falling { "desc nulls last" } else { "asc nulls last" };
            let _ = write!(sql, " order by {} {way}", ident(&order.column));
        }
        let _ = write!(sql, " limit {limit} offset {offset}");
        let mut rows = match order {
            None => self.ask_in_order(sql, limit).await?,
            Some(_) => self.ask(sql).await?,
        };
        self.mark_money(&mut rows);
        Ok(rows)
    }

    fn mark_money(&self, rows: &mut [Vec<Cell>]) {
        for row in rows {
            for (cell, kept) in row.iter_mut().zip(&self.kept) {
                if kept.kind == FieldKind::Money
                    && let Cell::Integer(fen) = cell
                {
                    *cell = Cell::Money(*fen);
                }
            }
        }
    }

    /// The rows at these places of the file, counted from nought.
    ///
    /// # Errors
    /// A fault when the file cannot be read.
    pub async fn at(&self, places: &[usize]) -> Result<Vec<Vec<Cell>>> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<String> = self.kept.iter().map(|kept| ident(&kept.name)).collect();
        let wanted: Vec<String> = places.iter().map(|place| (place + 1).to_string()).collect();
        let sql = format!(
            "select {} from (select *, row_number() over () as place_in_file from data) where place_in_file in ({}) \
             order by place_in_file",
            names.join(", "),
            wanted.join(", ")
        );
        let mut rows = self.ask_in_order(sql, places.len()).await?;
        self.mark_money(&mut rows);
        Ok(rows)
    }

    /// All rows as key, stratum and amount in fen, as they stand in the file; columns without a name count for nothing.
    ///
    /// # Errors
    /// A sentence when there are more than `most`, or an amount is none.
    pub async fn population(
        &self,
        key: &str,
        stratum: &str,
        amount: &str,
        most: usize,
    ) -> Result<Vec<(String, String, i64)>> {
        let words = |column: &str| {
            if column.is_empty() { Ok(String::from("''")) } else { self.words(column) }
        };
        let fen = match (amount, self.kind(amount)) {
            ("", _) => String::from("cast(0 as bigint)"),
            (_, Ok(FieldKind::Money)) => ident(amount),
            (_, Ok(FieldKind::Integer | FieldKind::Number)) => {
                format!("cast(round(cast({} as double) * {}) as bigint)", ident(amount), unit_of(amount))
            }
            (_, Ok(_)) => {
                return Err(Error::refused(format!("列“{amount}”不是金额或数，不能用于货币单元抽样。")));
            }
            (_, Err(error)) => return Err(error),
        };
        let sql = format!("select {}, {}, {fen} from data", words(key)?, words(stratum)?);
        let rows = self.ask_in_order(sql, most).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let mut cells = row.into_iter();
                let mut next = || cells.next().unwrap_or(Cell::Empty);
                (next().text(), next().text(), next().integer().unwrap_or_default())
            })
            .collect())
    }

    /// The most frequent values of a column among the rows that fulfil `filters`.
    ///
    /// # Errors
    /// A sentence when a filter or the column does not fit.
    pub async fn facet(&self, column: &str, filters: &[Filter], most: usize) -> Result<Vec<Facet>> {
        let words = self.words(column)?;
        let rows = format!("data where {}", self.condition(filters)?);
        let found = self
            .with_engine(Limits { rows: 100_000, ..MODEST }, move |engine| async move {
                engine.most_frequent(&words, &rows, most).await
            })
            .await?;
        Ok(found.into_iter().map(|(value, count)| Facet { value, count }).collect())
    }

    /// Spellings in a column that may mean the same: companies by what identifies them, other texts by their signs alone.
    ///
    /// # Errors
    /// A sentence when there are too many different values, or the column does not exist.
    pub async fn clusters(&self, column: &str) -> Result<Vec<Cluster>> {
        let found = self.facet(column, &[], SPELLINGS + 1).await?;
        if found.len() > SPELLINGS {
            return Err(Error::refused(format!(
                "列“{column}”有超过 {SPELLINGS} 个不同的取值，不适合找相近写法；请先筛选或换一列。"
            )));
        }
        let counts =
            found.into_iter().filter_map(|facet| facet.value.map(|value| (value, facet.count))).collect();
        Ok(names::clusters(&counts))
    }

    /// How the rows, or the sum of `amount`, fall to the values of `group`.
    ///
    /// # Errors
    /// A sentence when a column does not exist.
    pub async fn concentration(
        &self,
        group: &str,
        amount: Option<&str>,
        most: usize,
    ) -> Result<Concentration> {
        let words = self.words(group)?;
        let sum = match amount {
            Some(column) => {
                self.kind(column)?;
                format!("sum(cast({} as double))", ident(column))
            }
            None => String::from("cast(count(*) as double)"),
        };
        let parts = format!(
            "with parts as (select {words} as who, count(*) as rows, coalesce({sum}, 0.0) as whole from data \
             where {} is not null group by {words})",
            ident(group)
        );
        let totals = self
            .ask(format!(
                "{parts} select count(*), sum(whole), sum(whole * whole) from parts where whole > 0"
            ))
            .await?;
        let total =
            |at: usize| totals.first().and_then(|row| row.get(at)).and_then(Cell::number).unwrap_or_default();
        let rows = self
            .ask(format!("{parts} select who, rows, whole from parts order by whole desc, who limit {most}"))
            .await?;
        let whole = total(1);
        Ok(Concentration {
            shares: rows.into_iter().filter_map(share_of).collect(),
            parts: total(0) as u64,
            total: whole,
            index: if whole > 0.0 { total(2) / (whole * whole) } else { 0.0 },
        })
    }

    /// The columns as the fields of `table`: the select list of a query, with the fields that no column holds as nothing.
    pub fn fields(&self, table: &Table, mapping: &Mapping) -> String {
        let field = |(name, field): (&String, &crate::recipe::Field)| {
            let held =
                mapping.get(name).and_then(|column| self.kept.iter().find(|kept| kept.name == *column));
            let value = held.map_or_else(|| String::from("null"), |held| as_kind(held, field.kind));
            format!("cast({value} as {}) as {name}", sql_type(field.kind))
        };
        table.fields.iter().map(field).collect::<Vec<_>>().join(", ")
    }
}

fn share_of(row: Vec<Cell>) -> Option<Share> {
    let [name, count, sum] = <[Cell; 3]>::try_from(row).ok()?;
    Some(Share {
        name: name.text(),
        count: u64::try_from(count.integer()?).unwrap_or_default(),
        sum: sum.number().unwrap_or_default(),
    })
}

fn sql_type(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::Code | FieldKind::Person => "varchar",
        FieldKind::Integer | FieldKind::Money => "bigint",
        FieldKind::Number => "double",
        FieldKind::Date => "date",
        FieldKind::Time => "timestamp",
        FieldKind::Flag => "boolean",
    }
}

/// A column turned into the kind a field has.
fn as_kind(held: &Kept, wanted: FieldKind) -> String {
    let name = ident(&held.name);
    match (held.kind, wanted) {
        (FieldKind::Number | FieldKind::Integer, FieldKind::Money) => {
            format!("round(cast({name} as double) * {})", unit_of(&held.name))
        }
        (FieldKind::Money, FieldKind::Number | FieldKind::Integer) => format!("{name} / 100.0"),
        (FieldKind::Integer | FieldKind::Number, FieldKind::Flag) => format!("{name} = 1"),
        (FieldKind::Text | FieldKind::Code, FieldKind::Flag) => format!(
            "case when {name} in ('是', 'Y', 'YES', 'TRUE', '有', '√', '1') then true \
             when {name} in ('否', 'N', 'NO', 'FALSE', '无', '×', '0') then false end"
        ),
        (FieldKind::Text | FieldKind::Code, FieldKind::Text | FieldKind::Code | FieldKind::Person) => name,
        (FieldKind::Text | FieldKind::Code, FieldKind::Money) => {
            format!("round(try_cast({name} as double) * {})", unit_of(&held.name))
        }
        (FieldKind::Text | FieldKind::Code, kind) => format!("try_cast({name} as {})", sql_type(kind)),
        (FieldKind::Flag, FieldKind::Integer) => format!("cast({name} as int)"),
        (
            FieldKind::Date | FieldKind::Time,
            FieldKind::Integer | FieldKind::Number | FieldKind::Money | FieldKind::Flag,
        )
        | (FieldKind::Flag, FieldKind::Date | FieldKind::Time | FieldKind::Money | FieldKind::Number)
        | (
            FieldKind::Integer | FieldKind::Number | FieldKind::Money | FieldKind::Person,
            FieldKind::Date | FieldKind::Time | FieldKind::Flag,
        )
        | (FieldKind::Person, FieldKind::Integer | FieldKind::Number | FieldKind::Money) => {
            String::from("null")
        }
        _ => name,
    }
}

fn read(batch: &RecordBatch, rows: &mut Vec<Vec<Cell>>) -> Result<()> {
    let columns = batch.columns().iter().map(cells).collect::<Result<Vec<_>>>()?;
    for at in 0..batch.num_rows() {
        rows.push(columns.iter().map(|column| column.get(at).cloned().unwrap_or(Cell::Empty)).collect());
    }
    Ok(())
}

fn cells(column: &ArrayRef) -> Result<Vec<Cell>> {
    fn each<T>(values: impl Iterator<Item = Option<T>>, make: impl Fn(T) -> Cell) -> Vec<Cell> {
        values.map(|value| value.map_or(Cell::Empty, &make)).collect()
    }
    Ok(match column.data_type() {
        DataType::Boolean => each(column.as_boolean().iter(), Cell::Flag),
        DataType::Date32 => each(column.as_primitive::<Date32Type>().iter(), |days| {
            let day = NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(days)));
            day.map_or(Cell::Empty, Cell::Date)
        }),
        kind if kind.is_integer() => {
            let whole = cast(column, &DataType::Int64)?;
            each(whole.as_primitive::<Int64Type>().iter(), Cell::Integer)
        }
        kind if kind.is_floating() => {
            let number = cast(column, &DataType::Float64)?;
            each(number.as_primitive::<Float64Type>().iter(), Cell::Number)
        }
        DataType::Null => vec![Cell::Empty; column.len()],
        _ => {
            let text = cast(column, &DataType::Utf8)?;
            each(text.as_string::<i32>().iter(), |text| Cell::Text(text.to_owned()))
        }
    })
}

/// A file of this machine as columns that are read in place, for tests and tools without keys.
///
/// # Errors
/// A fault when it is not there.
pub fn in_place(file: &std::path::Path, kept: Vec<Kept>) -> Result<Columns> {
    let length = std::fs::metadata(file)?.len();
    let file: Arc<std::path::Path> = file.into();
    let open = move || Ok(Box::new(std::fs::File::open(&file)?) as Box<dyn crate::sealed::Plain>);
    Ok(Columns::new(Sealed::new(length, open), kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{Taking, take};

    fn columns(text: &str) -> (tempfile::TempDir, Columns) {
        let folder = tempfile::tempdir().unwrap();
        let (file, into) = (folder.path().join("a.csv"), folder.path().join("c.parquet"));
        std::fs::write(&file, text).unwrap();
        let taken = take(&Taking {
            file: &file,
            part: None,
            steps: &[],
            key: b"key".to_vec(),
            into: into.clone(),
            watch: None,
        })
        .unwrap();
        let columns = in_place(&into, taken.columns).unwrap();
        (folder, columns)
    }

    const BIDS: &str = "标段编号,投标人,报价,开标日期,是否中标\nT1,甲公司,100.50,2023-01-02,是\nT1,乙公司,200,2023-01-02,否\n\
                        T2,甲公司,300,2023-02-01,否\nT2,甲 公司,,2023-02-01,是\n";

    #[tokio::test]
    async fn rows_are_filtered_ordered_and_paged() {
        let (_folder, columns) = columns(BIDS);
        let order = Order { column: String::from("报价"), falling: true };
        let rows = columns.rows(&[], Some(&order), 0, 2).await.unwrap();
        assert_eq!(rows[0][2], Cell::Money(30_000));
        assert_eq!(rows[1][2], Cell::Money(20_000));
        let one = [Filter::Is(String::from("标段编号"), Some(String::from("T1")))];
        assert_eq!(columns.count(&one).await.unwrap(), 2);
        let dear = [Filter::AtLeast(String::from("报价"), String::from("150"))];
        assert_eq!(columns.count(&dear).await.unwrap(), 2);
        let late = [Filter::AtLeast(String::from("开标日期"), String::from("2023-02-01"))];
        assert_eq!(columns.count(&late).await.unwrap(), 2);
        let empty = [Filter::Is(String::from("报价"), None)];
        assert_eq!(columns.count(&empty).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn facets_count_values_and_spellings_of_one_company_are_brought_together() {
        let (_folder, columns) = columns(BIDS);
        let facet = columns.facet("投标人", &[], 10).await.unwrap();
        assert_eq!((facet[0].value.as_deref(), facet[0].count), (Some("甲公司"), 2));
        let clusters = columns.clusters("投标人").await.unwrap();
        assert_eq!(clusters[0].proposed, "甲公司");
        assert_eq!(clusters[0].spellings.len(), 2);
    }

    #[tokio::test]
    async fn facets_of_texts_and_of_days_stand_in_the_same_order_with_nothing_behind_equal_counts() {
        let (_folder, columns) =
            columns("单位,日期,金额\n甲,2023-01-02,1\n乙,2023-01-03,2\n,,3\n甲,2023-01-02,4\n丙,,5\n");
        let facet = async |column: &str, filters: &[Filter], most: usize| {
            let found = columns.facet(column, filters, most).await.unwrap();
            found.into_iter().map(|facet| (facet.value.unwrap_or_default(), facet.count)).collect::<Vec<_>>()
        };
        let shown = |found: &[(&str, u64)]| {
            found.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect::<Vec<_>>()
        };
        assert_eq!(facet("单位", &[], 9).await, shown(&[("甲", 2), ("丙", 1), ("乙", 1), ("", 1)]));
        assert_eq!(facet("单位", &[], 2).await, shown(&[("甲", 2), ("丙", 1)]));
        assert_eq!(facet("日期", &[], 9).await, shown(&[("2023-01-02", 2), ("", 2), ("2023-01-03", 1)]));
        let dear = [Filter::AtLeast(String::from("金额"), String::from("3"))];
        assert_eq!(facet("单位", &dear, 9).await, shown(&[("丙", 1), ("甲", 1), ("", 1)]));
    }

    #[tokio::test]
    async fn what_a_person_typed_is_a_value_and_never_part_of_the_query() {
        let (_folder, columns) = columns(BIDS);
        let hostile = "x' or '1' = '1";
        let filters = [Filter::Is(String::from("投标人"), Some(hostile.to_owned()))];
        assert_eq!(columns.count(&filters).await.unwrap(), 0);
        let filters = [Filter::Contains(String::from("投标人\" or true --"), String::from("x"))];
        assert!(columns.count(&filters).await.unwrap_err().to_string().contains("没有名为"));
    }

    #[tokio::test]
    async fn concentration_is_the_sum_of_squared_shares() {
        let (_folder, columns) = columns("单位,金额\n甲,60\n甲,20\n乙,20\n");
        let found = columns.concentration("单位", Some("金额"), 10).await.unwrap();
        assert_eq!((found.parts, found.shares[0].name.as_str()), (2, "甲"));
        assert!((found.index - (0.64 + 0.04)).abs() < 1e-12, "{}", found.index);
    }

    #[tokio::test]
    async fn columns_stand_as_the_fields_of_a_table() {
        let (_folder, columns) = columns(BIDS);
        let library = crate::library::built_in().unwrap();
        let table = &library.domain("bidding").unwrap().tables["bids"];
        let headings: Vec<String> = columns.kept.iter().map(|kept| kept.name.clone()).collect();
        let mapping = crate::load::propose(table, &headings);
        let fields = columns.fields(table, &mapping);
        let sql = format!(
            "with bids as (select {fields} from data) select tender, bid, winner from bids order by bid"
        );
        let rows = columns.ask(sql).await.unwrap();
        assert_eq!(rows[0], [Cell::Text(String::from("T1")), Cell::Integer(10_050), Cell::Flag(true)]);
    }
}
