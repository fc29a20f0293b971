//! Entering polls and correcting them.

use chrono::NaiveDate;
use kit::{Done, Refusal, Result, WriteCx};
use uuid::Uuid;

use super::{Answers, Audience, NOUN, Poll, PollId, Way, store};
use crate::{common::within_rectification, subjects};

/// A poll as entered.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who was asked.
    pub audience: Audience,
    /// How.
    pub way: Way,
    /// When.
    pub on_day: NaiveDate,
    /// The answers.
    pub answers: Answers,
    /// Opinions in words.
    pub note: String,
}

impl Entry {
    fn apply(self, poll: &mut Poll) {
        let Answers { issued, returned, very, mostly, hardly, unsure } = self.answers;
        (poll.audience, poll.way, poll.on_day, poll.note) = (self.audience, self.way, self.on_day, self.note);
        (poll.issued, poll.returned, poll.very) = (issued, returned, very);
        (poll.mostly, poll.hardly, poll.unsure) = (mostly, hardly, unsure);
    }
}

/// Enters a poll about a unit.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<PollId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("登记满意度测评").into());
    }
    let unit = subjects::unit(cx, unit).await?;
    within_rectification(cx, "on_day", entry.on_day, &unit)?;
    entry.answers.check()?;
    let id = PollId(cx.new_id());
    let mut poll = Poll {
        id,
        version: 1,
        unit_id: unit.id,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        audience: entry.audience,
        way: entry.way,
        on_day: entry.on_day,
        issued: 0,
        returned: 0,
        very: 0,
        mostly: 0,
        hardly: 0,
        unsure: 0,
        note: String::new(),
    };
    entry.apply(&mut poll);
    cx.index(NOUN, id, format!("{} {}", unit.organisation_name, poll.note));
    cx.insert(poll).await?;
    cx.done(Done::new(NOUN, id, "create", "登记满意度测评"));
    Ok(id)
}

/// Corrects a poll.
pub async fn edit(cx: &mut WriteCx, id: PollId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("修改满意度测评").into());
    }
    let unit = subjects::unit(cx, before.unit_id).await?;
    within_rectification(cx, "on_day", entry.on_day, &unit)?;
    entry.answers.check()?;
    let mut after = before.clone();
    entry.apply(&mut after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改").changes(changes));
    Ok(())
}
