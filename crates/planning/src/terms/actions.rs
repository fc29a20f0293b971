//! Keeping the terms.

use chrono::NaiveDate;
use kit::{Done, Refusal, Result, WriteCx};

use super::{NOUN, Term, TermId, store};
use crate::{days, rights};

/// What a person enters about a term.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number, unique.
    pub number: i64,
    /// Name.
    pub name: String,
    /// The committee.
    pub committee: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

impl Entry {
    fn of(self, id: TermId, version: i64) -> Term {
        Term {
            id,
            version,
            number: self.number,
            name: self.name,
            committee: self.committee,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
        }
    }
}

/// Enters a term.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<TermId> {
    permit(cx, "登记届次")?;
    days::in_order("ends_on", entry.starts_on, entry.ends_on)?;
    let id = TermId(cx.new_id());
    index(cx, id, &entry);
    cx.insert(entry.of(id, 1)).await?;
    cx.done(Done::new(NOUN, id, "create", "登记届次"));
    Ok(id)
}

/// Changes a term.
pub async fn edit(cx: &mut WriteCx, id: TermId, entry: Entry) -> Result<()> {
    permit(cx, "修改届次")?;
    days::in_order("ends_on", entry.starts_on, entry.ends_on)?;
    let before = store::find(cx, id).await?;
    index(cx, id, &entry);
    let changes = cx.update(&before, entry.of(id, before.version)).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改届次").changes(changes));
    Ok(())
}

fn index(cx: &mut WriteCx, id: TermId, entry: &Entry) {
    cx.index(NOUN, id, format!("{} {}", entry.name, entry.committee));
}

fn permit(cx: &WriteCx, deed: &str) -> Result<()> {
    if rights::keeps(&cx.actor) { Ok(()) } else { Err(Refusal::forbidden(deed).into()) }
}
