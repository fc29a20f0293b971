//! Letters of request in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::{rounds::RoundId, samples};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{LetterId, State};

/// An edition of a letter.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "briefing_letter")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LetterId,
    /// Counts every change.
    pub version: i64,
    /// The round whose organisations are asked about.
    pub round_id: RoundId,
    /// Counts the editions within the round, from 1.
    pub edition: i64,
    /// Heading.
    pub title: String,
    /// What is asked, with its blanks.
    pub text: String,
    /// Where it stands.
    pub state: State,
    /// Day of the first sending.
    pub issued_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The letter, within what the actor may see.
pub async fn find(cx: &Cx, id: LetterId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The highest edition of the round's letter, 0 when there is none.
pub(super) async fn last_edition(cx: &Cx, round: RoundId) -> Result<i64> {
    let mut sql = Sql::new("select max(edition) from briefing_letter where round_id = ");
    sql.bind(round);
    cx.number(sql).await
}

/// How many editions of the round's letter are not superseded.
pub(super) async fn in_force(cx: &Cx, round: RoundId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from briefing_letter where round_id = ");
    sql.bind(round).push(" and state <> ").bind(State::Superseded);
    cx.number(sql).await
}

/// Heading and text of the letter that was sent last, from which the next one is written.
pub(super) async fn newest_text(cx: &Cx) -> Result<Option<(String, String)>> {
    let sql = Sql::new(
        "select title, text from briefing_letter where issued_on is not null order by issued_on desc, id desc limit 1",
    );
    let rows = cx.rows(sql).await?;
    rows.first().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose()
}

/// An organisation of the round that can be asked about.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub(super) struct Place {
    /// The inspected unit.
    pub(super) id: Uuid,
    /// Its inspection.
    pub(super) inspection_id: Uuid,
    /// The organisation.
    pub(super) organisation_id: OrganisationId,
}

/// The organisations of the round; without `chosen` those the teams have not left yet.
pub(super) async fn places(cx: &Cx, round: RoundId, chosen: &[Uuid]) -> Result<Vec<Place>> {
    let mut sql = Sql::new(
        "select u.id, u.inspection_id, u.organisation_id from inspection_unit u join inspection i on i.id = u.inspection_id \
         where i.round_id = ",
    );
    sql.bind(round);
    if chosen.is_empty() {
        sql.push(" and u.left_on is null");
    } else {
        sql.push(" and u.id in ").bind_list(chosen.iter().copied());
    }
    sql.push(" order by u.planned_on, u.id");
    cx.all(sql).await
}

/// A letter in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: LetterId(samples::OTHER),
        version: 1,
        round_id: RoundId(samples::OTHER),
        edition: 1,
        title: String::from("关于商请提供有关情况的函"),
        text: String::new(),
        state,
        issued_on: (state != State::Drafted).then(samples::day),
    }
}
