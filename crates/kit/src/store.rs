//! Finding and storing records, always within what the actor may see and never over a newer version.
//!
//! There are more than a hundred kinds of records. What is compiled for each of them is short: which columns it has,
//! what stands in them, and how it is read from a row. All that is longer works on these, once for all kinds.

use std::any::{Any, TypeId};

use db::{DatabaseExecutor, QueryResult, Sql};
use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait as _, EntityName as _, EntityTrait, FromQueryResult as _, IdenStatic as _, Iterable as _,
    ModelTrait, Value,
};
use uuid::Uuid;

use crate::{Actor, Cx, Error, Pred, Refusal, Result, WriteCx, cx::Change, held::Kept};

/// A column's name and what stands in it.
pub(crate) type Cell = (&'static str, Value);

/// What stands in all columns of a record.
pub(crate) fn cells<M: ModelTrait>(record: &M) -> Vec<Cell> {
    <M::Entity as EntityTrait>::Column::iter().map(|column| (column.as_str(), record.get(column))).collect()
}

/// What stands in the column of that name of a record.
pub(crate) fn value<M: ModelTrait>(record: &M, name: &str) -> Option<Value> {
    let column = <M::Entity as EntityTrait>::Column::iter().find(|column| column.as_str() == name)?;
    Some(record.get(column))
}

fn columns<E: EntityTrait>() -> Vec<&'static str> {
    E::Column::iter().map(|column| column.as_str()).collect()
}

/// Where the records of one kind are, and what is read of them.
struct Source {
    kind: TypeId,
    table: &'static str,
    columns: Vec<&'static str>,
}

impl Source {
    fn of<E: EntityTrait<Model: 'static>>() -> Self {
        Self { kind: TypeId::of::<E::Model>(), table: E::default().table_name(), columns: columns::<E>() }
    }

    /// `select … from … where ` with the condition.
    fn select(&self, condition: &Pred) -> Sql {
        let mut sql = Sql::new("select ");
        write_names(&self.columns, &mut sql);
        sql.push(" from \"").push(self.table).push("\" where ");
        condition.write("", &mut sql);
        sql
    }
}

/// Names of columns, with commas between them. A column may be called like a word of the language.
fn write_names(names: &[&'static str], sql: &mut Sql) {
    for (place, name) in names.iter().enumerate() {
        sql.push(if place == 0 { "\"" } else { ", \"" }).push(name).push("\"");
    }
}

/// A record before it is known which kind it is.
enum Found {
    /// It waits to be stored.
    Waiting(Box<dyn Any + Send>),
    /// It was read.
    Stored(QueryResult),
}

/// The record `id`, if it is within `visible`; otherwise the same "not found" as for what does not exist.
pub async fn find<E: EntityTrait<Model: 'static>>(
    cx: &Cx,
    id: impl Into<Uuid>,
    visible: &Pred,
) -> Result<E::Model> {
    match look_up(cx, Source::of::<E>(), id.into(), visible).await? {
        Found::Stored(row) => Ok(E::Model::from_query_result(&row, "")?),
        Found::Waiting(record) => match record.downcast() {
            Ok(record) => Ok(*record),
            Err(_) => Err(Error::Fault(String::from("a record of another kind waits"))),
        },
    }
}

fn look_up<'a>(cx: &'a Cx, source: Source, id: Uuid, visible: &'a Pred) -> BoxFuture<'a, Result<Found>> {
    Box::pin(async move {
        let beyond = cx.actor.bars.beyond(source.table);
        if let Some(held) = &cx.held
            && let Some(record) = held.lock().await.get(source.kind, id)
        {
            let is_seen = record.fulfils(visible) && record.fulfils(&beyond);
            return if is_seen {
                Ok(Found::Waiting(record.copy()))
            } else {
                Err(Refusal::not_found().into())
            };
        }
        let condition = Pred::Is("id", id.into()).and(visible.clone()).and(beyond);
        cx.row(source.select(&condition)).await?.map(Found::Stored).ok_or_else(|| Refusal::not_found().into())
    })
}

/// What the actor can see of `E`'s table: `visible` without what the actor is barred from. Every
/// statement that shows rows is limited by it, never by `visible` alone.
pub fn scope<E: EntityTrait + Default>(actor: &Actor, visible: Pred) -> Pred {
    visible.and(actor.bars.beyond(E::default().table_name()))
}

/// All records that fulfil `condition`; the caller says how few they are.
pub async fn all<E: EntityTrait<Model: 'static>>(cx: &Cx, condition: &Pred) -> Result<Vec<E::Model>> {
    cx.all(Source::of::<E>().select(condition)).await
}

/// A record as it was and as it shall be.
struct Edit {
    kind: TypeId,
    table: &'static str,
    id: Value,
    version: i64,
    /// What is written: what differs, the version among it. Writing the id as well, though it stays, makes SQLite look
    /// for rows that refer to it, in every table that does and through the whole of those that have no index for it.
    differing: Vec<Cell>,
    changes: Vec<Change>,
}

