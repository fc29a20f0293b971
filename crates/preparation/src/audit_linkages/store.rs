//! Linkages in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, Role, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{LinkageId, Mode, Side, State};

/// A linkage.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_linkage")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LinkageId,
    /// Counts every change.
    pub version: i64,
    /// The year of the exchanged plans.
    pub year: i64,
    /// The organisation both sides look at; it never learns of this here.
    pub organisation_id: OrganisationId,
    /// The audit bureau.
    pub audit_body_id: OrganisationId,
    /// Which side proposed it.
    pub proposed_by: Side,
    /// How they go together.
    pub mode: Mode,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: State,
    /// Day of the proposal.
    pub proposed_on: NaiveDate,
    /// Day of the answer.
    pub decided_on: Option<NaiveDate>,
    /// Opinion or reason of the answer.
    pub decision: String,
    /// The inspected unit it is linked with.
    pub unit_id: Option<Uuid>,
    /// That unit's inspection.
    pub inspection_id: Option<Uuid>,
    /// Name of the audit; may be empty.
    pub project: String,
    /// How many auditors joined the team.
    pub joined_people: Option<i64>,
    /// Day it ended.
    pub concluded_on: Option<NaiveDate>,
    /// What came of it.
    pub summary: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The linkage, within what the actor may see.
pub async fn find(cx: &Cx, id: LinkageId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many linkages of the organisation with that bureau in that year are not declined.
pub(super) async fn held(
    cx: &Cx,
    year: i64,
    organisation: OrganisationId,
    body: OrganisationId,
) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from audit_linkage where year = ");
    sql.bind(year).push(" and organisation_id = ").bind(organisation);
    sql.push(" and audit_body_id = ").bind(body).push(" and state <> ").bind(State::Declined);
    cx.number(sql).await
}

/// How many people hold an auditor's post at `body` today.
pub(super) async fn auditors(cx: &Cx, body: OrganisationId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from post where state = 'approved' and organisation_id = ");
    sql.bind(body).push(" and role = ").bind(Role::Audit);
    sql.push(" and (to_on is null or to_on >= ").bind(cx.today()).push(")");
    cx.number(sql).await
}

/// Bodies with somebody in an auditor's post: `(id, name)`.
pub(super) async fn bureaus(cx: &Cx) -> Result<Vec<(Uuid, String)>> {
    let mut sql = Sql::new(
        "select distinct o.id, o.name from post p join organisation o on o.id = p.organisation_id \
         where p.state = 'approved' and p.role = ",
    );
    sql.bind(Role::Audit)
        .push(" and (p.to_on is null or p.to_on >= ")
        .bind(cx.today())
        .push(") order by o.name");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// A linkage in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let linked = matches!(state, State::Running | State::Concluded);
    Model {
        id: LinkageId(samples::OTHER),
        version: 1,
        year: 2023,
        organisation_id: OrganisationId(samples::ORGANISATION),
        audit_body_id: OrganisationId(samples::RECIPIENT),
        proposed_by: Side::Inspection,
        mode: Mode::Together,
        reason: String::new(),
        state,
        proposed_on: day,
        decided_on: (state != State::Proposed).then_some(day),
        decision: String::new(),
        unit_id: linked.then_some(samples::OTHER),
        inspection_id: linked.then_some(samples::INSPECTION),
        project: String::new(),
        joined_people: None,
        concluded_on: (state == State::Concluded).then_some(day),
        summary: String::new(),
    }
}
