//! Contact groups in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{ContactId, Part, State};

/// Somebody of a contact group.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    /// Counts every change.
    pub version: i64,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
    /// Telephone.
    pub phone: String,
    /// What the person is in the group.
    pub part: Part,
    /// Day of the entry.
    pub entered_on: NaiveDate,
    /// Whether the person still is in it.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The contact, within what the actor may see.
pub async fn find(cx: &Cx, id: ContactId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: ContactId(samples::OTHER),
        version: 1,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        name: String::new(),
        post: String::new(),
        phone: String::new(),
        part: Part::Liaison,
        entered_on: samples::day(),
        state,
    }
}
