//! What is done to notices of immediate rectification.

use kit::{Audience, Done, Form, Lifecycle as _, Refusal, Result, Role, WriteCx, numbers, service};
use planning::units;
use registry::policies;
use uuid::Uuid;

use super::{
    CLOCK, Deed, ImmediateAction, ImmediateActionId, Kind, LEVEL, Level, NOUN, SERIES, State, may_create,
    store,
};

/// What a person enters about a notice.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is asked.
    pub kind: Kind,
    /// The matter.
    pub title: String,
    /// What was found.
    pub situation: String,
    /// What is to be done.
    pub demand: String,
}

/// Proposes a notice to the inspected unit `unit`, which must be on site.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<ImmediateActionId> {
    let unit = units::of(cx, unit).await?;
    if !may_create(&cx.actor, unit.inspection_id) {
        return Err(Refusal::forbidden("提出立行立改").into());
    }
    if unit.entered_on.is_none_or(|day| day > cx.today()) {
        return Err(Refusal::field("unit", "立行立改在巡察组进驻以后提出，所选单位还没有登记进驻").into());
    }
    let level = Level::of(policies::amount(cx, LEVEL, cx.today()).await?);
    let notice = ImmediateAction {
        id: ImmediateActionId(cx.new_id()),
        version: 1,
        number: numbers::yearly(cx, SERIES, cx.today()).await?,
        kind: entry.kind,
        term_id: unit.term_id,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        title: entry.title,
        situation: entry.situation,
        demand: entry.demand,
        level,
        state: State::Drafted,
        prepared_by: cx.actor.account,
        prepared_name: cx.actor.name.clone(),
        approved_by: None,
        issued_on: None,
        due_on: None,
        due_basis: String::new(),
        report: String::new(),
        reported_by: None,
        reported_on: None,
        opinion: String::new(),
        result: String::new(),
        confirmed_on: None,
        created_at: cx.now,
    };
    let id = notice.id;
    tell_approver(cx, &notice);
    index(cx, &notice);
    cx.insert(notice).await?;
    cx.done(Done::new(NOUN, id, "create", "提出立行立改"));
    Ok(id)
}

fn tell_approver(cx: &mut WriteCx, notice: &ImmediateAction) {
    let (role, inspection) = match notice.level {
        Level::Head => (Role::TeamHead, Some(notice.inspection_id)),
        Level::Group => (Role::LeadingGroup, None),
    };
    tell(cx, role, inspection, None, format!("立行立改待批准：{}", notice.title), notice.id);
}

fn tell_unit(cx: &mut WriteCx, notice: &ImmediateAction, what: &str) {
    let organisation = Some(notice.organisation_id.0);
    let title = format!("{what}：{}", notice.title);
    tell(cx, Role::OrganisationLiaison, None, organisation, title, notice.id);
}

fn tell(
    cx: &mut WriteCx,
    role: Role,
    inspection: Option<Uuid>,
    organisation: Option<Uuid>,
    title: String,
    id: ImmediateActionId,
) {
    cx.notify(Audience::Post { role, organisation, inspection }, title, NOUN, id);
}

/// Changes a notice before it is approved.
pub async fn edit(cx: &mut WriteCx, id: ImmediateActionId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    let after = ImmediateAction {
        state,
        kind: entry.kind,
        title: entry.title,
        situation: entry.situation,
        demand: entry.demand,
        prepared_by: cx.actor.account,
        prepared_name: cx.actor.name.clone(),
        ..before.clone()
    };
    tell_approver(cx, &after);
    index(cx, &after);
    put(cx, &before, after, Deed::Edit, String::new()).await
}

/// Approves a notice; it goes to the unit and its clock starts.
pub async fn approve(cx: &mut WriteCx, id: ImmediateActionId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Approve).await?;
    let today = cx.today();
    let due = policies::deadline(cx, CLOCK, today).await?;
    let after = ImmediateAction {
        state,
        approved_by: cx.actor.account,
        issued_on: Some(today),
        due_on: Some(due.due_on),
        due_basis: due.basis,
        opinion: String::new(),
        ..before.clone()
    };
    tell_unit(cx, &after, "立行立改通知");
    put(cx, &before, after, Deed::Approve, String::new()).await
}

/// Sends a proposal back to be changed.
pub async fn reject(cx: &mut WriteCx, id: ImmediateActionId, opinion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Reject).await?;
    let after = ImmediateAction { state, opinion: opinion.clone(), ..before.clone() };
    if let Some(account) = before.prepared_by {
        cx.notify(Audience::Account(account), format!("立行立改退回修改：{}", before.title), NOUN, id);
    }
    put(cx, &before, after, Deed::Reject, opinion).await
}

/// The unit reports what it did.
pub async fn report(cx: &mut WriteCx, id: ImmediateActionId, text: String, form: &Form) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Report).await?;
    service::keep_files(cx, NOUN, id, form).await?;
    let after = ImmediateAction {
        state,
        report: text,
        reported_by: cx.actor.account,
        reported_on: Some(cx.today()),
        ..before.clone()
    };
    let title = format!("立行立改已报告，待确认：{}", before.title);
    tell(cx, Role::TeamHead, Some(before.inspection_id), None, title, id);
    put(cx, &before, after, Deed::Report, String::new()).await
}

/// The team confirms that it is done; `result` is how it stands in the inspection's report.
pub async fn confirm(cx: &mut WriteCx, id: ImmediateActionId, result: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Confirm).await?;
    let after = ImmediateAction { state, result, confirmed_on: Some(cx.today()), ..before.clone() };
    tell_unit(cx, &after, "立行立改已确认完成");
    put(cx, &before, after, Deed::Confirm, String::new()).await
}

/// The team finds it not done; the clock goes on as it was.
pub async fn return_for_more(cx: &mut WriteCx, id: ImmediateActionId, opinion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Return).await?;
    let after = ImmediateAction { state, opinion: opinion.clone(), ..before.clone() };
    tell_unit(cx, &after, "立行立改未完成，退回");
    put(cx, &before, after, Deed::Return, opinion).await
}

/// Takes a notice back; a unit that has it already is told.
pub async fn withdraw(cx: &mut WriteCx, id: ImmediateActionId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    let after = ImmediateAction { state, ..before.clone() };
    if before.issued_on.is_some() {
        tell_unit(cx, &after, "立行立改通知已撤回");
    }
    put(cx, &before, after, Deed::Withdraw, reason).await
}

async fn step(cx: &WriteCx, id: ImmediateActionId, deed: Deed) -> Result<(ImmediateAction, State)> {
    let notice = store::find(cx, id).await?;
    let state = notice.decide(&cx.actor, deed)?;
    Ok((notice, state))
}

async fn put(
    cx: &mut WriteCx,
    before: &ImmediateAction,
    after: ImmediateAction,
    deed: Deed,
    note: String,
) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<ImmediateAction>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

fn index(cx: &mut WriteCx, notice: &ImmediateAction) {
    cx.index(NOUN, notice.id, format!("{} {} {}", notice.number, notice.title, notice.situation));
}
