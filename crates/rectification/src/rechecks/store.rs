//! Drawings in the database, and what was closed in a period.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, numbers::Series, sea_orm};
use sea_orm::entity::prelude::*;

use super::{RecheckId, State};
use crate::access;

/// Numbers of drawings: `CC-2023-0001`.
pub(super) const SERIES: Series = Series { prefix: "CC", table: "recheck" };

/// A drawing.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "recheck")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RecheckId,
    /// Counts every change.
    pub version: i64,
    /// Number.
    pub number: String,
    /// What it is for.
    pub title: String,
    /// First day of the closings listed.
    pub closed_from: NaiveDate,
    /// Last day of the closings listed.
    pub closed_to: NaiveDate,
    /// How many are drawn.
    pub draws: i64,
    /// Where it stands.
    pub state: State,
    /// What may be drawn, one to a line, in the order of the lines.
    pub list: String,
    /// SM3 of the list.
    pub list_digest: String,
    /// The number named.
    pub nonce: String,
    /// Who named it.
    pub witness: String,
    /// What follows from list and number.
    pub seed: String,
    /// What was drawn, one to a line.
    pub picked: String,
    /// Who fixed the list.
    pub listed_by: Option<Uuid>,
    /// When.
    pub listed_on: NaiveDate,
    /// Who drew.
    pub drawn_by: Option<Uuid>,
    /// When.
    pub drawn_on: Option<NaiveDate>,
    /// Why it is void.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The drawing, within what the actor may see.
pub async fn find(cx: &Cx, id: RecheckId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The lines of what was closed from `from` to `to` and still is, within what the actor may see: number, title and
/// organisation, the identity last, so that no two lines are equal.
pub(super) async fn closed_between(cx: &Cx, from: NaiveDate, to: NaiveDate) -> Result<Vec<String>> {
    let mut sql = Sql::new(
        "select p.number, p.title, o.name, p.id from closure c join problem p on p.id = c.problem_id \
         join organisation o on o.id = p.organisation_id where c.reopened_on is null and c.closed_on >= ",
    );
    sql.bind(from).push(" and c.closed_on <= ").bind(to).push(" and ");
    kit::store::scope::<fieldwork::problems::Entity>(&cx.actor, access::readers(&cx.actor))
        .write("p", &mut sql);
    let mut lines = Vec::new();
    for row in cx.rows(sql).await? {
        let (number, title, organisation, id): (String, String, String, Uuid) = (
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
            row.try_get_by_index(3)?,
        );
        let title: String = title.chars().filter(|sign| !sign.is_whitespace()).collect();
        lines.push(format!("{number} {title} {organisation} {id}"));
    }
    lines.sort();
    Ok(lines)
}
