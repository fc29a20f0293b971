//! Problems of checks in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{Aspect, DistrictCheckProblemId, State};
use crate::districts::checks::DistrictCheckId;

/// A problem found by a special check.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "district_check_problem")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DistrictCheckProblemId,
    /// Counts every change.
    pub version: i64,
    /// The check.
    pub check_id: DistrictCheckId,
    /// The district, as on the check.
    pub district_id: OrganisationId,
    /// Number, unique.
    pub number: String,
    /// How the problem shows.
    pub text: String,
    /// What part of the work it concerns.
    pub category: Aspect,
    /// Day it was found.
    pub found_on: NaiveDate,
    /// Day the district was told.
    pub fed_back_on: Option<NaiveDate>,
    /// Last day of the rectification.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// How the district rectifies it.
    pub measure: String,
    /// What the district achieved.
    pub result: String,
    /// Day of the last submission.
    pub submitted_on: Option<NaiveDate>,
    /// Account that submitted last.
    pub submitted_by: Option<Uuid>,
    /// Opinion of the office.
    pub opinion: String,
    /// Day it was closed.
    pub closed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The problem, within what the actor may see.
pub async fn find(cx: &Cx, id: DistrictCheckProblemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A problem in `state` that was fed back, for the permission table.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: DistrictCheckProblemId(Uuid::nil()),
        version: 1,
        check_id: DistrictCheckId(Uuid::nil()),
        district_id: OrganisationId(crate::samples::ORGANISATION),
        number: String::new(),
        text: String::new(),
        category: Aspect::Other,
        found_on: NaiveDate::MIN,
        fed_back_on: Some(NaiveDate::MIN),
        due_on: NaiveDate::MIN,
        state,
        measure: String::new(),
        result: String::new(),
        submitted_on: None,
        submitted_by: Some(crate::samples::SOMEBODY),
        opinion: String::new(),
        closed_on: None,
    }
}
