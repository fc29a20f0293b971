//! Publicities in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Pred, Result, numbers::Series, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{Exclusion, PublicityId, State};

/// Numbers: `GK-2023-0001`.
pub(super) const SERIES: Series = Series { prefix: "GK", table: "publicity" };

/// The publicity of a unit's rectification.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "publicity")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PublicityId,
    /// Counts every change.
    pub version: i64,
    /// Number.
    pub number: String,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Text inside the party.
    pub inner_text: String,
    /// Who reads it; the same as the feedback was told to.
    pub inner_scope: String,
    /// When it was told.
    pub inner_on: Option<NaiveDate>,
    /// Text for society.
    pub outer_text: String,
    /// Site or paper.
    pub outer_where: String,
    /// From when.
    pub outer_on: Option<NaiveDate>,
    /// Until when comments are taken.
    pub outer_until: Option<NaiveDate>,
    /// Where comments go.
    pub contact: String,
    /// What is left out, as JSON.
    pub exclusions: String,
    /// Where it stands.
    pub state: State,
    /// Last day for the publicity.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// Who handed it in.
    pub submitted_by: Option<Uuid>,
    /// When.
    pub submitted_on: Option<NaiveDate>,
    /// Who reviewed it.
    pub reviewed_by: Option<Uuid>,
    /// When.
    pub reviewed_on: Option<NaiveDate>,
    /// Opinion of the review.
    pub opinion: String,
    /// What people answered, and what was replied.
    pub comments: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What the outer text leaves out on purpose.
    pub fn excluded(&self) -> Vec<Exclusion> {
        serde_json::from_str(&self.exclusions).unwrap_or_default()
    }
}

/// The publicity, within what the actor may see.
pub async fn find(cx: &Cx, id: PublicityId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many a unit has, whoever asks.
pub(super) async fn of_unit(cx: &Cx, unit: Uuid) -> Result<usize> {
    Ok(kit::store::all::<Entity>(cx, &Pred::is("unit_id", unit)).await?.len())
}
