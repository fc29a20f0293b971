//! Inspected organisations and the team's presence in them, in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Pred, Result, WriteCx, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{InspectionUnitId, NOUN, Stage};
use crate::inspections::{InspectionId, InspectionKind};

/// An organisation in an inspection.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "inspection_unit")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InspectionUnitId,
    /// Counts every change.
    pub version: i64,
    /// The inspection.
    pub inspection_id: InspectionId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Kind of the inspection, repeated.
    pub kind: InspectionKind,
    /// Where it stands.
    pub state: Stage,
    /// Day on which the team is to enter.
    pub planned_on: NaiveDate,
    /// Day of the authorisation.
    pub authorised_on: Option<NaiveDate>,
    /// Day of the notice to the organisation.
    pub notified_on: Option<NaiveDate>,
    /// First day on site.
    pub entered_on: Option<NaiveDate>,
    /// Day the team left for good.
    pub left_on: Option<NaiveDate>,
    /// Day the team's report was handed in.
    pub reported_on: Option<NaiveDate>,
    /// Day the leading group heard it.
    pub heard_on: Option<NaiveDate>,
    /// Day of the committee's decision.
    pub decided_on: Option<NaiveDate>,
    /// Day of the feedback.
    pub fed_back_on: Option<NaiveDate>,
    /// Day concentrated rectification began by an accepted plan.
    pub rectifying_on: Option<NaiveDate>,
    /// Day of the evaluation.
    pub evaluated_on: Option<NaiveDate>,
    /// Day everything was closed.
    pub closed_on: Option<NaiveDate>,
    /// Day of the look-back.
    pub looked_back_on: Option<NaiveDate>,
    /// District of the inspection, repeated.
    pub district_id: Option<OrganisationId>,
    /// Last day for the next stage, when a policy sets one.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use interval::Model as IntervalModel;

/// Times on site.
mod interval {
    use super::{InspectionUnitId, NaiveDate, sea_orm};
    use sea_orm::entity::prelude::*;

    /// A time the team was on site without a break.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "onsite_interval")]
    pub struct Model {
        /// Identity.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Where.
        pub unit_id: InspectionUnitId,
        /// First day.
        pub from_on: NaiveDate,
        /// Last day; none while the team is there.
        pub to_on: Option<NaiveDate>,
    }

    /// No relations: joins are written where a list needs them.
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The inspected organisation, within what the actor may see.
pub async fn find(cx: &Cx, id: InspectionUnitId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The organisations of an inspection, within what the actor may see.
pub async fn of_inspection(cx: &Cx, inspection: InspectionId) -> Result<Vec<Model>> {
    let within = Model::scope(&cx.actor).and(Pred::is("inspection_id", inspection));
    kit::store::all::<Entity>(cx, &within).await
}

/// All of them, within what the actor may see.
pub(super) async fn all(cx: &Cx) -> Result<Vec<Model>> {
    kit::store::all::<Entity>(cx, &Model::scope(&cx.actor)).await
}

/// Stores the clock of `unit` as it stands there.
pub(super) async fn put_deadline(cx: &mut WriteCx, unit: &Model) -> Result<()> {
    let mut sql = db::Sql::new("update inspection_unit set due_on = ");
    sql.bind(unit.due_on).push(", due_basis = ").bind(unit.due_basis.as_str());
    sql.push(" where id = ").bind(unit.id);
    cx.execute(sql).await?;
    Ok(())
}

/// The times on site, in their order.
pub async fn intervals(cx: &Cx, unit: InspectionUnitId) -> Result<Vec<IntervalModel>> {
    let mut intervals = kit::store::all::<interval::Entity>(cx, &Pred::is("unit_id", unit)).await?;
    intervals.sort_by_key(|interval| interval.from_on);
    Ok(intervals)
}

/// Begins a time on site.
pub(super) async fn open_interval(cx: &mut WriteCx, unit: InspectionUnitId, from: NaiveDate) -> Result<()> {
    let id = cx.new_id();
    cx.insert(IntervalModel { id, unit_id: unit, from_on: from, to_on: None }).await
}

/// Puts `interval` in place of the stored one.
pub(super) async fn put_interval(cx: &mut WriteCx, interval: &IntervalModel) -> Result<()> {
    let mut sql = db::Sql::new("update onsite_interval set from_on = ");
    sql.bind(interval.from_on).push(", to_on = ").bind(interval.to_on).push(" where id = ").bind(interval.id);
    cx.execute(sql).await?;
    Ok(())
}

/// Removes an organisation nothing has happened to.
pub(super) async fn delete(cx: &mut WriteCx, id: InspectionUnitId) -> Result<()> {
    Entity::delete_by_id(id).exec(&cx.db().await?).await?;
    cx.index(NOUN, id, "");
    Ok(())
}
