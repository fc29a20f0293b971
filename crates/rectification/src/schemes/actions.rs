//! Making schemes, changing them, putting them in force.

use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};
use uuid::Uuid;

use super::{Deed, Grade, Item, ItemKind, NOUN, Scheme, SchemeId, State, check, store};
use crate::common::{Step, put};

/// An item as entered.
#[derive(Clone, Debug)]
pub struct ItemEntry {
    /// What it belongs to.
    pub aspect: String,
    /// What is looked at.
    pub label: String,
    /// How it counts.
    pub kind: ItemKind,
    /// Points in tenths.
    pub points_tenths: Option<i64>,
    /// How points are taken.
    pub note: String,
}

/// A grade as entered.
#[derive(Clone, Debug)]
pub struct GradeEntry {
    /// What it is called.
    pub label: String,
    /// From how many points, in tenths.
    pub least_tenths: Option<i64>,
    /// What follows.
    pub consequence: String,
    /// Whether a look-back follows.
    pub look_back: bool,
}

/// A scheme as entered.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// What it rests on.
    pub basis: String,
    /// All points, in tenths.
    pub points_tenths: i64,
    /// Remarks.
    pub note: String,
    /// Its items, in their order.
    pub items: Vec<ItemEntry>,
    /// Its grades, the highest first.
    pub grades: Vec<GradeEntry>,
}

/// Makes a scheme of the office's own.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<SchemeId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("制定评估方案").into());
    }
    let id = SchemeId(cx.new_id());
    cx.index(NOUN, id, format!("{} {}", entry.name, entry.basis));
    cx.insert(Scheme {
        id,
        version: 1,
        code: id.0.to_string(),
        name: entry.name.clone(),
        basis: entry.basis.clone(),
        points_tenths: entry.points_tenths,
        state: State::Incomplete,
        note: entry.note.clone(),
    })
    .await?;
    keep(cx, id, entry).await?;
    cx.done(Done::new(NOUN, id, "create", "制定评估方案"));
    Ok(id)
}

async fn keep(cx: &mut WriteCx, id: SchemeId, entry: Entry) -> Result<()> {
    let mut items = Vec::new();
    for (position, item) in (1..).zip(entry.items) {
        items.push(Item {
            id: cx.new_id(),
            scheme_id: id,
            position,
            aspect: item.aspect,
            label: item.label,
            kind: item.kind,
            points_tenths: item.points_tenths,
            note: item.note,
        });
    }
    let mut grades = Vec::new();
    for (position, grade) in (1..).zip(entry.grades) {
        grades.push(Grade {
            id: cx.new_id(),
            scheme_id: id,
            position,
            label: grade.label,
            least_tenths: grade.least_tenths,
            consequence: grade.consequence,
            look_back: grade.look_back,
        });
    }
    store::replace(cx, id, &items, &grades).await
}

/// Changes a scheme by which nothing was evaluated yet.
pub async fn edit(cx: &mut WriteCx, id: SchemeId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let mut used = db::Sql::new("select count(*) from rect_evaluation where scheme_id = ");
    used.bind(id);
    if cx.number(used).await? > 0 {
        return Err(Refusal::conflict("已有评估使用这个方案，不能修改；请另行制定新方案。").into());
    }
    cx.index(NOUN, id, format!("{} {}", entry.name, entry.basis));
    let after = Scheme {
        state,
        name: entry.name.clone(),
        basis: entry.basis.clone(),
        points_tenths: entry.points_tenths,
        note: entry.note.clone(),
        ..before.clone()
    };
    put(cx, &before, after, step(id, Deed::Edit)).await?;
    keep(cx, id, entry).await
}

/// Puts a scheme in force, when it can be scored.
pub async fn enforce(cx: &mut WriteCx, id: SchemeId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Enforce)?;
    check(before.points_tenths, &store::items_of(cx, id).await?, &store::grades_of(cx, id).await?)?;
    put(cx, &before, Scheme { state, ..before.clone() }, step(id, Deed::Enforce)).await
}

/// Uses a scheme no longer.
pub async fn retire(cx: &mut WriteCx, id: SchemeId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Retire)?;
    put(cx, &before, Scheme { state, ..before.clone() }, step(id, Deed::Retire)).await
}

fn step(id: SchemeId, deed: Deed) -> Step<Scheme> {
    Step { noun: NOUN, id: Uuid::from(id), deed, note: String::new() }
}
