//! New records that a unit of work holds back, so that one statement stores some hundred of them.
//!
//! An import enters ten thousand records of one kind, says something about each a moment later and asks nobody else
//! meanwhile. One statement for each of these steps cost more than all that is computed between them. So the records
//! wait here; who looks for one of them finds it, who changes it changes it here, and every other statement first
//! stores whatever waits. What is stored is the same, in the same order.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
};

use db::{Conn, DatabaseExecutor};
use sea_orm::{ConnectionTrait as _, EntityName as _, ModelTrait, Value};
use uuid::Uuid;

use crate::{
    Pred, Result,
    ahead::Ahead,
    store::{self, Cell},
};

/// Records that wait are stored when there are so many of them.
const MOST_HELD: usize = 500;
/// So many are stored while the next are made, when nothing else is being stored: whoever asks the database next has
/// less to wait for.
const WORTH_STORING: usize = 64;

/// What can be taken back begins here.
const BEGIN: &str = "savepoint step";
const BEGIN_AGAIN: &str = "release savepoint step; savepoint step";
const UNDO: &str = "rollback to savepoint step";

/// The records that wait, and where the step began that may still be taken back.
#[derive(Default)]
pub(crate) struct Held {
    /// Records wait. Without, only steps are kept here.
    holds_back: bool,
    batches: Vec<Batch>,
    step: Step,
    /// The database knows a beginning.
    begun: bool,
    /// Records of earlier steps that are being stored.
    ahead: Ahead,
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
    pub(crate) fn put(&mut self, id: Uuid, record: Box<dyn Kept>) {
        let kind = record.kind();
        if let Some(batch) = self.batches.last_mut().filter(|batch| batch.kind == kind) {
            return batch.put(id, record);
        }
        let mut batch = Batch::new(kind, record.table());
        batch.put(id, record);
        self.batches.push(batch);
    }

    /// The waiting record of that kind and identity.
    pub(crate) fn get(&self, kind: TypeId, id: Uuid) -> Option<&dyn Kept> {
        self.batches.iter().filter(|batch| batch.kind == kind).find_map(|batch| batch.get(id))
    }

    /// Whether a waiting record of `table` fulfils `pred`; nothing when none with that identity waits.
    pub(crate) fn fulfils(&self, table: &str, id: Uuid, pred: &Pred) -> Option<bool> {
        let mut of_table = self.batches.iter().filter(|batch| batch.table == table);
        of_table.find_map(|batch| batch.get(id)).map(|record| record.fulfils(pred))
    }

    /// Puts `record` in the place of the one that waits, when it came with the step at hand: an earlier one would
    /// stay changed if the step is taken back. Whether it did.
    pub(crate) fn replace(&mut self, kind: TypeId, id: Uuid, record: Box<dyn Kept>) -> bool {
        let Self { batches, step, .. } = self;
        let of_kind = batches.iter_mut().enumerate().filter(|(_, batch)| batch.kind == kind);
        for (at, batch) in of_kind {
            let place = batch.places.get(&id).copied().filter(|place| *place >= step.first_of(at));
            if let Some(held) = place.and_then(|place| batch.records.get_mut(place)) {
                *held = record;
                return true;
            }
        }
        false
    }

    /// Stores everything that waits, and tells the database where the step begins.
    pub(crate) async fn store(&mut self, on: &DatabaseExecutor<'_>) -> Result<()> {
        let outcome = self.store_all(on).await;
        self.failed |= outcome.is_err();
        outcome
    }

    async fn store_all(&mut self, on: &DatabaseExecutor<'_>) -> Result<()> {
        self.ahead.settle().await?;
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
        self.step = Step::Behind(self.batches.iter().map(|batch| batch.records.len()).collect());
        Ok(())
    }

    /// Whether so many records wait that they should be stored.
    pub(crate) fn is_full(&self) -> bool {
        let waiting: usize = self.batches.iter().map(|batch| batch.records.len()).sum();
        waiting >= MOST_HELD || waiting >= WORTH_STORING && self.ahead.is_idle()
    }

    /// Stores everything that waits, and then does what is `beside` it, while the unit of work goes on. Only between two
    /// steps: none of it can be taken back.
    pub(crate) async fn store_ahead(
        &mut self,
        conn: Conn,
        beside: impl Future<Output = Result<()>> + Send + 'static,
    ) -> Result<()> {
        let batches = std::mem::take(&mut self.batches);
        let work = async move {
            for mut batch in batches {
                batch.store_first(usize::MAX, &conn.executor()).await?;
            }
            beside.await
        };
        let outcome = self.ahead.start(work).await;
        self.failed |= outcome.is_err();
        outcome
    }

    /// Waits for what is being stored; whether it succeeds no longer matters.
    pub(crate) async fn give_up(&mut self) {
        let _ = self.ahead.settle().await;
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

/// A record of whatever kind.
pub(crate) trait Kept: Send {
    fn kind(&self) -> TypeId;
    fn table(&self) -> &'static str;
    fn cells(&self) -> Vec<Cell>;
    fn value(&self, name: &str) -> Option<Value>;
    fn fulfils(&self, pred: &Pred) -> bool;
    fn copy(&self) -> Box<dyn Any + Send>;
}

impl<M: ModelTrait + 'static> Kept for M {
    fn kind(&self) -> TypeId {
        TypeId::of::<M>()
    }

    fn table(&self) -> &'static str {
        M::Entity::default().table_name()
    }

    fn cells(&self) -> Vec<Cell> {
        store::cells(self)
    }

    fn value(&self, name: &str) -> Option<Value> {
        store::value(self, name)
    }

    fn fulfils(&self, pred: &Pred) -> bool {
        pred.holds(self)
    }

    fn copy(&self) -> Box<dyn Any + Send> {
        Box::new(self.clone())
    }
}

impl dyn Kept + '_ {
    /// The identity of the record, when it has one.
    pub(crate) fn id(&self) -> Option<Uuid> {
        match self.value("id") {
            Some(Value::Uuid(id)) => id,
            _ => None,
        }
    }

    /// The version of the record, when it has one.
    pub(crate) fn version(&self) -> Option<i64> {
        match self.value("version") {
            Some(Value::BigInt(version)) => version,
            _ => None,
        }
    }
}

/// Records of one kind that wait together.
struct Batch {
    kind: TypeId,
    table: &'static str,
    records: Vec<Box<dyn Kept>>,
    places: HashMap<Uuid, usize>,
}

impl Batch {
    fn new(kind: TypeId, table: &'static str) -> Self {
        Self { kind, table, records: Vec::new(), places: HashMap::new() }
    }

    fn put(&mut self, id: Uuid, record: Box<dyn Kept>) {
        self.places.insert(id, self.records.len());
        self.records.push(record);
    }

    fn get(&self, id: Uuid) -> Option<&dyn Kept> {
        self.records.get(*self.places.get(&id)?).map(|record| &**record)
    }

    fn cut(&mut self, length: usize) {
        self.records.truncate(length);
        self.places.retain(|_, place| *place < length);
    }

    async fn store_first(&mut self, count: usize, on: &DatabaseExecutor<'_>) -> Result<()> {
        let rest = self.records.split_off(count.min(self.records.len()));
        let first = std::mem::replace(&mut self.records, rest);
        self.places.retain(|_, place| *place >= first.len());
        self.places.values_mut().for_each(|place| *place -= first.len());
        store::store_all(self.table, &mut first.into_iter().map(|record| record.cells()), on).await
    }
}
