//! 本单位整改统计: the statistics page of an inspected organisation (domain.md 3.5, 统计, own page): what was fed back
//! to it and how far its rectification is, inspection by inspection. The figures of the city are not for it.

use askama::Template;
use axum::{response::Response, routing::get};
use chrono::NaiveDate;
use db::Sql;
use kit::{
    Actor, Cx, Error, Refusal, Result, Role, sea_orm,
    service::{Group, Page},
    units::ratio,
    web::{Viewer, respond, shell},
};
use sea_orm::FromQueryResult;

use crate::figures;

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/own_statistics",
        label: "本单位整改统计",
        group: Some(Group::Figures),
        icon: "chart-line",
        offered,
        public: false,
        handler: get(show),
    }]
}

/// Liaisons of inspected organisations; who reads figures of the city has those.
fn offered(actor: &Actor) -> bool {
    actor.is(Role::OrganisationLiaison) && !figures::may_read(actor)
}

/// What was fed back from one inspection, and how far it is.
#[derive(Clone, Debug, Default, FromQueryResult)]
struct Problems {
    inspection: String,
    fed_back: i64,
    closed: i64,
    long_term: i64,
    overdue: i64,
}

impl Problems {
    fn add(&mut self, other: &Self) {
        self.fed_back += other.fed_back;
        self.closed += other.closed;
        self.long_term += other.long_term;
        self.overdue += other.overdue;
    }

    /// Still to be closed, those that became long-term work among them.
    fn open(&self) -> i64 {
        self.fed_back - self.closed
    }

    fn rate(&self) -> String {
        ratio(self.closed * 100, self.fed_back, 2)
    }
}

/// How far the measures are.
#[derive(Clone, Debug, Default, FromQueryResult)]
struct Measures {
    count: i64,
    closed: i64,
    long_term: i64,
    overdue: i64,
}

#[derive(Template)]
#[template(path = "own_statistics.html")]
struct Content {
    day: NaiveDate,
    total: Problems,
    inspections: Vec<Problems>,
    measures: Measures,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        if !offered(&viewer.actor) {
            return Err(Refusal::not_found().into());
        }
        let content = content(&viewer.read()).await?.render()?;
        shell::page(&viewer, shell::Sheet::new("本单位整改统计", content).crumb("本单位整改统计", "")).await
    })
    .await
}

async fn content(cx: &Cx) -> Result<Content> {
    let inspections = problems(cx).await?;
    let mut total = Problems::default();
    for line in &inspections {
        total.add(line);
    }
    Ok(Content { day: cx.today(), total, inspections, measures: measures(cx).await? })
}

/// Counted by the state of today, as the list of problems shows it; a reopened problem is not closed.
async fn problems(cx: &Cx) -> Result<Vec<Problems>> {
    let mut sql = Sql::new(
        "select i.name as inspection, cast(count(*) as bigint) as fed_back, \
         cast(sum(case when p.state = 'closed' then 1 else 0 end) as bigint) as closed, \
         cast(sum(case when p.state = 'long_term' then 1 else 0 end) as bigint) as long_term, \
         cast(sum(case when p.state in ('fed_back', 'rectifying') and p.due_on < ",
    );
    sql.bind(cx.today());
    sql.push(
        " then 1 else 0 end) as bigint) as overdue from problem p join inspection i on i.id = p.inspection_id \
         where p.fed_back_on is not null and ",
    );
    write_scope(cx, "problems", "p", &mut sql)?;
    sql.push(" group by i.id, i.name, i.starts_on order by i.starts_on, i.id");
    cx.all(sql).await
}

async fn measures(cx: &Cx) -> Result<Measures> {
    let mut sql = Sql::new(
        "select cast(count(*) as bigint) as count, \
         cast(coalesce(sum(case when m.state = 'closed' then 1 else 0 end), 0) as bigint) as closed, \
         cast(coalesce(sum(case when m.state = 'long_term' then 1 else 0 end), 0) as bigint) as long_term, \
         cast(coalesce(sum(case when m.state not in ('submitted', 'closed', 'long_term') and m.due_on < ",
    );
    sql.bind(cx.today()).push(" then 1 else 0 end), 0) as bigint) as overdue from measure m where ");
    write_scope(cx, "measures", "m", &mut sql)?;
    Ok(cx.first(sql).await?.unwrap_or_default())
}

/// Limits a statement to what the person may see of `noun`, of the organisations whose liaison he is.
fn write_scope(cx: &Cx, noun: &str, alias: &str, sql: &mut Sql) -> Result<()> {
    let services = &cx.app().registry().services;
    let service = services.iter().find(|service| service.noun == noun);
    let service = service.ok_or_else(|| Error::Fault(format!("no service for noun {noun}")))?;
    let own = cx.actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
    service.scope(&cx.actor).and(own).write(alias, sql);
    Ok(())
}
