//! Agreements in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{AgreementId, State};

/// An agreement.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgreementId,
    /// Counts every change.
    pub version: i64,
    /// Title of the document.
    pub title: String,
    /// Its number; may be empty.
    pub number: String,
    /// The body the office agrees with.
    pub party_id: OrganisationId,
    /// A second one.
    pub second_party_id: Option<OrganisationId>,
    /// A third one.
    pub third_party_id: Option<OrganisationId>,
    /// A fourth one.
    pub fourth_party_id: Option<OrganisationId>,
    /// What it says, or its main points.
    pub text: String,
    /// Whether it holds.
    pub state: State,
    /// Day of issue.
    pub signed_on: NaiveDate,
    /// Last day it held.
    pub ended_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The parties beside the office, in their order.
    pub fn parties(&self) -> Vec<OrganisationId> {
        let others = [self.second_party_id, self.third_party_id, self.fourth_party_id];
        std::iter::once(self.party_id).chain(others.into_iter().flatten()).collect()
    }
}

/// The agreement, within what the actor may see.
pub async fn find(cx: &Cx, id: AgreementId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// An agreement in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: AgreementId(samples::OTHER),
        version: 1,
        title: String::from("关于加强协作配合的实施意见"),
        number: String::new(),
        party_id: OrganisationId(samples::RECIPIENT),
        second_party_id: None,
        third_party_id: None,
        fourth_party_id: None,
        text: String::new(),
        state,
        signed_on: samples::day(),
        ended_on: (state == State::Ended).then(samples::day),
    }
}
