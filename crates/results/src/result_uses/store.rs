//! The ledger's view in the database; nothing is ever written to it.

use chrono::NaiveDate;
use kit::{Cx, Result, sea_orm};
use registry::{organisations::OrganisationId, transfers::TransferId};
use sea_orm::entity::prelude::*;

use super::{UseKind, UseState, visible};

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "result_use")]
pub struct Model {
    /// Identity of the record behind it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Version of that record.
    pub version: i64,
    /// What it is.
    pub kind: UseKind,
    /// Its number.
    pub number: String,
    /// What it is called; for suggestions their text.
    pub title: String,
    /// The inspection it comes from.
    pub inspection_id: Option<Uuid>,
    /// The term, for special reports; others have their inspection's.
    pub term_id: Option<Uuid>,
    /// The inspected organisation.
    pub organisation_id: Option<OrganisationId>,
    /// Who received it.
    pub recipient_id: Option<OrganisationId>,
    /// When it was handed over, issued or submitted.
    pub handed_on: NaiveDate,
    /// How many suggestions or problems it holds.
    pub items: i64,
    /// Its transfer.
    pub transfer_id: Option<TransferId>,
    /// How far its use has come.
    pub state: UseState,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The line, within what the actor may see.
pub async fn find(cx: &Cx, id: Uuid) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
