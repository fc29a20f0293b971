//! Putting lists of common problems together, approving them and handing them over.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::{
    organisations::OrganisationId,
    transfers::{self, Kind, Mode, Sending},
};
use uuid::Uuid;

use super::{Deed, Handover, HandoverId, NOUN, State, may_keep, store};
use crate::{
    common_problems::{self, actions::Item},
    shared::{has_happened, not_before},
};

/// What a person enters about a hand-over.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number.
    pub number: String,
    /// Title of the list.
    pub title: String,
    /// Code of the field.
    pub field: String,
    /// The department that supervises the field.
    pub recipient: OrganisationId,
    /// What is asked of the recipient.
    pub note: String,
}

impl Entry {
    fn apply(self, handover: &mut Handover) {
        handover.number = self.number;
        handover.title = self.title;
        handover.field = self.field;
        handover.recipient_id = self.recipient;
        handover.note = self.note;
    }
}

/// Begins a list.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<HandoverId> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("起草共性问题移交").into());
    }
    let mut handover = Handover {
        id: HandoverId(cx.new_id()),
        version: 1,
        number: String::new(),
        title: String::new(),
        field: String::new(),
        recipient_id: entry.recipient,
        note: String::new(),
        state: State::Drafted,
        prepared_by: cx.actor.account,
        approved_by: None,
        approved_on: None,
        transfer_id: None,
        handed_on: None,
    };
    entry.apply(&mut handover);
    let id = handover.id;
    index(cx, &handover);
    cx.done(Done::new(NOUN, id, "create", "起草共性问题移交"));
    cx.insert(handover).await?;
    Ok(id)
}

/// Changes the draft; its items go to the new recipient with it.
pub async fn edit(cx: &mut WriteCx, id: HandoverId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    common_problems::actions::readdress(cx, id, after.recipient_id).await?;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Handover>(NOUN, id, Deed::Edit, State::Drafted, State::Drafted).changes(changes));
    Ok(())
}

/// Puts problems on the list: recorded ones, and lines typed by hand. Answers how many were added.
pub async fn add_problems(
    cx: &mut WriteCx,
    id: HandoverId,
    problems: Vec<Uuid>,
    typed: Vec<Item>,
) -> Result<usize> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::AddProblems)?;
    let mut items = common_problems::actions::of_problems(cx, &problems).await?;
    items.extend(typed);
    if items.is_empty() {
        return Err(Refusal::field("problems", "请选择问题，或至少填写一行").into());
    }
    let count = items.len();
    common_problems::actions::append(cx, &before, items).await?;
    // The version counts up, so that an approval does not meet a list that has grown meanwhile.
    cx.update(&before, before.clone()).await?;
    let done = Done::deed::<Handover>(NOUN, id, Deed::AddProblems, before.state, before.state);
    cx.done(done.note(format!("加入 {count} 个问题")));
    Ok(count)
}

/// Approves the list that somebody else put together.
pub async fn approve(cx: &mut WriteCx, id: HandoverId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Approve)?;
    if common_problems::count(cx, id).await? == 0 {
        return Err(Refusal::conflict("清单里还没有问题，不能审定。").into());
    }
    let mut after = before.clone();
    (after.state, after.approved_by, after.approved_on) = (state, cx.actor.account, Some(cx.today()));
    store_change(cx, &before, after, Deed::Approve, String::new()).await?;
    let audience = Audience::Post { role: Role::OfficeLiaison, organisation: None, inspection: None };
    cx.notify(audience, "共性问题移交清单已审定，可以移交", NOUN, id);
    Ok(())
}

/// Gives an approved list back to its author.
pub async fn send_back(cx: &mut WriteCx, id: HandoverId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::SendBack)?;
    let mut after = before.clone();
    (after.state, after.approved_by, after.approved_on) = (state, None, None);
    store_change(cx, &before, after, Deed::SendBack, reason).await?;
    if let Some(author) = before.prepared_by {
        cx.notify(Audience::Account(author), "共性问题移交清单被退回修改", NOUN, id);
    }
    Ok(())
}

/// Hands an approved list over; the clock of the reply begins.
pub async fn hand_over(cx: &mut WriteCx, id: HandoverId, handed_on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::HandOver)?;
    has_happened(cx, "handed_on", handed_on)?;
    not_before("handed_on", handed_on, before.approved_on, "审定日期")?;
    let sending = Sending {
        kind: Kind::CommonProblem,
        subject_noun: NOUN,
        subject_id: id.0,
        title: before.title.clone(),
        inspection: None,
        organisation: None,
        recipient: before.recipient_id.0,
        mode: Mode::Single,
        early: false,
        sent_on: handed_on,
    };
    let transfer = transfers::actions::send(cx, sending).await?;
    common_problems::actions::hand_over(cx, id, handed_on).await?;
    let mut after = before.clone();
    (after.state, after.transfer_id, after.handed_on) = (state, Some(transfer), Some(handed_on));
    store_change(cx, &before, after, Deed::HandOver, String::new()).await
}

/// Gives up a list that was not handed over; its problems can go on another.
pub async fn discard(cx: &mut WriteCx, id: HandoverId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Discard)?;
    common_problems::actions::release(cx, id).await?;
    let mut after = before.clone();
    after.state = state;
    store_change(cx, &before, after, Deed::Discard, reason).await
}

async fn store_change(
    cx: &mut WriteCx,
    before: &Handover,
    after: Handover,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, state) = (after.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Handover>(NOUN, id, deed, before.state, state).note(note));
    Ok(())
}

fn index(cx: &mut WriteCx, handover: &Handover) {
    cx.index(NOUN, handover.id, format!("{} {}", handover.number, handover.title));
}
