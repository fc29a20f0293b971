//! The one list: columns, filters, order, pages, total, for pages, exports, the API and related
//! records alike. Everything a person chose stands in the address.

use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbBackend, QueryResult, Sql, Value};
use uuid::Uuid;

use crate::{
    Actor, Choice, Cx, Pred, Refusal, Result, Shown,
    by_unit::{self, Reading},
    clock::parse_day,
    dictionary,
    lookup::contains,
    search::{self, Sought},
    shown::{self, Alarms},
    units::{Area, Fen, parse_decimal},
};

/// Rows on a page when nothing else was chosen.
pub const PAGE: u64 = 50;
/// Totals beyond this are shown as "more than": counting a million rows for every page would cost
/// more than the page.
pub const COUNT_CAP: i64 = 10_000;
/// Rows read at once when all rows of a list are wanted.
const AT_ONCE: i64 = 5_000;
/// Cells of a page that is kept.
const CELLS_KEPT: usize = 1_000;
/// Values of one column whose rows are merged; more are rare and would make the statement long.
const MERGED_AT_MOST: usize = 8;

/// What a column holds, which decides how it is read, filtered and shown.
#[derive(Clone, Copy, Debug)]
pub enum ColumnKind {
    /// Text; filtered by containing.
    Text,
    /// Text that the full-text index of the list's noun holds; filtered through it.
    Indexed,
    /// A value of an enumeration.
    Choice(&'static [Choice]),
    /// A value of a dictionary.
    Dict(&'static str),
    /// A day.
    Date,
    /// A deadline: shown with its alarm unless the second expression says it is over.
    Clock {
        /// SQL that is true when the deadline no longer matters.
        over: &'static str,
    },
    /// An instant.
    Instant,
    /// A whole number.
    Integer,
    /// Money in fen.
    Money,
    /// Area in square centimetres.
    Area,
    /// Yes or no.
    Flag,
    /// Another record: `sql` gives its id, `label` its title.
    Reference {
        /// Noun of the other record.
        noun: &'static str,
        /// SQL for its title.
        label: &'static str,
    },
}

/// One column of a list.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in addresses and JSON.
    pub key: &'static str,
    /// Chinese heading.
    pub label: &'static str,
    /// SQL expression.
    pub sql: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether rows can be ordered by it (needs an index).
    pub sortable: bool,
    /// Whether the expression may be null.
    pub nullable: bool,
    /// Whether it is shown unless chosen otherwise.
    pub shown: bool,
    /// Whether it links to the record.
    pub opens: bool,
    /// Style class of the heading.
    pub width: &'static str,
    /// Keys of the orders in which an index lists the rows that have one value of this column.
    pub orders: &'static [&'static str],
    /// For whom it exists; for everybody when none. For others it is as if there were no such column.
    pub only: Option<fn(&Actor) -> bool>,
    /// Whether its words are in the full-text index, where words find the record even for those for whom the column
    /// does not exist.
    pub in_index: bool,
}

impl Column {
    /// A column of `kind`.
    pub const fn new(key: &'static str, label: &'static str, sql: &'static str, kind: ColumnKind) -> Self {
        Self {
            key,
            label,
            sql,
            kind,
            sortable: false,
            nullable: true,
            shown: true,
            opens: false,
            width: "",
            orders: &[],
            only: None,
            in_index: false,
        }
    }

    /// Text.
    pub const fn text(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, sql, ColumnKind::Text)
    }

    /// The title: text in the full-text index, opening the record.
    pub const fn title(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        let mut column = Self::new(key, label, sql, ColumnKind::Indexed);
        column.opens = true;
        column.width = "col-wide";
        column
    }

    /// The number: text that opens the record and orders the list.
    pub const fn number(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        let mut column = Self::new(key, label, sql, ColumnKind::Text);
        column.sortable = true;
        column.nullable = false;
        column.width = "col-number";
        column
    }

    /// A value of an enumeration.
    pub const fn choice(
        key: &'static str,
        label: &'static str,
        sql: &'static str,
        choices: &'static [Choice],
    ) -> Self {
        Self::new(key, label, sql, ColumnKind::Choice(choices))
    }

    /// A value of a dictionary.
    pub const fn dict(key: &'static str, label: &'static str, sql: &'static str, kind: &'static str) -> Self {
        Self::new(key, label, sql, ColumnKind::Dict(kind))
    }

    /// A day.
    pub const fn date(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        let mut column = Self::new(key, label, sql, ColumnKind::Date);
        column.width = "col-date";
        column
    }

    /// A deadline; `over` is SQL that is true when it no longer matters.
    pub const fn clock(
        key: &'static str,
        label: &'static str,
        sql: &'static str,
        over: &'static str,
    ) -> Self {
        let mut column = Self::new(key, label, sql, ColumnKind::Clock { over });
        column.width = "col-date";
        column
    }

    /// Another record.
    pub const fn reference(
        key: &'static str,
        label: &'static str,
        sql: &'static str,
        title: &'static str,
        noun: &'static str,
    ) -> Self {
        Self::new(key, label, sql, ColumnKind::Reference { noun, label: title })
    }

    /// A whole number.
    pub const fn integer(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, sql, ColumnKind::Integer)
    }

    /// Money in fen.
    pub const fn money(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, sql, ColumnKind::Money)
    }

    /// Area in square centimetres.
    pub const fn area(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, sql, ColumnKind::Area)
    }

    /// Yes or no.
    pub const fn flag(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, sql, ColumnKind::Flag)
    }

    /// An instant.
    pub const fn instant(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::new(key, label, sql, ColumnKind::Instant)
    }

    /// Rows can be ordered by it.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// An index (this column, order, id) exists for each of these orders.
    #[must_use]
    pub const fn indexed_by(mut self, orders: &'static [&'static str]) -> Self {
        self.orders = orders;
        self
    }

    /// Never null: ordering by it then walks an index from any place.
    #[must_use]
    pub const fn filled(mut self) -> Self {
        self.nullable = false;
        self
    }

    /// Not shown unless chosen.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.shown = false;
        self
    }

    /// Links to the record.
    #[must_use]
    pub const fn opens(mut self) -> Self {
        self.opens = true;
        self
    }

    /// Exists only for actors who fulfil `whom`.
    #[must_use]
    pub const fn only(mut self, whom: fn(&Actor) -> bool) -> Self {
        self.only = Some(whom);
        self
    }

    /// Its words are in the full-text index: for whom it does not exist, words are looked for in the other columns.
    #[must_use]
    pub const fn in_index(mut self) -> Self {
        self.in_index = true;
        self
    }

    /// Whether it exists for `actor`.
    pub fn open_to(&self, actor: &Actor) -> bool {
        self.only.is_none_or(|whom| whom(actor))
    }

    fn is_number(&self) -> bool {
        matches!(self.kind, ColumnKind::Integer | ColumnKind::Money | ColumnKind::Area)
    }
}

