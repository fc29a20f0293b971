//! Openings in the database.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{
    Cx, Labelled as _, Lifecycle as _, Result, sea_orm,
    unsealing::{self, What},
};
use planning::samples;
use sea_orm::entity::prelude::*;

use super::{OpeningId, Part, State};

/// An opening.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "opening")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpeningId,
    /// Counts every change.
    pub version: i64,
    /// Noun of the record opened.
    pub noun: String,
    /// That record.
    pub record_id: Uuid,
    /// Its number.
    pub number: String,
    /// Which part of it.
    pub part: Part,
    /// The inspection it belongs to.
    pub inspection_id: Uuid,
    /// Who opened it.
    pub account_id: Option<Uuid>,
    /// That person's name.
    pub opened_by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Until when it stays open.
    pub until_at: DateTime<Utc>,
    /// Whether the supervisor has taken note.
    pub state: State,
    /// Who took note.
    pub seen_by: String,
    /// On which day.
    pub seen_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The opening, within what the actor may see.
pub async fn find(cx: &Cx, id: OpeningId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Whether `part` of `record` is open to the actor at this moment.
pub(crate) async fn holds(cx: &Cx, record: Uuid, part: Part) -> Result<bool> {
    unsealing::is_open(cx, What { noun: part.noun(), record, part: part.code(), session: "" }).await
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: OpeningId(samples::OTHER),
        version: 1,
        noun: String::from("talks"),
        record_id: samples::OTHER,
        number: String::new(),
        part: Part::Talk,
        inspection_id: samples::INSPECTION,
        account_id: Some(samples::AUTHOR),
        opened_by: String::new(),
        reason: String::new(),
        opened_at: DateTime::UNIX_EPOCH,
        until_at: DateTime::UNIX_EPOCH,
        state,
        seen_by: String::new(),
        seen_on: None,
    }
}
