//! Entering a letter that goes up, handing it over, and its receipt. Nobody is told: the circle must not widen.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates};
use uuid::Uuid;

use super::{About, Channel, Deed, NOUN, Receiver, State, UpwardLetter, UpwardLetterId, may_create, store};

/// What is entered; none of it is text.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The inspection during which it came in.
    pub inspection: Option<Uuid>,
    /// Why it goes up.
    pub about: About,
    /// How it came in.
    pub channel: Channel,
    /// When.
    pub received_on: NaiveDate,
    /// How many sealed sheets.
    pub sheets: i64,
    /// To whom it goes.
    pub receiver: Receiver,
}

/// Enters a letter, sealed and unread.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<UpwardLetterId> {
    if !may_create(&cx.actor) {
        return Err(Refusal::forbidden("登记上转信件").into());
    }
    dates::happened(cx, "received_on", "收到日期", entry.received_on)?;
    let id = UpwardLetterId(kit::ids::random());
    let number = store::fresh_number(cx, entry.received_on).await?;
    let letter = UpwardLetter {
        id,
        version: 1,
        number,
        inspection_id: entry.inspection,
        about: entry.about,
        channel: entry.channel,
        received_on: entry.received_on,
        sheets: entry.sheets,
        receiver: entry.receiver,
        handed_on: None,
        receipt_on: None,
        state: State::Sealed,
        entered_by: cx.actor.account,
    };
    cx.insert(letter).await?;
    cx.done(Done::new(NOUN, id, "create", "登记"));
    Ok(id)
}

/// Records that it was handed over on `on`.
pub async fn hand_over(cx: &mut WriteCx, id: UpwardLetterId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::HandOver)?;
    dates::happened(cx, "on", "转交日期", on)?;
    dates::not_before("on", "转交日期", on, Some(before.received_on), "收到日期")?;
    put(cx, &before, UpwardLetter { state, handed_on: Some(on), ..before.clone() }, Deed::HandOver).await
}

/// Records that it was signed for on `on`.
pub async fn receipt(cx: &mut WriteCx, id: UpwardLetterId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Receipt)?;
    dates::happened(cx, "on", "签收日期", on)?;
    dates::not_before("on", "签收日期", on, before.handed_on, "转交日期")?;
    put(cx, &before, UpwardLetter { state, receipt_on: Some(on), ..before.clone() }, Deed::Receipt).await
}

async fn put(cx: &mut WriteCx, before: &UpwardLetter, after: UpwardLetter, deed: Deed) -> Result<()> {
    let state = after.state;
    cx.update(before, after).await?;
    cx.done(Done::deed::<UpwardLetter>(NOUN, before.id, deed, before.state, state));
    Ok(())
}