/// A list: where its rows come from and what it can show.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// `problem p left join organisation o on o.id = p.organisation_id`. A join that drops no row is an outer one: where
    /// nothing of it is asked for it is left out, and the database cannot begin with it.
    pub from: &'static str,
    /// The alias of the noun's own table in `from`.
    pub alias: &'static str,
    /// SQL for the title by which a record is called.
    pub title: &'static str,
    /// SQL for its number, when it has one.
    pub number: Option<&'static str>,
    /// The columns in their order.
    pub columns: &'static [Column],
    /// Key of the column that orders the list at first; `-key` for newest first.
    pub order: &'static str,
}

impl Table {
    /// The column named `key`.
    pub fn column(&self, key: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.key == key)
    }

    /// The column named `key`, when it exists for `actor`.
    pub fn column_for(&self, key: &str, actor: &Actor) -> Option<&'static Column> {
        self.column(key).filter(|column| column.open_to(actor))
    }

    /// SQL for the text in which words of `actor` are looked for; nothing for whom the full-text index tells nothing but
    /// what he may read.
    pub(crate) fn text_for(&self, actor: &Actor) -> Option<String> {
        self.columns.iter().find(|column| column.in_index && !column.open_to(actor))?;
        let is_text = |column: &&Column| matches!(column.kind, ColumnKind::Text | ColumnKind::Indexed);
        let open = self.columns.iter().filter(is_text).filter(|column| column.open_to(actor));
        let texts: Vec<String> = open.map(|column| format!("coalesce({}, '')", column.sql)).collect();
        Some(format!("({})", texts.join(" || ' ' || ")))
    }
}

/// One condition a person set on a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// The text occurs.
    Contains(String),
    /// One of these codes or ids.
    OneOf(Vec<String>),
    /// A day between two, either open.
    Days(Option<NaiveDate>, Option<NaiveDate>),
    /// A number between two, either open.
    Numbers(Option<i64>, Option<i64>),
    /// Yes or no.
    Flag(bool),
    /// Empty or filled.
    Empty(bool),
}

/// What a person asked of a list.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Conditions by column key.
    pub filters: Vec<(&'static Column, Filter)>,
    /// Words to find anywhere in the record.
    pub words: String,
    /// Order: column and whether downwards.
    pub order: (&'static Column, bool),
    /// Rows on a page.
    pub size: u64,
    /// Chosen columns; empty for the usual ones.
    pub columns: Vec<&'static Column>,
    /// Start after this row.
    pub after: Option<Cursor>,
    /// End before this row.
    pub before: Option<Cursor>,
    /// Number of the page, for showing only.
    pub page: u64,
}

/// A place in an ordered list.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    value: Option<Value>,
    id: Uuid,
}

fn nonsense(what: &str) -> crate::Error {
    Refusal::bad_request(format!("地址中的{what}不正确，请从列表页重新选择。")).into()
}

impl Ask {
    /// The usual first page of `table`.
    pub fn usual(table: &Table) -> Result<Self> {
        Ok(Self {
            filters: Vec::new(),
            words: String::new(),
            order: order(|key| table.column(key), table.order)?,
            size: PAGE,
            columns: Vec::new(),
            after: None,
            before: None,
            page: 1,
        })
    }

    /// Reads the query of an address, as far as its columns exist for `actor`.
    ///
    /// # Errors
    /// A refusal for anything that makes no sense: unknown columns or values, sizes outside 1 to 200.
    pub fn parse(table: &Table, actor: &Actor, pairs: &[(String, String)]) -> Result<Self> {
        let mut ask = Self::usual(table)?;
        let column = |key: &str| table.column_for(key, actor);
        let mut cursors = (None, None);
        for (name, value) in pairs {
            if value.chars().any(|c| c == '\0') || value.len() > 4_000 {
                return Err(nonsense("筛选内容"));
            }
            match name.as_str() {
                "q" => value.trim().clone_into(&mut ask.words),
                "sort" if !value.is_empty() => ask.order = order(column, value)?,
                "size" if !value.is_empty() => {
                    ask.size =
                        value.parse().ok().filter(|size| (1..=200).contains(size)).ok_or_else(|| {
                            crate::Error::from(Refusal::bad_request("每页条数应在 1 到 200 之间。"))
                        })?;
                }
                "page" => {
                    ask.page =
                        value.parse().ok().filter(|page| *page >= 1).ok_or_else(|| nonsense("页码"))?;
                }
                "after" => cursors.0 = Some(value),
                "before" => cursors.1 = Some(value),
                "col" => ask.columns.push(column(value).ok_or_else(|| nonsense("列名"))?),
                name => {
                    if let Some(key) = name.strip_prefix("f.") {
                        ask.take_filter(column, key, value)?;
                    }
                }
            }
        }
        ask.after = cursors.0.map(|text| Cursor::parse(ask.order.0, text)).transpose()?;
        ask.before = cursors.1.map(|text| Cursor::parse(ask.order.0, text)).transpose()?;
        Ok(ask)
    }

    fn take_filter(
        &mut self,
        column: impl Fn(&str) -> Option<&'static Column>,
        key: &str,
        value: &str,
    ) -> Result<()> {
        let value = value.trim();
        let (name, part) = key.split_once('.').map_or((key, ""), |(name, part)| (name, part));
        let column = column(name).ok_or_else(|| nonsense("筛选列"))?;
        if value.is_empty() {
            return Ok(());
        }
        let filter = read_filter(column, part, value)?;
        match self.filters.iter_mut().find(|(held, _)| held.key == column.key) {
            Some((_, held)) => merge(held, filter),
            None => self.filters.push((column, filter)),
        }
        Ok(())
    }

    /// Turns words set on references into the records they name, so that the list can use its index.
    pub async fn resolve(&mut self, cx: &Cx) -> Result<()> {
        for (column, filter) in &mut self.filters {
            if let (ColumnKind::Reference { noun, .. }, Filter::Contains(text)) = (column.kind, &*filter) {
                let found = crate::lookup::options(cx, noun, text, 300).await?;
                *filter = Filter::OneOf(found.into_iter().map(|(id, _)| id.to_string()).collect());
            }
        }
        Ok(())
    }

