//! 问题分量: how many of an inspection's problems are trifles by the office's own measure, with the reason for each. Shown to
//! the team before its report is signed, as a hint to look again at what the inspection is for; it decides nothing.

use askama::Template;
use axum::{response::Response, routing::get};
use db::Sql;
use kit::{
    Actor, Cx, Fen, Refusal, Result, Role,
    sea_orm::{self, FromQueryResult},
    service::{Beside, Page},
    units::ratio,
    web::{Query, Viewer, respond, shell},
};
use registry::policies;
use uuid::Uuid;

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/weights",
        label: "",
        group: None,
        icon: "scale",
        offered: may_open_some,
        public: false,
        handler: get(show),
    }]
}

/// The link on the page of an inspection.
pub(crate) fn beside() -> Vec<Beside> {
    vec![Beside {
        noun: "inspections",
        label: "问题分量",
        address: |cx, id| {
            Box::pin(async move { Ok(may_open(&cx.actor, id).then(|| format!("/weights?inspection={id}"))) })
        },
    }]
}

/// Those who sign the report or review it; the inspected organisation never reads what was found before it is told.
fn may_open_some(actor: &Actor) -> bool {
    actor.is_office() || actor.is_any(&[Role::LeadingGroup, Role::TeamHead, Role::TeamMember])
}

fn may_open(actor: &Actor, inspection: Uuid) -> bool {
    actor.is_office() || actor.is(Role::LeadingGroup) || actor.in_team(inspection)
}

#[derive(Clone, Debug, FromQueryResult)]
struct Problem {
    id: Uuid,
    number: String,
    title: String,
    organisation: String,
    nature: String,
    discipline: String,
    eight_rules: bool,
    key_issue: bool,
    common: bool,
    amount_fen: Option<i64>,
    people_affected: Option<i64>,
}

impl Problem {
    /// What gives the problem weight; none of it makes it a trifle.
    fn reasons(&self, amount: Fen) -> Vec<&'static str> {
        let signs = [
            (self.key_issue, "重点问题"),
            (self.amount_fen.is_some_and(|own| own >= amount.0), "涉及金额较大"),
            (self.people_affected.is_some_and(|people| people > 0), "涉及群众利益"),
            (self.eight_rules, "违反中央八项规定精神"),
            (!self.discipline.is_empty(), "涉及违纪"),
            (self.common, "共性问题"),
            (!matches!(self.nature.as_str(), "" | "individual"), "体制机制或历史性问题"),
        ];
        signs.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words).collect()
    }
}

struct Line {
    id: Uuid,
    number: String,
    title: String,
    organisation: String,
    reasons: String,
    trifle: bool,
}

#[derive(Template)]
#[template(path = "weights.html")]
struct Weights {
    inspection: Uuid,
    name: String,
    all: usize,
    trifles: usize,
    share: String,
    limit: i64,
    above: bool,
    amount: String,
    lines: Vec<Line>,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, Box::pin(page(&viewer))).await
}

async fn page(viewer: &Viewer) -> Result<Response> {
    let cx = viewer.read();
    let query = Query::parse(viewer.query.as_deref())?;
    let inspection: Option<Uuid> = query.get("inspection").and_then(|text| text.parse().ok());
    let Some(inspection) = inspection else { return Err(Refusal::not_found().into()) };
    let allowed = may_open(&viewer.actor, inspection);
    if !allowed || !kit::service::can_see(&cx, "inspections", inspection).await? {
        return Err(Refusal::not_found().into());
    }
    let content = weights(&cx, inspection).await?.render()?;
    let sheet = shell::Sheet::new("问题分量", content)
        .crumb("巡察任务", format!("/inspections/{inspection}"))
        .crumb("问题分量", "");
    shell::page(viewer, sheet).await
}

async fn weights(cx: &Cx, inspection: Uuid) -> Result<Weights> {
    let yuan = policies::amount(cx, "trifle_amount", cx.today()).await?;
    let limit = policies::amount(cx, "trifle_share", cx.today()).await?;
    let amount = Fen(yuan.saturating_mul(100));
    let lines: Vec<Line> = problems(cx, inspection)
        .await?
        .into_iter()
        .map(|problem| {
            let reasons = problem.reasons(amount);
            Line {
                id: problem.id,
                trifle: reasons.is_empty(),
                reasons: reasons.join("、"),
                number: problem.number,
                title: problem.title,
                organisation: problem.organisation,
            }
        })
        .collect();
    let trifles = lines.iter().filter(|line| line.trifle).count();
    let (part, all) = (trifles as i64, lines.len() as i64);
    let mut sql = Sql::new("select name from inspection where id = ");
    sql.bind(inspection);
    let rows = cx.rows(sql).await?;
    let name = rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    Ok(Weights {
        inspection,
        name,
        all: lines.len(),
        trifles,
        share: ratio(part * 100, all, 2),
        limit,
        above: part * 100 > all * limit,
        amount: amount.to_string(),
        lines,
    })
}

async fn problems(cx: &Cx, inspection: Uuid) -> Result<Vec<Problem>> {
    let Some(service) = cx.app().registry().service("problems") else { return Ok(Vec::new()) };
    let mut sql = Sql::new(
        "select p.id, p.number, p.title, o.name as organisation, p.nature, p.discipline, p.eight_rules, p.key_problem as key_issue, p.common, \
         p.amount_fen, p.people_affected from problem p join organisation o on o.id = p.organisation_id \
         where p.state <> 'withdrawn' and p.inspection_id = ",
    );
    sql.bind(inspection).push(" and ");
    service.scope(&cx.actor).write("p", &mut sql);
    sql.push(" order by p.number, p.id limit 2000");
    cx.all(sql).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem() -> Problem {
        Problem {
            id: Uuid::nil(),
            number: String::new(),
            title: String::new(),
            organisation: String::new(),
            nature: String::from("individual"),
            discipline: String::new(),
            eight_rules: false,
            key_issue: false,
            common: false,
            amount_fen: Some(99_999),
            people_affected: Some(0),
        }
    }

    #[test]
    fn a_problem_without_any_weight_is_a_trifle_and_each_weight_is_named() {
        assert!(problem().reasons(Fen(100_000)).is_empty());
        let heavy = Problem { key_issue: true, amount_fen: Some(100_000), ..problem() };
        assert_eq!(heavy.reasons(Fen(100_000)), ["重点问题", "涉及金额较大"]);
        let people = Problem { people_affected: Some(3), ..problem() };
        assert_eq!(people.reasons(Fen(100_000)), ["涉及群众利益"]);
    }
}
