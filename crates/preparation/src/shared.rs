//! What the nouns of this area share: who the other bodies are, who works inside, whom to tell, and the
//! links of record pages.

use chrono::NaiveDate;
use db::Sql;
use kit::{Actor, Audience, Cx, Pred, Refusal, Result, Role, Shown, WriteCx};
use planning::units;
use registry::organisations::{self, OrganisationId};
use uuid::Uuid;

/// Roles that answer the office in the name of their body.
pub const DEPARTMENTS: [Role; 4] =
    [Role::Discipline, Role::OrganisationDepartment, Role::Audit, Role::FunctionalDepartment];

/// Whether `actor` speaks for `body`.
pub fn speaks_for(actor: &Actor, body: OrganisationId) -> bool {
    DEPARTMENTS.iter().any(|&role| actor.is_at(role, body.0))
}

/// Records of the bodies that `actor` speaks for, by `column`.
pub fn own_bodies(actor: &Actor, column: &'static str) -> Pred {
    Pred::within(column, DEPARTMENTS.iter().flat_map(|&role| actor.organisations(role)).collect())
}

/// Records of the inspections `actor` works for, in whatever place.
pub fn own_team(actor: &Actor) -> Pred {
    Pred::any([Role::TeamHead, Role::TeamMember].map(|role| actor.own_inspections(role)).to_vec())
}

/// Whether `actor` works with inspections from the inside: office, leading group, teams.
pub fn inside(actor: &Actor) -> bool {
    actor.is_office() || actor.is(Role::LeadingGroup) || actor.is_any(&[Role::TeamHead, Role::TeamMember])
}

/// Everything for office and leading group, nothing for others.
pub fn overseen(actor: &Actor) -> Pred {
    if actor.is_office() || actor.is(Role::LeadingGroup) { Pred::All } else { Pred::Nothing }
}

/// Records that are `due_on` before `today`.
pub fn overdue(today: NaiveDate) -> Pred {
    today.pred_opt().map_or(Pred::Nothing, |yesterday| Pred::AtMost("due_on", yesterday.into()))
}

/// The roles by which somebody speaks for `body` today; none when nobody does.
pub async fn roles_at(cx: &Cx, body: OrganisationId) -> Result<Vec<Role>> {
    let mut sql = Sql::new("select distinct role from post where state = 'approved' and organisation_id = ");
    sql.bind(body).push(" and role in ").bind_list(DEPARTMENTS);
    sql.push(" and (to_on is null or to_on >= ").bind(cx.today()).push(") order by role");
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Refuses a body for which nobody could answer.
pub async fn check_answers(cx: &Cx, field: &str, body: OrganisationId) -> Result<()> {
    if roles_at(cx, body).await?.is_empty() {
        let name = organisations::find(cx, body).await?.name;
        let sentence = format!("{name}没有人担任接收岗位，发出后无人办理。请先在“岗位”中登记并批准");
        return Err(Refusal::field(field, sentence).into());
    }
    Ok(())
}

/// Leaves a notice for those who speak for `body`.
pub async fn tell_body(
    cx: &mut WriteCx,
    body: OrganisationId,
    title: &str,
    noun: &'static str,
    record: impl Into<Uuid>,
) -> Result<()> {
    let record = record.into();
    for role in roles_at(cx, body).await? {
        let audience = Audience::Post { role, organisation: Some(body.0), inspection: None };
        cx.notify(audience, title, noun, record);
    }
    Ok(())
}

/// Leaves a notice for the office.
pub fn tell_office(cx: &mut WriteCx, title: &str, noun: &'static str, record: impl Into<Uuid>) {
    let record = record.into();
    for role in [Role::OfficeDirector, Role::OfficeLiaison] {
        cx.notify(Audience::Post { role, organisation: None, inspection: None }, title, noun, record);
    }
}

/// Leaves a notice for the heads of the team of `inspection`.
pub fn tell_heads(
    cx: &mut WriteCx,
    inspection: Uuid,
    title: &str,
    noun: &'static str,
    record: impl Into<Uuid>,
) {
    let audience = Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(inspection) };
    cx.notify(audience, title, noun, record);
}

/// A body's name, linked to its page.
pub async fn organisation_link(cx: &Cx, id: OrganisationId) -> Result<Shown> {
    let name = organisations::find(cx, id).await?.name;
    Ok(Shown::link(organisations::NOUN, Some(id.0), name))
}

/// An inspection's name, linked for those who may open it.
pub async fn inspection_link(cx: &Cx, id: Uuid) -> Result<Shown> {
    let mut sql = Sql::new("select name from inspection where id = ");
    sql.bind(id);
    let rows = cx.rows(sql).await?;
    let name: String = match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => return Ok(Shown::Empty),
    };
    if kit::service::can_see(cx, units::INSPECTIONS, id).await? {
        Ok(Shown::link(units::INSPECTIONS, Some(id), name))
    } else {
        Ok(Shown::text(name))
    }
}
