//! New records that a unit of work holds back, so that one statement stores some hundred of them.
//!
//! An import enters ten thousand records of one kind, says something about each a moment later and asks nobody else
//! meanwhile. One statement for each of these steps cost more than all that is computed between them. So the records
//! wait here; who looks for one of them finds it, who changes it changes it here, and every other statement first
//! stores whatever waits. What is stored is the same, in the same order.

use std::{any::Any, collections::HashMap};

use db::DatabaseExecutor;
use futures_util::future::BoxFuture;
use sea_orm::{ConnectionTrait as _, EntityName as _, EntityTrait, IntoActiveModel, ModelTrait, Value};
use uuid::Uuid;

use crate::{Pred, Result, store};

/// Records that wait are stored when there are so many of them.
const MOST_HELD: usize = 500;

/// What can be taken back begins here.
const BEGIN: &str = "savepoint step";
const BEGIN_AGAIN: &str = "release savepoint step; savepoint step";
const UNDO: &str = "rollback to savepoint step";

/// The records that wait, and where the step began that may still be taken back.
#[derive(Default)]
pub(crate) struct Held {
    /// Records wait. Without, only steps are kept here.
    holds_back: bool,
    batches: Vec<Box<dyn Batch>>,
    step: Step,
    /// The database knows a beginning.
    begun: bool,
    /// Some record could not be stored; which one, nobody can say.
    failed: bool,
}

/// Where the step at hand begins.
#[derive(Default)]
enum Step {
    /// Nowhere, or the database knows.
    #[default]
    Stored,
    /// Behind so many records of each batch, all of which wait.
    Behind(Vec<usize>),
}

impl Held {
    /// Whether storing failed since holding back began.
    pub(crate) fn failed(&self) -> bool {
        self.failed
    }

    /// From here on records wait.
    pub(crate) fn hold_back(&mut self) {
        self.holds_back = true;
    }

    /// Whether records wait.
    pub(crate) fn holds_back(&self) -> bool {
        self.holds_back
    }

    /// Lets a record wait behind those of its kind that came just before it.
    pub(crate) fn put<M>(&mut self, id: Uuid, record: M)
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Clone + 'static,
        M::Entity: EntityTrait<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: Send,
    {
        if let Some(batch) =
            self.batches.last_mut().and_then(|batch| batch.any().downcast_mut::<Waiting<M>>())
        {
            return batch.put(id, record);
        }
        let mut batch = Waiting::<M>::default();
        batch.put(id, record);
        self.batches.push(Box::new(batch));
    }

    /// The waiting record of that identity.
    pub(crate) fn get<M: Clone + 'static>(&mut self, id: Uuid) -> Option<M> {
        self.batches.iter_mut().find_map(|batch| {
            let batch = batch.any().downcast_mut::<Waiting<M>>()?;
            batch.records.get(*batch.places.get(&id)?).cloned()
        })
    }

    /// Whether a waiting record of `table` fulfils `pred`; nothing when none with that identity waits.
    pub(crate) fn fulfils(&self, table: &str, id: Uuid, pred: &Pred) -> Option<bool> {
        self.batches.iter().filter(|batch| batch.table() == table).find_map(|batch| batch.fulfils(id, pred))
    }

    /// Puts `record` in the place of the one that waits, when it came with the step at hand: an earlier one would
    /// stay changed if the step is taken back. Whether it did.
    pub(crate) fn replace<M: Clone + 'static>(&mut self, id: Uuid, record: &M) -> bool {
        let Self { batches, step, .. } = self;
        batches.iter_mut().enumerate().any(|(at, batch)| {
            let Some(batch) = batch.any().downcast_mut::<Waiting<M>>() else { return false };
            let Some(&place) = batch.places.get(&id) else { return false };
            if place < step.first_of(at) {
                return false;
            }
            let Some(held) = batch.records.get_mut(place) else { return false };
            held.clone_from(record);
            true
        })
    }

    /// Stores everything that waits, and tells the database where the step begins.
    pub(crate) async fn store(&mut self, on: &DatabaseExecutor<'_>) -> Result<()> {
        let outcome = self.store_all(on).await;
        self.failed |= outcome.is_err();
        outcome
    }

    async fn store_all(&mut self, on: &DatabaseExecutor<'_>) -> Result<()> {
        if let Step::Behind(lengths) = std::mem::take(&mut self.step) {
            for (batch, length) in self.batches.iter_mut().zip(lengths) {
                batch.store_first(length, on).await?;
            }
            self.tell_begin(on).await?;
        }
        for mut batch in std::mem::take(&mut self.batches) {
            batch.store_first(usize::MAX, on).await?;
        }
        Ok(())
    }

    async fn tell_begin(&mut self, on: &DatabaseExecutor<'_>) -> Result<()> {
        let begun = std::mem::replace(&mut self.begun, true);
        on.execute_unprepared(if begun { BEGIN_AGAIN } else { BEGIN }).await?;
        Ok(())
    }

    /// A step begins that may be taken back.
    pub(crate) async fn begin_step(&mut self, on: &DatabaseExecutor<'_>) -> Result<()> {
        if !self.holds_back {
            return self.tell_begin(on).await;
        }
        let lengths: Vec<usize> = self.batches.iter().map(|batch| batch.count()).collect();
        if lengths.iter().sum::<usize>() >= MOST_HELD {
            self.store(on).await?;
        }
        self.step = Step::Behind(self.batches.iter().map(|batch| batch.count()).collect());
        Ok(())
    }

    /// Takes back what was done since the step began.
    pub(crate) async fn undo_step(&mut self, on: &DatabaseExecutor<'_>) -> Result<()> {
        match &self.step {
            Step::Behind(lengths) => {
                self.batches.truncate(lengths.len());
                for (batch, length) in self.batches.iter_mut().zip(lengths) {
                    batch.cut(*length);
                }
            }
            Step::Stored => {
                self.batches.clear();
                on.execute_unprepared(UNDO).await?;
            }
        }
        Ok(())
    }
}

