//! 待我办理: what waits for the person, the most urgent first, and nothing else above it.

use askama::Template;
use axum::response::Response;

use crate::{
    Cx, Pred, Result, Shown,
    service::{Service, Waiting},
    table::{self, Ask, COUNT_CAP},
    web::{Viewer, shell},
};

struct Item {
    id: String,
    href: String,
    title: String,
    detail: String,
    clock: Option<(&'static str, String)>,
}

struct Heap {
    anchor: String,
    label: &'static str,
    noun_label: &'static str,
    total: i64,
    class: &'static str,
    items: Vec<Item>,
    all: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    heaps: Vec<Heap>,
    /// Where to go when nothing waits.
    scope: Vec<Place>,
}

/// A list within the person's work.
struct Place {
    label: &'static str,
    address: String,
    count: String,
}

/// Shows what waits.
pub(super) async fn show(viewer: &Viewer) -> Result<Response> {
    let cx = viewer.read();
    let mut heaps = Vec::new();
    for service in &viewer.app.registry().services {
        for (at, waiting) in service.waiting.iter().enumerate() {
            if let Some(heap) = heap(&cx, service, at, waiting).await? {
                heaps.push(heap);
            }
        }
    }
    // Red before orange before the rest; within a colour in the order of the work.
    heaps.sort_by_key(|heap| match heap.class {
        "clock-red" => 0,
        "clock-orange" => 1,
        "clock-yellow" => 2,
        _ => 3,
    });
    let scope = if heaps.is_empty() { scope(&cx).await? } else { Vec::new() };
    let sheet = shell::Sheet::new("待我办理", Home { heaps, scope }.render()?);
    shell::page(viewer, sheet).await
}

/// The lists of records with states that the person can see anything of, with how many there are.
async fn scope(cx: &Cx) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    for service in &cx.app().registry().services {
        if !service.listed || service.governed.is_none() || !service.reachable(&cx.actor) {
            continue;
        }
        let visible = service.scope(&cx.actor);
        let ask = Ask::usual(&service.list)?;
        let total = table::total(cx, service.noun, &service.list, &visible, &Pred::All, &ask).await?;
        if total > 0 {
            let count = if total > COUNT_CAP { format!("{COUNT_CAP}+") } else { total.to_string() };
            places.push(Place { label: service.label, address: format!("/{}", service.noun), count });
        }
    }
    Ok(places)
}

async fn heap(cx: &Cx, service: &Service, at: usize, waiting: &Waiting) -> Result<Option<Heap>> {
    let condition = (waiting.condition)(&cx.actor, cx.today());
    let visible = service.scope(&cx.actor);
    if condition == Pred::Nothing || visible == Pred::Nothing {
        return Ok(None);
    }
    let mut ask = Ask::usual(&service.list)?;
    ask.size = 8;
    let due = waiting.due.and_then(|key| service.list.column_for(key, &cx.actor));
    if let Some(due) = due.filter(|due| due.sortable) {
        ask.order = (due, false);
    }
    let title = service.list.columns.iter().find(|column| column.opens).or(service.list.columns.first());
    let detail = service.list.columns.iter().find(|column| column.key == "organisation");
    ask.columns = [title, detail, due].into_iter().flatten().collect();
    let answer = table::run(cx, service.noun, &service.list, &visible, &condition, &ask).await?;
    if answer.rows.is_empty() {
        return Ok(None);
    }
    let place = |key: Option<&str>| answer.columns.iter().position(|column| Some(column.key) == key);
    let (title_at, detail_at, due_at) =
        (place(title.map(|c| c.key)), place(detail.map(|c| c.key)), place(due.map(|c| c.key)));
    let cell = |row: &table::Row, at: Option<usize>| {
        at.and_then(|at| row.cells.get(at)).cloned().unwrap_or(Shown::Empty)
    };
    let mut class = "";
    let items: Vec<Item> = answer
        .rows
        .iter()
        .map(|row| {
            let clock = match cell(row, due_at) {
                Shown::Clock { alarm, words, .. } => Some((alarm.class(), words)),
                _ => None,
            };
            Item {
                id: format!("t-{}", row.id),
                href: format!("/{}/{}", service.noun, row.id),
                title: cell(row, title_at).plain(),
                detail: cell(row, detail_at).plain(),
                clock,
            }
        })
        .collect();
    for item in &items {
        match item.clock.as_ref().map(|(class, _)| *class) {
            Some("red") => class = "clock-red",
            Some("orange") if class != "clock-red" => class = "clock-orange",
            Some("yellow") if class.is_empty() => class = "clock-yellow",
            _ => {}
        }
    }
    Ok(Some(Heap {
        anchor: format!("{}-{at}", service.noun),
        label: waiting.label,
        noun_label: service.label,
        total: answer.total.min(COUNT_CAP),
        class,
        items,
        all: format!("/{}/waiting/{at}", service.noun),
    }))
}

/// All records of one heap.
pub(super) async fn heap_page(viewer: &Viewer, service: &Service, at: usize) -> Result<Response> {
    let cx = viewer.read();
    let waiting = service.waiting.get(at).ok_or_else(crate::Refusal::not_found)?;
    let condition = (waiting.condition)(&cx.actor, cx.today());
    if condition == Pred::Nothing || !service.reachable(&cx.actor) {
        return Err(crate::Refusal::not_found().into());
    }
    let (html, total) = crate::web::list::related(&cx, service, &condition, None, service.label).await?;
    let content = format!(
        "<header class=\"title\"><div class=\"title-text\"><h1>{}</h1><p class=\"title-sub\">{}，共 {total} 条</p></div></header><section class=\"panel\">{html}</section>",
        waiting.label, service.label,
    );
    shell::page(
        viewer,
        shell::Sheet::new(waiting.label, content).crumb("待我办理", "/").crumb(waiting.label, ""),
    )
    .await
}
