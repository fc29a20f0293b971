//! Planning, starting and ending batches.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};

use super::{Batch, BatchId, NOUN, store};
use crate::{
    days,
    progress::{Deed, State},
    rights,
    rounds::{self, Round, RoundId},
};

/// What a person enters about a batch.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The round.
    pub round: RoundId,
    /// Number within the round.
    pub number: i64,
    /// Name.
    pub name: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

impl Entry {
    async fn check(&self, cx: &WriteCx) -> Result<Round> {
        let round = rounds::find(cx, self.round).await?;
        if round.state == State::Finished {
            return Err(Refusal::field("round", "这一轮已结束，不能再安排批次").into());
        }
        days::not_before("starts_on", self.starts_on, round.starts_on, "本轮开始日期")?;
        days::in_order("ends_on", self.starts_on, self.ends_on)?;
        Ok(round)
    }

    fn of(self, id: BatchId, version: i64, state: State) -> Batch {
        Batch {
            id,
            version,
            round_id: self.round,
            number: self.number,
            name: self.name,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            state,
        }
    }
}

/// Plans a batch.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<BatchId> {
    if !rights::keeps(&cx.actor) {
        return Err(Refusal::forbidden("安排批次").into());
    }
    let round = entry.check(cx).await?;
    let batch = entry.of(BatchId(cx.new_id()), 1, State::Planned);
    let id = batch.id;
    index(cx, &round, &batch);
    cx.insert(batch).await?;
    cx.done(Done::new(NOUN, id, "create", "安排批次"));
    Ok(id)
}

/// Changes a batch.
pub async fn edit(cx: &mut WriteCx, id: BatchId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let round = entry.check(cx).await?;
    let after = entry.of(id, before.version, state);
    index(cx, &round, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Batch>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Begins the batch on day `on`; its round must run.
pub async fn start(cx: &mut WriteCx, id: BatchId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Start)?;
    days::happened(cx.today(), "on", on)?;
    let round = rounds::find(cx, before.round_id).await?;
    if round.state != State::Running {
        return Err(Refusal::conflict(format!("{}尚未启动或已结束，请先在轮次页办理。", round.name)).into());
    }
    days::not_before("on", on, round.starts_on, "本轮开始日期")?;
    let ends_on = before.ends_on.filter(|end| *end >= on);
    let after = Batch { state, starts_on: on, ends_on, ..before.clone() };
    move_on(cx, &before, after, Deed::Start).await
}

/// Ends the batch on day `on`; the teams must have left every organisation in it.
pub async fn finish(cx: &mut WriteCx, id: BatchId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Finish)?;
    days::happened(cx.today(), "on", on)?;
    days::not_before("on", on, before.starts_on, "开始日期")?;
    let open = store::open_units(cx, id).await?;
    if open > 0 {
        return Err(Refusal::conflict(format!("本批还有 {open} 家单位没有撤点，不能结束。")).into());
    }
    let after = Batch { state, ends_on: Some(on), ..before.clone() };
    move_on(cx, &before, after, Deed::Finish).await
}

async fn move_on(cx: &mut WriteCx, before: &Batch, after: Batch, deed: Deed) -> Result<()> {
    let (id, state) = (before.id, after.state);
    let changes = cx.update(before, after).await?;
    cx.done(Done::deed::<Batch>(NOUN, id, deed, before.state, state).changes(changes));
    Ok(())
}

fn index(cx: &mut WriteCx, round: &Round, batch: &Batch) {
    cx.index(NOUN, batch.id, format!("{} {} {}", round.year, round.name, batch.name));
}
