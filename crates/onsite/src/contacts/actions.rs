//! Keeping the list of a contact group.

use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};
use planning::{inspection_units, units};
use uuid::Uuid;

use super::{Contact, ContactId, Deed, NOUN, Part, State, may_keep, store};

/// What is entered about somebody.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
    /// Telephone.
    pub phone: String,
    /// What the person is in the group.
    pub part: Part,
}

/// Puts people on the list of `unit`, which the actor can see; answers the first.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entries: Vec<Entry>) -> Result<ContactId> {
    let found = inspection_units::find(cx, unit.into()).await?;
    if !may_keep(&cx.actor, found.organisation_id.0, found.inspection_id.0) {
        return Err(Refusal::forbidden("报送联络组名单").into());
    }
    let unit = units::of(cx, unit).await?;
    let mut first = None;
    for entry in entries {
        let id = ContactId(cx.new_id());
        first.get_or_insert(id);
        cx.index(NOUN, id, format!("{} {}", entry.name, entry.post));
        cx.insert(Contact {
            id,
            version: 1,
            inspection_id: unit.inspection_id,
            unit_id: unit.id,
            organisation_id: unit.organisation_id,
            name: entry.name,
            post: entry.post,
            phone: entry.phone,
            part: entry.part,
            entered_on: cx.today(),
            state: State::Active,
        })
        .await?;
        cx.done(Done::new(NOUN, id, "create", "列入联络组"));
    }
    first.ok_or_else(|| Refusal::field("people", "请至少填写一人").into())
}

/// Changes an entry.
pub async fn edit(cx: &mut WriteCx, id: ContactId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    cx.index(NOUN, id, format!("{} {}", entry.name, entry.post));
    let Entry { name, post, phone, part } = entry;
    let changes = cx.update(&before, Contact { name, post, phone, part, ..before.clone() }).await?;
    cx.done(Done::deed::<Contact>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Takes somebody off the list.
pub async fn end(cx: &mut WriteCx, id: ContactId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::End)?;
    cx.update(&before, Contact { state, ..before.clone() }).await?;
    cx.done(Done::deed::<Contact>(NOUN, id, Deed::End, before.state, state));
    Ok(())
}
