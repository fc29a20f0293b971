//! What is done to letters of request.

use std::collections::HashSet;

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates};
use planning::rounds::{self, RoundId};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{BriefingLetter, Deed, LetterId, NOUN, State, store, unknown_blank};
use crate::{
    briefings::{self, actions::Asking},
    shared,
};

/// Most requests that are made in one go.
const AT_ONCE: usize = 2_000;

/// What a person writes into a letter.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Heading.
    pub title: String,
    /// What is asked.
    pub text: String,
}

impl Entry {
    fn check(&self) -> Result<()> {
        match unknown_blank(&self.text) {
            Some(word) => {
                let sentence =
                    format!("“{{{word}}}”没有对应的内容，可以使用 {{部门}}、{{单位}}、{{轮次}}、{{期限}}");
                Err(Refusal::field("text", sentence).into())
            }
            None => Ok(()),
        }
    }
}

/// Begins the letter of a round.
pub async fn create(cx: &mut WriteCx, round: RoundId, entry: Entry) -> Result<LetterId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("起草商请函").into());
    }
    entry.check()?;
    rounds::find(cx, round).await?;
    if store::in_force(cx, round).await? > 0 {
        let sentence = "这一轮已有商请函，没有另建。需要调整内容时，请打开它“修改”或“修订新版”。";
        return Err(Refusal::conflict(sentence).into());
    }
    let id = begin(cx, round, entry).await?;
    cx.done(Done::new(NOUN, id, "create", "起草商请函"));
    Ok(id)
}

async fn begin(cx: &mut WriteCx, round: RoundId, entry: Entry) -> Result<LetterId> {
    let edition = store::last_edition(cx, round).await? + 1;
    let letter = BriefingLetter {
        id: LetterId(cx.new_id()),
        version: 1,
        round_id: round,
        edition,
        title: entry.title,
        text: entry.text,
        state: State::Drafted,
        issued_on: None,
    };
    let id = letter.id;
    cx.index(NOUN, id, letter.title.as_str());
    cx.insert(letter).await?;
    Ok(id)
}

/// Changes a letter that was not sent yet.
pub async fn edit(cx: &mut WriteCx, id: LetterId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    entry.check()?;
    let after = BriefingLetter { title: entry.title, text: entry.text, ..before.clone() };
    cx.index(NOUN, id, after.title.as_str());
    let done = Done::deed::<BriefingLetter>(NOUN, id, Deed::Edit, before.state, state);
    let changes = cx.update(&before, after).await?;
    cx.done(done.changes(changes));
    Ok(())
}

/// Ends an edition and begins the next one with its text.
pub async fn revise(cx: &mut WriteCx, id: LetterId) -> Result<LetterId> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Revise)?;
    cx.update(&before, BriefingLetter { state, ..before.clone() }).await?;
    cx.done(Done::deed::<BriefingLetter>(NOUN, id, Deed::Revise, before.state, state));
    let entry = Entry { title: before.title.clone(), text: before.text.clone() };
    let next = begin(cx, before.round_id, entry).await?;
    cx.done(Done::new(NOUN, next, "create", "修订新版"));
    Ok(next)
}

/// To whom a letter is sent.
#[derive(Clone, Debug)]
pub struct Issuing {
    /// The departments asked.
    pub departments: Vec<OrganisationId>,
    /// The inspected units asked about; empty for all that are still ahead or under way.
    pub units: Vec<Uuid>,
    /// Day of sending.
    pub sent_on: NaiveDate,
}

/// Asks every department about every unit, as far as it was not asked before. Answers how many
/// requests were made.
///
/// # Errors
/// Refusals when nothing is left to ask, and for a department in which nobody could answer.
pub async fn issue(cx: &mut WriteCx, id: LetterId, issuing: Issuing) -> Result<usize> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Issue)?;
    dates::happened(cx, "sent_on", "发函日期", issuing.sent_on)?;
    for &department in &issuing.departments {
        shared::check_answers(cx, "departments", department).await?;
    }
    let places = store::places(cx, before.round_id, &issuing.units).await?;
    if places.len() < issuing.units.len() {
        return Err(Refusal::field("units", "所选的巡察对象不都属于这一轮，请重新选择").into());
    }
    let units: Vec<Uuid> = places.iter().map(|place| place.id).collect();
    let held: HashSet<(Uuid, OrganisationId)> = briefings::asked(cx, &units).await?.into_iter().collect();
    let mut count = 0;
    for &department in &issuing.departments {
        // Nobody is asked about himself.
        let open: Vec<&store::Place> = places
            .iter()
            .filter(|place| place.organisation_id != department && !held.contains(&(place.id, department)))
            .collect();
        count += open.len();
        if count > AT_ONCE {
            let sentence = format!("一次最多发出 {AT_ONCE} 件通报请求，没有发出。请分批选择部门或单位。");
            return Err(Refusal::invalid(sentence).into());
        }
        let asked = open.into_iter().map(|place| Asking {
            letter: id,
            unit: place.id,
            inspection: place.inspection_id,
            organisation: place.organisation_id,
        });
        briefings::actions::ask(cx, department, issuing.sent_on, asked.collect()).await?;
    }
    if count == 0 {
        return Err(Refusal::conflict("所选部门对所选单位都已发过通报请求，没有重复发出。").into());
    }
    let issued_on = Some(before.issued_on.unwrap_or(issuing.sent_on));
    cx.update(&before, BriefingLetter { state, issued_on, ..before.clone() }).await?;
    let done = Done::deed::<BriefingLetter>(NOUN, id, Deed::Issue, before.state, state);
    cx.done(done.note(format!("向{}个部门发出{count}件", issuing.departments.len())));
    Ok(count)
}
