//! Small rules and lookups that several nouns of this area share.

use chrono::{Datelike as _, NaiveDate};
use db::Sql;
use kit::{Actor, Cx, Pred, Refusal, Result, Role, Shown, service};
use registry::{
    organisations::{self, OrganisationId},
    transfers::RECIPIENTS,
};
use uuid::Uuid;

/// Noun of organisations.
pub(crate) const ORGANISATIONS: &str = organisations::NOUN;
/// Noun of inspections.
pub(crate) const INSPECTIONS: &str = "inspections";
/// Noun of problems.
pub(crate) const PROBLEMS: &str = "problems";
/// Noun of the committee's terms.
pub(crate) const TERMS: &str = "terms";
/// Dictionary of the fields of supervision (领域).
pub(crate) const FIELD: &str = "field";

/// What an actor sees as one who receives transfers for the body in `recipient`, once the day in `handed`
/// stands.
pub(crate) fn handed_to(actor: &Actor, recipient: &'static str, handed: &'static str) -> Pred {
    let own = RECIPIENTS.iter().map(|&role| actor.own_organisations(role, recipient)).collect();
    Pred::any(own).and(Pred::Present(handed))
}

/// Everything that left the office, by the day in `handed`: discipline and the organisation department read the use of
/// results, whoever it is handed to.
pub(crate) fn read_once_out(actor: &Actor, handed: &'static str) -> Pred {
    actor.reach([
        (Role::Discipline, Pred::Present(handed)),
        (Role::OrganisationDepartment, Pred::Present(handed)),
    ])
}

/// Everything for the roles that read the whole of this area: office, leading group and committee.
pub(crate) fn whole(actor: &Actor) -> Pred {
    actor.reach([
        (Role::CommitteeLeader, Pred::All),
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
    ])
}

/// Whether `actor` may settle what somebody else prepared. Programs have no account and count as another.
pub(crate) fn is_another(prepared_by: Option<Uuid>, actor: &Actor) -> bool {
    prepared_by.is_none() || prepared_by != actor.account
}

/// Whether `actor` settles papers of the office: the leading group, or the office's director.
pub(crate) fn settles(actor: &Actor) -> bool {
    actor.is_any(&[Role::LeadingGroup, Role::OfficeDirector])
}

/// Refuses a day after today where something is said to have happened.
pub(crate) fn has_happened(cx: &Cx, field: &str, day: NaiveDate) -> Result<()> {
    if day > cx.today() { Err(Refusal::field(field, "日期不能晚于今天").into()) } else { Ok(()) }
}

/// Refuses a day before what must have come first; `what` names that.
pub(crate) fn not_before(field: &str, day: NaiveDate, first: Option<NaiveDate>, what: &str) -> Result<()> {
    match first {
        Some(first) if day < first => {
            Err(Refusal::field(field, format!("日期不能早于{what}（{first}）")).into())
        }
        _ => Ok(()),
    }
}

/// The next number of `table` in this year: `prefix-2023-0007`. A proposal; the column is unique.
pub(crate) async fn next_number(cx: &Cx, table: &'static str, prefix: &'static str) -> Result<String> {
    let stem = format!("{prefix}-{}-", cx.today().year());
    let mut sql = Sql::new("select max(number) from ");
    sql.push(table).push(" where number like ").bind(format!("{stem}%"));
    let rows = cx.rows(sql).await?;
    let last = match rows.first() {
        Some(row) => row.try_get_by_index::<Option<String>>(0)?,
        None => None,
    };
    let last = last.and_then(|number| number.rsplit('-').next().and_then(|tail| tail.parse::<u32>().ok()));
    Ok(format!("{stem}{:04}", last.unwrap_or(0).saturating_add(1)))
}

/// The text in `column` of the record `id` of `table`, for labels; empty when there is none.
pub(crate) async fn text_of(
    cx: &Cx,
    table: &'static str,
    column: &'static str,
    id: Option<Uuid>,
) -> Result<String> {
    let Some(id) = id else { return Ok(String::new()) };
    let mut sql = Sql::new("select ");
    sql.push(column).push(" from ").push(table).push(" where id = ").bind(id);
    Ok(match cx.rows(sql).await?.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => String::new(),
    })
}

/// A link to a record for those who can open it, and nothing for others.
pub(crate) async fn linked(
    cx: &Cx,
    noun: &'static str,
    id: Option<Uuid>,
    label: impl Into<String>,
) -> Result<Shown> {
    match id {
        Some(held) if service::can_see(cx, noun, held).await? => Ok(Shown::link(noun, id, label)),
        _ => Ok(Shown::Empty),
    }
}

/// A link to an inspection, for those who can open it.
pub(crate) async fn inspection(cx: &Cx, id: Option<Uuid>) -> Result<Shown> {
    let name = text_of(cx, "inspection", "name", id).await?;
    linked(cx, INSPECTIONS, id, name).await
}

/// An organisation, linked.
pub(crate) async fn organisation(cx: &Cx, id: Option<OrganisationId>) -> Result<Shown> {
    Ok(match id {
        Some(id) => Shown::link(ORGANISATIONS, Some(id.0), organisations::find(cx, id).await?.name),
        None => Shown::Empty,
    })
}

/// The value of a dictionary as it is shown.
pub(crate) async fn dictionary(cx: &Cx, kind: &'static str, code: &str) -> Result<Shown> {
    Ok(match kit::dictionary::find(cx, kind, code).await? {
        Some(item) => Shown::Code { code: item.code, label: item.label, tone: None },
        None => Shown::text(code),
    })
}

/// The calendar year of a day, as it is stored.
pub(crate) fn year_of(day: NaiveDate) -> i64 {
    i64::from(day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_counts_as_another_to_what_he_prepared() {
        let mut actor = Actor::program("test");
        actor.account = Some(Uuid::from_u128(7));
        assert!(!is_another(Some(Uuid::from_u128(7)), &actor));
        assert!(is_another(Some(Uuid::from_u128(8)), &actor));
    }

    #[test]
    fn a_day_before_its_cause_is_refused() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 6, d).unwrap();
        assert!(not_before("on", day(1), Some(day(2)), "审定日期").is_err());
        assert!(not_before("on", day(2), Some(day(2)), "审定日期").is_ok());
        assert!(not_before("on", day(1), None, "审定日期").is_ok());
    }
}