impl Edit {
    /// Counts the version of `after` up and compares it with `before`.
    fn between<M: ModelTrait + 'static>(before: &M, after: &mut M) -> Result<Self> {
        let before = cells(before);
        let Some(Value::BigInt(Some(version))) = cell(&before, "version").cloned() else {
            return Err(Error::Fault(String::from("a record without version")));
        };
        let column = <M::Entity as EntityTrait>::Column::iter().find(|column| column.as_str() == "version");
        if let Some(column) = column {
            after.set(column, Value::BigInt(Some(version + 1)));
        }
        let (kind, table) = (TypeId::of::<M>(), M::Entity::default().table_name());
        Ok(Self::of(kind, table, version, &before, cells(after)))
    }

    fn of(kind: TypeId, table: &'static str, version: i64, before: &[Cell], after: Vec<Cell>) -> Self {
        let id = cell(before, "id").cloned().unwrap_or(Value::Uuid(None));
        let mut differing = after;
        differing.retain(|(name, value)| cell(before, name) != Some(value));
        let changes = changes(before, &differing);
        Self { kind, table, id, version, differing, changes }
    }

    fn statement(&self) -> Sql {
        let mut sql = Sql::new("update \"");
        sql.push(self.table).push("\" set ");
        for (place, (name, value)) in self.differing.iter().enumerate() {
            sql.push(if place == 0 { "\"" } else { ", \"" }).push(name).push("\" = ").bind(value.clone());
        }
        sql.push(" where id = ").bind(self.id.clone()).push(" and version = ").bind(self.version);
        sql
    }
}

/// What stands in the column of that name.
fn cell<'a>(cells: &'a [Cell], name: &str) -> Option<&'a Value> {
    cells.iter().find(|(held, _)| *held == name).map(|(_, value)| value)
}

impl WriteCx {
    /// Stores a new record.
    pub async fn insert<M: ModelTrait + 'static>(&mut self, record: M) -> Result<()> {
        self.insert_kept(Box::new(record)).await
    }

    fn insert_kept(&mut self, record: Box<dyn Kept>) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            if let Some(held) = &self.held {
                let mut held = held.lock().await;
                if held.holds_back()
                    && let Some(id) = record.id()
                {
                    held.put(id, record);
                    return Ok(());
                }
            }
            let on = self.db().await?;
            store_all(record.table(), &mut std::iter::once(record.cells()), &on).await
        })
    }

    /// Stores many new records, a few hundred to a statement.
    pub async fn insert_all<M: ModelTrait>(&mut self, records: Vec<M>) -> Result<()> {
        let mut rows = records.into_iter().map(|record| cells(&record));
        let table = M::Entity::default().table_name();
        let on = self.db().await?;
        store_all(table, &mut rows, &on).await
    }

    /// Stores `after` in place of `before` if nobody changed the record meanwhile, with its version
    /// counted up, and answers which fields changed.
    ///
    /// # Errors
    /// A [`Refusal::stale`] when the stored version is not the one of `before`.
    pub async fn update<M: ModelTrait + 'static>(&mut self, before: &M, mut after: M) -> Result<Vec<Change>> {
        let edit = Edit::between(before, &mut after)?;
        self.store_edit(edit, Box::new(after)).await
    }

    fn store_edit(&mut self, edit: Edit, after: Box<dyn Kept>) -> BoxFuture<'_, Result<Vec<Change>>> {
        Box::pin(async move {
            if let (Some(held), Value::Uuid(Some(id))) = (&self.held, &edit.id) {
                let mut held = held.lock().await;
                if held.get(edit.kind, *id).is_some_and(|stored| stored.version() != Some(edit.version)) {
                    return Err(Refusal::stale().into());
                }
                if held.replace(edit.kind, *id, after) {
                    return Ok(edit.changes);
                }
            }
            if self.execute(edit.statement()).await? == 0 {
                return Err(Refusal::stale().into());
            }
            Ok(edit.changes)
        })
    }
}

/// Stores many new records of one table, a few hundred to a statement.
pub(crate) fn store_all<'a>(
    table: &'static str,
    rows: &'a mut (dyn Iterator<Item = Vec<Cell>> + Send),
    on: &'a DatabaseExecutor<'_>,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        while let Some(first) = rows.next() {
            let names: Vec<&'static str> = first.iter().map(|(name, _)| *name).collect();
            let mut sql = Sql::new("insert into \"");
            sql.push(table).push("\" (");
            write_names(&names, &mut sql);
            sql.push(") values ").bind_list(first.into_iter().map(|(_, value)| value));
            // SQLite takes 32,766 bound values to a statement.
            let size = (30_000 / names.len().max(1)).clamp(1, 500);
            for row in rows.take(size - 1) {
                sql.push(", ").bind_list(row.into_iter().map(|(_, value)| value));
            }
            on.execute_raw(sql.statement(on.get_database_backend())).await?;
        }
        Ok(())
    })
}

/// Which fields differ between two versions; sealed fields only say that they do.
fn changes(before: &[Cell], differing: &[Cell]) -> Vec<Change> {
    let changed = differing.iter().filter(|(name, _)| *name != "version");
    let change = |(name, after): &Cell| {
        let text =
            |value: &Value| if name.ends_with("_sealed") { String::from("(密封)") } else { plain(value) };
        Change {
            field: (*name).to_owned(),
            before: cell(before, name).map(text).unwrap_or_default(),
            after: text(after),
        }
    };
    changed.map(change).collect()
}

/// A value as plain text, without quotation marks.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone().unwrap_or_default(),
        Value::BigInt(Some(number)) => number.to_string(),
        Value::Int(Some(number)) => number.to_string(),
        Value::Bool(Some(flag)) => String::from(if *flag { "是" } else { "否" }),
        Value::ChronoDate(Some(day)) => day.to_string(),
        Value::ChronoDateTimeUtc(Some(at)) => crate::clock::office_time(*at),
        Value::Uuid(Some(id)) => id.to_string(),
        _ => String::new(),
    }
}
