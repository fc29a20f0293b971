//! Putting problems on a list, rewording them and taking them off.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Done, Lifecycle as _, Refusal, Result, WriteCx};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{CommonProblem, CommonProblemId, NOUN, store};
use crate::{
    handovers::{self, Deed, Handover, HandoverId},
    shared::PROBLEMS,
};

/// One line for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    problem: Option<Uuid>,
    text: String,
    field: String,
}

impl Item {
    /// A line written by hand.
    pub fn typed(text: String, field: String) -> Self {
        Self { problem: None, text, field }
    }
}

/// The lines for recorded problems, worded by their titles.
///
/// # Errors
/// A refusal when one of them stands on a list already.
pub(crate) async fn of_problems(cx: &Cx, problems: &[Uuid]) -> Result<Vec<Item>> {
    let mut items = Vec::with_capacity(problems.len());
    for &problem in problems {
        if !kit::service::can_see(cx, PROBLEMS, problem).await? {
            return Err(Refusal::not_found().into());
        }
        let mut sql = Sql::new(
            "select p.number, p.title, p.field, h.number from problem p \
             left join common_problem c on c.problem_id = p.id left join handover h on h.id = c.handover_id \
             where p.id = ",
        );
        sql.bind(problem);
        let rows = cx.rows(sql).await?;
        let row = rows.first().ok_or_else(Refusal::not_found)?;
        if let Some(list) = row.try_get_by_index::<Option<String>>(3)? {
            let number: String = row.try_get_by_index(0)?;
            let sentence = format!("问题 {number} 已列入移交清单 {list}，不能重复列入");
            return Err(Refusal::field("problems", sentence).into());
        }
        let (text, field) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        items.push(Item { problem: Some(problem), text, field });
    }
    Ok(items)
}

/// Appends lines to a list.
pub(crate) async fn append(cx: &mut WriteCx, handover: &Handover, items: Vec<Item>) -> Result<()> {
    let last = store::last_position(cx, handover.id).await?;
    let mut problems = Vec::with_capacity(items.len());
    for (position, item) in (last + 1..).zip(items) {
        let problem = CommonProblem {
            id: CommonProblemId(cx.new_id()),
            version: 1,
            handover_id: handover.id,
            position,
            problem_id: item.problem,
            text: item.text,
            field: item.field,
            recipient_id: handover.recipient_id,
            handed_on: None,
        };
        cx.index(NOUN, problem.id, problem.text.as_str());
        problems.push(problem);
    }
    cx.insert_all(problems).await
}

/// Gives the lines of a list its new recipient.
pub(crate) async fn readdress(cx: &mut WriteCx, id: HandoverId, recipient: OrganisationId) -> Result<()> {
    let mut sql = Sql::new("update common_problem set version = version + 1, recipient_id = ");
    sql.bind(recipient)
        .push(" where handover_id = ")
        .bind(id)
        .push(" and handed_on is null and recipient_id <> ");
    sql.bind(recipient);
    cx.execute(sql).await?;
    Ok(())
}

/// Marks the lines of a list as handed over.
pub(crate) async fn hand_over(cx: &mut WriteCx, id: HandoverId, on: NaiveDate) -> Result<()> {
    let mut sql = Sql::new("update common_problem set version = version + 1, handed_on = ");
    sql.bind(on).push(" where handover_id = ").bind(id).push(" and handed_on is null");
    cx.execute(sql).await?;
    Ok(())
}

/// Frees the recorded problems of a list that was given up.
pub(crate) async fn release(cx: &mut WriteCx, id: HandoverId) -> Result<()> {
    let mut sql =
        Sql::new("update common_problem set version = version + 1, problem_id = null where handover_id = ");
    sql.bind(id).push(" and problem_id is not null");
    cx.execute(sql).await?;
    Ok(())
}

/// Rewords a line of a draft.
pub async fn edit(cx: &mut WriteCx, id: CommonProblemId, text: String, field: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    touch_list(cx, &before).await?;
    let mut after = before.clone();
    (after.text, after.field) = (text, field);
    cx.index(NOUN, id, after.text.as_str());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改共性问题").changes(changes));
    Ok(())
}

/// Takes a line off a draft. Answers the list.
pub async fn remove(cx: &mut WriteCx, id: CommonProblemId) -> Result<HandoverId> {
    let problem = store::find(cx, id).await?;
    touch_list(cx, &problem).await?;
    let mut sql = Sql::new("delete from common_problem where id = ");
    sql.bind(id).push(" and version = ").bind(problem.version);
    if cx.execute(sql).await? == 0 {
        return Err(Refusal::stale().into());
    }
    let done = Done::new(handovers::NOUN, problem.handover_id, "remove", "移出问题");
    cx.done(done.note(problem.text));
    Ok(problem.handover_id)
}

/// Counts up the version of the list whose line changes; refused unless the list is a draft.
async fn touch_list(cx: &mut WriteCx, problem: &CommonProblem) -> Result<()> {
    let list = handovers::find(cx, problem.handover_id).await?;
    list.decide(&cx.actor, Deed::AddProblems)?;
    cx.update(&list, list.clone()).await?;
    Ok(())
}
