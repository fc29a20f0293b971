//! Hand-overs in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::{organisations::OrganisationId, transfers::TransferId};
use sea_orm::entity::prelude::*;

use super::{HandoverId, State};

/// A hand-over of common problems.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "handover")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HandoverId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique.
    pub number: String,
    /// Title of the list.
    pub title: String,
    /// Code of the field.
    pub field: String,
    /// The department that supervises the field.
    pub recipient_id: OrganisationId,
    /// What is asked of the recipient.
    pub note: String,
    /// Where it stands.
    pub state: State,
    /// Account of the author.
    pub prepared_by: Option<Uuid>,
    /// Account of whoever approved it.
    pub approved_by: Option<Uuid>,
    /// Day of the approval.
    pub approved_on: Option<NaiveDate>,
    /// Its transfer, from the hand-over on.
    pub transfer_id: Option<TransferId>,
    /// Day of the hand-over.
    pub handed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The hand-over, within what the actor may see.
pub async fn find(cx: &Cx, id: HandoverId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A hand-over in `state`, for the permission table.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: HandoverId(Uuid::nil()),
        version: 1,
        number: String::new(),
        title: String::new(),
        field: String::new(),
        recipient_id: OrganisationId(crate::samples::ORGANISATION),
        note: String::new(),
        state,
        prepared_by: Some(crate::samples::SOMEBODY),
        approved_by: None,
        approved_on: None,
        transfer_id: None,
        handed_on: (state == State::Handed).then_some(NaiveDate::MIN),
    }
}
