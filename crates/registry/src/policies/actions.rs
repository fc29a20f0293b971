//! Keeping the policies. Which codes there are is the program's matter; how much, since when and
//! on what basis is the office's.

use chrono::NaiveDate;
use kit::{Done, Refusal, Result, WriteCx};

use super::{NOUN, Policy, PolicyId, Unit, may_keep, store};

/// What of a policy changes from version to version.
#[derive(Clone, Debug)]
pub struct Terms {
    /// How many.
    pub amount: i64,
    /// Of what.
    pub unit: Unit,
    /// The text it rests on.
    pub basis: String,
}

/// Begins a new version on `valid_from`; the one before ends the day before. Deadlines that are
/// already running keep the day and the basis they were given.
pub async fn renew(cx: &mut WriteCx, id: PolicyId, terms: Terms, valid_from: NaiveDate) -> Result<PolicyId> {
    permit(cx, "更新版本")?;
    let before = store::find(cx, id).await?;
    let newest = store::versions(cx, &before.code).await?.iter().map(|policy| policy.valid_from).max();
    if newest != Some(before.valid_from) {
        return Err(Refusal::conflict("这不是最新版本，请在最新版本上办理。").into());
    }
    if valid_from <= before.valid_from {
        return Err(Refusal::field("valid_from", "新版本的启用日期应晚于现行版本的启用日期").into());
    }
    check_unit(before.unit, terms.unit)?;
    let closed = Policy { valid_to: valid_from.pred_opt(), ..before.clone() };
    let changes = cx.update(&before, closed).await?;
    cx.done(Done::new(NOUN, before.id, "end", "停用").changes(changes));
    let id = PolicyId(cx.new_id());
    cx.index(NOUN, id, before.label.clone());
    cx.insert(Policy {
        id,
        version: 1,
        amount: terms.amount,
        unit: terms.unit,
        basis: terms.basis,
        valid_from,
        valid_to: None,
        ..before
    })
    .await?;
    cx.done(Done::new(NOUN, id, "renew", "更新版本"));
    Ok(id)
}

/// Corrects name and basis of a version; its amount only changes with a new version.
pub async fn edit(cx: &mut WriteCx, id: PolicyId, label: String, basis: String) -> Result<()> {
    permit(cx, "更正文字")?;
    let before = store::find(cx, id).await?;
    let after = Policy { label, basis, ..before.clone() };
    cx.index(NOUN, id, after.label.clone());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "更正文字").changes(changes));
    Ok(())
}

/// A deadline stays a number of days, a time limit of sign-in stays in minutes.
fn check_unit(held: Unit, new: Unit) -> Result<()> {
    let counts_days = |unit| matches!(unit, Unit::WorkingDays | Unit::Days | Unit::Months);
    if held == new || (counts_days(held) && counts_days(new)) {
        return Ok(());
    }
    Err(Refusal::field("unit", "计量单位与这项口径的用途不符").into())
}

fn permit(cx: &WriteCx, deed: &str) -> Result<()> {
    if may_keep(&cx.actor) { Ok(()) } else { Err(Refusal::forbidden(deed).into()) }
}
