//! Evaluations and their scores in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, numbers::Series, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::{FromQueryResult, entity::prelude::*};

use super::{EvaluationId, State};
use crate::schemes::SchemeId;

/// Numbers of evaluations: `PG-2023-0001`.
pub(super) const SERIES: Series = Series { prefix: "PG", table: "rect_evaluation" };

/// An evaluation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rect_evaluation")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvaluationId,
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
    /// By which scheme.
    pub scheme_id: SchemeId,
    /// The day of the evaluation.
    pub evaluated_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// The total as confirmed, in tenths.
    pub total_tenths: Option<i64>,
    /// The grade as confirmed.
    pub grade: String,
    /// Whether the grade asks for a look-back.
    pub look_back: bool,
    /// What was found in all.
    pub opinion: String,
    /// Who scored last.
    pub prepared_by: Option<Uuid>,
    /// Who confirmed.
    pub confirmed_by: Option<Uuid>,
    /// When.
    pub confirmed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What one item took or gave, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Score {
    /// The item.
    pub item_id: Uuid,
    /// Points in tenths.
    pub tenths: i64,
    /// Why.
    pub reason: String,
}

/// The evaluation, within what the actor may see.
pub async fn find(cx: &Cx, id: EvaluationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The scores of an evaluation that the caller has already found.
pub(super) async fn scores_of(cx: &Cx, id: EvaluationId) -> Result<Vec<Score>> {
    let mut sql = Sql::new("select item_id, tenths, reason from rect_score where evaluation_id = ");
    sql.bind(id).push(" order by id");
    cx.all(sql).await
}

/// Puts scores in place of those there are.
pub(super) async fn replace(cx: &mut WriteCx, id: EvaluationId, scores: &[Score]) -> Result<()> {
    let mut sql = Sql::new("delete from rect_score where evaluation_id = ");
    sql.bind(id);
    cx.execute(sql).await?;
    for score in scores {
        let mut sql =
            Sql::new("insert into rect_score (id, evaluation_id, item_id, tenths, reason) values (");
        sql.bind(cx.new_id())
            .push(", ")
            .bind(id)
            .push(", ")
            .bind(score.item_id)
            .push(", ")
            .bind(score.tenths);
        sql.push(", ").bind(score.reason.as_str()).push(")");
        cx.execute(sql).await?;
    }
    Ok(())
}
