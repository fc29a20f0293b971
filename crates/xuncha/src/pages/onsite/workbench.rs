//! The workbench of a team (巡察组工作台): what has been covered, what is late, what comes next, and the way to enter more.

use askama::Template;
use axum::{response::Response, routing::get};
use db::Sql;
use kit::{
    Cx, Labelled as _, Lifecycle as _, Result, alarms,
    service::{Group, Page},
    web::{Viewer, respond, shell},
};
use onsite::overview::{self, Coming, Tile};
use planning::inspection_units::{Entity, InspectionUnit, Stage};
use uuid::Uuid;

use super::{Choice, choose, offered};

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/workbench",
        label: "巡察组工作台",
        group: Some(Group::Fieldwork),
        icon: "briefcase",
        offered,
        public: false,
        handler: get(show),
    }]
}

struct Figure {
    label: &'static str,
    href: String,
    count: i64,
    of: Option<i64>,
    late: i64,
}

struct Deadline {
    kind: &'static str,
    title: String,
    href: String,
    clock: String,
}

struct UnitLine {
    name: String,
    href: String,
    stage: &'static str,
}

struct NewLink {
    label: &'static str,
    href: String,
}

#[derive(Template)]
#[template(path = "workbench.html")]
struct Workbench {
    choices: Vec<Choice>,
    title: String,
    figures: Vec<Figure>,
    deadlines: Vec<Deadline>,
    units: Vec<UnitLine>,
    links: Vec<NewLink>,
    board: String,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, Box::pin(page(&viewer))).await
}

async fn page(viewer: &Viewer) -> Result<Response> {
    let cx = viewer.read();
    let chosen = choose(viewer, &cx).await?;
    let (mut figures, mut deadlines, mut units, mut links) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if let Some(inspection) = chosen.inspection {
        let overview = overview::of(&cx, inspection).await?;
        let alarms = alarms(&cx).await?;
        figures = overview.tiles.into_iter().map(figure).collect();
        deadlines = overview.coming.into_iter().map(|coming| deadline(coming, &alarms)).collect();
        units = unit_lines(&cx, inspection).await?;
        links = new_links(&cx, inspection);
    }
    let board = chosen
        .inspection
        .map_or_else(|| String::from("/task-board"), |id| format!("/task-board?inspection={id}"));
    let content =
        Workbench { choices: chosen.choices, title: chosen.title, figures, deadlines, units, links, board }
            .render()?;
    shell::page(viewer, shell::Sheet::new("巡察组工作台", content).crumb("巡察组工作台", "")).await
}

fn figure(tile: Tile) -> Figure {
    Figure { label: tile.label, href: tile.href, count: tile.count, of: tile.of, late: tile.late }
}

fn deadline(coming: Coming, alarms: &kit::shown::Alarms) -> Deadline {
    let mut clock = String::new();
    alarms.clock(Some(coming.due_on), false).html(&mut clock);
    Deadline { kind: coming.kind, title: coming.title, href: coming.href, clock }
}

/// The inspected units with their stages, within the actor's scope.
async fn unit_lines(cx: &Cx, inspection: Uuid) -> Result<Vec<UnitLine>> {
    let mut sql = Sql::new(
        "select u.id, o.name, u.state from inspection_unit u join organisation o on o.id = u.organisation_id \
         where u.inspection_id = ",
    );
    sql.bind(inspection).push(" and ");
    kit::store::scope::<Entity>(&cx.actor, InspectionUnit::visible(&cx.actor)).write("u", &mut sql);
    sql.push(" order by o.code limit 60");
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let (id, stage): (Uuid, Stage) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
            let href = format!("/inspection_units/{id}");
            Ok(UnitLine { name: row.try_get_by_index(1)?, href, stage: stage.label() })
        })
        .collect()
}

/// What the person may enter here.
fn new_links(cx: &Cx, inspection: Uuid) -> Vec<NewLink> {
    let wanted = [
        ("登记谈话", "talks", ""),
        ("登记信访", "petitions", ""),
        ("拟定调阅清单", "file_requests", ""),
        ("登记走访", "visits", ""),
        ("登记会议", "team_meetings", "inspection"),
        ("安排任务", "tasks", "inspection"),
    ];
    let registry = cx.app().registry();
    let may = |noun: &str| registry.service(noun).is_some_and(|service| (service.creates)(&cx.actor));
    let link = |(label, noun, field): (&'static str, &str, &str)| NewLink {
        label,
        href: match field {
            "" => format!("/{noun}/new"),
            field => format!("/{noun}/new?{field}={inspection}"),
        },
    };
    wanted.into_iter().filter(|(_, noun, _)| may(noun)).map(link).collect()
}