    /// Adds a condition by program: a code, an id, a flag.
    #[must_use]
    pub fn with(mut self, column: &'static Column, filter: Filter) -> Self {
        self.filters.push((column, filter));
        self
    }
}

fn order(column: impl Fn(&str) -> Option<&'static Column>, text: &str) -> Result<(&'static Column, bool)> {
    let (key, down) = text.strip_prefix('-').map_or((text, false), |key| (key, true));
    let column = column(key).filter(|column| column.sortable).ok_or_else(|| nonsense("排序列"))?;
    Ok((column, down))
}

fn read_filter(column: &Column, part: &str, value: &str) -> Result<Filter> {
    if part == "empty" {
        return Ok(Filter::Empty(value == "1"));
    }
    let bad = || nonsense(&format!("“{}”筛选值", column.label));
    match column.kind {
        ColumnKind::Text | ColumnKind::Indexed => Ok(Filter::Contains(value.to_owned())),
        ColumnKind::Choice(choices) => choices
            .iter()
            .any(|choice| choice.code == value)
            .then(|| Filter::OneOf(vec![value.to_owned()]))
            .ok_or_else(bad),
        ColumnKind::Dict(_) => Ok(Filter::OneOf(vec![value.to_owned()])),
        ColumnKind::Reference { .. } => Ok(match Uuid::parse_str(value) {
            Ok(id) => Filter::OneOf(vec![id.to_string()]),
            Err(_) => Filter::Contains(value.to_owned()),
        }),
        ColumnKind::Date | ColumnKind::Clock { .. } | ColumnKind::Instant => {
            let day = parse_day(value).ok_or_else(bad)?;
            Ok(match part {
                "from" => Filter::Days(Some(day), None),
                "to" => Filter::Days(None, Some(day)),
                _ => Filter::Days(Some(day), Some(day)),
            })
        }
        ColumnKind::Integer | ColumnKind::Money | ColumnKind::Area => {
            let per = match column.kind {
                ColumnKind::Money => 100,
                ColumnKind::Area => 10_000,
                _ => 1,
            };
            let number = parse_decimal(value, per).ok_or_else(bad)?;
            Ok(match part {
                "from" => Filter::Numbers(Some(number), None),
                "to" => Filter::Numbers(None, Some(number)),
                _ => Filter::Numbers(Some(number), Some(number)),
            })
        }
        ColumnKind::Flag => match value {
            "1" | "true" => Ok(Filter::Flag(true)),
            "0" | "false" => Ok(Filter::Flag(false)),
            _ => Err(bad()),
        },
    }
}

fn merge(held: &mut Filter, more: Filter) {
    match (held, more) {
        (Filter::OneOf(values), Filter::OneOf(more)) => values.extend(more),
        (Filter::Days(from, to), Filter::Days(more_from, more_to)) => {
            *from = more_from.or(*from);
            *to = more_to.or(*to);
        }
        (Filter::Numbers(from, to), Filter::Numbers(more_from, more_to)) => {
            *from = more_from.or(*from);
            *to = more_to.or(*to);
        }
        (held, more) => *held = more,
    }
}

impl Cursor {
    fn parse(column: &Column, text: &str) -> Result<Self> {
        let bad = || nonsense("翻页位置");
        let (id, value) = text.split_once('~').ok_or_else(bad)?;
        let id = Uuid::parse_str(id).map_err(|_| bad())?;
        if value == "null" {
            return Ok(Self { value: None, id });
        }
        let value = value.strip_prefix('=').ok_or_else(bad)?;
        let value = match column.kind {
            ColumnKind::Date | ColumnKind::Clock { .. } => parse_day(value).map(Value::from),
            ColumnKind::Instant => {
                DateTime::parse_from_rfc3339(value).ok().map(|at| Value::from(at.to_utc()))
            }
            ColumnKind::Integer | ColumnKind::Money | ColumnKind::Area => {
                value.parse::<i64>().ok().map(Value::from)
            }
            ColumnKind::Flag => Some(Value::from(value == "true")),
            ColumnKind::Reference { .. } => Uuid::parse_str(value).ok().map(Value::from),
            _ => Some(Value::from(value)),
        };
        Ok(Self { value: Some(value.ok_or_else(bad)?), id })
    }
}

/// A row of a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which record.
    pub id: Uuid,
    /// Its cells, in the order of the answer's columns.
    pub cells: Vec<Shown>,
    cursor: String,
}

/// The rows of one page.
#[derive(Clone, Debug)]
pub struct Page {
    rows: Vec<Row>,
    /// Whether more rows follow in the direction of reading.
    more: bool,
    /// The rows as markup, without and with a box to choose each.
    markup: [OnceLock<String>; 2],
}

impl Page {
    /// The rows as markup, drawn once: a page that is kept is asked for again and again. All that `draw` draws must
    /// follow from the page itself.
    pub(crate) fn markup(&self, selectable: bool, draw: impl FnOnce() -> String) -> &str {
        let [plain, choosable] = &self.markup;
        (if selectable { choosable } else { plain }).get_or_init(draw)
    }

    /// Whether the page may be kept: many or wide rows are read anew each time, so that what is kept
    /// stays within a few megabytes.
    pub(crate) fn is_small(&self) -> bool {
        self.rows.iter().map(|row| row.cells.len()).sum::<usize>() <= CELLS_KEPT
    }

    /// Leaves out the cells of columns that are not `kept`.
    pub(crate) fn keep_columns(&mut self, kept: &[bool]) {
        self.markup = Default::default();
        for row in &mut self.rows {
            let mut kept = kept.iter();
            row.cells.retain(|_| *kept.next().unwrap_or(&true));
        }
    }
}

impl Deref for Page {
    type Target = [Row];
    fn deref(&self) -> &[Row] {
        &self.rows
    }
}

/// What a list answers.
pub struct Answer {
    /// The columns shown.
    pub columns: Vec<&'static Column>,
    /// The rows of this page.
    pub rows: Arc<Page>,
    /// How many there are, at most [`COUNT_CAP`] + 1.
    pub total: i64,
    /// Where the next page begins, when there is one.
    pub next: Option<String>,
    /// Where the page before ends, when there is one.
    pub previous: Option<String>,
}

/// How a statement finds the rows of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As the database thinks best.
    Free,
    /// Along the index of the order, testing each row: cheap when many rows fit, while collecting and
    /// sorting all of them is not.
    Along,
}

/// How a statement knows the rows that hold the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    /// All that hold them are gathered first: as cheap as the words are rare.
    Gathered,
    /// The index is read row by row, and no further than rows are wanted: for counting up to a bound.
    Read,
    /// Each row of the list is looked up in the index: for lists of few rows.
    Tested,
    /// The first rows of the list are looked up in the index, and no others: for pages of words that many rows hold.
    Walked,
    /// They are not asked for.
    Left,
}

