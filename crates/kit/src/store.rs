//! Finding and storing records, always within what the actor may see and never over a newer version.

use db::DatabaseExecutor;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, Condition, EntityTrait, ExprTrait as _, IntoActiveModel,
    Iterable as _, ModelTrait, QueryFilter as _, Value,
    sea_query::{Alias, Expr},
};
use uuid::Uuid;

use crate::{Actor, Cx, Pred, Refusal, Result, WriteCx, cx::Change, held};

impl Pred {
    /// The condition in SeaORM's form, for queries on one table.
    pub fn condition(&self) -> Condition {
        let column = |name: &'static str| Expr::col(Alias::new(name));
        match self {
            Self::All => Condition::all(),
            Self::Nothing => Condition::all().add(Expr::cust("1 = 0")),
            Self::And(preds) => preds.iter().fold(Condition::all(), |all, pred| all.add(pred.condition())),
            Self::Or(preds) => preds.iter().fold(Condition::any(), |any, pred| any.add(pred.condition())),
            Self::Is(name, value) => Condition::all().add(column(name).eq(value.clone())),
            Self::OneOf(name, values) => Condition::all().add(column(name).is_in(values.iter().cloned())),
            Self::Present(name) => Condition::all().add(column(name).is_not_null()),
            Self::Absent(name) => Condition::all().add(column(name).is_null()),
            Self::AtLeast(name, value) => Condition::all().add(column(name).gte(value.clone())),
            Self::AtMost(name, value) => Condition::all().add(column(name).lte(value.clone())),
            Self::Outside(name, values) => Condition::any()
                .add(column(name).is_null())
                .add(column(name).is_not_in(values.iter().cloned())),
        }
    }
}

/// The record `id`, if it is within `visible`; otherwise the same "not found" as for what does not exist.
pub async fn find<E: EntityTrait<Model: 'static>>(
    cx: &Cx,
    id: impl Into<Uuid>,
    visible: &Pred,
) -> Result<E::Model> {
    let id: Uuid = id.into();
    let beyond = cx.actor.bars.beyond(E::default().table_name());
    if let Some(record) = waiting::<E::Model>(cx, id).await {
        let is_seen = visible.holds(&record) && beyond.holds(&record);
        return if is_seen { Ok(record) } else { Err(Refusal::not_found().into()) };
    }
    let found = E::find()
        .filter(Expr::col(Alias::new("id")).eq(id))
        .filter(visible.condition())
        .filter(beyond.condition())
        .one(&cx.db().await?)
        .await?;
    found.ok_or_else(|| Refusal::not_found().into())
}

/// The record `id` when it waits to be stored.
async fn waiting<M: Clone + 'static>(cx: &Cx, id: Uuid) -> Option<M> {
    cx.held.as_ref()?.lock().await.get(id)
}

/// What the actor can see of `E`'s table: `visible` without what the actor is barred from. Every
/// statement that shows rows is limited by it, never by `visible` alone.
pub fn scope<E: EntityTrait + Default>(actor: &Actor, visible: Pred) -> Pred {
    visible.and(actor.bars.beyond(E::default().table_name()))
}

/// All records that fulfil `condition`; the caller says how few they are.
pub async fn all<E: EntityTrait>(cx: &Cx, condition: &Pred) -> Result<Vec<E::Model>> {
    Ok(E::find().filter(condition.condition()).all(&cx.db().await?).await?)
}

impl WriteCx {
    /// Stores a new record.
    pub async fn insert<M>(&mut self, record: M) -> Result<()>
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Clone + 'static,
        M::Entity: EntityTrait<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: Send,
    {
        if let (Some(held), Some(id)) = (&self.held, held::id_of(&record)) {
            let mut held = held.lock().await;
            if held.holds_back() {
                held.put(id, record);
                return Ok(());
            }
        }
        M::Entity::insert(record.into_active_model()).exec_without_returning(&self.db().await?).await?;
        Ok(())
    }

