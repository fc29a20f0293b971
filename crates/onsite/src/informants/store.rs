//! The vault in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;

use super::{InformantId, State};
use crate::petitions::PetitionId;

/// Who wrote a petition.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "informant")]
pub struct Model {
    /// Identity of the entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InformantId,
    /// Counts every change.
    pub version: i64,
    /// The petition.
    pub petition_id: PetitionId,
    /// Its inspection.
    pub inspection_id: Uuid,
    /// Name, encrypted.
    pub name_sealed: String,
    /// Workplace, encrypted.
    pub work_sealed: String,
    /// Address, encrypted.
    pub address_sealed: String,
    /// Telephone, encrypted.
    pub phone_sealed: String,
    /// Document number, encrypted.
    pub document_sealed: String,
    /// Remark, encrypted.
    pub note_sealed: String,
    /// Day it was entered.
    pub entered_on: NaiveDate,
    /// By which account.
    pub entered_by: Option<Uuid>,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The entry, within what the actor may see.
pub async fn find(cx: &Cx, id: InformantId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: InformantId(samples::OTHER),
        version: 1,
        petition_id: PetitionId(samples::OTHER),
        inspection_id: samples::INSPECTION,
        name_sealed: String::new(),
        work_sealed: String::new(),
        address_sealed: String::new(),
        phone_sealed: String::new(),
        document_sealed: String::new(),
        note_sealed: String::new(),
        entered_on: samples::day(),
        entered_by: Some(samples::AUTHOR),
        state,
    }
}