/// Rows at the front of a list that are looked up for a page before all that hold the words are gathered.
const WALKED: i64 = 2_000;
/// Lists of at most so many rows are looked up row by row.
const FEW: i64 = 200;

/// One question to a list: the parts of which every statement about it is made.
struct Question<'a> {
    backend: DbBackend,
    noun: &'a str,
    table: &'a Table,
    visible: &'a Pred,
    preset: &'a Pred,
    ask: &'a Ask,
    /// The units that the words name.
    readings: Vec<Reading>,
    sought: Sought,
}

impl<'a> Question<'a> {
    async fn of(
        cx: &Cx,
        (noun, table): (&'a str, &'a Table),
        (visible, preset): (&'a Pred, &'a Pred),
        ask: &'a Ask,
    ) -> Result<Self> {
        let readings = by_unit::readings(cx, noun, table, &ask.words).await?;
        let sought = Sought::of(table, &cx.actor);
        Ok(Self { backend: cx.conn().backend(), noun, table, visible, preset, ask, readings, sought })
    }

    /// Appends `from … where` with scope, a preset condition and what was asked. `only` narrows the
    /// filter of one column to one of its values; `said` are the expressions used besides.
    fn write_from_where(&self, (way, words): (Way, Words), only: Only<'_>, said: &[&str], sql: &mut Sql) {
        let (table, from) = (self.table, self.lean_from(said));
        if words == Words::Read {
            let id = format!("{}.id", table.alias);
            self.sought.write_found(sql, self.backend, (&from, &id), self.noun, &self.ask.words);
            sql.push(" and ");
        } else {
            sql.push(" from ").push(&from).push(" where ");
        }
        self.visible.write(table.alias, sql);
        if *self.preset != Pred::All {
            sql.push(" and ");
            self.preset.write(table.alias, sql);
        }
        if !self.ask.words.is_empty() {
            match words {
                Words::Gathered => {
                    sql.push(" and ");
                    self.write_words(sql);
                }
                Words::Tested => {
                    sql.push(" and ");
                    self.write_test(&format!("{}.id", table.alias), sql);
                }
                Words::Read | Words::Walked | Words::Left => {}
            }
        }
        for (column, filter) in &self.ask.filters {
            sql.push(" and ");
            match only.filter(|(narrowed, _)| narrowed.key == column.key) {
                Some((column, value)) => _ = sql.push(column.sql).push(" = ").bind(value),
                None => self.write_filter(way, column, filter, sql),
            }
        }
    }

    /// The list's tables without the outer joins that nothing said or asked needs. A database drops
    /// such joins by itself, but still reads rows for their keys where an index would have sufficed.
    fn lean_from(&self, said: &[&str]) -> String {
        let mut said: Vec<&str> = said.to_vec();
        if let Sought::Text(text) = &self.sought {
            said.push(text);
        }
        for (column, _) in &self.ask.filters {
            said.push(column.sql);
            if let ColumnKind::Reference { label, .. } = column.kind {
                said.push(label);
            }
        }
        let mut parts: Vec<&str> = self.table.from.split(" left join ").collect();
        for at in (1..parts.len()).rev() {
            let part = parts.get(at).copied().unwrap_or_default();
            let mut words = part.split_whitespace();
            let named = words.next().unwrap_or_default();
            // A table that is given no other name goes by its own.
            let alias = words.next().filter(|word| *word != "on").unwrap_or(named);
            let needed = part.contains(" join ") || said.iter().any(|text| mentions(text, alias));
            if needed { said.push(part) } else { _ = parts.remove(at) }
        }
        parts.join(" left join ")
    }

    /// Appends that a row's text holds the words, or that some of them name its unit and its text holds the others.
    fn write_words(&self, sql: &mut Sql) {
        if self.readings.is_empty() {
            return self.write_match(&self.ask.words, sql);
        }
        sql.push("(");
        self.write_match(&self.ask.words, sql);
        for reading in &self.readings {
            sql.push(" or (").push(self.table.alias).push(".organisation_id in ");
            sql.bind_list(reading.units.iter().copied());
            if !reading.rest.is_empty() {
                sql.push(" and ");
                self.write_match(&reading.rest, sql);
            }
            sql.push(")");
        }
        sql.push(")");
    }

    fn write_test(&self, id: &str, sql: &mut Sql) {
        search::write_test(sql, self.backend, id, self.noun, &self.ask.words);
    }

    fn write_match(&self, words: &str, sql: &mut Sql) {
        let id = format!("{}.id", self.table.alias);
        self.sought.write_match(sql, self.backend, (&id, self.noun), words);
    }

    fn write_filter(&self, way: Way, column: &Column, filter: &Filter, sql: &mut Sql) {
        // SQLite uses no index for an expression, and a plus makes one of a column without changing
        // it; PostgreSQL knows what a limit is worth and needs no hint.
        let hint = way == Way::Along
            && self.backend == DbBackend::Sqlite
            && !column.orders.contains(&self.ask.order.0.key);
        let value = |sql: &mut Sql| _ = sql.push(if hint { "+" } else { "" }).push(column.sql);
        match filter {
            Filter::Contains(text) => match column.kind {
                ColumnKind::Indexed => self.write_match(text, sql),
                ColumnKind::Reference { label, .. } => write_contains(label, text, sql),
                _ => write_contains(column.sql, text, sql),
            },
            Filter::OneOf(values) => {
                value(sql);
                sql.push(" in ");
                match column.kind {
                    ColumnKind::Reference { .. } => {
                        sql.bind_list(values.iter().filter_map(|value| Uuid::parse_str(value).ok()))
                    }
                    _ => sql.bind_list(values.iter().map(String::as_str)),
                };
            }
            Filter::Days(from, to) => write_days(column, *from, *to, sql),
            Filter::Numbers(from, to) => {
                value(sql);
                sql.push(" between ")
                    .bind(from.unwrap_or(i64::MIN))
                    .push(" and ")
                    .bind(to.unwrap_or(i64::MAX));
            }
            Filter::Flag(flag) => {
                value(sql);
                sql.push(" = ").bind(*flag);
            }
            Filter::Empty(empty) => {
                sql.push(column.sql).push(if *empty { " is null" } else { " is not null" });
            }
        }
    }

