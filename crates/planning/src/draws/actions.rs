//! Publishing the list, drawing, declaring void.

use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};

use super::{Deed, Draw, DrawId, NOUN, State, lot, store};
use crate::{
    inspections::{self, InspectionId},
    needs::{self, Duty, Need, NeedId},
    talents::Pool,
};

/// What is drawn for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// For which inspection.
    pub inspection: InspectionId,
    /// From which pool.
    pub pool: Pool,
    /// For which duty.
    pub duty: Duty,
    /// How many.
    pub number: i64,
}

/// Publishes the list of everybody who may be drawn: in the pool, free for the whole time, without avoidance, and
/// not paired with the same team or organisation before.
pub async fn list(cx: &mut WriteCx, entry: Entry) -> Result<DrawId> {
    if !needs::may_select(&cx.actor) {
        return Err(Refusal::forbidden("公布抽签名单").into());
    }
    let inspection = inspections::find(cx, entry.inspection).await?;
    let id = DrawId(cx.new_id());
    let ranked = needs::ranked(cx, &imagined(&entry, &inspection)).await?;
    let (mut eligible, mut excluded) = (Vec::new(), Vec::new());
    for person in ranked {
        let reason = person.against.first().map(String::as_str).or(person.paired);
        let line = format!("{} {} {}", person.name, person.place, person.id);
        match reason {
            Some(reason) => excluded.push(format!("{} {}：{reason}", person.name, person.place)),
            None => eligible.push(line),
        }
    }
    eligible.sort();
    excluded.sort();
    if i64::try_from(eligible.len()).unwrap_or(0) < entry.number {
        let sentence = format!("符合条件的只有{}人，不足{}人，不能抽签。", eligible.len(), entry.number);
        return Err(Refusal::field("number", sentence).into());
    }
    let lines: Vec<&str> = eligible.iter().map(String::as_str).collect();
    cx.insert(Draw {
        id,
        version: 1,
        inspection_id: entry.inspection,
        pool: entry.pool,
        duty: entry.duty,
        number: entry.number,
        state: State::Listed,
        list_digest: lot::list_digest(&lines),
        list: eligible.join("\n"),
        excluded: excluded.join("\n"),
        witness: String::new(),
        nonce: String::new(),
        seed: String::new(),
        picked: String::new(),
        listed_by: cx.actor.account,
        listed_on: cx.today(),
        drawn_by: None,
        drawn_at: None,
        note: String::new(),
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "公布抽签名单"));
    Ok(id)
}

/// The need that a draw stands for, for the check of the pool; it is stored nowhere.
fn imagined(entry: &Entry, inspection: &inspections::Inspection) -> Need {
    Need {
        id: NeedId(inspection.id.0),
        version: 1,
        inspection_id: inspection.id,
        pool: entry.pool,
        duty: entry.duty,
        speciality: String::new(),
        number: entry.number,
        from_on: inspection.starts_on,
        to_on: inspection.ends_on.unwrap_or(inspection.starts_on),
        state: needs::State::Draft,
        note: String::new(),
        prepared_by: None,
        sent_on: None,
        settled_on: None,
    }
}

/// Draws with the number that the witness named.
pub async fn draw(cx: &mut WriteCx, id: DrawId, witness: String, nonce: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Draw)?;
    if nonce.len() < 4 || !nonce.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::field("nonce", "请填写见证人当场报出的数字，至少四位").into());
    }
    let lines: Vec<&str> = before.list.lines().collect();
    let seed = lot::seed(&before.list_digest, &nonce);
    let picked = lot::draw(&lines, &seed, usize::try_from(before.number).unwrap_or(0)).join("\n");
    let after = Draw {
        state,
        witness,
        nonce,
        seed,
        picked,
        drawn_by: cx.actor.account,
        drawn_at: Some(cx.now),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Draw>(NOUN, id, Deed::Draw, before.state, state));
    Ok(())
}

/// Declares a draw void.
pub async fn void(cx: &mut WriteCx, id: DrawId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Void)?;
    cx.update(&before, Draw { state, note: reason.clone(), ..before.clone() }).await?;
    cx.done(Done::deed::<Draw>(NOUN, id, Deed::Void, before.state, state).note(reason));
    Ok(())
}
