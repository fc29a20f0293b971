//! The register of upward letters in the database.

use chrono::{Datelike as _, NaiveDate};
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;

use super::{About, Channel, Receiver, State, UpwardLetterId};

/// A line of the register; there is no place for what a letter says.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "upward_letter")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UpwardLetterId,
    /// Counts every change.
    pub version: i64,
    /// Number, random, so that it tells nothing of how many there are.
    pub number: String,
    /// The inspection during which it came in.
    pub inspection_id: Option<Uuid>,
    /// Why it goes up.
    pub about: About,
    /// How it came in.
    pub channel: Channel,
    /// When.
    pub received_on: NaiveDate,
    /// How many sealed sheets.
    pub sheets: i64,
    /// To whom it goes.
    pub receiver: Receiver,
    /// Day it was handed over.
    pub handed_on: Option<NaiveDate>,
    /// Day it was signed for.
    pub receipt_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// Account that entered it.
    pub entered_by: Option<Uuid>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The line, within what the actor may see.
pub async fn find(cx: &Cx, id: UpwardLetterId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A number that no line bears yet.
pub(super) async fn fresh_number(cx: &Cx, day: NaiveDate) -> Result<String> {
    for _ in 0..64 {
        let number = format!("SZ-{}-{:06}", day.year(), kit::ids::random().as_u128() % 1_000_000);
        let mut sql = db::Sql::new("select count(*) from upward_letter where number = ");
        sql.bind(number.as_str());
        if cx.number(sql).await? == 0 {
            return Ok(number);
        }
    }
    Err(kit::Error::Fault(String::from("no free number of an upward letter was found")))
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: UpwardLetterId(samples::OTHER),
        version: 1,
        number: String::new(),
        inspection_id: Some(samples::INSPECTION),
        about: About::OfficeChief,
        channel: Channel::Letter,
        received_on: samples::day(),
        sheets: 1,
        receiver: Receiver::GroupHead,
        handed_on: None,
        receipt_on: None,
        state,
        entered_by: Some(samples::AUTHOR),
    }
}