    /// The column whose several values are each listed by an index in the order asked for, so that
    /// their first rows can be merged instead of sorting all.
    fn merged(&self) -> Option<(&'static Column, &[String])> {
        self.ask.filters.iter().find_map(|(column, filter)| match filter {
            Filter::OneOf(values)
                if (2..=MERGED_AT_MOST).contains(&values.len())
                    && !matches!(column.kind, ColumnKind::Reference { .. })
                    && column.orders.contains(&self.ask.order.0.key) =>
            {
                Some((*column, values.as_slice()))
            }
            _ => None,
        })
    }

    /// Appends the ids of a page as `page_id`: only the noun's own columns are read and sorted, the
    /// wide rows are fetched for those that are shown. Several stretches or values are merged, each
    /// read from its own place in an index.
    fn write_ids(&self, place: &Place<'_>, (way, words): (Way, Words), sql: &mut Sql) {
        let sort = self.ask.order.0;
        if words == Words::Walked {
            return self.write_walked_ids(place, way, sql);
        }
        let way = (way, words);
        let stretches = Stretch::behind(place.behind, place.down, sort);
        let values: Vec<Only<'_>> = match self.merged() {
            Some((column, values)) => values.iter().map(|value| Some((column, value.as_str()))).collect(),
            None => vec![None],
        };
        if let ([only], [stretch]) = (values.as_slice(), stretches.as_slice()) {
            return self.write_some_ids(place, way, (*only, stretch), sql);
        }
        let branches = values.iter().flat_map(|only| stretches.iter().map(move |stretch| (*only, stretch)));
        sql.push("select page_id, place from (");
        for (at, branch) in branches.enumerate() {
            sql.push(if at == 0 { "" } else { " union all " }).push("select page_id, place from (");
            self.write_some_ids(place, way, branch, sql);
            sql.push(") ").push(&format!("branch{at}"));
        }
        sql.push(") merged");
        write_order("place", "page_id", sort, place.down, sql);
        sql.push(" limit ").bind(place.limit);
    }

    /// Appends those of the list's first rows that hold the words.
    fn write_walked_ids(&self, place: &Place<'_>, way: Way, sql: &mut Sql) {
        sql.push("select page_id, place from (");
        self.write_ids(&Place { limit: WALKED, ..*place }, (way, Words::Left), sql);
        sql.push(") walked where ");
        self.write_test("walked.page_id", sql);
        write_order("place", "page_id", self.ask.order.0, place.down, sql);
        sql.push(" limit ").bind(place.limit);
    }

    fn write_some_ids(
        &self,
        place: &Place<'_>,
        way: (Way, Words),
        (only, stretch): (Only<'_>, &Stretch<'_>),
        sql: &mut Sql,
    ) {
        let (table, sort) = (self.table, self.ask.order.0);
        let id = format!("{}.id", table.alias);
        sql.push("select ").push(&id).push(" as page_id, ").push(sort.sql).push(" as place");
        self.write_from_where(way, only, &[sort.sql], sql);
        stretch.write(sort.sql, &id, place.down, sql);
        write_order(sort.sql, &id, sort, place.down, sql);
        sql.push(" limit ").bind(place.limit);
    }

    /// The statement for the rows of a page with the cells of `columns`.
    fn page(&self, columns: &[&'static Column], place: &Place<'_>, way: (Way, Words)) -> Sql {
        let (table, sort) = (self.table, self.ask.order.0);
        let mut sql = Sql::default();
        write_select(table, columns, sort, &mut sql);
        sql.push(" from (");
        self.write_ids(place, way, &mut sql);
        // A cross join: SQLite keeps its order, so the page is read first and never looked up.
        sql.push(") picked cross join ").push(table.from).push(" where ");
        sql.push(table.alias).push(".id = picked.page_id");
        write_order(sort.sql, &format!("{}.id", table.alias), sort, place.down, &mut sql);
        sql
    }

    /// Whether the words can be looked for otherwise than by gathering all rows that hold them. PostgreSQL knows what a limit
    /// is worth, and where the words name a unit too no single index lists the rows.
    fn reads_index(&self) -> bool {
        self.backend == DbBackend::Sqlite
            && matches!(self.sought, Sought::Index)
            && self.readings.is_empty()
            && search::query(self.backend, &self.ask.words).is_some()
    }

    /// Whether what the actor sees is so little that each row of it can be looked up. Only asked where an index tells.
    async fn has_few_rows(&self, cx: &Cx) -> Result<bool> {
        if *self.visible == Pred::All || *self.preset != Pred::All || !self.ask.filters.is_empty() {
            return Ok(false);
        }
        Ok(self.count(cx, Words::Left, FEW + 1).await? <= FEW)
    }

    /// How the rows of a list are known to hold the words: for counting, and for a page of so many rows.
    async fn words(&self, cx: &Cx) -> Result<(Words, Words)> {
        Ok(match self.reads_index() {
            false => (Words::Gathered, Words::Gathered),
            true if self.has_few_rows(cx).await? => (Words::Tested, Words::Tested),
            true => (Words::Read, Words::Gathered),
        })
    }

    async fn count_up_to(&self, cx: &Cx, cap: i64) -> Result<i64> {
        let (words, _) = self.words(cx).await?;
        self.count(cx, words, cap).await
    }

    async fn count(&self, cx: &Cx, words: Words, cap: i64) -> Result<i64> {
        let sql = self.counting(words, cap);
        Ok(*cx.app().remember(sql.key(), cx.number(sql)).await?)
    }

    fn counting(&self, words: Words, cap: i64) -> Sql {
        let mut sql = Sql::new("select count(*) from (select 1 as one");
        self.write_from_where((Way::Free, words), None, &[], &mut sql);
        sql.push(" limit ").bind(cap).push(") counted");
        sql
    }
}

/// Where a page begins, which way it goes and how long it is.
struct Place<'a> {
    behind: Option<&'a Cursor>,
    down: bool,
    limit: i64,
}

/// One value of a column to which its filter is narrowed.
type Only<'a> = Option<(&'static Column, &'a str)>;

/// A stretch of a list behind a place: one range of an index. Null counts as smallest on both
/// databases (`nulls first` upwards, `nulls last` downwards).
#[derive(Clone, Copy)]
enum Stretch<'a> {
    Whole,
    /// Behind this value and id.
    Beyond(&'a Value, Uuid),
    /// Without value, behind this id.
    EmptyBeyond(Uuid),
    /// Without value.
    Empty,
    /// With a value.
    Filled,
}

