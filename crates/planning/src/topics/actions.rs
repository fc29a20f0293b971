//! Registering topics, turning them into inspections, answering them.

use chrono::{Datelike as _, NaiveDate};
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};

use super::{Deed, NOUN, Priority, State, Topic, TopicId, store};
use crate::{
    days,
    inspections::{self, InspectionId},
    numbers::{self, Series},
    rights,
    terms::TermId,
};

/// What a person enters about a topic.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The term.
    pub term: TermId,
    /// Who named it.
    pub giver: String,
    /// When.
    pub named_on: NaiveDate,
    /// The instruction.
    pub text: String,
    /// How soon.
    pub priority: Priority,
}

/// Registers a topic.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<TopicId> {
    if !rights::keeps(&cx.actor) {
        return Err(Refusal::forbidden("登记点题").into());
    }
    days::happened(cx.today(), "named_on", entry.named_on)?;
    let topic = Topic {
        id: TopicId(cx.new_id()),
        version: 1,
        term_id: entry.term,
        number: numbers::next(cx, Series::Topic, i64::from(entry.named_on.year())).await?,
        giver: entry.giver,
        named_on: entry.named_on,
        text: entry.text,
        priority: entry.priority,
        state: State::Registered,
        result: String::new(),
        reported_on: None,
    };
    let id = topic.id;
    index(cx, &topic);
    cx.insert(topic).await?;
    cx.done(Done::new(NOUN, id, "create", "登记点题"));
    Ok(id)
}

/// Changes what was registered.
pub async fn edit(cx: &mut WriteCx, id: TopicId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    days::happened(cx.today(), "named_on", entry.named_on)?;
    let after = Topic {
        term_id: entry.term,
        giver: entry.giver,
        named_on: entry.named_on,
        text: entry.text,
        priority: entry.priority,
        ..before.clone()
    };
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Topic>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Makes a new inspection of the topic.
pub async fn convert(
    cx: &mut WriteCx,
    id: TopicId,
    mut inspection: inspections::actions::Entry,
) -> Result<InspectionId> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Convert)?;
    inspection.term = before.term_id;
    inspection.topic = Some(id);
    let made = inspections::actions::create(cx, inspection).await?;
    cx.update(&before, Topic { state, ..before.clone() }).await?;
    cx.done(Done::deed::<Topic>(NOUN, id, Deed::Convert, before.state, state));
    Ok(made)
}

/// Gives the topic to an inspection that exists and works on no other.
pub async fn assign(cx: &mut WriteCx, id: TopicId, inspection: InspectionId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Assign)?;
    let number = inspections::actions::take_topic(cx, inspection, id).await?;
    cx.update(&before, Topic { state, ..before.clone() }).await?;
    cx.done(Done::deed::<Topic>(NOUN, id, Deed::Assign, before.state, state).note(number));
    Ok(())
}

/// Reports the result to the giver.
pub async fn report(cx: &mut WriteCx, id: TopicId, result: String, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Report)?;
    days::happened(cx.today(), "on", on)?;
    days::not_before("on", on, before.named_on, "点题日期")?;
    let after = Topic { state, result, reported_on: Some(on), ..before.clone() };
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Topic>(NOUN, id, Deed::Report, before.state, state).changes(changes));
    Ok(())
}

fn index(cx: &mut WriteCx, topic: &Topic) {
    let text = format!("{} {} {} {}", topic.number, topic.giver, topic.text, topic.result);
    cx.index(NOUN, topic.id, text);
}
