//! Tasks in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;

use super::{Origin, State, TaskId};

/// A task.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    /// Counts every change.
    pub version: i64,
    /// The inspection.
    pub inspection_id: Uuid,
    /// What is to be done.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Noun of the record it comes from; empty when there is none.
    pub source_noun: String,
    /// That record.
    pub source_id: Option<Uuid>,
    /// Account of who does it.
    pub assignee_id: Option<Uuid>,
    /// That person's name.
    pub assignee: String,
    /// Last day.
    pub due_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// What came of it.
    pub result: String,
    /// Day it was confirmed.
    pub done_on: Option<NaiveDate>,
    /// Who entered it, by name.
    pub made_by: String,
    /// When.
    pub made_on: NaiveDate,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The task, within what the actor may see.
pub async fn find(cx: &Cx, id: TaskId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The most urgent tasks of a column of an inspection's board, within what the actor may see; finished ones the newest
/// first.
pub async fn board(cx: &Cx, inspection: Uuid, state: State, limit: i64) -> Result<Vec<Model>> {
    let mut sql = Sql::new("select k.* from task k where k.inspection_id = ");
    sql.bind(inspection).push(" and k.state = ").bind(state).push(" and ");
    kit::store::scope::<Entity>(&cx.actor, Model::visible(&cx.actor)).write("k", &mut sql);
    match state {
        State::Done | State::Dropped => sql.push(" order by k.done_on desc, k.id desc limit "),
        _ => sql.push(" order by case when k.due_on is null then 1 else 0 end, k.due_on, k.id limit "),
    };
    sql.bind(limit);
    cx.all(sql).await
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: TaskId(samples::OTHER),
        version: 1,
        inspection_id: samples::INSPECTION,
        title: String::new(),
        detail: String::new(),
        origin: Origin::Own,
        source_noun: String::new(),
        source_id: None,
        assignee_id: Some(samples::AUTHOR),
        assignee: String::new(),
        due_on: None,
        state,
        result: String::new(),
        done_on: None,
        made_by: String::new(),
        made_on: samples::day(),
    }
}
