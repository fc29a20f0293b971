//! Rules of focus in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationKind;
use sea_orm::entity::prelude::*;

use super::{RuleId, State};

/// A rule.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "focus_rule")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RuleId,
    /// Counts every change.
    pub version: i64,
    /// Word that a duty must hold; empty for any duty, or none.
    pub keyword: String,
    /// The kind of organisation it is for; none for all.
    pub organisation_kind: Option<OrganisationKind>,
    /// What to look at; may name the duty.
    pub text: String,
    /// What that rests on.
    pub basis: String,
    /// Framework item, second level (dictionary `framework_2`); may be empty.
    pub framework_2: String,
    /// Whether it holds.
    pub state: State,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The rule, within what the actor may see.
pub async fn find(cx: &Cx, id: RuleId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The rules that hold on `day`, in the order in which they were entered, within what the actor may see.
pub async fn in_force(cx: &Cx, day: NaiveDate) -> Result<Vec<Model>> {
    let own = Model::visible(&cx.actor).and(Pred::is("state", State::InForce));
    let mut rules = kit::store::all::<Entity>(cx, &own).await?;
    rules.retain(|rule| rule.holds_on(day));
    rules.sort_by_key(|rule| rule.id);
    Ok(rules)
}

/// How many rules there are, whoever asks.
pub(super) async fn count(cx: &Cx) -> Result<i64> {
    cx.number(Sql::new("select count(*) from focus_rule")).await
}

/// A rule in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: RuleId(samples::OTHER),
        version: 1,
        keyword: String::new(),
        organisation_kind: None,
        text: String::from("主体责任落实"),
        basis: String::new(),
        framework_2: String::new(),
        state,
        valid_from: samples::day(),
        valid_to: None,
    }
}
