//! What is done to points of consultations: raised, answered with what was added, accepted.

use chrono::NaiveDate;
use kit::{
    Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx, dates, service::can_see,
};
use uuid::Uuid;

use super::{ConsultationPoint, ConsultationPointId, Deed, NOUN, State, may_create, store};
use crate::consultations::{self, ConsultationId};

/// What a person enters about a point.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is raised.
    pub text: String,
    /// By whom.
    pub raised_by: String,
    /// Who sees to it.
    pub owner: String,
    /// Last day.
    pub due_on: NaiveDate,
}

/// Raises a point in a consultation that is called or held.
pub async fn create(cx: &mut WriteCx, id: ConsultationId, entry: Entry) -> Result<ConsultationPointId> {
    let consultation = consultations::find(cx, id).await?;
    if !may_create(&cx.actor, consultation.inspection_id) {
        return Err(Refusal::forbidden("登记会商意见").into());
    }
    if !matches!(consultation.state, consultations::State::Planned | consultations::State::Held) {
        return Err(Refusal::wrong_state(consultation.state.label(), "登记会商意见").into());
    }
    let raised_on = consultation.held_on.unwrap_or_else(|| cx.today());
    dates::not_before("due_on", "落实期限", entry.due_on, Some(raised_on), "提出日期")?;
    let point = ConsultationPoint {
        id: ConsultationPointId(cx.new_id()),
        version: 1,
        consultation_id: id,
        inspection_id: consultation.inspection_id,
        ordinal: store::next_ordinal(cx, id).await?,
        text: entry.text,
        raised_by: entry.raised_by,
        raised_on,
        owner_name: entry.owner,
        due_on: entry.due_on,
        state: State::Open,
        answer: String::new(),
        answered_on: None,
        answered_by: None,
        added_noun: String::new(),
        added_id: None,
        opinion: String::new(),
    };
    let point_id = point.id;
    tell_team(cx, &point, "会商意见待落实");
    index(cx, &point);
    cx.insert(point).await?;
    cx.done(Done::new(NOUN, point_id, "create", "登记会商意见"));
    Ok(point_id)
}

fn tell_team(cx: &mut WriteCx, point: &ConsultationPoint, what: &str) {
    let audience =
        Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(point.inspection_id) };
    let short: String = point.text.chars().take(40).collect();
    cx.notify(audience, format!("{what}：{short}"), NOUN, point.id);
}

/// Changes a point that is not answered.
pub async fn edit(cx: &mut WriteCx, id: ConsultationPointId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    dates::not_before("due_on", "落实期限", entry.due_on, Some(before.raised_on), "提出日期")?;
    let after = ConsultationPoint {
        state,
        text: entry.text,
        raised_by: entry.raised_by,
        owner_name: entry.owner,
        due_on: entry.due_on,
        ..before.clone()
    };
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<ConsultationPoint>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// What was added because of a point.
#[derive(Clone, Debug)]
pub struct Addition {
    /// In words.
    pub text: String,
    /// The record that was added or changed, when there is one: noun and identity.
    pub record: Option<(String, Uuid)>,
}

/// The team says what it added.
pub async fn answer(cx: &mut WriteCx, id: ConsultationPointId, addition: Addition) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Answer).await?;
    if let Some((noun, record)) = &addition.record
        && !can_see(cx, noun, *record).await?
    {
        return Err(Refusal::field("added", "没有找到所选的记录").into());
    }
    let (noun, record) = addition.record.map_or((String::new(), None), |(noun, id)| (noun, Some(id)));
    let after = ConsultationPoint {
        state,
        answer: addition.text.clone(),
        answered_on: Some(cx.today()),
        answered_by: cx.actor.account,
        added_noun: noun,
        added_id: record,
        ..before.clone()
    };
    index(cx, &after);
    put(cx, &before, after, Deed::Answer, addition.text).await
}

/// The office accepts what was added.
pub async fn settle(cx: &mut WriteCx, id: ConsultationPointId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Settle).await?;
    let after = ConsultationPoint { state, opinion: String::new(), ..before.clone() };
    put(cx, &before, after, Deed::Settle, String::new()).await
}

/// The office finds it not enough.
pub async fn reopen(cx: &mut WriteCx, id: ConsultationPointId, opinion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Reopen).await?;
    let consultation = consultations::find(cx, before.consultation_id).await?;
    if consultation.state == consultations::State::Closed {
        return Err(Refusal::conflict("这次会商已经办结，意见不能退回；请另行安排会商。").into());
    }
    let after = ConsultationPoint { state, opinion: opinion.clone(), ..before.clone() };
    tell_team(cx, &after, "会商意见退回继续落实");
    put(cx, &before, after, Deed::Reopen, opinion).await
}

async fn step(cx: &WriteCx, id: ConsultationPointId, deed: Deed) -> Result<(ConsultationPoint, State)> {
    let point = store::find(cx, id).await?;
    let state = point.decide(&cx.actor, deed)?;
    Ok((point, state))
}

async fn put(
    cx: &mut WriteCx,
    before: &ConsultationPoint,
    after: ConsultationPoint,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<ConsultationPoint>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

fn index(cx: &mut WriteCx, point: &ConsultationPoint) {
    cx.index(NOUN, point.id, format!("{} {}", point.text, point.answer));
}
