//! Planning, starting and ending rounds.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};

use super::{NOUN, Round, RoundId, store};
use crate::{
    days,
    progress::{Deed, State},
    rights,
    terms::{self, TermId},
};

/// What a person enters about a round.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The term.
    pub term: TermId,
    /// The year.
    pub year: i64,
    /// Number within the term.
    pub number: i64,
    /// Name.
    pub name: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

impl Entry {
    async fn check(&self, cx: &WriteCx) -> Result<()> {
        let term = terms::find(cx, self.term).await?;
        if !term.has_year(self.year) {
            return Err(Refusal::field("year", format!("年度不在{}任期内", term.name)).into());
        }
        if !term.covers(self.starts_on) {
            return Err(Refusal::field("starts_on", format!("开始日期不在{}任期内", term.name)).into());
        }
        days::in_order("ends_on", self.starts_on, self.ends_on)
    }

    fn of(self, id: RoundId, version: i64, state: State) -> Round {
        Round {
            id,
            version,
            term_id: self.term,
            year: self.year,
            number: self.number,
            name: self.name,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            state,
        }
    }
}

/// Plans a round.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<RoundId> {
    if !rights::keeps(&cx.actor) {
        return Err(Refusal::forbidden("安排轮次").into());
    }
    entry.check(cx).await?;
    let round = entry.of(RoundId(cx.new_id()), 1, State::Planned);
    let id = round.id;
    index(cx, &round);
    cx.insert(round).await?;
    cx.done(Done::new(NOUN, id, "create", "安排轮次"));
    Ok(id)
}

/// Changes a round.
pub async fn edit(cx: &mut WriteCx, id: RoundId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    entry.check(cx).await?;
    let after = entry.of(id, before.version, state);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Round>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Begins the round on day `on`.
pub async fn start(cx: &mut WriteCx, id: RoundId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Start)?;
    days::happened(cx.today(), "on", on)?;
    let ends_on = before.ends_on.filter(|end| *end >= on);
    let after = Round { state, starts_on: on, ends_on, ..before.clone() };
    move_on(cx, &before, after, Deed::Start).await
}

/// Ends the round on day `on`; all its batches must be over.
pub async fn finish(cx: &mut WriteCx, id: RoundId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Finish)?;
    days::happened(cx.today(), "on", on)?;
    days::not_before("on", on, before.starts_on, "开始日期")?;
    let open = store::open_batches(cx, id).await?;
    if open > 0 {
        return Err(Refusal::conflict(format!("本轮还有 {open} 个批次没有结束，请先结束批次。")).into());
    }
    let after = Round { state, ends_on: Some(on), ..before.clone() };
    move_on(cx, &before, after, Deed::Finish).await
}

async fn move_on(cx: &mut WriteCx, before: &Round, after: Round, deed: Deed) -> Result<()> {
    let (id, state) = (before.id, after.state);
    let changes = cx.update(before, after).await?;
    cx.done(Done::deed::<Round>(NOUN, id, deed, before.state, state).changes(changes));
    Ok(())
}

fn index(cx: &mut WriteCx, round: &Round) {
    cx.index(NOUN, round.id, format!("{} {}", round.year, round.name));
}
