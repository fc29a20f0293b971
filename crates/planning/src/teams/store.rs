//! Places in teams, in the database: the posts that have an inspection.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{State, TeamPostId, TeamRole};
use crate::inspections::InspectionId;

/// A place in a team.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TeamPostId,
    /// Counts every change.
    pub version: i64,
    /// Whose place it is.
    pub account_id: Uuid,
    /// Head or member.
    pub role: TeamRole,
    /// Never set for places in teams.
    pub organisation_id: Option<OrganisationId>,
    /// The inspection.
    pub inspection_id: InspectionId,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// The document of authorisation.
    pub basis: String,
    /// Account that proposed it.
    pub proposed_by: Option<Uuid>,
    /// Account that approved or refused it.
    pub decided_by: Option<Uuid>,
    /// Opinion of that decision.
    pub decision: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The place, within what the actor may see.
pub async fn find(cx: &Cx, id: TeamPostId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A member of a team by name.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Member {
    /// Name.
    pub name: String,
    /// Head or member.
    pub role: TeamRole,
}

/// Names of the team of `inspection` on `day`, heads first.
///
/// The inspected organisation may know these names once it has been notified, so no scope is applied
/// here: the caller has found an organisation of the inspection that the actor may see.
pub async fn members_on(cx: &Cx, inspection: InspectionId, day: NaiveDate) -> Result<Vec<Member>> {
    let mut sql = Sql::new(
        "select a.name, p.role from post p join account a on a.id = p.account_id where p.inspection_id = ",
    );
    sql.bind(inspection).push(" and p.role in ").bind_list([TeamRole::Head, TeamRole::Member]);
    sql.push(" and p.state = ").bind(State::Approved).push(" and p.from_on <= ").bind(day);
    sql.push(" and (p.to_on is null or p.to_on >= ").bind(day).push(") order by p.role, a.name");
    cx.all(sql).await
}

/// Accounts that can be put into a team: `(id, name and login)`. The three administrators have no
/// business posts.
pub(super) async fn candidates(cx: &Cx) -> Result<Vec<(Uuid, String)>> {
    let mut sql = Sql::new(
        "select a.id, a.name, a.login from account a where a.state = 'active' and not exists (select 1 from post p \
         where p.account_id = a.id and p.role in ",
    );
    sql.bind_list([
        kit::Role::SystemAdministrator,
        kit::Role::SecurityAdministrator,
        kit::Role::SecurityAuditor,
    ]);
    sql.push(" and (p.to_on is null or p.to_on >= ").bind(cx.today());
    sql.push(")) and (a.valid_to is null or a.valid_to >= ").bind(cx.today());
    sql.push(") order by a.name, a.login limit 2000");
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let (name, login): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            Ok((row.try_get_by_index(0)?, format!("{name}（{login}）")))
        })
        .collect()
}

/// The same as values of a form's field.
pub(crate) async fn candidate_options(cx: &Cx) -> Result<Vec<(String, String)>> {
    Ok(candidates(cx).await?.into_iter().map(|(id, words)| (id.to_string(), words)).collect())
}

/// The places of `account` that hold or are proposed in teams which inspect `organisation`.
pub(super) async fn against(cx: &Cx, account: Uuid, organisation: OrganisationId) -> Result<Vec<Model>> {
    let mut sql = Sql::new("select p.* from post p where p.account_id = ");
    sql.bind(account).push(" and p.state in ").bind_list([State::Proposed, State::Approved]);
    sql.push(" and exists (select 1 from inspection_unit u where u.inspection_id = p.inspection_id");
    sql.push(" and u.organisation_id = ").bind(organisation).push(")");
    cx.all(sql).await
}

/// How many places the account has or is proposed for in the inspection at some time between.
pub(super) async fn overlapping(cx: &Cx, place: &Model) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from post where account_id = ");
    sql.bind(place.account_id).push(" and inspection_id = ").bind(place.inspection_id);
    sql.push(" and id <> ").bind(place.id);
    sql.push(" and state in ").bind_list([State::Proposed, State::Approved]);
    sql.push(" and (to_on is null or to_on >= ").bind(place.from_on).push(")");
    if let Some(to) = place.to_on {
        sql.push(" and from_on <= ").bind(to);
    }
    cx.number(sql).await
}
