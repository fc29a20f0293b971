//! Items of briefing replies in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{ItemId, Keeping, Kind, Outcome, State};
use crate::briefings::BriefingId;

/// An item.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "briefing_item")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemId,
    /// Counts every change.
    pub version: i64,
    /// `TB-2023-0007-02`, unique.
    pub number: String,
    /// The reply it belongs to.
    pub briefing_id: BriefingId,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The organisation it is about.
    pub organisation_id: OrganisationId,
    /// The department that tells it.
    pub department_id: OrganisationId,
    /// What kind of matter it is.
    pub kind: Kind,
    /// How closely what it says is kept.
    pub secrecy: Keeping,
    /// What it says; empty when sealed.
    pub summary: String,
    /// What it says, sealed; empty otherwise.
    pub summary_sealed: String,
    /// Number of the document it stands in; may be empty.
    pub document: String,
    /// When it arose.
    pub arose_on: Option<NaiveDate>,
    /// Day it was handed in.
    pub handed_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// Day that was recorded.
    pub outcome_on: Option<NaiveDate>,
    /// What the team found, sealed; never told to the department.
    pub remark_sealed: String,
    /// Number of the draft or lead it went into; never told to the department.
    pub reference: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The item, within what the actor may see; what is sealed in it stays sealed.
pub async fn find(cx: &Cx, id: ItemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many items of a reply wait for their outcome.
pub async fn unsettled(cx: &Cx, briefing: BriefingId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from briefing_item where briefing_id = ");
    sql.bind(briefing).push(" and state = ").bind(State::Received);
    cx.number(sql).await
}

/// How many items were ever entered for a reply: the next one's place.
pub(super) async fn entered(cx: &Cx, briefing: BriefingId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from briefing_item where briefing_id = ");
    sql.bind(briefing);
    cx.number(sql).await
}

/// Moves every item of a reply that is in `from` to `to`; the day of handing in goes with it.
pub(super) async fn advance(
    cx: &mut WriteCx,
    briefing: BriefingId,
    (from, to): (State, State),
    handed_on: Option<NaiveDate>,
) -> Result<u64> {
    let mut sql = Sql::new("update briefing_item set version = version + 1, state = ");
    sql.bind(to);
    match to {
        State::Handed | State::Drafted => {
            sql.push(", handed_on = ").bind(handed_on);
        }
        _ => {}
    }
    sql.push(" where briefing_id = ").bind(briefing).push(" and state = ").bind(from);
    cx.execute(sql).await
}

/// An item in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let handed = !matches!(state, State::Drafted | State::Removed);
    let settled = matches!(state, State::Settled | State::Reported);
    Model {
        id: ItemId(samples::OTHER),
        version: 1,
        number: String::from("TB-2023-0001-01"),
        briefing_id: BriefingId(samples::OTHER),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        department_id: OrganisationId(samples::RECIPIENT),
        kind: Kind::Problem,
        secrecy: Keeping::Internal,
        summary: String::new(),
        summary_sealed: String::new(),
        document: String::new(),
        arose_on: None,
        handed_on: handed.then_some(day),
        state,
        outcome: settled.then_some(Outcome::Excluded),
        outcome_on: settled.then_some(day),
        remark_sealed: String::new(),
        reference: String::new(),
    }
}
