//! Entering and correcting reported values.

use chrono::NaiveDate;
use kit::{Done, Refusal, Result, WriteCx};

use super::{NOUN, ReportedValue, ReportedValueId, ValueUnit, may_keep, store};
use crate::shared::has_happened;

/// What a person enters about a value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Code of the figure.
    pub figure: String,
    /// What the figure is called.
    pub label: String,
    /// The day for which it holds.
    pub on_day: NaiveDate,
    /// The value, counted as its unit says.
    pub value: i64,
    /// Its unit.
    pub unit: ValueUnit,
    /// The body that reports it.
    pub reporter: String,
    /// The document in which it stands.
    pub document: String,
}

/// Enters a value.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<ReportedValueId> {
    permit(cx, "登记上报数据")?;
    has_happened(cx, "on_day", entry.on_day)?;
    let value = ReportedValue {
        id: ReportedValueId(cx.new_id()),
        version: 1,
        figure: entry.figure,
        label: entry.label,
        on_day: entry.on_day,
        value: entry.value,
        unit: entry.unit,
        reporter: entry.reporter,
        document: entry.document,
        by_name: cx.actor.name.clone(),
        at: cx.now,
    };
    let id = value.id;
    index(cx, &value);
    cx.done(Done::new(NOUN, id, "create", "登记上报数据"));
    cx.insert(value).await?;
    Ok(id)
}

/// Corrects a value, with the reason; the history keeps what stood before.
pub async fn edit(cx: &mut WriteCx, id: ReportedValueId, entry: Entry, reason: String) -> Result<()> {
    permit(cx, "更正上报数据")?;
    has_happened(cx, "on_day", entry.on_day)?;
    let before = store::find(cx, id).await?;
    let after = ReportedValue {
        figure: entry.figure,
        label: entry.label,
        on_day: entry.on_day,
        value: entry.value,
        unit: entry.unit,
        reporter: entry.reporter,
        document: entry.document,
        by_name: cx.actor.name.clone(),
        at: cx.now,
        ..before.clone()
    };
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "更正上报数据").note(reason).changes(changes));
    Ok(())
}

fn permit(cx: &WriteCx, deed: &str) -> Result<()> {
    if may_keep(&cx.actor) { Ok(()) } else { Err(Refusal::forbidden(deed).into()) }
}

fn index(cx: &mut WriteCx, value: &ReportedValue) {
    cx.index(NOUN, value.id, format!("{} {} {}", value.figure, value.label, value.reporter));
}
