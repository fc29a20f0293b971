//! Recording problems of checks, rectifying them and closing them.

use chrono::NaiveDate;
use db::Sql;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};

use super::{Aspect, Deed, DistrictCheckProblem, DistrictCheckProblemId, NOUN, State, store};
use crate::{
    districts::{
        checks::{self, DistrictCheck, DistrictCheckId},
        permit,
    },
    shared::has_happened,
};

/// What a person enters about a problem.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number.
    pub number: String,
    /// How the problem shows.
    pub text: String,
    /// What part of the work it concerns.
    pub category: Aspect,
    /// Day it was found.
    pub found_on: NaiveDate,
    /// Last day of the rectification.
    pub due_on: NaiveDate,
}

impl Entry {
    fn check(&self, cx: &WriteCx, check: &DistrictCheck) -> Result<()> {
        has_happened(cx, "found_on", self.found_on)?;
        if self.found_on < check.checked_on {
            return Err(Refusal::field("found_on", "发现日期不能早于检查日期").into());
        }
        if self.due_on < self.found_on {
            return Err(Refusal::field("due_on", "整改期限不能早于发现日期").into());
        }
        Ok(())
    }

    fn apply(self, problem: &mut DistrictCheckProblem) {
        problem.number = self.number;
        problem.text = self.text;
        problem.category = self.category;
        problem.found_on = self.found_on;
        problem.due_on = self.due_on;
    }
}

/// Records a problem of a check that is under way.
pub async fn create(
    cx: &mut WriteCx,
    check: DistrictCheckId,
    entry: Entry,
) -> Result<DistrictCheckProblemId> {
    permit(&cx.actor, "登记检查问题")?;
    let check = checks::find(cx, check).await?;
    check.decide(&cx.actor, checks::Deed::Edit)?;
    entry.check(cx, &check)?;
    let mut problem = DistrictCheckProblem {
        id: DistrictCheckProblemId(cx.new_id()),
        version: 1,
        check_id: check.id,
        district_id: check.district_id,
        number: String::new(),
        text: String::new(),
        category: entry.category,
        found_on: entry.found_on,
        fed_back_on: None,
        due_on: entry.due_on,
        state: State::Found,
        measure: String::new(),
        result: String::new(),
        submitted_on: None,
        submitted_by: None,
        opinion: String::new(),
        closed_on: None,
    };
    entry.apply(&mut problem);
    let id = problem.id;
    index(cx, &problem);
    cx.done(Done::new(NOUN, id, "create", "登记检查问题"));
    cx.insert(problem).await?;
    // The version counts up, so that a feedback does not miss a problem recorded meanwhile.
    cx.update(&check, check.clone()).await?;
    Ok(id)
}

/// Changes what is recorded, before the feedback.
pub async fn edit(cx: &mut WriteCx, id: DistrictCheckProblemId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    let check = checks::find(cx, before.check_id).await?;
    entry.check(cx, &check)?;
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    let done = Done::deed::<DistrictCheckProblem>(NOUN, id, Deed::Edit, before.state, before.state);
    cx.done(done.changes(changes));
    Ok(())
}

/// Marks the problems of a check as fed back.
pub(in crate::districts) async fn feed_back(
    cx: &mut WriteCx,
    check: DistrictCheckId,
    on: NaiveDate,
) -> Result<()> {
    let mut sql = Sql::new("update district_check_problem set version = version + 1, fed_back_on = ");
    sql.bind(on).push(" where check_id = ").bind(check).push(" and fed_back_on is null");
    cx.execute(sql).await?;
    Ok(())
}

/// The district says how it will rectify.
pub async fn start(cx: &mut WriteCx, id: DistrictCheckProblemId, measure: String) -> Result<()> {
    change(cx, id, Deed::Start, measure.clone(), |after| after.measure = measure).await
}

/// The district says what it has achieved.
pub async fn submit(cx: &mut WriteCx, id: DistrictCheckProblemId, result: String) -> Result<()> {
    let (today, account) = (cx.today(), cx.actor.account);
    change(cx, id, Deed::Submit, result.clone(), |after| {
        after.result = result;
        (after.submitted_on, after.submitted_by) = (Some(today), account);
    })
    .await?;
    let audience = Audience::Post { role: Role::OfficeLiaison, organisation: None, inspection: None };
    cx.notify(audience, "专项检查问题整改待审核", NOUN, id);
    Ok(())
}

/// The office asks for more.
pub async fn send_back(cx: &mut WriteCx, id: DistrictCheckProblemId, opinion: String) -> Result<()> {
    let district = store::find(cx, id).await?.district_id;
    change(cx, id, Deed::Return, opinion.clone(), |after| after.opinion = opinion).await?;
    let audience =
        Audience::Post { role: Role::DistrictOffice, organisation: Some(district.0), inspection: None };
    cx.notify(audience, "专项检查问题被退回整改", NOUN, id);
    Ok(())
}

/// The office accepts the rectification.
pub async fn close(cx: &mut WriteCx, id: DistrictCheckProblemId, opinion: String) -> Result<()> {
    let today = cx.today();
    change(cx, id, Deed::Close, opinion.clone(), |after| {
        (after.opinion, after.closed_on) = (opinion, Some(today));
    })
    .await
}

async fn change(
    cx: &mut WriteCx,
    id: DistrictCheckProblemId,
    deed: Deed,
    note: String,
    apply: impl FnOnce(&mut DistrictCheckProblem) + Send,
) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let mut after = before.clone();
    after.state = state;
    apply(&mut after);
    cx.update(&before, after).await?;
    cx.done(Done::deed::<DistrictCheckProblem>(NOUN, id, deed, before.state, state).note(note));
    Ok(())
}

fn index(cx: &mut WriteCx, problem: &DistrictCheckProblem) {
    cx.index(NOUN, problem.id, format!("{} {}", problem.number, problem.text));
}
