//! Opinions in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, WriteCx, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{OpinionId, Party, State, Subject};
use crate::rect_plans::RectPlanId;

/// An opinion of one party.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rect_opinion")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpinionId,
    /// Counts every change.
    pub version: i64,
    /// What is reviewed.
    pub subject: Subject,
    /// The plan.
    pub plan_id: Option<RectPlanId>,
    /// The problem to be closed.
    pub problem_id: Option<Uuid>,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The organisation that rectifies.
    pub organisation_id: OrganisationId,
    /// How often the matter has been reviewed.
    pub turn: i64,
    /// Who is asked.
    pub party: Party,
    /// What the party says.
    pub state: State,
    /// When it was asked.
    pub asked_on: NaiveDate,
    /// Until when.
    pub due_on: NaiveDate,
    /// What that day rests on.
    pub due_basis: String,
    /// When it was given.
    pub given_on: Option<NaiveDate>,
    /// Account that entered it.
    pub given_by: Option<Uuid>,
    /// Name of that person.
    pub by_name: String,
    /// Letter of the party, when the office entered it.
    pub document: String,
    /// Why.
    pub reasons: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The opinion, within what the actor may see.
pub async fn find(cx: &Cx, id: OpinionId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The opinions of the last turn on a plan that the caller has already found, whoever asks: they decide over it
/// for everybody.
pub async fn current_of_plan(cx: &Cx, plan: RectPlanId) -> Result<Vec<Model>> {
    Ok(current(kit::store::all::<Entity>(cx, &Pred::is("plan_id", plan)).await?))
}

/// The opinions of the last turn on closing a problem that the caller has already found.
pub(super) async fn current_of_problem(cx: &Cx, problem: Uuid) -> Result<Vec<Model>> {
    Ok(current(kit::store::all::<Entity>(cx, &Pred::is("problem_id", problem)).await?))
}

fn current(mut found: Vec<Model>) -> Vec<Model> {
    use kit::Labelled as _;
    let last = found.iter().map(|opinion| opinion.turn).max();
    found.retain(|opinion| Some(opinion.turn) == last);
    found.sort_by_key(|opinion| Party::ALL.iter().position(|party| *party == opinion.party));
    found
}

/// Lets what was asked and not given on a plan lapse.
pub(super) async fn lapse(cx: &mut WriteCx, plan: RectPlanId) -> Result<()> {
    let mut sql = Sql::new("update rect_opinion set version = version + 1, state = ");
    sql.bind(State::Lapsed).push(" where plan_id = ").bind(plan).push(" and state = ").bind(State::Asked);
    cx.execute(sql).await?;
    Ok(())
}
