//! Leads in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::{
    organisations::OrganisationId,
    transfers::{Mode, TransferId},
};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{LeadId, Risk, State, Timing};
use crate::problems::ProblemId;
use planning::samples;

/// A lead.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "lead")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LeadId,
    /// Counts every change.
    pub version: i64,
    /// `XS-2023-` and six random digits, unique: leads cannot be counted by their numbers.
    pub number: String,
    /// The inspection it comes from.
    pub inspection_id: Uuid,
    /// The organisation it is about.
    pub organisation_id: OrganisationId,
    /// The problem it hangs together with.
    pub problem_id: Option<ProblemId>,
    /// Who is concerned, sealed.
    pub person_sealed: String,
    /// That person's post and rank, sealed.
    pub post_sealed: String,
    /// What is reflected, sealed.
    pub content_sealed: String,
    /// Why it cannot wait for the report, sealed.
    pub urgency_sealed: String,
    /// Why it was sent back or taken back last, sealed.
    pub opinion_sealed: String,
    /// Which of the six disciplines (dictionary `discipline_kind`).
    pub discipline: String,
    /// Category (dictionary `lead_category`); may be empty.
    pub category: String,
    /// How it became known (dictionary `lead_source`).
    pub source: String,
    /// Which way it goes (dictionary `lead_route`).
    pub route: String,
    /// One recipient or two; chosen with the transfer.
    pub mode: Option<Mode>,
    /// When it is handed over.
    pub timing: Timing,
    /// Found through inspection–audit linkage.
    pub audit_linked: bool,
    /// Day on which it was taken up.
    pub accepted_on: NaiveDate,
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
    /// What could happen if an early transfer waited.
    pub risk: Option<Risk>,
    /// Whether the organisation it is about may know that something was handed over.
    pub unit_may_know: bool,
    /// Whether it travels in a sealed envelope as well.
    pub sealed_envelope: bool,
    /// Account that signed an early transfer as head of the team.
    pub signed_by: Option<Uuid>,
    /// Account that reviewed an early transfer for the office.
    pub reviewed_by: Option<Uuid>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The lead, within what the actor may see; what is sealed in it stays sealed.
pub async fn find(cx: &Cx, id: LeadId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many leads bear `number`, whoever asks: numbers are given out once.
pub(super) async fn bearing(cx: &Cx, number: &str) -> Result<i64> {
    let mut sql = db::Sql::new("select count(*) from lead where number = ");
    sql.bind(number);
    cx.number(sql).await
}

/// A lead in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let gone = state == State::Transferred;
    let early = matches!(state, State::Signed | State::Reviewed);
    let approved = matches!(state, State::Approved | State::Transferred);
    Model {
        id: LeadId(samples::OTHER),
        version: 1,
        number: String::from("XS-2023-000000"),
        inspection_id: samples::INSPECTION,
        organisation_id: OrganisationId(samples::ORGANISATION),
        problem_id: None,
        person_sealed: String::new(),
        post_sealed: String::new(),
        content_sealed: String::new(),
        urgency_sealed: String::new(),
        opinion_sealed: String::new(),
        discipline: String::new(),
        category: String::new(),
        source: String::new(),
        route: String::new(),
        mode: gone.then_some(Mode::Single),
        timing: if early { Timing::Early } else { Timing::AfterReport },
        audit_linked: false,
        accepted_on: day,
        state,
        prepared_by: Some(samples::AUTHOR),
        approved_by: approved.then_some(samples::OTHER),
        approved_on: approved.then_some(day),
        transfer_id: gone.then_some(TransferId(samples::OTHER)),
        recipient_id: gone.then_some(OrganisationId(samples::RECIPIENT)),
        second_recipient_id: None,
        transferred_on: gone.then_some(day),
        risk: None,
        unit_may_know: false,
        sealed_envelope: false,
        signed_by: early.then_some(samples::OTHER),
        reviewed_by: None,
    }
}
