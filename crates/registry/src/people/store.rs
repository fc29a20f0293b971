//! People in the database.

use kit::{Cx, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{PersonId, visible};
use crate::organisations::OrganisationId;

/// A person.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    /// Counts every change.
    pub version: i64,
    /// Name.
    pub name: String,
    /// Where the person works.
    pub organisation_id: Option<OrganisationId>,
    /// As what.
    pub title: String,
    /// What the person is good at.
    pub speciality: String,
    /// Remark.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The person, within what the actor may see.
pub async fn find(cx: &Cx, id: PersonId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
