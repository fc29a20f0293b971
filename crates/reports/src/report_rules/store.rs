//! Rules of reports in the database.

use db::Sql;
use kit::{Cx, Error, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{ReportRuleId, visible};
use crate::reports::Kind;

/// A rule.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "report_rule")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportRuleId,
    /// Counts every change.
    pub version: i64,
    /// For which kind of report, unique.
    pub kind: Kind,
    /// Its place in the list.
    pub position: i64,
    /// How such a report is marked.
    pub secrecy: String,
    /// After which kinds of inspection it is due: codes separated by commas.
    pub required_for: String,
    /// Whether the committee receives it.
    pub to_committee: bool,
    /// Whether discipline inspection receives it.
    pub to_discipline: bool,
    /// Whether the organisation department receives it.
    pub to_organisation: bool,
    /// What it rests on.
    pub basis: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The rule, within what the actor may see.
pub async fn find(cx: &Cx, id: ReportRuleId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// All rules in their order.
pub async fn all(cx: &Cx) -> Result<Vec<Model>> {
    cx.all(Sql::new("select * from report_rule order by position")).await
}

/// The rule for reports of `kind`.
pub async fn of(cx: &Cx, kind: Kind) -> Result<Model> {
    let mut sql = Sql::new("select * from report_rule where kind = ");
    sql.bind(kind);
    cx.first(sql).await?.ok_or_else(|| Error::Fault(format!("no rule for {kind:?}")))
}