impl<'a> Stretch<'a> {
    fn behind(cursor: Option<&'a Cursor>, down: bool, sort: &Column) -> Vec<Self> {
        let Some(cursor) = cursor else { return vec![Self::Whole] };
        match &cursor.value {
            Some(value) if down && sort.nullable => vec![Self::Beyond(value, cursor.id), Self::Empty],
            Some(value) => vec![Self::Beyond(value, cursor.id)],
            None if down => vec![Self::EmptyBeyond(cursor.id)],
            None => vec![Self::EmptyBeyond(cursor.id), Self::Filled],
        }
    }

    fn write(self, sort: &str, id: &str, down: bool, sql: &mut Sql) {
        let sign = if down { " < " } else { " > " };
        match self {
            Self::Whole => {}
            Self::Beyond(value, after) => {
                sql.push(" and (").push(sort).push(", ").push(id).push(")").push(sign).push("(");
                sql.bind(value.clone()).push(", ").bind(after).push(")");
            }
            Self::EmptyBeyond(after) => {
                sql.push(" and ").push(sort).push(" is null and ").push(id).push(sign).bind(after);
            }
            Self::Empty => _ = sql.push(" and ").push(sort).push(" is null"),
            Self::Filled => _ = sql.push(" and ").push(sort).push(" is not null"),
        }
    }
}

/// Whether an expression uses a column of the table called `alias`.
fn mentions(expression: &str, alias: &str) -> bool {
    expression.match_indices(alias).any(|(at, _)| {
        let before = expression.get(..at).and_then(|text| text.chars().next_back());
        let behind = expression.get(at + alias.len()..).and_then(|text| text.chars().next());
        behind == Some('.') && !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.')
    })
}

/// The way to a page of a list with that many rows.
fn way(total: i64) -> Way {
    if total > COUNT_CAP { Way::Along } else { Way::Free }
}

/// Appends that the expression holds the text, in whichever case.
pub(crate) fn write_contains(expression: &str, text: &str, sql: &mut Sql) {
    sql.push("lower(").push(expression).push(") like ").bind(contains(text)).push(" escape '!'");
}

fn write_days(column: &Column, from: Option<NaiveDate>, to: Option<NaiveDate>, sql: &mut Sql) {
    sql.push("(");
    let mut first = true;
    if let Some(from) = from {
        sql.push(column.sql).push(" >= ");
        if matches!(column.kind, ColumnKind::Instant) {
            sql.bind(day_start(from))
        } else {
            sql.bind(from)
        };
        first = false;
    }
    if let Some(to) = to {
        if !first {
            sql.push(" and ");
        }
        sql.push(column.sql);
        match column.kind {
            ColumnKind::Instant => sql.push(" < ").bind(day_start(crate::clock::days_after(to, 1))),
            _ => sql.push(" <= ").bind(to),
        };
        first = false;
    }
    if first {
        sql.push("1 = 1");
    }
    sql.push(")");
}

/// The instant at which a calendar day begins at the office.
fn day_start(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(chrono::NaiveTime::MIN) - chrono::Duration::hours(8)).and_utc()
}

/// The columns that `ask` shows to `actor`, in the table's order.
pub fn columns_of(table: &Table, actor: &Actor, ask: &Ask) -> Vec<&'static Column> {
    let usual = ask.columns.is_empty();
    let chosen = |column: &Column| ask.columns.iter().any(|chosen| chosen.key == column.key);
    let asked = |column: &&Column| if usual { column.shown } else { chosen(column) };
    table.columns.iter().filter(asked).filter(|column| column.open_to(actor)).collect()
}

