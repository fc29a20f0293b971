//! Making the list, changing it, leaving people out.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx};
use planning::units;
use uuid::Uuid;

use super::{Deed, NOUN, Need, PersonKind, State, TalkPlan, TalkPlanId, kind_of, store};

/// A person on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Name.
    pub person: String,
    /// Post.
    pub post: String,
    /// Kind of person; derived from the post when not given.
    pub kind: Option<PersonKind>,
    /// Must or may; follows from the kind when not given.
    pub need: Option<Need>,
    /// Day planned.
    pub planned_on: Option<NaiveDate>,
}

impl Entry {
    fn kind(&self) -> PersonKind {
        self.kind.unwrap_or_else(|| kind_of(&self.post))
    }
}

/// Puts `entries` on the list of `unit`, and with `derive` also everybody whom the register knows there; names that
/// are on it already are passed over. Answers the first new line and how many there are.
pub async fn create(
    cx: &mut WriteCx,
    unit: Uuid,
    mut entries: Vec<Entry>,
    derive: bool,
) -> Result<(TalkPlanId, usize)> {
    let unit = units::of(cx, unit).await?;
    if !cx.actor.in_team(unit.inspection_id) {
        return Err(Refusal::forbidden("拟定谈话名单").into());
    }
    if derive {
        let people = store::people_at(cx, unit.organisation_id).await?;
        entries.extend(people.into_iter().map(|(person, post)| Entry {
            person,
            post,
            kind: None,
            need: None,
            planned_on: None,
        }));
    }
    let mut known = store::names(cx, unit.id).await?;
    let mut first = None;
    let mut count = 0;
    for entry in entries {
        if known.contains(&entry.person) {
            continue;
        }
        known.push(entry.person.clone());
        let id = insert(cx, &unit, entry).await?;
        first.get_or_insert(id);
        count += 1;
    }
    let nobody = || Refusal::field("people", "没有可以加入的人员：名单为空，或所填人员都已在名单中");
    Ok((first.ok_or_else(nobody)?, count))
}

async fn insert(cx: &mut WriteCx, unit: &units::Unit, entry: Entry) -> Result<TalkPlanId> {
    let id = TalkPlanId(cx.new_id());
    let kind = entry.kind();
    cx.index(NOUN, id, format!("{} {}", entry.person, entry.post));
    cx.insert(TalkPlan {
        id,
        version: 1,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        person: entry.person,
        post: entry.post,
        kind,
        need: entry.need.unwrap_or(kind.need()),
        planned_on: entry.planned_on,
        state: State::Planned,
        reason: String::new(),
        talks: 0,
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "列入谈话名单"));
    Ok(id)
}

/// Changes a line.
pub async fn edit(cx: &mut WriteCx, id: TalkPlanId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let kind = entry.kind();
    let need = entry.need.unwrap_or(kind.need());
    check_lowering(cx, &before, need)?;
    cx.index(NOUN, id, format!("{} {}", entry.person, entry.post));
    let after = TalkPlan {
        person: entry.person,
        post: entry.post,
        kind,
        need,
        planned_on: entry.planned_on,
        state,
        ..before.clone()
    };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<TalkPlan>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// A must is made optional by whoever may leave it out, that is the head.
fn check_lowering(cx: &WriteCx, before: &TalkPlan, need: Need) -> Result<()> {
    if before.need == Need::Must && need == Need::Optional && !before.may(&cx.actor, Deed::Waive) {
        return Err(Refusal::field("need", "必谈人员改为选谈须由组长办理").into());
    }
    Ok(())
}

/// Leaves the person out.
pub async fn waive(cx: &mut WriteCx, id: TalkPlanId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Waive)?;
    let after = TalkPlan { state, reason: reason.clone(), ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<TalkPlan>(NOUN, id, Deed::Waive, before.state, state).note(reason));
    Ok(())
}

/// Puts the person back.
pub async fn restore(cx: &mut WriteCx, id: TalkPlanId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Restore)?;
    let after = TalkPlan { state, reason: String::new(), ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<TalkPlan>(NOUN, id, Deed::Restore, before.state, state));
    Ok(())
}

/// A talk was held with the person.
pub(crate) async fn covered_by_talk(cx: &mut WriteCx, id: TalkPlanId) -> Result<()> {
    let before = store::find(cx, id).await?;
    store::count_talk(cx, id).await?;
    let note = "登记谈话";
    cx.done(Done::new(NOUN, id, "talked", "已谈话").note(if before.state == State::Talked {
        "再次谈话"
    } else {
        note
    }));
    Ok(())
}
