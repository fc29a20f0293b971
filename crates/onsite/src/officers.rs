//! The officers who do something together on site: never fewer than two, all of the team on that day.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Field, Form, Refusal, Result, form::Kind, sea_orm};
use planning::teams;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A member of a team.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Officer {
    /// The account.
    pub account_id: Uuid,
    /// Name.
    pub name: String,
}

/// At least two different officers; fewer cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officers(Vec<Officer>);

impl Officers {
    /// The officers, each once.
    ///
    /// # Errors
    /// A refusal at `field` when fewer than two people are left.
    pub fn new(field: &str, named: Vec<Officer>) -> Result<Self> {
        let mut officers: Vec<Officer> = Vec::new();
        for officer in named {
            if !officers.iter().any(|held| held.account_id == officer.account_id) {
                officers.push(officer);
            }
        }
        if officers.len() < 2 {
            return Err(Refusal::field(field, "应由两名以上巡察干部共同进行，请至少选择两人").into());
        }
        Ok(Self(officers))
    }

    /// Their names.
    pub fn names(&self) -> String {
        self.0.iter().map(|officer| officer.name.as_str()).collect::<Vec<_>>().join("、")
    }

    /// How many.
    pub fn count(&self) -> i64 {
        self.0.len() as i64
    }
}

/// The field in which officers are chosen.
pub(crate) fn field(name: &'static str, label: &'static str) -> Field {
    Field::new(name, label, Kind::PickMany(teams::NOUN))
        .among(teams::held_today)
        .required()
        .help("至少两名本组干部；授权期内的才能选。")
}

/// Reads [`field`]: the chosen places in the team of `inspection`, held on `day`.
pub(crate) async fn read(
    cx: &Cx,
    form: &Form,
    name: &'static str,
    inspection: Uuid,
    day: NaiveDate,
) -> Result<Officers> {
    let places: Vec<Uuid> = form.ids(name);
    let mut officers = Vec::new();
    for place in places {
        let member = member_on(cx, place, inspection, day).await?;
        let message = "所选人员中有人当天不在本巡察组授权期内，请核对人员和日期";
        officers.push(member.ok_or_else(|| Refusal::field(name, message))?);
    }
    Officers::new(name, officers)
}

/// Who holds `place` in the team of `inspection` on `day`.
pub(crate) async fn member_on(
    cx: &Cx,
    place: Uuid,
    inspection: Uuid,
    day: NaiveDate,
) -> Result<Option<Officer>> {
    let mut sql = Sql::new(
        "select p.account_id, a.name from post p join account a on a.id = p.account_id where p.id = ",
    );
    sql.bind(place).push(" and p.inspection_id = ").bind(inspection).push(" and p.state = 'approved'");
    sql.push(" and p.from_on <= ").bind(day);
    sql.push(" and (p.to_on is null or p.to_on >= ").bind(day).push(")");
    cx.first(sql).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn officer(number: u128) -> Officer {
        Officer { account_id: Uuid::from_u128(number), name: format!("干部{number}") }
    }

    #[test]
    fn one_officer_is_too_few_even_when_named_twice() {
        assert!(Officers::new("officers", Vec::new()).is_err());
        assert!(Officers::new("officers", vec![officer(1), officer(1)]).is_err());
        let two = Officers::new("officers", vec![officer(1), officer(2), officer(1)]).unwrap();
        assert_eq!((two.count(), two.names().as_str()), (2, "干部1、干部2"));
    }
}
