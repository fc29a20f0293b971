//! Guidance of the districts (对区指导督导): who is in contact with a district, who was sent to it and
//! who came from it, special checks of its inspection work, and the evaluation of its reports.
//!
//! A district's office sees its own district and learns nothing of another.

pub mod check_problems;
pub mod checks;
pub mod deputies;
pub mod evaluations;
mod gaps;
pub mod liaisons;
pub mod trainings;

use chrono::NaiveDate;
use kit::{Actor, Cx, Field, Pred, Refusal, Result, Role};
use registry::organisations::{self, OrganisationId, OrganisationKind};

use crate::shared::{ORGANISATIONS, whole};

pub use gaps::{Gap, GapKind, gaps};

/// What an actor can see of a noun with the column `district_id`: the whole, or his own district.
pub fn visible(actor: &Actor) -> Pred {
    Pred::any(vec![whole(actor), own(actor)])
}

/// What the office of a district sees: its own.
fn own(actor: &Actor) -> Pred {
    actor.own_organisations(Role::DistrictOffice, "district_id")
}

/// Who keeps these records: the municipal inspection office.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}

fn permit(actor: &Actor, deed: &str) -> Result<()> {
    if may_keep(actor) { Ok(()) } else { Err(Refusal::forbidden(deed).into()) }
}

/// Refuses an organisation that is not a district.
async fn need_district(cx: &Cx, id: OrganisationId) -> Result<()> {
    if organisations::find(cx, id).await?.kind == OrganisationKind::District {
        return Ok(());
    }
    Err(Refusal::field("district", "请选择区，不能选择其他单位").into())
}

/// Refuses a last day before the first.
fn in_order(from: NaiveDate, to: Option<NaiveDate>) -> Result<()> {
    if to.is_some_and(|to| to < from) {
        return Err(Refusal::field("to_on", "结束日期不能早于开始日期").into());
    }
    Ok(())
}

fn district_field(held: Option<OrganisationId>) -> Field {
    Field::pick("district", "区", ORGANISATIONS).required().maybe(held)
}

/// Appends a dated line to a log that is kept as text.
fn append_line(log: &mut String, day: NaiveDate, text: &str) {
    if !log.is_empty() {
        log.push('\n');
    }
    log.push_str(&day.to_string());
    log.push(' ');
    log.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{concerned, stranger};

    #[test]
    fn a_log_grows_by_dated_lines() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 5, d).unwrap();
        let mut log = String::new();
        append_line(&mut log, day(1), "座谈");
        append_line(&mut log, day(9), "走访");
        assert_eq!(log, "2023-05-01 座谈\n2023-05-09 走访");
    }

    #[test]
    fn only_the_office_and_those_above_it_reach_every_district() {
        use kit::Labelled as _;
        for &role in Role::ALL {
            let expected = match role {
                Role::CommitteeLeader | Role::LeadingGroup | Role::OfficeDirector | Role::OfficeLiaison => {
                    Pred::All
                }
                Role::DistrictOffice => Pred::within("district_id", vec![crate::samples::ORGANISATION]),
                _ => Pred::Nothing,
            };
            assert_eq!(visible(&concerned(role)), expected);
        }
        assert_ne!(visible(&stranger(Role::DistrictOffice)), visible(&concerned(Role::DistrictOffice)));
    }
}
