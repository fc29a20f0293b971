//! Passports of leads in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::{organisations::OrganisationId, transfers::TransferId};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{PassportId, State};
use crate::leads::LeadId;

/// A passport.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "lead_passport")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PassportId,
    /// Counts every change.
    pub version: i64,
    /// The transfer.
    pub transfer_id: TransferId,
    /// The lead.
    pub lead_id: LeadId,
    /// The inspection it comes from.
    pub inspection_id: Uuid,
    /// The body that received it.
    pub recipient_id: OrganisationId,
    /// Number of the transfer, unique.
    pub subject: String,
    /// What was handed over, word for word, sealed.
    pub content_sealed: String,
    /// How many files went with it.
    pub files: i64,
    /// SM3 digest of what was handed over.
    pub digest: String,
    /// When it was signed, as the audit chain writes instants.
    pub issued_at: String,
    /// The day of that.
    pub issued_on: NaiveDate,
    /// The signing key's public half.
    pub public_key: String,
    /// The signature.
    pub signature: String,
    /// Whether it is confirmed.
    pub state: State,
    /// Who confirmed.
    pub receipt_by: String,
    /// When, as the audit chain writes instants.
    pub receipt_at: String,
    /// Digest of the receipt.
    pub receipt_digest: String,
    /// Signature of the receipt.
    pub receipt_signature: String,
    /// Day of the confirmation.
    pub acknowledged_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The passport, within what the actor may see.
pub async fn find(cx: &Cx, id: PassportId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The newest passport with this number, within what the actor may see.
pub async fn of_subject(cx: &Cx, subject: &str) -> Result<Option<Model>> {
    Ok(all_of_subject(cx, subject).await?.into_iter().next())
}

/// The passports with this number, newest first, within what the actor may see: one for each time the lead was
/// handed over.
pub async fn all_of_subject(cx: &Cx, subject: &str) -> Result<Vec<Model>> {
    let wanted = Model::scope(&cx.actor).and(Pred::is("subject", subject));
    let mut found = kit::store::all::<Entity>(cx, &wanted).await?;
    found.sort_by(|one, other| other.issued_at.cmp(&one.issued_at));
    Ok(found)
}

/// The passport of `transfer` that still stands.
pub(super) async fn standing(cx: &Cx, transfer: TransferId) -> Result<Option<Model>> {
    let wanted =
        Pred::is("transfer_id", transfer).and(Pred::one_of("state", [State::Issued, State::Acknowledged]));
    Ok(kit::store::all::<Entity>(cx, &wanted).await?.into_iter().next())
}

/// What was handed over, opened. The caller records the reading.
pub fn content(cx: &Cx, passport: &Model) -> Result<String> {
    cx.app().seal().open(&context(passport.id), &passport.content_sealed)
}

/// Where the sealed text belongs.
pub(super) fn context(id: PassportId) -> String {
    format!("passport/{id}/content")
}

/// The number of a transfer.
pub(super) async fn transfer_number(cx: &Cx, id: TransferId) -> Result<String> {
    let mut sql = Sql::new("select number from transfer where id = ");
    sql.bind(id);
    let rows = cx.rows(sql).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// A passport in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: PassportId(samples::OTHER),
        version: 1,
        transfer_id: TransferId(samples::OTHER),
        lead_id: LeadId(samples::OTHER),
        inspection_id: samples::INSPECTION,
        recipient_id: OrganisationId(samples::RECIPIENT),
        subject: String::from("YJ2023-0001"),
        content_sealed: String::new(),
        files: 0,
        digest: String::new(),
        issued_at: String::new(),
        issued_on: samples::day(),
        public_key: String::new(),
        signature: String::new(),
        state,
        receipt_by: String::new(),
        receipt_at: String::new(),
        receipt_digest: String::new(),
        receipt_signature: String::new(),
        acknowledged_on: None,
    }
}
