//! Nominating for the pool, taking in, resting, leaving.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::{
    organisations::OrganisationId,
    people::{self, PersonId},
};

use super::{Deed, NOUN, Political, Pool, State, Talent, TalentId, career, may_keep, store};
use crate::days;

/// What is entered about somebody.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// Where the person works.
    pub organisation: Option<OrganisationId>,
    /// As what.
    pub title: String,
    /// Which pool.
    pub pool: Pool,
    /// Code of the first speciality.
    pub speciality: String,
    /// Code of the second one, or empty.
    pub second_speciality: String,
    /// Political status.
    pub political: Political,
    /// Native place.
    pub native_place: String,
    /// Posts held, one to a line.
    pub career: String,
    /// Relatives and where they work, one to a line; none when nothing shall change.
    pub relatives: Option<String>,
    /// From when the person can be had.
    pub available_from: Option<NaiveDate>,
    /// Until when.
    pub available_to: Option<NaiveDate>,
    /// Remark.
    pub note: String,
}

/// Nominates somebody; who is not in the register of people yet is entered there.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<TalentId> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("推荐入库").into());
    }
    let person = registered(cx, &entry).await?;
    if store::of_person(cx, person).await?.is_some() {
        return Err(Refusal::field("name", "此人已在人才库中").into());
    }
    let id = TalentId(cx.new_id());
    let talent = Talent {
        id,
        version: 1,
        person_id: person,
        pool: entry.pool,
        state: State::Candidate,
        speciality: String::new(),
        second_speciality: String::new(),
        political: entry.political,
        native_place: String::new(),
        career: String::new(),
        relatives_sealed: String::new(),
        available_from: None,
        available_to: None,
        note: String::new(),
        nominated_by: cx.actor.account,
        decided_by: None,
        decided_on: None,
        opinion: String::new(),
        entered_on: cx.today(),
    };
    let (posts, relatives) = ties(&entry)?;
    index(cx, id, &entry);
    let talent = filled(cx, talent, entry)?;
    cx.insert(talent).await?;
    store::put_ties(cx, id, &posts, relatives.as_deref().unwrap_or_default()).await?;
    cx.done(Done::new(NOUN, id, "create", "推荐入库"));
    let department =
        Audience::Post { role: Role::OrganisationDepartment, organisation: None, inspection: None };
    cx.notify(department, "有人员待审核入库", NOUN, id);
    Ok(id)
}

/// Changes a profile.
pub async fn edit(cx: &mut WriteCx, id: TalentId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let (posts, relatives) = ties(&entry)?;
    let relatives = match relatives {
        Some(relatives) => relatives,
        None => career::relatives(&relatives_of(cx, &before)?).unwrap_or_default(),
    };
    index(cx, id, &entry);
    let after = filled(cx, before.clone(), entry)?;
    let changes = cx.update(&before, after).await?;
    store::put_ties(cx, id, &posts, &relatives).await?;
    cx.done(Done::deed::<Talent>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

async fn registered(cx: &mut WriteCx, entry: &Entry) -> Result<PersonId> {
    if let Some(person) = store::person_named(cx, &entry.name, entry.organisation).await? {
        return Ok(person);
    }
    let person = people::actions::Entry {
        name: entry.name.clone(),
        organisation: entry.organisation,
        title: entry.title.clone(),
        speciality: String::new(),
        note: String::new(),
    };
    people::actions::create(cx, person).await
}

type Ties = (Vec<career::Line>, Option<Vec<String>>);

fn ties(entry: &Entry) -> Result<Ties> {
    let posts = career::posts(&entry.career).map_err(|unclear| Refusal::field("career", unclear))?;
    let relatives = match &entry.relatives {
        Some(text) => Some(career::relatives(text).map_err(|unclear| Refusal::field("relatives", unclear))?),
        None => None,
    };
    Ok((posts, relatives))
}

fn filled(cx: &WriteCx, talent: Talent, entry: Entry) -> Result<Talent> {
    if let Some(from) = entry.available_from {
        days::in_order("available_to", from, entry.available_to)?;
    }
    let relatives_sealed = match entry.relatives {
        Some(text) if text.is_empty() => String::new(),
        Some(text) => cx.app().seal().seal(&place(talent.id), &text)?,
        None => talent.relatives_sealed.clone(),
    };
    Ok(Talent {
        pool: entry.pool,
        speciality: entry.speciality,
        second_speciality: entry.second_speciality,
        political: entry.political,
        native_place: entry.native_place,
        career: entry.career,
        relatives_sealed,
        available_from: entry.available_from,
        available_to: entry.available_to,
        note: entry.note,
        ..talent
    })
}

fn place(id: TalentId) -> String {
    format!("talent/{id}/relatives")
}

/// What is known of relatives, in clear; the caller has made sure who reads it.
pub(super) fn relatives_of(cx: &kit::Cx, talent: &Talent) -> Result<String> {
    if talent.relatives_sealed.is_empty() {
        return Ok(String::new());
    }
    cx.app().seal().open(&place(talent.id), &talent.relatives_sealed)
}

/// Relatives are in no index.
fn index(cx: &mut WriteCx, id: TalentId, entry: &Entry) {
    cx.index(NOUN, id, format!("{} {} {}", entry.name, entry.title, entry.career));
}

/// Takes somebody into the pool.
pub async fn admit(cx: &mut WriteCx, id: TalentId, opinion: String) -> Result<()> {
    settle(cx, id, Deed::Admit, opinion).await
}

/// Does not use somebody for the time being.
pub async fn rest(cx: &mut WriteCx, id: TalentId, reason: String) -> Result<()> {
    settle(cx, id, Deed::Rest, reason).await
}

/// Uses somebody again.
pub async fn resume(cx: &mut WriteCx, id: TalentId, reason: String) -> Result<()> {
    settle(cx, id, Deed::Resume, reason).await
}

/// Takes somebody out of the pool.
pub async fn leave(cx: &mut WriteCx, id: TalentId, reason: String) -> Result<()> {
    settle(cx, id, Deed::Leave, reason).await
}

async fn settle(cx: &mut WriteCx, id: TalentId, deed: Deed, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let after = Talent {
        state,
        decided_by: cx.actor.account,
        decided_on: Some(cx.today()),
        opinion: opinion.clone(),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Talent>(NOUN, id, deed, before.state, state).note(opinion));
    Ok(())
}
