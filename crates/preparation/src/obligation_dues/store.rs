//! Due records in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{DueId, State};
use crate::{agreements::AgreementId, obligations::ObligationId};

/// A due record.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "obligation_due")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DueId,
    /// Counts every change.
    pub version: i64,
    /// The obligation.
    pub obligation_id: ObligationId,
    /// Its agreement.
    pub agreement_id: AgreementId,
    /// Who has to; none for the office itself.
    pub party_id: Option<OrganisationId>,
    /// The day by which.
    pub due_on: NaiveDate,
    /// From when it waits on the home page of who has to.
    pub waits_from: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// Day it was said to be done.
    pub done_on: Option<NaiveDate>,
    /// Account that said so.
    pub done_by: Option<Uuid>,
    /// What was done.
    pub account: String,
    /// Opinion or reason of the office.
    pub opinion: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The due record, within what the actor may see.
pub async fn find(cx: &Cx, id: DueId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The last day for which the obligation has a due record.
pub(super) async fn last_day(cx: &Cx, obligation: ObligationId) -> Result<Option<NaiveDate>> {
    let mut sql = Sql::new("select due_on from obligation_due where obligation_id = ");
    sql.bind(obligation).push(" order by due_on desc limit 1");
    let rows = cx.rows(sql).await?;
    rows.first().map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}

/// Takes away what is open after `day`.
pub(super) async fn drop_after(cx: &mut WriteCx, obligation: ObligationId, day: NaiveDate) -> Result<u64> {
    let mut sql = Sql::new("update obligation_due set version = version + 1, state = ");
    sql.bind(State::Waived).push(" where obligation_id = ").bind(obligation).push(" and due_on > ").bind(day);
    sql.push(" and state = ").bind(State::Open);
    cx.execute(sql).await
}

/// A due record in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let done = matches!(state, State::Reported | State::Confirmed);
    Model {
        id: DueId(samples::OTHER),
        version: 1,
        obligation_id: ObligationId(samples::OTHER),
        agreement_id: AgreementId(samples::OTHER),
        party_id: Some(OrganisationId(samples::RECIPIENT)),
        due_on: samples::day(),
        waits_from: samples::day(),
        state,
        done_on: done.then(samples::day),
        done_by: done.then_some(samples::AUTHOR),
        account: String::new(),
        opinion: String::new(),
    }
}
