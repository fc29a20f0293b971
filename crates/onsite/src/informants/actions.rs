//! Entering who wrote, completing it blindly, and opening it for a reason.

use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};

use super::{Deed, Identity, Informant, InformantId, NOUN, State, seal, store};
use crate::{
    openings::{self, Part, actions::Sealed},
    petitions::{self, Petition, PetitionId, Signed},
};

/// Enters who wrote `petition`.
pub async fn create(cx: &mut WriteCx, petition: PetitionId, identity: Identity) -> Result<InformantId> {
    let petition = petitions::find(cx, petition).await?;
    if !cx.actor.program && !cx.actor.in_team(petition.inspection_id) {
        return Err(Refusal::forbidden("登记举报人身份").into());
    }
    if petition.signed == Signed::Anonymous {
        return Err(
            Refusal::field("petition", "这件信访登记为匿名；确已获知身份的，请先修改登记的署名情况").into()
        );
    }
    if identity.name.is_empty() {
        return Err(Refusal::field("name", "请填写姓名").into());
    }
    let id = InformantId(kit::ids::random());
    let mut entry = Informant {
        id,
        version: 1,
        petition_id: petition.id,
        inspection_id: petition.inspection_id,
        name_sealed: String::new(),
        work_sealed: String::new(),
        address_sealed: String::new(),
        phone_sealed: String::new(),
        document_sealed: String::new(),
        note_sealed: String::new(),
        entered_on: cx.today(),
        entered_by: cx.actor.account,
        state: State::Kept,
    };
    for (field, text, place) in places(&mut entry, &identity) {
        *place = seal(cx, id, field, text)?;
    }
    cx.insert(entry).await?;
    cx.done(Done::new(NOUN, id, "create", "登记身份"));
    Ok(id)
}

/// Replaces what is filled in; what is left empty stays as it is, and nothing of it is shown.
pub async fn complete(cx: &mut WriteCx, id: InformantId, identity: Identity) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Complete)?;
    if identity == Identity::default() {
        return Err(Refusal::field("name", "请至少填写一项").into());
    }
    let mut after = before.clone();
    for (field, text, place) in places(&mut after, &identity) {
        if !text.is_empty() {
            *place = seal(cx, id, field, text)?;
        }
    }
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Informant>(NOUN, id, Deed::Complete, state, state).changes(changes));
    Ok(())
}

/// Opens the identity to the actor for a while; the supervisor learns of it.
pub async fn open(cx: &mut WriteCx, id: InformantId, reason: String) -> Result<()> {
    let entry = store::find(cx, id).await?;
    let state = entry.decide(&cx.actor, Deed::Open)?;
    let petition: Petition = petitions::find(cx, entry.petition_id).await?;
    let sealed = Sealed {
        noun: NOUN,
        record: id.0,
        number: &petition.number,
        part: Part::Informant,
        inspection: entry.inspection_id,
    };
    openings::actions::open(cx, sealed, reason).await?;
    cx.done(Done::deed::<Informant>(NOUN, id, Deed::Open, state, state));
    Ok(())
}

/// Each field with what was entered and where it is kept.
fn places<'a>(
    entry: &'a mut Informant,
    identity: &'a Identity,
) -> [(&'static str, &'a str, &'a mut String); 6] {
    [
        ("name", &identity.name, &mut entry.name_sealed),
        ("work", &identity.work, &mut entry.work_sealed),
        ("address", &identity.address, &mut entry.address_sealed),
        ("phone", &identity.phone, &mut entry.phone_sealed),
        ("document", &identity.document, &mut entry.document_sealed),
        ("note", &identity.note, &mut entry.note_sealed),
    ]
}
