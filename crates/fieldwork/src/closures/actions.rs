//! Writing and ending closures; a part of the deeds on problems, which ask for the right and record it.

use chrono::NaiveDate;
use db::Sql;
use kit::{Result, WriteCx};

use super::{Closure, ClosureId, store};
use crate::problems::{Problem, ProblemId};
use kit::dates;

/// Writes the closing of `problem` on the day `on`, which may not reach back into an earlier closing.
pub(crate) async fn open(cx: &mut WriteCx, problem: &Problem, on: NaiveDate, opinion: String) -> Result<()> {
    let earlier = store::of_problem(cx, problem.id).await?;
    let last = earlier.iter().filter_map(|closure| closure.reopened_on).max();
    dates::not_before("closed_on", "销号日期", on, last, "上次重开日期")?;
    let closure = Closure {
        id: ClosureId(cx.new_id()),
        version: 1,
        problem_id: problem.id,
        term_id: problem.term_id,
        organisation_id: problem.organisation_id,
        inspection_id: problem.inspection_id,
        closed_on: on,
        reopened_on: None,
        opinion,
        reason: String::new(),
        reviewer: cx.actor.account,
        reviewer_name: cx.actor.name.clone(),
    };
    cx.insert(closure).await
}

/// Ends the closing of a problem that holds now, if there is one, on the day `on`.
pub(crate) async fn end(cx: &mut WriteCx, problem: ProblemId, on: NaiveDate, reason: &str) -> Result<()> {
    let mut sql = Sql::new("update closure set version = version + 1, reopened_on = ");
    sql.bind(on).push(", reason = ").bind(reason).push(" where problem_id = ").bind(problem);
    sql.push(" and reopened_on is null");
    cx.execute(sql).await?;
    Ok(())
}
