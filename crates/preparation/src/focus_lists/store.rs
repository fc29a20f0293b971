//! Checklists of focus in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{ListId, State};

/// A checklist.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "focus_list")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ListId,
    /// Counts every change.
    pub version: i64,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit; it has one checklist.
    pub unit_id: Uuid,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Where it stands.
    pub state: State,
    /// Day it was drawn.
    pub drawn_on: NaiveDate,
    /// Day it was confirmed.
    pub confirmed_on: Option<NaiveDate>,
    /// Day every point was settled.
    pub concluded_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The checklist, within what the actor may see.
pub async fn find(cx: &Cx, id: ListId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The checklist of an inspected unit, within what the actor may see.
pub async fn of_unit(cx: &Cx, unit: Uuid) -> Result<Option<Model>> {
    let own = Model::visible(&cx.actor).and(Pred::is("unit_id", unit));
    Ok(kit::store::all::<Entity>(cx, &own).await?.into_iter().next())
}

/// How many checklists the unit has, whoever asks: it has one.
pub(super) async fn drawn(cx: &Cx, unit: Uuid) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from focus_list where unit_id = ");
    sql.bind(unit);
    cx.number(sql).await
}

/// How far a checklist is worked off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Progress {
    /// Points looked into.
    pub covered: i64,
    /// Points left out with a reason.
    pub left_out: i64,
    /// Points still open.
    pub open: i64,
}

impl Progress {
    /// All points.
    pub fn total(self) -> i64 {
        self.covered + self.left_out + self.open
    }
}

/// How far the checklist `id` is worked off; the caller has found it within what the actor may see.
pub async fn progress(cx: &Cx, id: ListId) -> Result<Progress> {
    let mut sql = Sql::new(
        "select cast(coalesce(sum(case when state = 'covered' then 1 else 0 end), 0) as bigint) as covered, \
         cast(coalesce(sum(case when state = 'left_out' then 1 else 0 end), 0) as bigint) as left_out, \
         cast(coalesce(sum(case when state = 'open' then 1 else 0 end), 0) as bigint) as open \
         from focus_item where list_id = ",
    );
    sql.bind(id);
    Ok(cx.first(sql).await?.unwrap_or_default())
}

/// A checklist in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    Model {
        id: ListId(samples::OTHER),
        version: 1,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        state,
        drawn_on: day,
        confirmed_on: (state != State::Drawn).then_some(day),
        concluded_on: (state == State::Concluded).then_some(day),
    }
}
