//! Petitions in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{Decision, Outcome, PassTo, PetitionId, Signed, State};

/// A petition.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "petition")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PetitionId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique.
    pub number: String,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit it came in at.
    pub unit_id: Uuid,
    /// The organisation it is about.
    pub organisation_id: OrganisationId,
    /// Channel, a code of dictionary `petition_channel`.
    pub channel: String,
    /// Day it came in.
    pub received_on: NaiveDate,
    /// Whether it bears a name.
    pub signed: Signed,
    /// How many people stand behind it.
    pub people: i64,
    /// Category, a code of dictionary `petition_category`.
    pub category: String,
    /// Whom or what it is about, encrypted.
    pub subject_sealed: String,
    /// What it says, encrypted.
    pub content_sealed: String,
    /// Where it stands.
    pub state: State,
    /// What was decided.
    pub decision: Option<Decision>,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// By whom, by name.
    pub decided_by: String,
    /// Reason or opinion, encrypted.
    pub opinion_sealed: String,
    /// The petition it was joined with.
    pub merged_into: Option<PetitionId>,
    /// Account of the member who looks into it.
    pub handler_id: Option<Uuid>,
    /// That member's name.
    pub handler: String,
    /// To whom it was passed.
    pub passed_to: Option<PassTo>,
    /// The organisation it was passed to, when the register knows it.
    pub recipient_id: Option<OrganisationId>,
    /// That body's name.
    pub recipient: String,
    /// Day it was passed on.
    pub passed_on: Option<NaiveDate>,
    /// Day of the receipt.
    pub receipt_on: Option<NaiveDate>,
    /// Who signed it.
    pub receipt_by: String,
    /// What came of it.
    pub result: Option<Outcome>,
    /// When.
    pub result_on: Option<NaiveDate>,
    /// In words, encrypted.
    pub result_sealed: String,
    /// Last day for what comes next.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// Account that entered it.
    pub registered_by: Option<Uuid>,
    /// That person's name.
    pub registrar: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The petition, within what the actor may see.
pub async fn find(cx: &Cx, id: PetitionId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: PetitionId(samples::OTHER),
        version: 1,
        number: String::new(),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        channel: String::new(),
        received_on: samples::day(),
        signed: Signed::Anonymous,
        people: 1,
        category: String::new(),
        subject_sealed: String::new(),
        content_sealed: String::new(),
        state,
        decision: None,
        decided_on: None,
        decided_by: String::new(),
        opinion_sealed: String::new(),
        merged_into: None,
        handler_id: None,
        handler: String::new(),
        passed_to: None,
        recipient_id: None,
        recipient: String::new(),
        passed_on: None,
        receipt_on: None,
        receipt_by: String::new(),
        result: None,
        result_on: None,
        result_sealed: String::new(),
        due_on: None,
        due_basis: String::new(),
        registered_by: Some(samples::AUTHOR),
        registrar: String::new(),
    }
}