impl Step {
    /// How many records of the batch `at` came before the step.
    fn first_of(&self, at: usize) -> usize {
        match self {
            Self::Stored => 0,
            Self::Behind(lengths) => lengths.get(at).copied().unwrap_or(0),
        }
    }
}

/// Records of one table that wait together.
trait Batch: Send {
    fn any(&mut self) -> &mut dyn Any;
    fn table(&self) -> &str;
    fn count(&self) -> usize;
    fn fulfils(&self, id: Uuid, pred: &Pred) -> Option<bool>;
    fn cut(&mut self, length: usize);
    fn store_first<'a>(&'a mut self, count: usize, on: &'a DatabaseExecutor<'_>)
    -> BoxFuture<'a, Result<()>>;
}

struct Waiting<M> {
    records: Vec<M>,
    places: HashMap<Uuid, usize>,
}

impl<M> Default for Waiting<M> {
    fn default() -> Self {
        Self { records: Vec::new(), places: HashMap::new() }
    }
}

impl<M> Waiting<M> {
    fn put(&mut self, id: Uuid, record: M) {
        self.places.insert(id, self.records.len());
        self.records.push(record);
    }
}

impl<M> Batch for Waiting<M>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Clone + 'static,
    M::Entity: EntityTrait<Model = M>,
    <M::Entity as EntityTrait>::ActiveModel: Send,
{
    fn any(&mut self) -> &mut dyn Any {
        self
    }

    fn table(&self) -> &str {
        M::Entity::default().table_name()
    }

    fn count(&self) -> usize {
        self.records.len()
    }

    fn fulfils(&self, id: Uuid, pred: &Pred) -> Option<bool> {
        Some(pred.holds(self.records.get(*self.places.get(&id)?)?))
    }

    fn cut(&mut self, length: usize) {
        self.records.truncate(length);
        self.places.retain(|_, place| *place < length);
    }

    fn store_first<'a>(
        &'a mut self,
        count: usize,
        on: &'a DatabaseExecutor<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        let rest = self.records.split_off(count.min(self.records.len()));
        let first = std::mem::replace(&mut self.records, rest);
        self.places.retain(|_, place| *place >= first.len());
        self.places.values_mut().for_each(|place| *place -= first.len());
        Box::pin(store::store_all(first, on))
    }
}

/// The identity of a record, when it has one.
pub(crate) fn id_of<M: ModelTrait>(record: &M) -> Option<Uuid> {
    let Value::Uuid(id) = record.get(store::column::<M>("id").ok()?) else { return None };
    id
}
