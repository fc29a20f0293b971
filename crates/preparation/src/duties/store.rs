//! Duties in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{DutyId, State};

/// A duty.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duty")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DutyId,
    /// Counts every change.
    pub version: i64,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Place in the organisation's list.
    pub position: i64,
    /// What it is there for.
    pub text: String,
    /// Whether it belongs to the organisation's core.
    pub core: bool,
    /// The text it rests on.
    pub basis: String,
    /// Whether it holds.
    pub state: State,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The duty, within what the actor may see.
pub async fn find(cx: &Cx, id: DutyId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The duties that an organisation has on `day`, in their order, within what the actor may see.
pub async fn of_organisation(cx: &Cx, organisation: OrganisationId, day: NaiveDate) -> Result<Vec<Model>> {
    let own = Model::visible(&cx.actor).and(Pred::is("organisation_id", organisation));
    let mut duties = kit::store::all::<Entity>(cx, &own).await?;
    duties.retain(|duty| duty.holds_on(day));
    duties.sort_by_key(|duty| (duty.position, duty.id));
    Ok(duties)
}

/// The last place in an organisation's list.
pub(super) async fn last_position(cx: &Cx, organisation: OrganisationId) -> Result<i64> {
    let mut sql = Sql::new("select max(position) from duty where organisation_id = ");
    sql.bind(organisation);
    cx.number(sql).await
}

/// A duty in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: DutyId(samples::OTHER),
        version: 1,
        organisation_id: OrganisationId(samples::ORGANISATION),
        position: 1,
        text: String::from("负责水利工程建设管理"),
        core: true,
        basis: String::new(),
        state,
        valid_from: samples::day(),
        valid_to: None,
    }
}
