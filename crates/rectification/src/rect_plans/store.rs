//! Plans of rectification in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{RectPlanId, State};

/// A plan of rectification.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rect_plan")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RectPlanId,
    /// Counts every change.
    pub version: i64,
    /// Number of the inspection and code of the organisation.
    pub number: String,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit; each has one plan.
    pub unit_id: Uuid,
    /// The organisation that rectifies.
    pub organisation_id: OrganisationId,
    /// The secretary, first responsible for the rectification (第一责任人).
    pub first_responsible: String,
    /// Aims, organisation and work required.
    pub text: String,
    /// Where it stands.
    pub state: State,
    /// Last day for handing it in.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// When it was handed in last.
    pub submitted_on: Option<NaiveDate>,
    /// Who handed it in last.
    pub submitted_by: Option<Uuid>,
    /// When it was reviewed last.
    pub reviewed_on: Option<NaiveDate>,
    /// Who reviewed it last.
    pub reviewed_by: Option<Uuid>,
    /// Opinion of the last review.
    pub opinion: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The plan, within what the actor may see.
pub async fn find(cx: &Cx, id: RectPlanId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The plan of a unit that the caller has already found, when there is one. Whether a plan is under
/// review decides over its measures for everybody who keeps them.
pub(crate) async fn of_unit(cx: &Cx, unit: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::UnitId.eq(unit)).one(&cx.db().await?).await?)
}

/// Puts the measures that were made before the plan into it.
pub(super) async fn adopt_measures(cx: &mut WriteCx, plan: RectPlanId, unit: Uuid) -> Result<()> {
    let mut sql = Sql::new("update measure set version = version + 1, plan_id = ");
    sql.bind(plan);
    sql.push(" where plan_id is null and problem_id in (select p.id from problem p where p.unit_id = ");
    sql.bind(unit).push(")");
    cx.execute(sql).await?;
    Ok(())
}
