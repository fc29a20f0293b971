//! The deeds on plans of rectification.

use kit::{Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::policies;
use uuid::Uuid;

use super::{Deed, NOUN, RectPlan, RectPlanId, State, Uncovered, store, uncovered};
use crate::{
    access, measures, opinions, reports,
    subjects::{self, Unit},
};

/// What a person enters about a plan.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The first responsible person.
    pub first_responsible: String,
    /// Aims, organisation and work required.
    pub text: String,
}

/// Begins the plan of a unit whose problems were fed back.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<RectPlanId> {
    let unit = subjects::unit(cx, unit).await?;
    if !access::is_liaison_of(&cx.actor, unit.organisation_id) {
        return Err(Refusal::forbidden("拟订整改方案").into());
    }
    let Some(fed_back_on) = unit.fed_back_on else {
        return Err(Refusal::field("unit", "巡察意见尚未反馈，不能拟订整改方案").into());
    };
    if store::of_unit(cx, unit.id).await?.is_some() {
        return Err(Refusal::field("unit", "该单位这次巡察的整改方案已经建立，请在原方案上修改").into());
    }
    let deadline = policies::deadline(cx, "rect_plan", fed_back_on).await?;
    let plan = RectPlan {
        id: RectPlanId(cx.new_id()),
        version: 1,
        number: format!("{}-{}", unit.inspection_number, unit.organisation_code),
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        first_responsible: entry.first_responsible,
        text: entry.text,
        state: State::Draft,
        due_on: Some(deadline.due_on),
        due_basis: deadline.basis,
        submitted_on: None,
        submitted_by: None,
        reviewed_on: None,
        reviewed_by: None,
        opinion: String::new(),
    };
    let id = plan.id;
    index(cx, &plan, &unit);
    cx.done(Done::new(NOUN, id, "create", "拟订整改方案"));
    cx.insert(plan).await?;
    store::adopt_measures(cx, id, unit.id).await?;
    Ok(id)
}

fn index(cx: &mut WriteCx, plan: &RectPlan, unit: &Unit) {
    let words =
        [&plan.number, &unit.organisation_name, &unit.inspection_name, &plan.first_responsible, &plan.text];
    cx.index(NOUN, plan.id, words.map(String::as_str).join(" "));
}

/// Changes a plan before it is handed in.
pub async fn edit(cx: &mut WriteCx, id: RectPlanId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    let unit = subjects::unit(cx, before.unit_id).await?;
    let mut after = before.clone();
    after.first_responsible = entry.first_responsible;
    after.text = entry.text;
    index(cx, &after, &unit);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, Deed::Edit.code(), Deed::Edit.label()).changes(changes));
    Ok(())
}

/// Hands a plan in when every problem fed back has a complete measure.
pub async fn submit(cx: &mut WriteCx, id: RectPlanId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    check_coverage(cx, before.unit_id).await?;
    let unit = subjects::unit(cx, before.unit_id).await?;
    let mut after = before.clone();
    after.submitted_on = Some(cx.today());
    after.submitted_by = cx.actor.account;
    opinions::actions::ask_on_plan(cx, &before).await?;
    change(cx, before, after, Deed::Submit, state, String::new()).await?;
    let office = Audience::Post { role: Role::OfficeLiaison, organisation: None, inspection: None };
    cx.notify(office, format!("整改方案待审核：{}", unit.organisation_name), NOUN, id);
    Ok(())
}

async fn check_coverage(cx: &WriteCx, unit: Uuid) -> Result<()> {
    let problems = subjects::problems_of(cx, unit).await?;
    if problems.is_empty() {
        return Err(Refusal::conflict("这次巡察没有向本单位反馈问题，方案无需提交。").into());
    }
    let lacking = uncovered(&problems, &measures::of_unit(cx, unit).await?);
    if lacking.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = lacking.iter().map(Uncovered::words).collect();
    let message = format!(
        "有 {} 个反馈问题还没有责任人、责任领导和完成期限齐全的措施，方案不能提交：{}。",
        lacking.len(),
        words.join("；")
    );
    Err(Refusal::conflict(message).into())
}

/// Puts a plan in force when the parties agree; the reports that follow from it become due.
pub async fn approve(cx: &mut WriteCx, id: RectPlanId, opinion: String) -> Result<()> {
    let plan = store::find(cx, id).await?;
    plan.decide(&cx.actor, Deed::Approve)?;
    opinions::actions::check_agreed(cx, id).await?;
    review(cx, id, Deed::Approve, opinion).await?;
    reports::actions::open_for_plan(cx, &plan).await
}

/// Sends a plan back with an opinion.
pub async fn send_back(cx: &mut WriteCx, id: RectPlanId, opinion: String) -> Result<()> {
    review(cx, id, Deed::Return, opinion).await?;
    opinions::actions::lapse(cx, id).await
}

async fn review(cx: &mut WriteCx, id: RectPlanId, deed: Deed, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let organisation = before.organisation_id;
    let mut after = before.clone();
    after.reviewed_on = Some(cx.today());
    after.reviewed_by = cx.actor.account;
    after.opinion.clone_from(&opinion);
    change(cx, before, after, deed, state, opinion).await?;
    let liaison = Audience::Post {
        role: Role::OrganisationLiaison,
        organisation: Some(organisation.0),
        inspection: None,
    };
    cx.notify(liaison, format!("整改方案{}", state.label()), NOUN, id);
    Ok(())
}

async fn change(
    cx: &mut WriteCx,
    before: RectPlan,
    mut after: RectPlan,
    deed: Deed,
    state: State,
    note: String,
) -> Result<()> {
    after.state = state;
    let done = Done::deed::<RectPlan>(NOUN, before.id, deed, before.state, state).note(note);
    let changes = cx.update(&before, after).await?;
    cx.done(done.changes(changes));
    Ok(())
}
