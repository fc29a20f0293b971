//! Terms in the database.

use chrono::NaiveDate;
use kit::{Cx, Pred, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{TermId, visible};

/// A term.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "term")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TermId,
    /// Counts every change.
    pub version: i64,
    /// Number of the committee's term, unique.
    pub number: i64,
    /// Name, such as `第十三届`.
    pub name: String,
    /// The committee.
    pub committee: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, when it is known.
    pub ends_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The term, within what the actor may see.
pub async fn find(cx: &Cx, id: TermId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// The latest term the actor may see that had begun on `day`.
pub async fn on_day(cx: &Cx, day: NaiveDate) -> Result<Option<Model>> {
    let begun =
        kit::store::scope::<Entity>(&cx.actor, visible(&cx.actor)).and(Pred::AtMost("starts_on", day.into()));
    let terms = kit::store::all::<Entity>(cx, &begun).await?;
    Ok(terms.into_iter().max_by_key(|term| term.starts_on))
}

#[cfg(test)]
pub(super) fn sample(starts_on: NaiveDate, ends_on: Option<NaiveDate>) -> Model {
    Model {
        id: TermId(kit::ids::random()),
        version: 1,
        number: 13,
        name: "第十三届".into(),
        committee: "某市委".into(),
        starts_on,
        ends_on,
    }
}
