//! Trainings in the database.

use chrono::NaiveDate;
use kit::{Cx, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{ShadowTrainingId, TrainingKind, visible};

/// A district cadre in training.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shadow_training")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShadowTrainingId,
    /// Counts every change.
    pub version: i64,
    /// Calendar year.
    pub year: i64,
    /// The district.
    pub district_id: OrganisationId,
    /// Who.
    pub person_name: String,
    /// His post at home.
    pub post_title: String,
    /// In what way he takes part.
    pub kind: TrainingKind,
    /// The inspection he takes part in.
    pub inspection_id: Option<Uuid>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// Appraisal on leaving.
    pub appraisal: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The training, within what the actor may see.
pub async fn find(cx: &Cx, id: ShadowTrainingId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
