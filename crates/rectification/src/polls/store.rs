//! Polls in the database.

use chrono::NaiveDate;
use kit::{Cx, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{Answers, Audience, PollId, Way, visible};

/// A poll.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "satisfaction_poll")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PollId,
    /// Counts every change.
    pub version: i64,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Who was asked.
    pub audience: Audience,
    /// How.
    pub way: Way,
    /// When.
    pub on_day: NaiveDate,
    /// Asked.
    pub issued: i64,
    /// Answered.
    pub returned: i64,
    /// Satisfied.
    pub very: i64,
    /// Mostly satisfied.
    pub mostly: i64,
    /// Not satisfied.
    pub hardly: i64,
    /// Cannot say.
    pub unsure: i64,
    /// Opinions in words, without names.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The answers.
    pub fn answers(&self) -> Answers {
        Answers {
            issued: self.issued,
            returned: self.returned,
            very: self.very,
            mostly: self.mostly,
            hardly: self.hardly,
            unsure: self.unsure,
        }
    }
}

/// The poll, within what the actor may see.
pub async fn find(cx: &Cx, id: PollId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}
