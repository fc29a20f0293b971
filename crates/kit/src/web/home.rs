//! 待我办理: what waits for the person, the most urgent first, and nothing else above it.

use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use crate::{
    Cx, Pred, Result, Secrecy, Shown,
    service::{Service, Waiting},
    shown::alarms,
    table::{self, Ask, COUNT_CAP, Column, ColumnKind, Filter},
    web::{Viewer, shell},
};

/// Records read of a heap; as long as the last of them is not pressing, they tell how many are.
const READ: u64 = 8;
/// Records of a heap on the page.
const SHOWN: usize = 4;
/// Up to so many heaps nothing is folded away.
const FEW: usize = 5;

struct Item {
    id: String,
    href: String,
    title: String,
    detail: String,
    clock: Option<(&'static str, String)>,
}

struct Heap {
    label: &'static str,
    noun_label: &'static str,
    total: i64,
    late: i64,
    soon: i64,
    items: Vec<Item>,
    all: String,
}

impl Heap {
    fn band(&self) -> usize {
        match (self.late, self.soon) {
            (1.., _) => 0,
            (_, 1..) => 1,
            _ => 2,
        }
    }

    fn rest(&self) -> i64 {
        self.total - self.items.len() as i64
    }
}

/// Heaps of the same urgency.
struct Band {
    label: &'static str,
    anchor: &'static str,
    class: &'static str,
    /// How many records are that urgent.
    count: i64,
    heaps: Vec<Heap>,
    /// Whether its heaps show only how much they hold until they are opened.
    folded: bool,
}

/// The bands from the most urgent on: heading, anchor, class of its card.
const BANDS: [(&str, &str, &str); 3] =
    [("已逾期", "late", "clock-red"), ("即将到期", "soon", "clock-orange"), ("其他待办", "other", "")];

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    total: i64,
    bands: Vec<Band>,
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
    let scope = if heaps.is_empty() { scope(&cx).await? } else { Vec::new() };
    let total = heaps.iter().map(|heap| heap.total).sum();
    let sheet = shell::Sheet::new("待我办理", Home { total, bands: bands(heaps), scope }.render()?);
    shell::page(viewer, sheet).await
}

/// The heaps by urgency; within a band in the order of the work.
fn bands(heaps: Vec<Heap>) -> Vec<Band> {
    let few = heaps.len() <= FEW;
    let (late, soon): (i64, i64) = (heaps.iter().map(|h| h.late).sum(), heaps.iter().map(|h| h.soon).sum());
    let total: i64 = heaps.iter().map(|heap| heap.total).sum();
    let counts = [late, soon, total - late - soon];
    let mut bands: Vec<Band> = BANDS
        .iter()
        .zip(counts)
        .enumerate()
        .map(|(at, (&(label, anchor, class), count))| Band {
            label,
            anchor,
            class,
            count,
            heaps: Vec::new(),
            folded: at == 2 && !few,
        })
        .collect();
    for heap in heaps {
        if let Some(band) = bands.get_mut(heap.band()) {
            band.heaps.push(heap);
        }
    }
    bands.retain(|band| !band.heaps.is_empty());
    bands
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
    ask.size = READ;
    let due = waiting.due.and_then(|key| service.list.column_for(key, &cx.actor));
    if let Some(due) = due.filter(|due| due.sortable) {
        ask.order = (due, false);
    }
    let title = service.list.columns.iter().find(|column| column.opens).or(service.list.columns.first());
    let detail = service.list.columns.iter().find(|column| column.key == "organisation");
    let about = title.and_then(|title| about(cx, service, title));
    ask.columns = [title, about, detail, due].into_iter().flatten().collect();
    let answer = table::run(cx, service.noun, &service.list, &visible, &condition, &ask).await?;
    if answer.rows.is_empty() {
        return Ok(None);
    }
    let place = |key: Option<&str>| answer.columns.iter().position(|column| Some(column.key) == key);
    let (title_at, due_at) = (place(title.map(|c| c.key)), place(due.map(|c| c.key)));
    let details = [place(about.map(|c| c.key)), place(detail.map(|c| c.key))];
    let cell = |row: &table::Row, at: Option<usize>| {
        at.and_then(|at| row.cells.get(at)).cloned().unwrap_or(Shown::Empty)
    };
    let mut items: Vec<Item> = answer
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
                detail: words(details.iter().map(|at| cell(row, *at).plain())),
                clock,
            }
        })
        .collect();
    let total = answer.total.min(COUNT_CAP);
    let pressing = match due {
        Some(due) if total > READ as i64 => {
            Pile { cx, service, visible: &visible, condition: &condition, due }.pressing(&items).await?
        }
        _ => pressing(&items),
    };
    items.truncate(SHOWN);
    let (late, soon) = pressing;
    let all = format!("/{}/waiting/{at}", service.noun);
    Ok(Some(Heap { label: waiting.label, noun_label: service.label, total, late, soon, items, all }))
}

/// What a record is that is called by its number: the first word about it in its list, for who may see that column.
/// Of what is sealed the number alone is told.
fn about(cx: &Cx, service: &Service, title: &Column) -> Option<&'static Column> {
    if title.key != "number" || service.secrecy == Secrecy::Sealed {
        return None;
    }
    let says = |column: &&Column| {
        matches!(
            column.kind,
            ColumnKind::Text | ColumnKind::Indexed | ColumnKind::Choice(_) | ColumnKind::Dict(_)
        ) && column.shown
            && !matches!(column.key, "number" | "state" | "organisation")
    };
    let open = |column: &&Column| service.list.column_for(column.key, &cx.actor).is_some();
    service.list.columns.iter().filter(says).find(open)
}

fn words(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// How many of the records are overdue, and how many soon due.
fn pressing(items: &[Item]) -> (i64, i64) {
    let of = |classes: &[&str]| {
        let fits = |item: &&Item| item.clock.as_ref().is_some_and(|(class, _)| classes.contains(class));
        items.iter().filter(fits).count() as i64
    };
    (of(&["red"]), of(&["orange", "yellow"]))
}

/// A heap of which only the first records were read.
struct Pile<'a> {
    cx: &'a Cx,
    service: &'a Service,
    visible: &'a Pred,
    condition: &'a Pred,
    due: &'static Column,
}

impl Pile<'_> {
    /// As [`pressing`], asked of the database as far as the records read do not say it.
    async fn pressing(&self, items: &[Item]) -> Result<(i64, i64)> {
        let last = items.last().and_then(|item| item.clock.as_ref()).map_or("", |(class, _)| *class);
        let in_order = self.due.sortable;
        if in_order && !matches!(last, "red" | "orange" | "yellow") {
            return Ok(pressing(items));
        }
        let (today, until) = (self.cx.today(), alarms(self.cx).await?.soon_until());
        let late = match today.pred_opt() {
            Some(yesterday) if !in_order || last == "red" => self.due_between(None, yesterday).await?,
            _ => pressing(items).0,
        };
        Ok((late, self.due_between(Some(today), until).await?))
    }

    async fn due_between(&self, from: Option<NaiveDate>, to: NaiveDate) -> Result<i64> {
        let (list, noun) = (&self.service.list, self.service.noun);
        let ask = Ask::usual(list)?.with(self.due, Filter::Days(from, Some(to)));
        let total = table::total(self.cx, noun, list, self.visible, self.condition, &ask).await?;
        Ok(total.min(COUNT_CAP))
    }
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
