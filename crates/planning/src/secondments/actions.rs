//! The letter, the answer, the appraisal.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};

use super::{Deed, Grade, NOUN, Secondment, SecondmentId, State, store};
use crate::{days, needs::Need, nominations::Nomination};

/// Draws the letter up from a nomination; whose slice has checked it.
pub(crate) async fn prepare(cx: &mut WriteCx, nomination: &Nomination, need: &Need) -> Result<SecondmentId> {
    if store::of_nomination(cx, nomination.id).await? {
        return Err(Refusal::conflict("这名人选已拟发抽调函。").into());
    }
    let Some(home) = store::home_of(cx, nomination.talent_id).await? else {
        return Err(Refusal::conflict("此人没有登记工作单位，不能发抽调函；请先在人员名册中补登。").into());
    };
    let id = SecondmentId(cx.new_id());
    cx.insert(Secondment {
        id,
        version: 1,
        nomination_id: nomination.id,
        inspection_id: nomination.inspection_id,
        talent_id: nomination.talent_id,
        addressee_id: Some(home),
        number: String::new(),
        duty: need.duty,
        from_on: need.from_on,
        to_on: need.to_on,
        state: State::Draft,
        prepared_by: cx.actor.account,
        prepared_on: cx.today(),
        sent_on: None,
        answer: String::new(),
        answered_on: None,
        grade: None,
        appraisal: String::new(),
        appraised_by: None,
        appraised_on: None,
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "拟发抽调函"));
    Ok(id)
}

/// Sends the letter.
pub async fn send(cx: &mut WriteCx, id: SecondmentId, number: String, on: NaiveDate) -> Result<()> {
    days::happened(cx.today(), "on", on)?;
    settle(cx, id, Deed::Send, String::new(), |letter| {
        letter.number = number;
        letter.sent_on = Some(on);
        Ok(())
    })
    .await
}

/// The unit lets the person go, or does not.
pub async fn answer(
    cx: &mut WriteCx,
    id: SecondmentId,
    deed: Deed,
    words: String,
    on: NaiveDate,
) -> Result<()> {
    days::happened(cx.today(), "on", on)?;
    let note = words.clone();
    settle(cx, id, deed, note, |letter| {
        if let Some(sent) = letter.sent_on {
            days::not_before("on", on, sent, "发函日期")?;
        }
        letter.answer = words;
        letter.answered_on = Some(on);
        Ok(())
    })
    .await
}

/// Appraises the person, which goes back to the unit.
pub async fn appraise(cx: &mut WriteCx, id: SecondmentId, grade: Grade, words: String) -> Result<()> {
    let (by, on) = (cx.actor.account, cx.today());
    settle(cx, id, Deed::Appraise, String::new(), |letter| {
        days::not_before("grade", on, letter.from_on, "抽调开始日期")?;
        letter.grade = Some(grade);
        letter.appraisal = words;
        letter.appraised_by = by;
        letter.appraised_on = Some(on);
        Ok(())
    })
    .await
}

/// Takes the letter back.
pub async fn cancel(cx: &mut WriteCx, id: SecondmentId, reason: String) -> Result<()> {
    settle(cx, id, Deed::Cancel, reason, |_| Ok(())).await
}

async fn settle(
    cx: &mut WriteCx,
    id: SecondmentId,
    deed: Deed,
    note: String,
    change: impl FnOnce(&mut Secondment) -> Result<()>,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let mut after = Secondment { state, ..before.clone() };
    change(&mut after)?;
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Secondment>(NOUN, id, deed, before.state, state).note(note));
    Ok(())
}
