//! Cooperations in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, numbers::Series, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{CooperationId, State};

/// Numbers of cooperations: `PH-2023-0007`.
pub(super) const SERIES: Series = Series { prefix: "PH", table: "cooperation" };

/// A department that helps with a problem.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cooperation")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CooperationId,
    /// Counts every change.
    pub version: i64,
    /// Number.
    pub number: String,
    /// The problem.
    pub problem_id: Uuid,
    /// The inspection that found it.
    pub inspection_id: Uuid,
    /// The organisation that puts it right.
    pub organisation_id: OrganisationId,
    /// The department that helps.
    pub department_id: OrganisationId,
    /// With what it helps.
    pub duty: String,
    /// When it was asked.
    pub asked_on: NaiveDate,
    /// Last day for its answer.
    pub due_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// What the department did.
    pub answer: String,
    /// When it told so.
    pub answered_on: Option<NaiveDate>,
    /// Who told so.
    pub answered_by: Option<Uuid>,
    /// What was said to the answer, or at the end.
    pub opinion: String,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The cooperation, within what the actor may see.
pub async fn find(cx: &Cx, id: CooperationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Whether a department helps with a problem already.
pub(super) async fn is_open(cx: &Cx, problem: Uuid, department: OrganisationId) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from cooperation where problem_id = ");
    sql.bind(problem).push(" and department_id = ").bind(department);
    sql.push(" and state <> ").bind(State::Ended);
    Ok(cx.number(sql).await? > 0)
}
