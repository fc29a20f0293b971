//! The deeds on idle properties.

use chrono::NaiveDate;
use kit::{Area, Done, Refusal, Result, WriteCx};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{
    Asset, AssetCorrection, AssetId, AssetKind, NOUN,
    ledger::{Change, Entry as LedgerEntry, Refused},
    may_correct, store,
};
use crate::{access, subjects::not_after_today};

/// What a person enters about a property; its area is entered once and corrected later.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Code, unique.
    pub code: String,
    /// Name with its place.
    pub name: String,
    /// Who holds it.
    pub organisation: OrganisationId,
    /// The inspection that found it idle.
    pub inspection: Option<Uuid>,
    /// Address.
    pub address: String,
    /// Street or quarter.
    pub place: String,
    /// What it is.
    pub kind: AssetKind,
    /// Idle since.
    pub idle_since: Option<NaiveDate>,
    /// Why it is idle, and remarks.
    pub note: String,
}

impl Entry {
    fn check(&self, cx: &WriteCx, found_on: NaiveDate) -> Result<()> {
        if !access::keeps(&cx.actor, self.organisation) {
            return Err(Refusal::field("organisation", "只能登记本单位的资产").into());
        }
        if self.idle_since.is_some_and(|since| since > found_on) {
            return Err(Refusal::field("idle_since", "不能晚于查明闲置的日期").into());
        }
        Ok(())
    }

    fn apply(self, asset: &mut Asset) {
        asset.code = self.code;
        asset.name = self.name;
        asset.organisation_id = self.organisation;
        asset.inspection_id = self.inspection;
        asset.address = self.address;
        asset.place = self.place;
        asset.kind = self.kind;
        asset.idle_since = self.idle_since;
        asset.note = self.note;
    }
}

/// Registers a property found idle.
pub async fn create(cx: &mut WriteCx, entry: Entry, area: Area, found_on: NaiveDate) -> Result<AssetId> {
    if !access::may_begin(&cx.actor) {
        return Err(Refusal::forbidden("登记闲置资产").into());
    }
    not_after_today(cx, "found_on", found_on)?;
    entry.check(cx, found_on)?;
    if area.0 <= 0 {
        return Err(Refusal::field("area", "闲置面积应大于 0").into());
    }
    let mut asset = Asset {
        id: AssetId(cx.new_id()),
        version: 1,
        code: String::new(),
        name: String::new(),
        organisation_id: entry.organisation,
        inspection_id: None,
        address: String::new(),
        place: String::new(),
        kind: entry.kind,
        area_cm2: area,
        found_on,
        idle_since: None,
        note: String::new(),
    };
    entry.apply(&mut asset);
    let id = asset.id;
    index(cx, &asset);
    cx.done(Done::new(NOUN, id, "create", "登记闲置资产"));
    cx.insert(asset).await?;
    Ok(id)
}

fn index(cx: &mut WriteCx, asset: &Asset) {
    let words = [&asset.code, &asset.name, &asset.place, &asset.address, &asset.note];
    cx.index(NOUN, asset.id, words.map(String::as_str).join(" "));
}

/// Changes what is registered, except area and day of finding.
pub async fn edit(cx: &mut WriteCx, id: AssetId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    if !before.kept_by(&cx.actor) {
        return Err(Refusal::forbidden("修改闲置资产").into());
    }
    entry.check(cx, before.found_on)?;
    let mut after = before.clone();
    entry.apply(&mut after);
    if after.inspection_id != before.inspection_id {
        store::assign_movements(cx, id, after.inspection_id).await?;
    }
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改").changes(changes));
    Ok(())
}

/// Corrects the stock from a day on, with the reason.
pub async fn correct(cx: &mut WriteCx, id: AssetId, on: NaiveDate, area: Area, reason: String) -> Result<()> {
    let asset = store::find(cx, id).await?;
    if !may_correct(&cx.actor) {
        return Err(Refusal::forbidden("更正闲置面积").into());
    }
    not_after_today(cx, "on_day", on)?;
    if area.0 == 0 {
        return Err(Refusal::field("area", "更正的面积不能为 0").into());
    }
    let change = LedgerEntry { on, change: Change::Correction(area) };
    store::ledger_of(cx, &asset).await?.admit(change).map_err(refusal)?;
    store::guard(cx, &asset).await?;
    let correction = AssetCorrection {
        id: cx.new_id(),
        asset_id: id,
        on_day: on,
        area_cm2: area,
        reason: reason.clone(),
        by_name: cx.actor.name.clone(),
        at: cx.now,
    };
    cx.insert(correction).await?;
    cx.done(Done::new(NOUN, id, "correct", "更正闲置面积").note(format!("{on} 更正 {area} ㎡：{reason}")));
    Ok(())
}

/// The sentence for an entry that the ledger does not admit.
pub(crate) fn refusal(refused: Refused) -> Refusal {
    match refused {
        Refused::BeforeFound { found_on } => {
            Refusal::field("on_day", format!("不能早于查明闲置的日期 {found_on}"))
        }
        Refused::Overdrawn { on, rest } => {
            let words = format!(
                "到 {on} 将超出 {} ㎡，闲置面积和盘活面积在任何一天都不能为负",
                Area(rest.0.saturating_neg())
            );
            Refusal::field("area", words)
        }
    }
}
