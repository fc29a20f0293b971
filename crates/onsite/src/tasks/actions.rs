//! Setting tasks and moving them across the board.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use planning::inspections::{self, InspectionId};
use uuid::Uuid;

use super::{Deed, NOUN, Origin, State, Task, TaskId, store};
use crate::officers;

/// What is entered about a task.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is to be done.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The record it comes from: noun and id.
    pub source: Option<(String, Uuid)>,
    /// The place in the team of who does it.
    pub assignee: Option<Uuid>,
    /// Last day.
    pub due_on: Option<NaiveDate>,
}

/// Sets a task to the team of `inspection`.
pub async fn create(cx: &mut WriteCx, inspection: Uuid, entry: Entry) -> Result<TaskId> {
    inspections::find(cx, InspectionId(inspection)).await?;
    if !cx.actor.is_office() && !cx.actor.in_team(inspection) {
        return Err(Refusal::forbidden("安排任务").into());
    }
    if let Some((noun, source)) = &entry.source
        && !kit::service::can_see(cx, noun, *source).await?
    {
        return Err(Refusal::field("source_id", "没有找到任务的来源记录").into());
    }
    let id = TaskId(cx.new_id());
    let (source_noun, source_id) = entry.source.clone().unzip();
    let mut task = Task {
        id,
        version: 1,
        inspection_id: inspection,
        title: String::new(),
        detail: String::new(),
        origin: entry.origin,
        source_noun: source_noun.unwrap_or_default(),
        source_id,
        assignee_id: None,
        assignee: String::new(),
        due_on: None,
        state: State::Todo,
        result: String::new(),
        done_on: None,
        made_by: cx.actor.name.clone(),
        made_on: cx.today(),
    };
    apply(cx, entry, &mut task).await?;
    cx.index(NOUN, id, task.title.as_str());
    cx.insert(task).await?;
    cx.done(Done::new(NOUN, id, "create", "安排任务"));
    Ok(id)
}

/// Puts what was entered into `task`; a new assignee learns of it.
async fn apply(cx: &mut WriteCx, entry: Entry, task: &mut Task) -> Result<()> {
    task.title = entry.title;
    task.detail = entry.detail;
    task.origin = entry.origin;
    task.due_on = entry.due_on;
    let Some(place) = entry.assignee else { return Ok(()) };
    let member = officers::member_on(cx, place, task.inspection_id, cx.today()).await?;
    let member = member.ok_or_else(|| Refusal::field("assignee", "承办人应是本巡察组授权期内的人员"))?;
    if task.assignee_id != Some(member.account_id) {
        cx.notify(
            Audience::Account(member.account_id),
            format!("任务交您办理：{}", task.title),
            NOUN,
            task.id,
        );
    }
    task.assignee_id = Some(member.account_id);
    task.assignee = member.name;
    Ok(())
}

/// Changes a task.
pub async fn edit(cx: &mut WriteCx, id: TaskId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    let mut after = before.clone();
    apply(cx, entry, &mut after).await?;
    cx.index(NOUN, id, after.title.as_str());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Task>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// Begins it; a task of nobody becomes that of who begins it.
pub async fn start(cx: &mut WriteCx, id: TaskId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Start).await?;
    let mut after = before.clone();
    if after.assignee_id.is_none() {
        after.assignee_id = cx.actor.account;
        after.assignee.clone_from(&cx.actor.name);
    }
    put(cx, &before, after, (Deed::Start, state), "").await
}

/// Reports it done.
pub async fn submit(cx: &mut WriteCx, id: TaskId, result: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Submit).await?;
    let audience =
        Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(before.inspection_id) };
    cx.notify(audience, format!("任务待确认：{}", before.title), NOUN, id);
    let after = Task { result: result.clone(), ..before.clone() };
    put(cx, &before, after, (Deed::Submit, state), &result).await
}

/// Confirms it.
pub async fn confirm(cx: &mut WriteCx, id: TaskId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Confirm).await?;
    let after = Task { done_on: Some(cx.today()), ..before.clone() };
    put(cx, &before, after, (Deed::Confirm, state), "").await
}

/// Sends it back.
pub async fn send_back(cx: &mut WriteCx, id: TaskId, reason: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Return).await?;
    if let Some(account) = before.assignee_id {
        cx.notify(Audience::Account(account), format!("任务退回：{}", before.title), NOUN, id);
    }
    put(cx, &before, before.clone(), (Deed::Return, state), reason).await
}

/// Drops it.
pub async fn drop(cx: &mut WriteCx, id: TaskId, reason: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Drop).await?;
    let after = Task { done_on: Some(cx.today()), ..before.clone() };
    put(cx, &before, after, (Deed::Drop, state), reason).await
}

async fn step(cx: &WriteCx, id: TaskId, deed: Deed) -> Result<(Task, State)> {
    let task = store::find(cx, id).await?;
    let state = task.decide(&cx.actor, deed)?;
    Ok((task, state))
}

async fn put(
    cx: &mut WriteCx,
    before: &Task,
    after: Task,
    (deed, state): (Deed, State),
    note: &str,
) -> Result<()> {
    cx.update(before, Task { state, ..after }).await?;
    cx.done(Done::deed::<Task>(NOUN, before.id, deed, before.state, state).note(note));
    Ok(())
}
