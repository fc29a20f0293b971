//! Keeping the dictionaries.

use chrono::NaiveDate;
use kit::{Done, Refusal, Result, WriteCx};

use super::{Dictionary, DictionaryItem, ItemId, NOUN, may_keep, store};

/// What is entered about an item that does not exist yet.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// The dictionary.
    pub kind: Dictionary,
    /// Code, unique in the dictionary.
    pub code: String,
    /// What of it may change from version to version.
    pub wording: Wording,
    /// First day.
    pub valid_from: NaiveDate,
}

/// What of an item may change from version to version.
#[derive(Clone, Debug)]
pub struct Wording {
    /// What people read.
    pub label: String,
    /// Code of the value it belongs under.
    pub parent: Option<String>,
    /// Place among the values.
    pub position: i64,
    /// The text it rests on.
    pub basis: String,
}

/// Adds an item.
pub async fn create(cx: &mut WriteCx, new: NewItem) -> Result<ItemId> {
    permit(cx, "新增字典项")?;
    if !store::versions(cx, new.kind, &new.code).await?.is_empty() {
        return Err(Refusal::field("code", "这个代码已有字典项，请在原字典项上办理“更新版本”").into());
    }
    insert(cx, new.kind, new.code, new.wording, new.valid_from, "create", "新增字典项").await
}

/// Corrects the text of a version without changing the days it holds.
pub async fn edit(cx: &mut WriteCx, id: ItemId, wording: Wording) -> Result<()> {
    permit(cx, "更正字典项")?;
    let before = store::find(cx, id).await?;
    let after = DictionaryItem {
        label: wording.label,
        parent: wording.parent,
        position: wording.position,
        basis: wording.basis,
        ..before.clone()
    };
    cx.index(NOUN, id, after.label.clone());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "更正字典项").changes(changes));
    Ok(())
}

/// Begins a new version on `valid_from`; the one before ends the day before.
pub async fn renew(cx: &mut WriteCx, id: ItemId, wording: Wording, valid_from: NaiveDate) -> Result<ItemId> {
    permit(cx, "更新版本")?;
    let before = store::find(cx, id).await?;
    let newest =
        store::versions(cx, before.kind, &before.code).await?.iter().map(|item| item.valid_from).max();
    if newest != Some(before.valid_from) {
        return Err(Refusal::conflict("这不是最新版本，请在最新版本上办理。").into());
    }
    if valid_from <= before.valid_from {
        return Err(Refusal::field("valid_from", "新版本的启用日期应晚于现行版本的启用日期").into());
    }
    let (kind, code) = (before.kind, before.code.clone());
    close(cx, before, valid_from.pred_opt()).await?;
    insert(cx, kind, code, wording, valid_from, "renew", "更新版本").await
}

/// Ends an item: from the day after `last_day` it is no longer offered.
pub async fn end(cx: &mut WriteCx, id: ItemId, last_day: NaiveDate) -> Result<()> {
    permit(cx, "停用")?;
    let before = store::find(cx, id).await?;
    if last_day < before.valid_from {
        return Err(Refusal::field("valid_to", "停用日期不能早于启用日期").into());
    }
    close(cx, before, Some(last_day)).await
}

async fn close(cx: &mut WriteCx, before: DictionaryItem, last_day: Option<NaiveDate>) -> Result<()> {
    let after = DictionaryItem { valid_to: last_day, ..before.clone() };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, before.id, "end", "停用").changes(changes));
    Ok(())
}

async fn insert(
    cx: &mut WriteCx,
    kind: Dictionary,
    code: String,
    wording: Wording,
    valid_from: NaiveDate,
    deed: &str,
    label: &str,
) -> Result<ItemId> {
    let id = ItemId(cx.new_id());
    cx.index(NOUN, id, wording.label.clone());
    cx.insert(DictionaryItem {
        id,
        version: 1,
        kind,
        code,
        label: wording.label,
        parent: wording.parent,
        position: wording.position,
        valid_from,
        valid_to: None,
        basis: wording.basis,
    })
    .await?;
    cx.done(Done::new(NOUN, id, deed, label));
    Ok(id)
}

fn permit(cx: &WriteCx, deed: &str) -> Result<()> {
    if may_keep(&cx.actor) { Ok(()) } else { Err(Refusal::forbidden(deed).into()) }
}