    /// Stores many new records, a few hundred to a statement.
    pub async fn insert_all<M, A>(&mut self, records: Vec<M>) -> Result<()>
    where
        M: ModelTrait + IntoActiveModel<A>,
        A: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
    {
        store_all(records, &self.db().await?).await
    }

    /// Stores `after` in place of `before` if nobody changed the record meanwhile, with its version
    /// counted up, and answers which fields changed.
    ///
    /// # Errors
    /// A [`Refusal::stale`] when the stored version is not the one of `before`.
    pub async fn update<M, A>(&mut self, before: &M, mut after: M) -> Result<Vec<Change>>
    where
        M: ModelTrait + IntoActiveModel<A> + Clone + 'static,
        A: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
    {
        let (id, version) = (column::<M>("id")?, column::<M>("version")?);
        let held = before.get(version);
        let Value::BigInt(Some(number)) = held else {
            return Err(crate::Error::Fault(String::from("a record without version")));
        };
        after.set(version, Value::BigInt(Some(number + 1)));
        let changes = changes(before, &after);
        if let (Some(held), Value::Uuid(Some(id))) = (&self.held, before.get(id)) {
            let mut held = held.lock().await;
            let stored = held.get::<M>(id);
            if stored.is_some_and(|stored| stored.get(version) != before.get(version)) {
                return Err(Refusal::stale().into());
            }
            if held.replace(id, &after) {
                return Ok(changes);
            }
        }
        // Only what differs is written. Writing the id as well, though it stays, makes SQLite look for rows that refer
        // to it, in every table that does and through the whole of those that have no index for it.
        let differing: Vec<_> = <M::Entity as EntityTrait>::Column::iter()
            .filter(|column| before.get(*column) != after.get(*column))
            .collect();
        let mut active = after.into_active_model();
        for column in differing {
            active.reset(column);
        }
        let outcome = M::Entity::update_many()
            .set(active)
            .filter(Expr::col(Alias::new("id")).eq(before.get(id)))
            .filter(Expr::col(Alias::new("version")).eq(number))
            .exec(&self.db().await?)
            .await?;
        if outcome.rows_affected == 0 {
            return Err(Refusal::stale().into());
        }
        Ok(changes)
    }
}

/// Stores many new records, a few hundred to a statement.
pub(crate) async fn store_all<M, A>(records: Vec<M>, on: &DatabaseExecutor<'_>) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
{
    let columns = <M::Entity as EntityTrait>::Column::iter().count().max(1);
    // SQLite takes 32,766 bound values to a statement.
    let size = (30_000 / columns).clamp(1, 500);
    let mut records = records.into_iter().peekable();
    while records.peek().is_some() {
        let chunk: Vec<A> = records.by_ref().take(size).map(IntoActiveModel::into_active_model).collect();
        M::Entity::insert_many(chunk).exec_without_returning(on).await?;
    }
    Ok(())
}

pub(crate) fn column<M: ModelTrait>(name: &str) -> Result<<M::Entity as EntityTrait>::Column> {
    use sea_orm::IdenStatic as _;
    <M::Entity as EntityTrait>::Column::iter()
        .find(|column| column.as_str() == name)
        .ok_or_else(|| crate::Error::Fault(format!("a record without {name}")))
}

/// Which fields differ between two versions; sealed fields only say that they do.
fn changes<M: ModelTrait>(before: &M, after: &M) -> Vec<Change> {
    use sea_orm::IdenStatic as _;
    <M::Entity as EntityTrait>::Column::iter()
        .filter(|column| column.as_str() != "version" && before.get(*column) != after.get(*column))
        .map(|column| {
            let sealed = column.as_str().ends_with("_sealed");
            let text = |value: Value| if sealed { String::from("(密封)") } else { plain(&value) };
            Change {
                field: column.as_str().to_owned(),
                before: text(before.get(column)),
                after: text(after.get(column)),
            }
        })
        .collect()
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