fn write_select(table: &Table, columns: &[&'static Column], sort: &Column, sql: &mut Sql) {
    sql.push("select ").push(table.alias).push(".id, ").push(sort.sql);
    for column in columns {
        sql.push(", ");
        match column.kind {
            ColumnKind::Reference { label, .. } => sql.push(column.sql).push(", ").push(label),
            ColumnKind::Clock { over } => {
                sql.push(column.sql).push(", case when ").push(over).push(" then 1 else 0 end")
            }
            _ => sql.push(column.sql),
        };
    }
}

fn write_order(value: &str, id: &str, sort: &Column, down: bool, sql: &mut Sql) {
    sql.push(" order by ").push(value).push(if down { " desc" } else { " asc" });
    if sort.nullable {
        sql.push(if down { " nulls last" } else { " nulls first" });
    }
    sql.push(", ").push(id).push(if down { " desc" } else { " asc" });
}

/// Runs a list: one statement for the page, and one for the total that is remembered while nothing changes.
pub async fn run(
    cx: &Cx,
    noun: &str,
    table: &Table,
    visible: &Pred,
    preset: &Pred,
    ask: &Ask,
) -> Result<Answer> {
    let question = Question::of(cx, (noun, table), (visible, preset), ask).await?;
    let total = question.count_up_to(cx, COUNT_CAP + 1).await?;
    let columns = columns_of(table, &cx.actor, ask);
    let backwards = ask.before.is_some();
    let place = Place {
        behind: ask.before.as_ref().or(ask.after.as_ref()),
        down: ask.order.1 != backwards,
        limit: i64::try_from(ask.size).unwrap_or(200) + 1,
    };
    let (_, words) = question.words(cx).await?;
    let statement = question.page(&columns, &place, (way(total), words));
    let walked = (question.reads_index() && way(total) == Way::Along)
        .then(|| question.page(&columns, &place, (Way::Along, Words::Walked)));
    // Alarms of deadlines depend on the day, and the markup's addresses on the noun.
    let key = format!("{noun}|{}|{}", cx.today(), statement.key());
    let size = usize::try_from(ask.size).unwrap_or(usize::MAX);
    let rows = cx
        .app()
        .page(key, async {
            let mut rows = match walked {
                Some(walked) => read_rows(cx, walked, &columns, ask.order.0).await?,
                None => Vec::new(),
            };
            if i64::try_from(rows.len()).unwrap_or(0) < place.limit {
                rows = read_rows(cx, statement, &columns, ask.order.0).await?;
            }
            let more = rows.len() > size;
            rows.truncate(size);
            if backwards {
                rows.reverse();
            }
            Ok(Page { rows, more, markup: Default::default() })
        })
        .await?;
    let cursor_of = |row: Option<&Row>| row.map(|row| row.cursor.clone());
    let has_next = backwards || rows.more;
    let has_previous = if backwards { rows.more } else { ask.after.is_some() };
    Ok(Answer {
        next: has_next.then(|| cursor_of(rows.last())).flatten(),
        previous: has_previous.then(|| cursor_of(rows.first())).flatten(),
        columns,
        rows,
        total,
    })
}

async fn read_rows(cx: &Cx, sql: Sql, columns: &[&'static Column], sort: &Column) -> Result<Vec<Row>> {
    let labels = labels(cx, columns).await?;
    let alarms = shown::alarms(cx).await?;
    cx.rows(sql).await?.iter().map(|row| read_row(row, columns, &labels, sort, &alarms)).collect()
}

/// For each column the labels of its dictionary, when it has one.
type Labels = Vec<Option<Arc<HashMap<String, String>>>>;

async fn labels(cx: &Cx, columns: &[&'static Column]) -> Result<Labels> {
    let mut labels = Vec::with_capacity(columns.len());
    for column in columns {
        labels.push(match column.kind {
            ColumnKind::Dict(kind) => Some(dictionary::labels(cx, kind).await?),
            _ => None,
        });
    }
    Ok(labels)
}

/// How many rows there are, at most one more than [`COUNT_CAP`].
pub async fn total(
    cx: &Cx,
    noun: &str,
    table: &Table,
    visible: &Pred,
    preset: &Pred,
    ask: &Ask,
) -> Result<i64> {
    total_up_to(cx, noun, table, visible, preset, ask, COUNT_CAP + 1).await
}

/// Exactly how many rows there are; asked for by a person, not by every page.
pub async fn exact_total(
    cx: &Cx,
    noun: &str,
    table: &Table,
    visible: &Pred,
    preset: &Pred,
    ask: &Ask,
) -> Result<i64> {
    total_up_to(cx, noun, table, visible, preset, ask, i64::MAX).await
}

/// How many rows there are; counting ends at `most`.
pub async fn total_up_to(
    cx: &Cx,
    noun: &str,
    table: &Table,
    visible: &Pred,
    preset: &Pred,
    ask: &Ask,
    most: i64,
) -> Result<i64> {
    Question::of(cx, (noun, table), (visible, preset), ask).await?.count_up_to(cx, most).await
}

/// Feeds every row to `take`, page by page, so that an export of any length stays small in memory.
pub async fn each(
    cx: &Cx,
    noun: &str,
    table: &Table,
    visible: &Pred,
    preset: &Pred,
    ask: &Ask,
    mut take: impl FnMut(&[&'static Column], &Row) -> Result<()>,
) -> Result<u64> {
    let question = Question::of(cx, (noun, table), (visible, preset), ask).await?;
    let (_, words) = question.words(cx).await?;
    let way = (way(question.count_up_to(cx, COUNT_CAP + 1).await?), words);
    let columns = columns_of(table, &cx.actor, ask);
    let (sort, down) = ask.order;
    let (mut behind, mut count) = (None::<Cursor>, 0u64);
    loop {
        let place = Place { behind: behind.as_ref(), down, limit: AT_ONCE };
        let rows = read_rows(cx, question.page(&columns, &place, way), &columns, sort).await?;
        for row in &rows {
            take(&columns, row)?;
        }
        count += rows.len() as u64;
        match rows.last() {
            Some(last) if i64::try_from(rows.len()) == Ok(AT_ONCE) => {
                behind = Some(Cursor::parse(sort, &last.cursor)?);
            }
            _ => return Ok(count),
        }
    }
}

fn read_row(
    row: &QueryResult,
    columns: &[&'static Column],
    labels: &Labels,
    sort: &Column,
    alarms: &Alarms,
) -> Result<Row> {
    let id: Uuid = row.try_get_by_index(0)?;
    let cursor = match sort_text(row, sort)? {
        Some(text) => format!("{id}~={text}"),
        None => format!("{id}~null"),
    };
    let mut at = 2;
    let mut cells = Vec::with_capacity(columns.len());
    for (column, labels) in columns.iter().zip(labels) {
        cells.push(read_cell(row, &mut at, column, labels.as_deref(), alarms)?);
    }
    Ok(Row { id, cells, cursor })
}

fn sort_text(row: &QueryResult, sort: &Column) -> Result<Option<String>> {
    Ok(match sort.kind {
        ColumnKind::Date | ColumnKind::Clock { .. } => {
            row.try_get_by_index::<Option<NaiveDate>>(1)?.map(|day| day.to_string())
        }
        ColumnKind::Instant => row
            .try_get_by_index::<Option<DateTime<Utc>>>(1)?
            .map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)),
        ColumnKind::Integer | ColumnKind::Money | ColumnKind::Area => {
            row.try_get_by_index::<Option<i64>>(1)?.map(|number| number.to_string())
        }
        ColumnKind::Flag => row.try_get_by_index::<Option<bool>>(1)?.map(|flag| flag.to_string()),
        ColumnKind::Reference { .. } => row.try_get_by_index::<Option<Uuid>>(1)?.map(|id| id.to_string()),
        _ => row.try_get_by_index::<Option<String>>(1)?,
    })
}

fn read_cell(
    row: &QueryResult,
    at: &mut usize,
    column: &Column,
    labels: Option<&HashMap<String, String>>,
    alarms: &Alarms,
) -> Result<Shown> {
    let here = *at;
    *at += 1;
    let shown = |text: Option<String>| text.map_or(Shown::Empty, Shown::text);
    Ok(match column.kind {
        ColumnKind::Text | ColumnKind::Indexed => shown(row.try_get_by_index(here)?),
        ColumnKind::Choice(choices) => {
            let code: Option<String> = row.try_get_by_index(here)?;
            match code.as_deref().and_then(|code| choices.iter().find(|choice| choice.code == code)) {
                Some(choice) => Shown::choice(*choice),
                None => shown(code),
            }
        }
        ColumnKind::Dict(_) => match row.try_get_by_index::<Option<String>>(here)? {
            Some(code) if !code.is_empty() => {
                let label = labels.and_then(|labels| labels.get(&code)).unwrap_or(&code).clone();
                Shown::Code { code, label, tone: None }
            }
            _ => Shown::Empty,
        },
        ColumnKind::Date => Shown::date(row.try_get_by_index(here)?),
        ColumnKind::Clock { .. } => {
            *at += 1;
            let over: i64 = row
                .try_get_by_index::<i32>(here + 1)
                .map(i64::from)
                .or_else(|_| row.try_get_by_index(here + 1))?;
            alarms.clock(row.try_get_by_index(here)?, over == 1)
        }
        ColumnKind::Instant => {
            row.try_get_by_index::<Option<DateTime<Utc>>>(here)?.map_or(Shown::Empty, Shown::Instant)
        }
        ColumnKind::Integer => {
            row.try_get_by_index::<Option<i64>>(here)?.map_or(Shown::Empty, Shown::Integer)
        }
        ColumnKind::Money => {
            row.try_get_by_index::<Option<i64>>(here)?.map_or(Shown::Empty, |fen| Shown::Money(Fen(fen)))
        }
        ColumnKind::Area => {
            row.try_get_by_index::<Option<i64>>(here)?.map_or(Shown::Empty, |area| Shown::Area(Area(area)))
        }
        ColumnKind::Flag => row.try_get_by_index::<Option<bool>>(here)?.map_or(Shown::Empty, Shown::Flag),
        ColumnKind::Reference { noun, .. } => {
            *at += 1;
            let id: Option<Uuid> = row.try_get_by_index(here)?;
            let label: Option<String> = row.try_get_by_index(here + 1)?;
            Shown::link(noun, id, label.unwrap_or_default())
        }
    })
}

/// Whether the heading and cells of a column stand right-aligned.
pub fn is_number(column: &Column) -> bool {
    column.is_number()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Table = Table {
        from: "t",
        alias: "t",
        title: "t.title",
        number: None,
        columns: &[
            Column::number("number", "编号", "t.number"),
            Column::date("on", "日期", "t.on_day").sortable(),
            Column::money("sum", "金额", "t.sum"),
            Column::date("secret_on", "保密日期", "t.secret_on").sortable().only(|_| false),
        ],
        order: "-number",
    };

    fn parse(pairs: &[(&str, &str)]) -> Result<Ask> {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Ask::parse(&TABLE, &Actor::program("test"), &pairs)
    }

    #[test]
    fn nonsense_in_an_address_is_refused_with_a_sentence() {
        for pairs in [
            [("size", "0")],
            [("size", "-1")],
            [("size", "9223372036854775808")],
            [("f.on", "2023-02-30")],
            [("f.on.from", "0000-01-01")],
            [("sort", "sum")],
            [("sort", "id;drop")],
            [("col", "nothing")],
            [("f.nothing", "1")],
            [("after", "x")],
            [("f.sum", "NaN")],
            [("f.secret_on", "2023-01-01")],
            [("sort", "secret_on")],
            [("col", "secret_on")],
        ] {
            assert!(matches!(parse(&pairs), Err(crate::Error::Refusal(_))), "{pairs:?}");
        }
    }

    #[test]
    fn both_ends_of_a_period_may_be_given_in_two_parts() {
        let ask = parse(&[("f.on.from", "2023-01-01"), ("f.on.to", "2023-12-31")]).unwrap();
        assert_eq!(ask.filters.len(), 1);
        assert!(matches!(ask.filters[0].1, Filter::Days(Some(_), Some(_))));
    }

    fn question_text(ask: &Ask, place: &Place<'_>, way: Way) -> String {
        with_question(ask, |question| {
            let mut sql = Sql::default();
            question.write_ids(place, (way, Words::Gathered), &mut sql);
            sql.text().to_owned()
        })
    }

    fn with_question<T>(ask: &Ask, work: impl FnOnce(&Question<'_>) -> T) -> T {
        let table = Table {
            from: "t left join a on a.id = t.a_id left join b on b.id = a.b_id left join c on c.id = t.c_id",
            ..TABLE
        };
        let question = Question {
            backend: DbBackend::Sqlite,
            noun: "t",
            table: &table,
            visible: &Pred::All,
            preset: &Pred::All,
            ask,
            readings: Vec::new(),
            sought: Sought::Index,
        };
        work(&question)
    }

    #[test]
    fn words_are_counted_along_the_index_and_a_page_tests_no_more_rows_than_it_walks() {
        let ask = parse(&[("q", "采购"), ("sort", "-number")]).unwrap();
        with_question(&ask, |question| {
            let counting = question.counting(Words::Read, 11).text().to_owned();
            assert!(counting.contains("from search_text cross join search_entry found_entry"), "{counting}");
            assert!(!counting.contains(" in (select"), "{counting}");
            let mut sql = Sql::default();
            question.write_ids(&FIRST, (Way::Along, Words::Walked), &mut sql);
            let text = sql.text();
            let (inner, outer) = text.split_once(") walked where exists (").unwrap();
            assert!(inner.contains("order by t.number desc") && inner.contains(" limit "), "{inner}");
            assert!(!inner.contains("search_text") && outer.contains("search_text match"), "{text}");
            assert!(outer.contains("order by place desc") && outer.contains(" limit "), "{outer}");
        });
    }

    const FIRST: Place<'static> = Place { behind: None, down: true, limit: 51 };

    #[test]
    fn ids_are_picked_without_the_joins_that_nothing_asked_needs() {
        static FAR: Column = Column::text("far", "远", "b.name");
        let ask = parse(&[("sort", "-number")]).unwrap();
        assert!(!question_text(&ask, &FIRST, Way::Free).contains("join"));
        let ask = ask.with(&FAR, Filter::Empty(false));
        let text = question_text(&ask, &FIRST, Way::Free);
        assert!(
            text.contains("left join a on") && text.contains("left join b on") && !text.contains("c on c.id"),
            "{text}"
        );
    }

    #[test]
    fn values_that_an_index_lists_in_order_are_merged_and_others_are_not() {
        static LISTED: Column =
            Column::new("state", "状态", "t.state", ColumnKind::Dict("state")).indexed_by(&["number"]);
        let two = Filter::OneOf(vec![String::from("a"), String::from("b")]);
        let ask = parse(&[("sort", "-number")]).unwrap().with(&LISTED, two.clone());
        assert_eq!(question_text(&ask, &FIRST, Way::Free).matches("union all").count(), 1);
        let ask = parse(&[("sort", "on")]).unwrap().with(&LISTED, two);
        let text = question_text(&ask, &FIRST, Way::Along);
        assert!(!text.contains("union all") && text.contains("+t.state in"));
    }

    #[test]
    fn behind_the_last_filled_row_the_empty_ones_follow_as_a_stretch_of_their_own() {
        let ask =
            parse(&[("sort", "-on"), ("after", "00000000-0000-0000-0000-000000000001~=2023-05-01")]).unwrap();
        let place = Place { behind: ask.after.as_ref(), down: true, limit: 51 };
        let text = question_text(&ask, &place, Way::Free);
        assert!(text.contains("(t.on_day, t.id) < ($1, $2)") && text.contains("t.on_day is null"), "{text}");
    }

    #[test]
    fn a_place_in_the_list_survives_the_address() {
        let column = TABLE.column("on").unwrap();
        let cursor = Cursor::parse(column, "00000000-0000-0000-0000-000000000001~=2023-05-01").unwrap();
        assert_eq!(cursor.id, Uuid::from_u128(1));
        assert!(Cursor::parse(column, "00000000-0000-0000-0000-000000000001~=2023-02-30").is_err());
    }
}
