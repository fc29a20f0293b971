//! Completeness of a year: every district has exactly one contact person and one deputy head sent to
//! it, and at least one of its reports evaluated.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Labelled as _, Result, Role, Shown, labelled, sea_orm};
use registry::organisations::{OrganisationId, OrganisationKind};
use sea_orm::FromQueryResult;

use crate::shared::{ORGANISATIONS, whole};

labelled! {
    /// What a district lacks, or has too much of, in a year.
    pub enum GapKind: "缺项" {
        /// Nobody is in contact with it.
        NoLiaison = "no_liaison" => "未安排挂钩联系人", Red;
        /// More than one person is in contact with it.
        ManyLiaisons = "many_liaisons" => "挂钩联系人多于一名", Yellow;
        /// No deputy head was sent to it.
        NoDeputy = "no_deputy" => "未选派区巡察组副组长", Red;
        /// More than one deputy head was sent to it.
        ManyDeputies = "many_deputies" => "选派副组长多于一名", Yellow;
        /// None of its reports has a published evaluation.
        NoEvaluation = "no_evaluation" => "未评查巡察报告", Red;
    }
}

/// One gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The district.
    pub district: OrganisationId,
    /// Its name.
    pub name: String,
    /// What is missing.
    pub kind: GapKind,
}

#[derive(FromQueryResult)]
struct Counted {
    id: OrganisationId,
    name: String,
    liaisons: i64,
    deputies: i64,
    evaluations: i64,
}

/// What the districts lack in `year`, by district; empty when the year is complete. A district's
/// office is told of its own district only.
pub async fn gaps(cx: &Cx, year: i32) -> Result<Vec<Gap>> {
    let (Some(first), Some(last)) =
        (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31))
    else {
        return Ok(Vec::new());
    };
    let mut sql = Sql::new("select o.id as id, o.name as name");
    for (name, from) in [
        ("liaisons", "district_liaison x where x.year = "),
        ("deputies", "district_deputy x where x.year = "),
        ("evaluations", "report_evaluation x where x.state = 'published' and x.year = "),
    ] {
        sql.push(", (select count(*) from ").push(from).bind(i64::from(year));
        sql.push(" and x.district_id = o.id) as ").push(name);
    }
    sql.push(" from organisation o where o.kind = ").bind(OrganisationKind::District);
    sql.push(" and o.valid_from <= ").bind(last);
    sql.push(" and (o.valid_to is null or o.valid_to >= ").bind(first).push(") and ");
    let own = cx.actor.own_organisations(Role::DistrictOffice, "id");
    kit::Pred::any(vec![whole(&cx.actor), own]).write("o", &mut sql);
    sql.push(" order by o.code, o.id");
    let counted: Vec<Counted> = cx.all(sql).await?;
    Ok(counted.into_iter().flat_map(gaps_of).collect())
}

fn gaps_of(counted: Counted) -> Vec<Gap> {
    kinds(counted.liaisons, counted.deputies, counted.evaluations)
        .into_iter()
        .map(|kind| Gap { district: counted.id, name: counted.name.clone(), kind })
        .collect()
}

/// The rule itself.
fn kinds(liaisons: i64, deputies: i64, evaluations: i64) -> Vec<GapKind> {
    let one = |count: i64, none, many| match count {
        ..=0 => Some(none),
        1 => None,
        _ => Some(many),
    };
    [
        one(liaisons, GapKind::NoLiaison, GapKind::ManyLiaisons),
        one(deputies, GapKind::NoDeputy, GapKind::ManyDeputies),
        (evaluations < 1).then_some(GapKind::NoEvaluation),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The gaps of a year as a piece of page.
pub(super) fn html(gaps: &[Gap]) -> String {
    if gaps.is_empty() {
        return String::from("<p>各区挂钩联系、选派副组长和报告评查均已安排到位。</p>");
    }
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">区</th>\
         <th scope=\"col\">缺项</th></tr></thead><tbody>",
    );
    for gap in gaps {
        html.push_str("<tr><td>");
        Shown::link(ORGANISATIONS, Some(gap.district.0), &gap.name).html(&mut html);
        html.push_str("</td><td>");
        Shown::choice(gap.kind.choice()).html(&mut html);
        html.push_str("</td></tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_district_is_complete_with_one_liaison_one_deputy_and_any_evaluated_report(
            liaisons in 0i64..4, deputies in 0i64..4, evaluations in 0i64..4,
        ) {
            let complete = liaisons == 1 && deputies == 1 && evaluations >= 1;
            prop_assert_eq!(kinds(liaisons, deputies, evaluations).is_empty(), complete);
        }
    }

    #[test]
    fn a_district_with_nothing_lacks_three_things() {
        assert_eq!(kinds(0, 0, 0), [GapKind::NoLiaison, GapKind::NoDeputy, GapKind::NoEvaluation]);
    }
}
