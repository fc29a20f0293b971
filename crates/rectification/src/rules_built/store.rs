//! Rules built and the problems they answer in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Result, WriteCx, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{RuleBuiltId, RuleKind, Topic, visible};

/// A rule built.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rule_built")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RuleBuiltId,
    /// Counts every change.
    pub version: i64,
    /// Title.
    pub title: String,
    /// Document number (发文字号).
    pub number: String,
    /// Who issued it.
    pub organisation_id: OrganisationId,
    /// The inspection it came from.
    pub inspection_id: Option<Uuid>,
    /// New or revised.
    pub kind: RuleKind,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Last day on which it holds.
    pub ended_on: Option<NaiveDate>,
    /// From which rectification it came.
    pub topic: Topic,
    /// Whether it came from inspection and audit together (巡审联动).
    pub audit_linked: bool,
    /// What it provides.
    pub text: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use answered::Model as RuleProblem;

/// Problems that rules answer.
pub(super) mod answered {
    use kit::sea_orm;
    use sea_orm::entity::prelude::*;

    use super::RuleBuiltId;

    /// A problem that a rule answers.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "rule_problem")]
    pub struct Model {
        /// Identity.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The rule.
        pub rule_id: RuleBuiltId,
        /// The problem.
        pub problem_id: Uuid,
    }

    /// No relations.
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The rule, within what the actor may see.
pub async fn find(cx: &Cx, id: RuleBuiltId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// The problems that a rule answers; the caller has already found it.
pub(super) async fn problems_of(cx: &Cx, id: RuleBuiltId) -> Result<Vec<Uuid>> {
    let rows = answered::Entity::find().filter(answered::Column::RuleId.eq(id)).all(&cx.db().await?).await?;
    Ok(rows.into_iter().map(|row| row.problem_id).collect())
}

/// Notes that a rule answers problems; those noted before stay.
pub(super) async fn link(cx: &mut WriteCx, id: RuleBuiltId, problems: Vec<Uuid>) -> Result<()> {
    let held = problems_of(cx, id).await?;
    let new: Vec<RuleProblem> = problems
        .into_iter()
        .filter(|problem| !held.contains(problem))
        .map(|problem_id| RuleProblem { id: cx.new_id(), rule_id: id, problem_id })
        .collect();
    cx.insert_all(new).await
}

/// Takes links to problems back.
pub(super) async fn unlink(cx: &mut WriteCx, id: RuleBuiltId, problems: Vec<Uuid>) -> Result<u64> {
    let mut sql = Sql::new("delete from rule_problem where rule_id = ");
    sql.bind(id).push(" and problem_id in ").bind_list(problems);
    cx.execute(sql).await
}
