//! Checks in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{DistrictCheckId, State};

/// A special check of a district's inspection work.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "district_check")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DistrictCheckId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique.
    pub number: String,
    /// Calendar year.
    pub year: i64,
    /// The district.
    pub district_id: OrganisationId,
    /// Title.
    pub title: String,
    /// Whether it is carried out together with the provincial inspection.
    pub with_province: bool,
    /// First day of the check.
    pub checked_on: NaiveDate,
    /// What it found, in general.
    pub summary: String,
    /// Where it stands.
    pub state: State,
    /// Day the district was told.
    pub fed_back_on: Option<NaiveDate>,
    /// Day it was finished.
    pub closed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The check, within what the actor may see.
pub async fn find(cx: &Cx, id: DistrictCheckId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many problems of a check there are, and how many of them are not closed.
pub(super) async fn problems(cx: &Cx, id: DistrictCheckId) -> Result<(i64, i64)> {
    let mut all = Sql::new("select count(*) from district_check_problem where check_id = ");
    all.bind(id);
    let mut open = Sql::new("select count(*) from district_check_problem where check_id = ");
    open.bind(id).push(" and state <> 'closed'");
    Ok((cx.number(all).await?, cx.number(open).await?))
}

/// A check in `state`, for the permission table.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: DistrictCheckId(Uuid::nil()),
        version: 1,
        number: String::new(),
        year: 2023,
        district_id: OrganisationId(crate::samples::ORGANISATION),
        title: String::new(),
        with_province: false,
        checked_on: NaiveDate::MIN,
        summary: String::new(),
        state,
        fed_back_on: (state != State::Checking).then_some(NaiveDate::MIN),
        closed_on: None,
    }
}
