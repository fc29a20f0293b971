//! Entering visits.

use chrono::NaiveDate;
use kit::{
    Done, Lifecycle as _, Refusal, Result, WriteCx, dates,
    numbers::{self, Series},
};
use planning::units::Unit;

use super::{Deed, NOUN, State, Visit, VisitId, VisitKind, store};
use crate::officers::Officers;

const NUMBERS: Series = Series { prefix: "ZF", table: "visit" };

/// What is entered about a visit.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Kind.
    pub kind: VisitKind,
    /// The day.
    pub visited_on: NaiveDate,
    /// Where.
    pub place: String,
    /// The officers.
    pub officers: Officers,
    /// How many people were met.
    pub people_met: i64,
    /// What was seen and heard.
    pub findings: String,
}

impl Entry {
    fn apply(self, visit: &mut Visit) {
        visit.kind = self.kind;
        visit.visited_on = self.visited_on;
        visit.place = self.place;
        visit.officers = self.officers.names();
        visit.officer_count = self.officers.count();
        visit.people_met = self.people_met;
        visit.findings = self.findings;
    }
}

/// Enters a visit.
pub async fn create(cx: &mut WriteCx, unit: &Unit, entry: Entry) -> Result<VisitId> {
    if !cx.actor.in_team(unit.inspection_id) {
        return Err(Refusal::forbidden("登记走访").into());
    }
    dates::happened(cx, "visited_on", "走访日期", entry.visited_on)?;
    let id = VisitId(cx.new_id());
    let mut visit = Visit {
        id,
        version: 1,
        number: numbers::yearly(cx, NUMBERS, entry.visited_on).await?,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        kind: entry.kind,
        visited_on: entry.visited_on,
        place: String::new(),
        officers: String::new(),
        officer_count: 0,
        people_met: 0,
        findings: String::new(),
        state: State::Draft,
    };
    entry.apply(&mut visit);
    cx.index(NOUN, id, format!("{} {}", visit.number, visit.place));
    cx.insert(visit).await?;
    cx.done(Done::new(NOUN, id, "create", "登记走访"));
    Ok(id)
}

/// Changes an entry that is not final.
pub async fn edit(cx: &mut WriteCx, id: VisitId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    dates::happened(cx, "visited_on", "走访日期", entry.visited_on)?;
    let mut after = before.clone();
    entry.apply(&mut after);
    cx.index(NOUN, id, format!("{} {}", after.number, after.place));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Visit>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Makes an entry final.
pub async fn finalise(cx: &mut WriteCx, id: VisitId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Finalise)?;
    if before.findings.is_empty() {
        return Err(Refusal::conflict("还没有填写了解到的情况，请先修改登记再定稿。").into());
    }
    cx.update(&before, Visit { state, ..before.clone() }).await?;
    cx.done(Done::deed::<Visit>(NOUN, id, Deed::Finalise, before.state, state));
    Ok(())
}
