//! What is done to duties.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates};
use registry::organisations::{self, OrganisationId};

use super::{Deed, Duty, DutyId, NOUN, State, store};

/// What a person enters about a duty.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What the organisation is there for.
    pub text: String,
    /// Whether it belongs to its core.
    pub core: bool,
    /// The text it rests on.
    pub basis: String,
    /// First day.
    pub valid_from: NaiveDate,
}

/// Enters duties of an organisation, in their order, behind those it has.
pub async fn create(
    cx: &mut WriteCx,
    organisation: OrganisationId,
    entries: Vec<Entry>,
) -> Result<Vec<DutyId>> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("登记职责").into());
    }
    organisations::find(cx, organisation).await?;
    let mut position = store::last_position(cx, organisation).await?;
    let mut duties = Vec::with_capacity(entries.len());
    for entry in entries {
        position += 1;
        let duty = Duty {
            id: DutyId(cx.new_id()),
            version: 1,
            organisation_id: organisation,
            position,
            text: entry.text,
            core: entry.core,
            basis: entry.basis,
            state: State::InForce,
            valid_from: entry.valid_from,
            valid_to: None,
        };
        cx.index(NOUN, duty.id, duty.text.as_str());
        cx.done(Done::new(NOUN, duty.id, "create", "登记职责"));
        duties.push(duty);
    }
    let ids = duties.iter().map(|duty| duty.id).collect();
    cx.insert_all(duties).await?;
    Ok(ids)
}

/// Corrects a duty.
pub async fn edit(cx: &mut WriteCx, id: DutyId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let after = Duty {
        text: entry.text,
        core: entry.core,
        basis: entry.basis,
        valid_from: entry.valid_from,
        ..before.clone()
    };
    cx.index(NOUN, id, after.text.as_str());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Duty>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// Records the last day on which a duty held.
pub async fn end(cx: &mut WriteCx, id: DutyId, on: NaiveDate, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::End)?;
    dates::happened(cx, "valid_to", "终止日期", on)?;
    dates::not_before("valid_to", "终止日期", on, Some(before.valid_from), "起始日期")?;
    cx.update(&before, Duty { state, valid_to: Some(on), ..before.clone() }).await?;
    cx.done(Done::deed::<Duty>(NOUN, id, Deed::End, before.state, state).note(reason));
    Ok(())
}
