//! Obligations in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{ObligationId, Period, State};
use crate::agreements::AgreementId;

/// An obligation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "obligation")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ObligationId,
    /// Counts every change.
    pub version: i64,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Who has to; none for the office itself.
    pub party_id: Option<OrganisationId>,
    /// What has to be done.
    pub text: String,
    /// How often.
    pub period: Period,
    /// The first day by which.
    pub first_due_on: NaiveDate,
    /// Whether it holds.
    pub state: State,
    /// Last day it held.
    pub ended_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The obligation, within what the actor may see.
pub async fn find(cx: &Cx, id: ObligationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The obligations of an agreement that hold, a dozen at most.
pub(super) async fn in_force(cx: &Cx, agreement: AgreementId) -> Result<Vec<Model>> {
    let own = Pred::is("agreement_id", agreement).and(Pred::is("state", State::InForce));
    kit::store::all::<Entity>(cx, &Model::visible(&cx.actor).and(own)).await
}

/// The bodies that an agreement obliges or has obliged to something, whoever asks.
pub async fn parties(cx: &Cx, agreement: AgreementId) -> Result<Vec<OrganisationId>> {
    let mut sql =
        Sql::new("select distinct party_id from obligation where party_id is not null and agreement_id = ");
    sql.bind(agreement);
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// An obligation in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: ObligationId(samples::OTHER),
        version: 1,
        agreement_id: AgreementId(samples::OTHER),
        party_id: Some(OrganisationId(samples::RECIPIENT)),
        text: String::new(),
        period: Period::Quarterly,
        first_due_on: samples::day(),
        state,
        ended_on: (state == State::Ended).then(samples::day),
    }
}
