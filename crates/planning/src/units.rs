//! What a record of fieldwork takes over from the inspected unit (被巡察对象) it is found in.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Refusal, Result, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Path segment of the noun of inspected units, from which forms pick one.
pub const NOUN: &str = "inspection_units";
/// Path segment of the noun of inspections.
pub const INSPECTIONS: &str = "inspections";

/// An inspected unit with the inspection it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Unit {
    /// The inspected unit.
    pub id: Uuid,
    /// Its inspection.
    pub inspection_id: Uuid,
    /// The organisation that is inspected.
    pub organisation_id: OrganisationId,
    /// The term of the committee.
    pub term_id: Uuid,
    /// The round, when the inspection belongs to one.
    pub round_id: Option<Uuid>,
    /// Kind of the inspection, as a code.
    pub inspection_kind: String,
    /// The team.
    pub team: String,
    /// First day on site.
    pub entered_on: Option<NaiveDate>,
    /// Day of the committee's decision on the report.
    pub decided_on: Option<NaiveDate>,
}

/// The inspected unit `id`; who may use it is for the caller to decide.
pub async fn of(cx: &Cx, id: Uuid) -> Result<Unit> {
    let mut sql = Sql::new(
        "select u.id, u.inspection_id, u.organisation_id, i.term_id, i.round_id, i.kind as inspection_kind, \
         i.team, u.entered_on, u.decided_on from inspection_unit u join inspection i on i.id = u.inspection_id \
         where u.id = ",
    );
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::field("unit", "没有找到所选的被巡察对象").into())
}

/// The days between which something can be found in a unit and said to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Days {
    /// Day of the inspection's announcement.
    pub announced_on: Option<NaiveDate>,
    /// First day of the inspection, as planned.
    pub starts_on: Option<NaiveDate>,
    /// First day on site in the unit.
    pub entered_on: Option<NaiveDate>,
}

/// The days of the inspected unit `id`; who may use them is for the caller to decide.
pub async fn days(cx: &Cx, id: Uuid) -> Result<Days> {
    let mut sql = Sql::new(
        "select i.announced_on, i.starts_on, u.entered_on from inspection_unit u \
         join inspection i on i.id = u.inspection_id where u.id = ",
    );
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::field("unit", "没有找到所选的被巡察对象").into())
}

/// Names of an organisation and an inspection, for record pages.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Names {
    /// Name of the organisation.
    pub organisation: String,
    /// Name of the inspection.
    pub inspection: String,
}

/// The names of `organisation` and `inspection`.
pub async fn names(cx: &Cx, organisation: OrganisationId, inspection: Uuid) -> Result<Names> {
    let mut sql = Sql::new(
        "select o.name as organisation, i.name as inspection from organisation o cross join inspection i \
         where o.id = ",
    );
    sql.bind(organisation).push(" and i.id = ").bind(inspection);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}
