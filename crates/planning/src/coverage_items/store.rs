//! Organisations on a list, in the database.

use kit::{Cx, Pred, Result, WriteCx, sea_orm};
use registry::organisations::{self, OrganisationId};
use sea_orm::entity::prelude::*;

use super::{CoverageItemId, NOUN};
use crate::coverage_lists::CoverageListId;

/// An organisation on an edition of the list.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "coverage_item")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CoverageItemId,
    /// Counts every change.
    pub version: i64,
    /// The edition.
    pub list_id: CoverageListId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The year its regular inspection is planned for.
    pub planned_year: Option<i64>,
    /// Why it is not inspected in this term; empty for most.
    pub exempt_reason: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What `actor` can see of it, without what the actor is barred from.
    pub fn scope(actor: &kit::Actor) -> Pred {
        kit::store::scope::<Entity>(actor, Self::visible(actor))
    }
}

/// The item, within what the actor may see.
pub async fn find(cx: &Cx, id: CoverageItemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// All items of an edition: a few hundred at most.
pub async fn of_list(cx: &Cx, list: CoverageListId) -> Result<Vec<Model>> {
    let of_list = Model::scope(&cx.actor).and(Pred::is("list_id", list));
    kit::store::all::<Entity>(cx, &of_list).await
}

/// Removes the item.
pub(super) async fn delete(cx: &mut WriteCx, id: CoverageItemId) -> Result<()> {
    Entity::delete_by_id(id).exec(&cx.db().await?).await?;
    cx.index(NOUN, id, "");
    Ok(())
}

/// Puts the item's text into the index.
pub(crate) async fn index(cx: &mut WriteCx, item: &Model) -> Result<()> {
    let organisation = organisations::find(cx, item.organisation_id).await?;
    cx.index(NOUN, item.id, format!("{} {}", organisation.name, item.exempt_reason));
    Ok(())
}
