//! What happened to the records, told with its own days and people: the history lines that people read and the
//! chained audit entries behind them.
//!
//! The program itself records a deed only at the moment it is done; a city that has lived for two years needs
//! entries with past instants and many actors. They are sorted by time and appended to the chain in that order,
//! each with the digest of its history line, so that the usual check of the chain holds for them too.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use kit::{
    App, Result, WriteCx,
    audit::{self, Draft, Outcome},
    cx::history_line_digest,
};
use std::sync::Arc;
use uuid::Uuid;

use super::cargo::{Cargo, row};

/// Events written in one transaction: twice as many rows.
const EVENTS_AT_ONCE: usize = 20_000;

/// Where the entries say they came from.
const ORIGIN: &str = "demonstration";

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Doer {
    /// The account; the program itself when there is none.
    pub(super) account: Option<Uuid>,
    /// Name as it is shown.
    pub(super) name: Arc<str>,
}

/// Something that happened to a record.
#[derive(Clone, Debug)]
pub(super) struct Event {
    at: DateTime<Utc>,
    doer: Doer,
    noun: &'static str,
    record: Uuid,
    deed: Step,
    note: String,
}

/// A deed with its label and the labels of the states before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Code of the deed.
    pub(super) deed: &'static str,
    /// What people read.
    pub(super) label: &'static str,
    /// State before, empty when the deed has none.
    pub(super) from: &'static str,
    /// State after.
    pub(super) to: &'static str,
}

impl Step {
    /// A deed that changes no state.
    pub(super) const fn plain(deed: &'static str, label: &'static str) -> Self {
        Self { deed, label, from: "", to: "" }
    }
}

/// Tells the events of one record in their order; those of one day follow each other by minutes.
pub(super) struct Story<'a> {
    events: &'a mut Vec<Event>,
    noun: &'static str,
    record: Uuid,
    told: i64,
}

impl<'a> Story<'a> {
    /// The story of a record.
    pub(super) fn of(cargo: &'a mut Cargo, noun: &'static str, record: impl Into<Uuid>) -> Self {
        Self { events: &mut cargo.events, noun, record: record.into(), told: 0 }
    }

    /// What was done on a day.
    pub(super) fn tell(
        &mut self,
        on: NaiveDate,
        doer: &Doer,
        deed: Step,
        note: impl Into<String>,
    ) -> &mut Self {
        let at = at_office(on, self.record, self.told);
        self.told += 1;
        let (noun, record) = (self.noun, self.record);
        self.events.push(Event { at, doer: doer.clone(), noun, record, deed, note: note.into() });
        self
    }
}

/// An instant in office hours that follows from the record, for its `ordinal`th event.
pub(super) fn at_office(on: NaiveDate, record: Uuid, ordinal: i64) -> DateTime<Utc> {
    let spread = (record.as_u128() % 380) as i64;
    // Nine o'clock at the office is one o'clock UTC of the same day.
    let opening = on.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(1);
    opening + TimeDelta::minutes(spread + 4 * ordinal.min(30))
}

/// The evening before a day, for what an office finds in its inbox the next morning.
pub(super) fn evening_before(on: NaiveDate) -> DateTime<Utc> {
    let day = on.checked_sub_days(Days::new(1)).unwrap_or(on);
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(9)
}

/// Appends events to histories and chain in the order of their instants.
pub(super) async fn write(app: &App, actor: &Arc<kit::Actor>, mut events: Vec<Event>) -> Result<u64> {
    events = in_order(events);
    let count = events.len() as u64;
    while !events.is_empty() {
        let rest = events.split_off(events.len().min(EVENTS_AT_ONCE));
        let now = std::mem::replace(&mut events, rest);
        app.write(actor, |cx| Box::pin(async move { append(cx, &now).await })).await?;
    }
    Ok(count)
}

/// Events by their instants; those of one instant stay as they were told.
pub(super) fn in_order(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_by_key(|event| event.at);
    events
}

/// Appends events, already in order, inside the open transaction.
pub(super) async fn append(cx: &mut WriteCx, events: &[Event]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let drafts: Vec<Draft> = events.iter().map(Event::draft).collect();
    let last = audit::append(cx.conn(), &drafts).await?;
    let first = last - drafts.len() as i64 + 1;
    let mut cargo = Cargo::default();
    for (seq, event) in (first..).zip(events) {
        event.line(seq, &mut cargo);
    }
    cargo.unload(cx).await?;
    Ok(())
}

impl Event {
    fn draft(&self) -> Draft {
        let actor =
            self.doer.account.map_or_else(|| format!("program:{}", self.doer.name), |id| id.to_string());
        Draft {
            at: self.at,
            actor,
            deed: self.deed.deed.to_owned(),
            noun: self.noun.to_owned(),
            record: Some(self.record),
            outcome: Outcome::Done,
            digest: self.digest(),
            request: String::new(),
            origin: ORIGIN.to_owned(),
        }
    }

    fn digest(&self) -> String {
        history_line_digest([
            self.noun,
            &self.record.to_string(),
            &audit::instant_text(self.at),
            &self.doer.name,
            self.deed.deed,
            self.deed.from,
            self.deed.to,
            &self.note,
            "",
        ])
    }

    fn line(&self, seq: i64, cargo: &mut Cargo) {
        row!(cargo, "history", {
            seq: seq, noun: self.noun, record_id: self.record, at: self.at, account_id: self.doer.account,
            actor_name: self.doer.name.as_ref(), deed: self.deed.deed, label: self.deed.label,
            from_state: self.deed.from, to_state: self.deed.to, note: self.note.as_str(), changes: "",
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_one_day_follow_each_other_within_office_hours() {
        let day = NaiveDate::from_ymd_opt(2023, 6, 1).unwrap();
        for record in [Uuid::nil(), Uuid::max()] {
            let instants: Vec<_> = (0..40).map(|ordinal| at_office(day, record, ordinal)).collect();
            assert!(instants.is_sorted());
            assert!(instants.iter().all(|at| kit::clock::office_day(*at) == day));
        }
    }
}
