//! Doubts in the database.

use std::collections::HashSet;

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{DoubtId, Kind, State};

/// A doubt.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rect_doubt")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DoubtId,
    /// Counts every change.
    pub version: i64,
    /// What was noticed.
    pub kind: Kind,
    /// By what it is known again, so that no watch notes it twice.
    pub mark: String,
    /// The inspection.
    pub inspection_id: Option<Uuid>,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The problem.
    pub problem_id: Option<Uuid>,
    /// What it is about, in a few words.
    pub subject: String,
    /// Why it is a doubt, with the figures that make it one.
    pub reason: String,
    /// What was compared, one to a line.
    pub detail: String,
    /// When it was noticed.
    pub found_on: NaiveDate,
    /// What became of it.
    pub state: State,
    /// When that was decided.
    pub decided_on: Option<NaiveDate>,
    /// By whom.
    pub decided_by: Option<Uuid>,
    /// Name of that person.
    pub decider_name: String,
    /// Why.
    pub decision: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The doubt, within what the actor may see.
pub async fn find(cx: &Cx, id: DoubtId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Which of these marks are known already.
pub(super) async fn known(cx: &Cx, marks: &[String]) -> Result<HashSet<String>> {
    let mut known = HashSet::new();
    for some in marks.chunks(400) {
        let mut sql = Sql::new("select mark from rect_doubt where mark in ");
        sql.bind_list(some.iter().map(String::as_str));
        for row in cx.rows(sql).await? {
            known.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(known)
}
