//! Points of focus in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{FocusItemId, State};
use crate::{duties::DutyId, focus_lists::ListId, focus_rules::RuleId};

/// A point.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "focus_item")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FocusItemId,
    /// Counts every change.
    pub version: i64,
    /// The checklist.
    pub list_id: ListId,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Place in the checklist.
    pub position: i64,
    /// What to look at.
    pub text: String,
    /// What that rests on.
    pub basis: String,
    /// Framework item, second level (dictionary `framework_2`); may be empty.
    pub framework_2: String,
    /// The rule it follows from; none when added by hand.
    pub rule_id: Option<RuleId>,
    /// The duty it follows from.
    pub duty_id: Option<DutyId>,
    /// Whether it was looked into.
    pub state: State,
    /// Day that was recorded.
    pub settled_on: Option<NaiveDate>,
    /// By whom, by name.
    pub settled_by: String,
    /// Noun of the record that covers it; empty when none was named.
    pub target_noun: String,
    /// The record that covers it.
    pub target_id: Option<Uuid>,
    /// What that record is called.
    pub reference: String,
    /// How it was looked into, or why not.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The point, within what the actor may see.
pub async fn find(cx: &Cx, id: FocusItemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The points of a checklist in their order, within what the actor may see.
pub async fn of_list(cx: &Cx, list: ListId) -> Result<Vec<Model>> {
    let own = Model::visible(&cx.actor).and(Pred::is("list_id", list));
    let mut points = kit::store::all::<Entity>(cx, &own).await?;
    points.sort_by_key(|point| (point.position, point.id));
    Ok(points)
}

/// A point in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: FocusItemId(samples::OTHER),
        version: 1,
        list_id: ListId(samples::OTHER),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        position: 1,
        text: String::new(),
        basis: String::new(),
        framework_2: String::new(),
        rule_id: None,
        duty_id: None,
        state,
        settled_on: (state != State::Open).then(samples::day),
        settled_by: String::new(),
        target_noun: String::new(),
        target_id: None,
        reference: String::new(),
        note: String::new(),
    }
}
