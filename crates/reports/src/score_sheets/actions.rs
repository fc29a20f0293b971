//! Keeping score sheets.

use kit::{Done, Labelled as _, Refusal, Result, WriteCx};

use super::{Deed, Item, NOUN, SEED, ScoreSheet, ScoreSheetId, WHOLE, may_keep, points, store};

/// What is entered about a sheet.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// Its items.
    pub items: Vec<Item>,
    /// What it rests on.
    pub basis: String,
}

async fn checked(cx: &WriteCx, id: ScoreSheetId, version: i64, entry: Entry) -> Result<ScoreSheet> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("设置评分表").into());
    }
    let total: i64 = entry.items.iter().map(|item| item.tenths).sum();
    if total != WHOLE {
        let sentence = format!("各项分值合计应为 100 分，现为 {} 分", points(total));
        return Err(Refusal::field("items", sentence).into());
    }
    if store::count(cx, Some((&entry.name, id))).await? > 0 {
        return Err(Refusal::field("name", "已有同名的评分表").into());
    }
    Ok(ScoreSheet {
        id,
        version,
        name: entry.name,
        items: serde_json::to_string(&entry.items)?,
        basis: entry.basis,
    })
}

/// Adds a sheet.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<ScoreSheetId> {
    let id = ScoreSheetId(cx.new_id());
    let sheet = checked(cx, id, 1, entry).await?;
    cx.index(NOUN, id, sheet.name.clone());
    cx.insert(sheet).await?;
    cx.done(Done::new(NOUN, id, "create", "新建评分表"));
    Ok(id)
}

/// Changes a sheet that no evaluation uses.
pub async fn edit(cx: &mut WriteCx, id: ScoreSheetId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let after = checked(cx, id, before.version, entry).await?;
    if store::uses(cx, id).await? > 0 {
        return Err(Refusal::conflict("这张评分表已经用于评查，不能再改；请新建一张。").into());
    }
    cx.index(NOUN, id, after.name.clone());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, Deed::Edit.code(), "修改").changes(changes));
    Ok(())
}

/// Enters the first sheet when there is none.
pub async fn seed(cx: &mut WriteCx) -> Result<()> {
    if store::count(cx, None).await? > 0 {
        return Ok(());
    }
    let items: Vec<Item> = SEED
        .iter()
        .map(|(item, standard, tenths)| Item {
            item: (*item).to_owned(),
            standard: (*standard).to_owned(),
            tenths: *tenths,
        })
        .collect();
    let sheet = ScoreSheet {
        id: ScoreSheetId(cx.new_id()),
        version: 1,
        name: String::from("巡察报告评查评分表"),
        items: serde_json::to_string(&items)?,
        basis: String::from("参考有关县区报告评查做法，分值为本地建议，待核"),
    };
    cx.index(NOUN, sheet.id, sheet.name.clone());
    cx.insert(sheet).await
}
