//! What is carried into the database at once: rows by table, text for the index, events for the chronicle.

use db::{Sql, Value};
use kit::{Result, WriteCx};
use uuid::Uuid;

use super::chronicle::Event;

/// Values bound to one statement. Few enough for SQLite, which looks for each parameter among all of its
/// statement, and enough that round trips to a server do not count.
const BINDS: usize = 1_200;

/// Rows of one table, all with the same columns.
struct Rows {
    table: &'static str,
    columns: &'static [&'static str],
    values: Vec<Value>,
}

/// Rows, index texts and events waiting to be written.
#[derive(Default)]
pub(super) struct Cargo {
    tables: Vec<Rows>,
    texts: Vec<(&'static str, Uuid, String)>,
    /// What happened to the records.
    pub(super) events: Vec<Event>,
}

/// Adds a row: `row!(cargo, "table", { column: value, … })`. Tables are written in the order in which they were
/// first named, so a row may refer to rows of tables named before.
macro_rules! row {
    ($cargo:expr, $table:literal, { $($column:ident: $value:expr),* $(,)? }) => {
        $cargo.push($table, &[$(stringify!($column)),*], [$(db::Value::from($value)),*])
    };
}
pub(super) use row;

impl Cargo {
    /// Adds a row; see [`row!`].
    pub(super) fn push<const N: usize>(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        values: [Value; N],
    ) {
        match self.tables.iter_mut().find(|rows| rows.table == table && rows.columns == columns) {
            Some(rows) => rows.values.extend(values),
            None => self.tables.push(Rows { table, columns, values: values.into() }),
        }
    }

    /// Text by which a record is found.
    pub(super) fn find_by(&mut self, noun: &'static str, record: Uuid, text: String) {
        self.texts.push((noun, record, text));
    }

    /// Writes rows and index texts; the events are for the chronicle.
    pub(super) async fn unload(self, cx: &mut WriteCx) -> Result<Vec<Event>> {
        for rows in self.tables {
            rows.insert(cx).await?;
        }
        for (noun, record, text) in self.texts {
            cx.index(noun, record, text);
        }
        Ok(self.events)
    }
}

impl Rows {
    async fn insert(self, cx: &mut WriteCx) -> Result<()> {
        let width = self.columns.len().max(1);
        let chunk = (BINDS / width).max(1) * width;
        let head = format!("insert into {} ({}) values ", self.table, self.columns.join(", "));
        let mut values = self.values.into_iter().peekable();
        while values.peek().is_some() {
            let mut insert = Sql::new(&head);
            for (place, value) in values.by_ref().take(chunk).enumerate() {
                insert.push(match (place, place % width) {
                    (0, _) => "(",
                    (_, 0) => "), (",
                    _ => ", ",
                });
                insert.bind(value);
            }
            insert.push(")");
            cx.execute(insert).await?;
        }
        Ok(())
    }
}
