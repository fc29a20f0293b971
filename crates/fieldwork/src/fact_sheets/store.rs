//! Fact sheets in the database.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{FactSheetId, State};
use crate::drafts::DraftId;

/// A fact sheet.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "fact_sheet")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FactSheetId,
    /// Counts every change.
    pub version: i64,
    /// `QR-2023-0007`, unique.
    pub number: String,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The organisation it is put to.
    pub organisation_id: OrganisationId,
    /// The draft it was made from; never shown to the organisation.
    pub draft_id: Option<DraftId>,
    /// The matter.
    pub title: String,
    /// The facts to be confirmed.
    pub text: String,
    /// Where it stands.
    pub state: State,
    /// Account that wrote it.
    pub prepared_by: Option<Uuid>,
    /// Who wrote it.
    pub prepared_name: String,
    /// Day on which it was put to the organisation.
    pub sent_on: Option<NaiveDate>,
    /// Last day of the answer.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// Day of the answer.
    pub answered_on: Option<NaiveDate>,
    /// Who answered for the organisation.
    pub answered_by: String,
    /// Whether the answer came on paper and was entered by the team.
    pub on_paper: bool,
    /// What the organisation says.
    pub explanation: String,
    /// How the team settled the objection.
    pub conclusion: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The fact sheet, within what the actor may see.
pub async fn find(cx: &Cx, id: FactSheetId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A fact sheet in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let sent = !matches!(state, State::Drafted | State::Withdrawn);
    let answered = matches!(state, State::Agreed | State::Objected | State::Settled);
    Model {
        id: FactSheetId(samples::OTHER),
        version: 1,
        number: String::from("QR-2023-0001"),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        draft_id: None,
        title: String::from("专项资金结余"),
        text: String::new(),
        state,
        prepared_by: Some(samples::AUTHOR),
        prepared_name: String::new(),
        sent_on: sent.then_some(day),
        due_on: sent.then_some(day),
        due_basis: String::new(),
        answered_on: answered.then_some(day),
        answered_by: String::new(),
        on_paper: false,
        explanation: String::new(),
        conclusion: String::new(),
        created_at: DateTime::UNIX_EPOCH,
    }
}
