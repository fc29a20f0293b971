//! Secondments in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{Grade, SecondmentId, State};
use crate::{inspections::InspectionId, needs::Duty, nominations::NominationId, talents::TalentId};

/// The calling of somebody out of his unit.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "secondment")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SecondmentId,
    /// Counts every change.
    pub version: i64,
    /// The nomination it rests on.
    pub nomination_id: NominationId,
    /// For which inspection.
    pub inspection_id: InspectionId,
    /// Who.
    pub talent_id: TalentId,
    /// The home unit.
    pub addressee_id: Option<OrganisationId>,
    /// Number of the letter.
    pub number: String,
    /// For which duty.
    pub duty: Duty,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// Account that drew it up.
    pub prepared_by: Option<Uuid>,
    /// When.
    pub prepared_on: NaiveDate,
    /// When the letter was sent.
    pub sent_on: Option<NaiveDate>,
    /// What the unit answered.
    pub answer: String,
    /// When.
    pub answered_on: Option<NaiveDate>,
    /// How the person did.
    pub grade: Option<Grade>,
    /// In words.
    pub appraisal: String,
    /// Account that appraised.
    pub appraised_by: Option<Uuid>,
    /// When it went back to the unit.
    pub appraised_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The secondment, within what the actor may see.
pub async fn find(cx: &Cx, id: SecondmentId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Whether a letter was drawn up for the nomination.
pub async fn of_nomination(cx: &Cx, nomination: NominationId) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from secondment where nomination_id = ");
    sql.bind(nomination);
    Ok(cx.number(sql).await? > 0)
}

/// Where the person works, to whom the letter goes.
pub(super) async fn home_of(cx: &Cx, talent: TalentId) -> Result<Option<OrganisationId>> {
    let mut sql =
        Sql::new("select p.organisation_id from talent t join person p on p.id = t.person_id where t.id = ");
    sql.bind(talent);
    let rows = cx.rows(sql).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.flatten())
}
