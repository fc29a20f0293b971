//! The deeds on activations.

use chrono::NaiveDate;
use kit::{Area, Done, Fen, Refusal, Result, WriteCx};

use super::{AssetMovement, AssetMovementId, Measure, NOUN, may_reverse, store};
use crate::{
    assets::{
        self, Asset, AssetId,
        ledger::{Change, Entry as LedgerEntry},
    },
    campaigns::CampaignId,
    subjects::not_after_today,
};

/// What a person enters about an activation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The day it counts from.
    pub on_day: NaiveDate,
    /// How the property is put to use.
    pub measure: Measure,
    /// Area activated; zero for income from an area activated before.
    pub area: Area,
    /// Income from it.
    pub income: Fen,
    /// The campaign it belongs to.
    pub campaign: Option<CampaignId>,
    /// The words beside the figures.
    pub words: Words,
}

/// What may be changed later, because no figure rests on it.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Who reported it.
    pub reporter: String,
    /// Contract, decision or receipt it rests on.
    pub document: String,
    /// Remark.
    pub note: String,
}

impl Words {
    fn apply(self, movement: &mut AssetMovement) {
        movement.reporter = self.reporter;
        movement.document = self.document;
        movement.note = self.note;
    }
}

/// Enters an activation of a property.
pub async fn create(cx: &mut WriteCx, asset: AssetId, entry: Entry) -> Result<AssetMovementId> {
    let asset = assets::find(cx, asset).await?;
    if !asset.kept_by(&cx.actor) {
        return Err(Refusal::forbidden("登记盘活").into());
    }
    not_after_today(cx, "on_day", entry.on_day)?;
    if entry.area.0 < 0 || entry.income.0 < 0 {
        return Err(Refusal::field("area", "面积和收入不能为负；登记有误的请冲销原记录").into());
    }
    if entry.area.0 == 0 && entry.income.0 == 0 {
        return Err(Refusal::field("area", "面积和收入至少填写一项").into());
    }
    let mut movement = AssetMovement {
        id: AssetMovementId(cx.new_id()),
        version: 1,
        asset_id: asset.id,
        organisation_id: asset.organisation_id,
        inspection_id: asset.inspection_id,
        campaign_id: entry.campaign,
        reverses_id: None,
        on_day: entry.on_day,
        measure: entry.measure,
        area_cm2: entry.area,
        income_fen: entry.income,
        reporter: String::new(),
        document: String::new(),
        note: String::new(),
    };
    entry.words.apply(&mut movement);
    let id = movement.id;
    enter(cx, &asset, movement, "create", "登记盘活").await?;
    Ok(id)
}

/// Takes an entry back by one of opposite sign, dated `on`.
pub async fn reverse(
    cx: &mut WriteCx,
    id: AssetMovementId,
    on: NaiveDate,
    reason: String,
) -> Result<AssetMovementId> {
    let wrong = store::find(cx, id).await?;
    if !may_reverse(&cx.actor) {
        return Err(Refusal::forbidden("冲销").into());
    }
    if wrong.is_reversal() || store::is_reversed(cx, id).await? {
        return Err(Refusal::conflict("冲销记录和已冲销的记录不能再冲销。").into());
    }
    not_after_today(cx, "on_day", on)?;
    if on < wrong.on_day {
        return Err(Refusal::field("on_day", format!("不能早于原记录日期 {}", wrong.on_day)).into());
    }
    let asset = assets::find(cx, wrong.asset_id).await?;
    let back = AssetMovement {
        id: AssetMovementId(cx.new_id()),
        version: 1,
        reverses_id: Some(id),
        on_day: on,
        area_cm2: Area(wrong.area_cm2.0.saturating_neg()),
        income_fen: Fen(wrong.income_fen.0.saturating_neg()),
        note: reason.clone(),
        ..wrong
    };
    let new = back.id;
    cx.done(Done::new(NOUN, id, "reverse", "冲销").note(reason));
    enter(cx, &asset, back, "create", "冲销登记").await?;
    Ok(new)
}

/// Adds an entry to the ledger of `asset` if every day's sums allow it.
async fn enter(
    cx: &mut WriteCx,
    asset: &Asset,
    movement: AssetMovement,
    deed: &str,
    label: &str,
) -> Result<()> {
    let change = LedgerEntry { on: movement.on_day, change: Change::Movement(movement.area_cm2) };
    assets::ledger_of(cx, asset).await?.admit(change).map_err(assets::actions::refusal)?;
    assets::guard(cx, asset).await?;
    index(cx, asset, &movement);
    let note = format!("{} 盘活 {} ㎡，收入 {} 元", movement.on_day, movement.area_cm2, movement.income_fen);
    cx.done(Done::new(assets::NOUN, asset.id, "activate", label).note(note.clone()));
    cx.done(Done::new(NOUN, movement.id, deed, label).note(note));
    cx.insert(movement).await
}

fn index(cx: &mut WriteCx, asset: &Asset, movement: &AssetMovement) {
    let words = [&asset.code, &asset.name, &movement.document, &movement.reporter, &movement.note];
    cx.index(NOUN, movement.id, words.map(String::as_str).join(" "));
}

/// Changes the words beside the figures.
pub async fn edit(cx: &mut WriteCx, id: AssetMovementId, words: Words) -> Result<()> {
    let before = store::find(cx, id).await?;
    if !before.kept_by(&cx.actor) {
        return Err(Refusal::forbidden("修改").into());
    }
    let asset = assets::find(cx, before.asset_id).await?;
    let mut after = before.clone();
    words.apply(&mut after);
    index(cx, &asset, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改").changes(changes));
    Ok(())
}
