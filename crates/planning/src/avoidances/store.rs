//! Avoidances in the database, and what follows from them: the bars of an account.

use std::sync::Arc;

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, access::Bars, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{
    AvoidanceId, Ground, Source, State,
    check::{Held, Profile, Subject},
};
use crate::{declarations, inspections::InspectionId};

/// An avoidance.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "avoidance")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AvoidanceId,
    /// Counts every change.
    pub version: i64,
    /// Who must keep away.
    pub account_id: Uuid,
    /// From which organisation.
    pub from_organisation_id: OrganisationId,
    /// The declaration it came from.
    pub declaration_id: Option<Uuid>,
    /// Why.
    pub ground: Ground,
    /// What is known.
    pub facts: String,
    /// From where it is known.
    pub source: Source,
    /// Where it stands.
    pub state: State,
    /// Account that raised it; nobody when the check did.
    pub raised_by: Option<Uuid>,
    /// When.
    pub raised_on: NaiveDate,
    /// Account that decided.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// What was said about the decision.
    pub opinion: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The avoidance, within what the actor may see.
pub async fn find(cx: &Cx, id: AvoidanceId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// What `account` must not have to do with: organisations of decided avoidances with every inspection of
/// them, and inspections for which a declaration is still to be signed.
pub async fn bars_of(cx: &Cx, account: Uuid) -> Result<Bars> {
    let mut sql = Sql::new("select from_organisation_id from avoidance where account_id = ");
    sql.bind(account).push(" and state = ").bind(State::Avoids);
    let organisations = ids(cx, sql).await?;
    let mut sql = Sql::new("select for_inspection_id from declaration where account_id = ");
    sql.bind(account).push(" and state = ").bind(declarations::State::Requested);
    if !organisations.is_empty() {
        sql.push(" union select inspection_id from inspection_unit where organisation_id in ");
        sql.bind_list(organisations.iter().copied());
    }
    let inspections = ids(cx, sql).await?;
    Ok(Bars { organisations, inspections, reach: Arc::clone(cx.app().reach()) })
}

pub(crate) async fn ids(cx: &Cx, sql: Sql) -> Result<Vec<Uuid>> {
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// How many open or decided avoidances stand between `account` and `inspection`.
pub async fn stands_against(cx: &Cx, account: Uuid, inspection: InspectionId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from avoidance a where a.account_id = ");
    sql.bind(account).push(" and a.state in ").bind_list([State::Open, State::Avoids]);
    sql.push(" and exists (select 1 from inspection_unit u where u.organisation_id = a.from_organisation_id");
    sql.push(" and u.inspection_id = ").bind(inspection).push(")");
    cx.number(sql).await
}

/// Whether the same ground is open or decided already.
pub(super) async fn known(
    cx: &Cx,
    account: Uuid,
    organisation: OrganisationId,
    ground: Ground,
) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from avoidance where account_id = ");
    sql.bind(account).push(" and from_organisation_id = ").bind(organisation);
    sql.push(" and ground = ").bind(ground).push(" and state in ").bind_list([State::Open, State::Avoids]);
    Ok(cx.number(sql).await? > 0)
}

/// The organisations of `inspection`. No scope is applied: a member who has still to declare cannot see
/// the inspection, but must know of what he declares.
pub(crate) async fn subjects_of(cx: &Cx, inspection: InspectionId) -> Result<Vec<Subject>> {
    let mut sql = Sql::new(
        "select o.id, o.name from inspection_unit u join organisation o on o.id = u.organisation_id \
         where u.inspection_id = ",
    );
    sql.bind(inspection).push(" order by o.name");
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| Ok(Subject { organisation: row.try_get_by_index(0)?, name: row.try_get_by_index(1)? }))
        .collect()
}

/// What is known of the person behind `account`.
pub async fn profile_of(cx: &Cx, account: Uuid) -> Result<Profile> {
    let mut sql = Sql::new(
        "select p.organisation_id from account a join person p on p.id = a.person_id \
         where p.organisation_id is not null and a.id = ",
    );
    sql.bind(account);
    let works_at = ids(cx, sql).await?.into_iter().map(OrganisationId).collect();
    Ok(Profile { works_at, posts: posts(cx, account).await?, ..Profile::default() })
}

/// Posts the account held at organisations inside this program, as their liaison or handler.
async fn posts(cx: &Cx, account: Uuid) -> Result<Vec<Held>> {
    let mut sql = Sql::new(
        "select organisation_id, to_on from post where organisation_id is not null and state in ('approved', 'ended') \
         and account_id = ",
    );
    sql.bind(account);
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let to: Option<NaiveDate> = row.try_get_by_index(1)?;
            Ok(Held {
                organisation: row.try_get_by_index(0)?,
                title: String::from("联络或经办岗位"),
                to: to.filter(|to| *to < cx.today()),
            })
        })
        .collect()
}
