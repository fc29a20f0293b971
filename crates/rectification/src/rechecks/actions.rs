//! Fixing the list, drawing, declaring void.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};
use planning::draws::lot;
use uuid::Uuid;

use super::{Deed, NOUN, Recheck, RecheckId, State, store};
use crate::{
    common::{Step, put},
    subjects::not_after_today,
    verifications,
};

/// Fixes the list of everything closed from `from` to `to` that still is.
pub async fn list(
    cx: &mut WriteCx,
    title: String,
    from: NaiveDate,
    to: NaiveDate,
    draws: i64,
) -> Result<RecheckId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("组织随机抽查").into());
    }
    not_after_today(cx, "closed_to", to)?;
    if to < from {
        return Err(Refusal::field("closed_to", "不能早于开始日期").into());
    }
    let lines = store::closed_between(cx, from, to).await?;
    if i64::try_from(lines.len()).unwrap_or(i64::MAX) < draws {
        let words = format!("这段时间销号且未重开的问题只有 {} 个", lines.len());
        return Err(Refusal::field("draws", words).into());
    }
    let digest = lot::list_digest(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let id = RecheckId(cx.new_id());
    let number = kit::numbers::yearly(cx, store::SERIES, cx.today()).await?;
    cx.index(NOUN, id, format!("{number} {title}"));
    cx.insert(Recheck {
        id,
        version: 1,
        number,
        title,
        closed_from: from,
        closed_to: to,
        draws,
        state: State::Listed,
        list: lines.join("\n"),
        list_digest: digest,
        nonce: String::new(),
        witness: String::new(),
        seed: String::new(),
        picked: String::new(),
        listed_by: cx.actor.account,
        listed_on: cx.today(),
        drawn_by: None,
        drawn_on: None,
        note: String::new(),
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "固定抽查清单"));
    Ok(id)
}

/// Draws with the number that the witness named, and makes the checks.
pub async fn draw(cx: &mut WriteCx, id: RecheckId, witness: String, nonce: String) -> Result<usize> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Draw)?;
    if nonce.len() < 4 || !nonce.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::field("nonce", "请填写见证人当场报出的数字，至少四位").into());
    }
    let lines: Vec<&str> = before.list.lines().collect();
    let seed = lot::seed(&before.list_digest, &nonce);
    let picked = lot::draw(&lines, &seed, usize::try_from(before.draws).unwrap_or(0));
    let problems: Vec<Uuid> = picked.iter().filter_map(|line| problem_of(line)).collect();
    verifications::actions::of_draw(cx, id, &problems).await?;
    let after = Recheck {
        state,
        witness,
        nonce,
        seed,
        picked: picked.join("\n"),
        drawn_by: cx.actor.account,
        drawn_on: Some(cx.today()),
        ..before.clone()
    };
    put(cx, &before, after, Step { noun: NOUN, id: id.0, deed: Deed::Draw, note: String::new() }).await?;
    Ok(problems.len())
}

/// The problem of a line: its last word.
pub(super) fn problem_of(line: &str) -> Option<Uuid> {
    line.rsplit(' ').next().and_then(|word| word.parse().ok())
}

/// Declares a list void before it was drawn from.
pub async fn void(cx: &mut WriteCx, id: RecheckId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Void)?;
    let after = Recheck { state, note: reason.clone(), ..before.clone() };
    put(cx, &before, after, Step { noun: NOUN, id: id.0, deed: Deed::Void, note: reason }).await
}
