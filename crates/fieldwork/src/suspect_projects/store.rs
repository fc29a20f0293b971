//! Suspect projects in the database.

use chrono::NaiveDate;
use kit::{Cx, Fen, Lifecycle as _, Result, sea_orm};
use registry::{
    organisations::OrganisationId,
    transfers::{Mode, TransferId},
};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{State, SuspectProjectId};
use planning::samples;

/// A suspect project.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "suspect_project")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SuspectProjectId,
    /// Counts every change.
    pub version: i64,
    /// `XM-2023-0007`, unique.
    pub number: String,
    /// The inspection that found it.
    pub inspection_id: Uuid,
    /// The inspected organisation in whose duty it lies.
    pub organisation_id: OrganisationId,
    /// Name of the project.
    pub name: String,
    /// Who had it built or bought.
    pub owner_name: String,
    /// Who bid, one to a line.
    pub bidders: String,
    /// What is suspected.
    pub suspicion: String,
    /// What it rests on.
    pub evidence: String,
    /// Contract price.
    pub amount_fen: Option<Fen>,
    /// Day on which it was found.
    pub found_on: NaiveDate,
    /// One recipient or two; chosen with the transfer.
    pub mode: Option<Mode>,
    /// Where it stands.
    pub state: State,
    /// Account that wrote what is to be approved.
    pub prepared_by: Option<Uuid>,
    /// Account that approved the transfer.
    pub approved_by: Option<Uuid>,
    /// Day of the approval.
    pub approved_on: Option<NaiveDate>,
    /// The (first) transfer.
    pub transfer_id: Option<TransferId>,
    /// The body it was handed to.
    pub recipient_id: Option<OrganisationId>,
    /// The other body of a double transfer.
    pub second_recipient_id: Option<OrganisationId>,
    /// Day of the transfer.
    pub transferred_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The suspect project, within what the actor may see.
pub async fn find(cx: &Cx, id: SuspectProjectId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A suspect project in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let gone = state == State::Transferred;
    let approved = matches!(state, State::Approved | State::Transferred);
    Model {
        id: SuspectProjectId(samples::OTHER),
        version: 1,
        number: String::from("XM-2023-0001"),
        inspection_id: samples::INSPECTION,
        organisation_id: OrganisationId(samples::ORGANISATION),
        name: String::from("滨河路改造工程"),
        owner_name: String::new(),
        bidders: String::new(),
        suspicion: String::new(),
        evidence: String::new(),
        amount_fen: None,
        found_on: day,
        mode: gone.then_some(Mode::Single),
        state,
        prepared_by: Some(samples::AUTHOR),
        approved_by: approved.then_some(samples::OTHER),
        approved_on: approved.then_some(day),
        transfer_id: gone.then_some(TransferId(samples::OTHER)),
        recipient_id: gone.then_some(OrganisationId(samples::RECIPIENT)),
        second_recipient_id: None,
        transferred_on: gone.then_some(day),
    }
}
