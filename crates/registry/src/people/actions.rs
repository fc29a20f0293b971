//! Keeping the register of people.

use kit::{Done, Refusal, Result, WriteCx};

use super::{NOUN, Person, PersonId, may_keep, store};
use crate::organisations::OrganisationId;

/// What is entered about a person.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// Where the person works.
    pub organisation: Option<OrganisationId>,
    /// As what.
    pub title: String,
    /// What the person is good at.
    pub speciality: String,
    /// Remark.
    pub note: String,
}

impl Entry {
    fn into_person(self, id: PersonId, version: i64) -> Person {
        Person {
            id,
            version,
            name: self.name,
            organisation_id: self.organisation,
            title: self.title,
            speciality: self.speciality,
            note: self.note,
        }
    }
}

/// Enters a person.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<PersonId> {
    permit(cx, "登记人员")?;
    let person = entry.into_person(PersonId(cx.new_id()), 1);
    let id = person.id;
    cx.index(NOUN, id, searchable(&person));
    cx.done(Done::new(NOUN, id, "create", "登记人员"));
    cx.insert(person).await?;
    Ok(id)
}

/// Changes what is registered.
pub async fn edit(cx: &mut WriteCx, id: PersonId, entry: Entry) -> Result<()> {
    permit(cx, "修改人员")?;
    let before = store::find(cx, id).await?;
    let after = entry.into_person(id, before.version);
    cx.index(NOUN, id, searchable(&after));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改人员").changes(changes));
    Ok(())
}

fn searchable(person: &Person) -> String {
    format!("{} {} {}", person.name, person.title, person.speciality)
}

fn permit(cx: &WriteCx, deed: &str) -> Result<()> {
    if may_keep(&cx.actor) { Ok(()) } else { Err(Refusal::forbidden(deed).into()) }
}
