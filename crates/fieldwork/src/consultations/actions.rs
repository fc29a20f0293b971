//! What is done to consultations: called, held, closed.

use chrono::NaiveDate;
use kit::{Audience, Done, Form, Lifecycle as _, Refusal, Result, Role, WriteCx, dates, numbers, service};
use planning::units;
use uuid::Uuid;

use super::{Consultation, ConsultationId, Deed, Kind, NOUN, SERIES, State, agenda, may_create, store};

/// What a person enters to call a consultation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is consulted on.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// The day it is called for.
    pub planned_on: NaiveDate,
    /// Where.
    pub place: String,
    /// What is to be talked about; empty: what is open.
    pub agenda: String,
}

/// Calls a consultation about the inspected unit `unit`.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<ConsultationId> {
    let unit = units::of(cx, unit).await?;
    if !may_create(&cx.actor, unit.inspection_id) {
        return Err(Refusal::forbidden("安排会商").into());
    }
    let agenda = agenda_of(cx, unit.id, unit.inspection_id, entry.agenda).await?;
    let consultation = Consultation {
        id: ConsultationId(cx.new_id()),
        version: 1,
        number: numbers::yearly(cx, SERIES, entry.planned_on).await?,
        kind: entry.kind,
        term_id: unit.term_id,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        title: entry.title,
        agenda,
        planned_on: entry.planned_on,
        held_on: None,
        place: entry.place,
        attendance: String::new(),
        record: String::new(),
        state: State::Planned,
        convened_by: cx.actor.account,
        convened_name: cx.actor.name.clone(),
        created_at: cx.now,
    };
    let id = consultation.id;
    let title = format!("会商安排：{}（{}）", consultation.title, consultation.planned_on);
    let team = Audience::Post {
        role: Role::TeamHead,
        organisation: None,
        inspection: Some(consultation.inspection_id),
    };
    cx.notify(team, title, NOUN, id);
    index(cx, &consultation);
    cx.insert(consultation).await?;
    cx.done(Done::new(NOUN, id, "create", "安排会商"));
    Ok(id)
}

async fn agenda_of(cx: &WriteCx, unit: Uuid, inspection: Uuid, written: String) -> Result<String> {
    if written.is_empty() {
        Ok(agenda::text(&agenda::open(cx, unit, inspection).await?))
    } else {
        Ok(written)
    }
}

/// Changes agenda, day and place.
pub async fn edit(cx: &mut WriteCx, id: ConsultationId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    let agenda = agenda_of(cx, before.unit_id, before.inspection_id, entry.agenda).await?;
    let after = Consultation {
        state,
        kind: entry.kind,
        title: entry.title,
        planned_on: entry.planned_on,
        place: entry.place,
        agenda,
        ..before.clone()
    };
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Consultation>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// How a consultation was held.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The day.
    pub on: NaiveDate,
    /// Who took part.
    pub attendance: String,
    /// What was said.
    pub record: String,
}

/// Enters that and how a consultation was held.
pub async fn hold(cx: &mut WriteCx, id: ConsultationId, holding: Holding, form: &Form) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Hold).await?;
    dates::happened(cx, "held_on", "会商日期", holding.on)?;
    service::keep_files(cx, NOUN, id, form).await?;
    let after = Consultation {
        state,
        held_on: Some(holding.on),
        attendance: holding.attendance,
        record: holding.record,
        ..before.clone()
    };
    index(cx, &after);
    put(cx, &before, after, Deed::Hold, String::new()).await
}

/// Closes a consultation: every point is settled.
pub async fn close(cx: &mut WriteCx, id: ConsultationId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Close).await?;
    let (_, open) = store::points(cx, id).await?;
    if open > 0 {
        let sentence = format!("还有 {open} 条会商意见没有落实确认，不能办结。请先逐条落实并确认。");
        return Err(Refusal::conflict(sentence).into());
    }
    let after = Consultation { state, ..before.clone() };
    put(cx, &before, after, Deed::Close, String::new()).await
}

/// Does without a consultation that was called.
pub async fn cancel(cx: &mut WriteCx, id: ConsultationId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Cancel).await?;
    let after = Consultation { state, ..before.clone() };
    put(cx, &before, after, Deed::Cancel, reason).await
}

async fn step(cx: &WriteCx, id: ConsultationId, deed: Deed) -> Result<(Consultation, State)> {
    let consultation = store::find(cx, id).await?;
    let state = consultation.decide(&cx.actor, deed)?;
    Ok((consultation, state))
}

async fn put(
    cx: &mut WriteCx,
    before: &Consultation,
    after: Consultation,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Consultation>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

fn index(cx: &mut WriteCx, one: &Consultation) {
    cx.index(NOUN, one.id, format!("{} {} {} {}", one.number, one.title, one.agenda, one.record));
}
