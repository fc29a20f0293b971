//! The list page of a service, and its export.

use std::fmt::Write as _;

use askama::Template;
use axum::response::Response;
use db::Sql;
use uuid::Uuid;

use crate::{
    Cx, Pred, Result, Service, Shown, dictionary,
    service::{At, RecordView, Tab},
    shown::{escape, escaped},
    table::{self, Answer, Ask, COUNT_CAP, Column, ColumnKind, Filter},
    web::{
        Query, Viewer, shell,
        views::{self, View},
    },
};

struct Heading {
    label: &'static str,
    class: String,
    sort: Option<String>,
    direction: Option<&'static str>,
    filter: String,
}

/// A condition in the drawer: its column and its control.
struct Condition {
    label: &'static str,
    control: String,
}

struct Choosable {
    key: &'static str,
    label: &'static str,
    on: bool,
}

struct FilterOn {
    text: String,
    without: String,
}

struct Bulk {
    key: &'static str,
    label: &'static str,
}

/// A list as it stands in a page, kept as long as nothing is written: the markup around what is new in every page,
/// the proof that its form is ours.
pub(crate) struct Drawn {
    before: String,
    /// Several rows can be chosen, so that there is a form between the two.
    selectable: bool,
    after: String,
}

impl Drawn {
    /// Whether it may be kept: long pages are drawn anew each time, so that what is kept stays within a few megabytes.
    pub(crate) fn is_small(&self) -> bool {
        self.before.len() + self.after.len() <= LONGEST_KEPT
    }

    /// The whole markup for one answer.
    fn content(&self, viewer: &Viewer) -> String {
        let mut content = String::with_capacity(self.before.len() + self.after.len() + 256);
        content.push_str(&self.before);
        if self.selectable {
            let (csrf, key) = (viewer.csrf(), crate::ids::random());
            let _ = write!(
                content,
                "<input type=\"hidden\" name=\"csrf\" value=\"{csrf}\"><input type=\"hidden\" name=\"_key\" value=\"{key}\">"
            );
        }
        content.push_str(&self.after);
        content
    }
}

/// Longest list that is kept, in bytes of markup.
const LONGEST_KEPT: usize = 160 << 10;

#[derive(Template)]
#[template(path = "list.html")]
struct ListHead<'a> {
    noun: &'static str,
    label: &'static str,
    about: &'static str,
    path: &'a str,
    words: &'a str,
    create: Option<(&'static str, String)>,
    /// Other deeds on the whole list.
    more: Vec<(&'static str, String)>,
    headings: Vec<Heading>,
    conditions: Vec<Condition>,
    rows: &'a str,
    empty: bool,
    filtered: bool,
    filters_on: Vec<FilterOn>,
    choosable: Vec<Choosable>,
    kept: Vec<(String, String)>,
    own_views: Vec<View>,
    shared_views: Vec<View>,
    view_query: String,
    export: String,
    bulk: &'a [Bulk],
}

/// What stands under the rows, from inside the form for several of them on.
#[derive(Template)]
#[template(path = "list_foot.html")]
struct ListFoot<'a> {
    bulk: &'a [Bulk],
    sizes: Vec<(u64, bool)>,
    total: String,
    exact: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    page: u64,
    /// How many pages there are, when that is known.
    pages: Option<u64>,
}

/// Shows the list.
pub async fn show(viewer: &Viewer, service: &Service) -> Result<Response> {
    let cx = viewer.read();
    let visible = service.scope(&cx.actor);
    if visible == Pred::Nothing {
        return Err(crate::Refusal::not_found().into());
    }
    let question = format!(
        "{}|{}|{}|{}",
        service.noun,
        cx.today(),
        viewer.query.as_deref().unwrap_or_default(),
        standing(&cx.actor)
    );
    let drawn = cx.app().drawn(question, Box::pin(draw(viewer, &cx, service, &visible))).await?;
    let sheet = shell::Sheet::new(service.label, drawn.content(viewer))
        .crumb(service.label, format!("/{}", service.noun))
        .secrecy(service.secrecy);
    shell::page(viewer, sheet).await
}

/// Who somebody is and what decides on rights. Posts and bars begin and end at a minute without anything being written.
fn standing(actor: &crate::Actor) -> String {
    let (who, bars) = (crate::audit::actor_text(actor), &actor.bars);
    format!("{who}|{:?}|{:?}|{:?}", actor.posts, bars.organisations, bars.inspections)
}

async fn draw(viewer: &Viewer, cx: &Cx, service: &Service, visible: &Pred) -> Result<Drawn> {
    let query = Query::parse(viewer.query.as_deref())?;
    let mut ask = Ask::parse(&service.list, &cx.actor, query.pairs())?;
    let asked = ask.clone();
    ask.resolve(cx).await?;
    let answer = table::run(cx, service.noun, &service.list, visible, &Pred::All, &ask).await?;
    let exact = match query.get("exact") {
        Some(_) => {
            Some(table::exact_total(cx, service.noun, &service.list, visible, &Pred::All, &ask).await?)
        }
        None => None,
    };
    let path = format!("/{}", service.noun);
    let bulk = bulk_deeds(service, cx);
    Ok(Drawn {
        before: head(cx, service, &query, &asked, &answer, &path, &bulk).await?.render()?,
        selectable: !bulk.is_empty(),
        after: foot(&query, &asked, &answer, &path, &bulk, exact).render()?,
    })
}

async fn head<'a>(
    cx: &Cx,
    service: &Service,
    query: &Query,
    ask: &'a Ask,
    answer: &'a Answer,
    path: &'a str,
    bulk: &'a [Bulk],
) -> Result<ListHead<'a>> {
    let (own_views, shared_views) = views::views(cx, service.noun, query).await?;
    let mut headings = Vec::with_capacity(answer.columns.len());
    for column in &answer.columns {
        headings.push(heading(cx, path, query, ask, column).await?);
    }
    let conditions = conditions(cx, query, service, &answer.columns).await?;
    let selectable = !bulk.is_empty();
    let filters_on = filters_on(cx, path, query, ask).await?;
    let mut create = None;
    let mut more = Vec::new();
    let creates = (service.creates)(&cx.actor);
    for deed in service.deeds.iter().filter(|deed| creates && deed.at == At::List) {
        if deed.key != "create" {
            more.push((deed.label, format!("{path}/new/{}", deed.key)));
            continue;
        }
        create = Some((deed.label, format!("{path}/new")));
    }
    Ok(ListHead {
        noun: service.noun,
        label: service.label,
        about: service.about,
        words: &ask.words,
        create,
        more,
        headings,
        conditions,
        rows: answer.rows.markup(selectable, || rows_html(service, answer, selectable)),
        empty: answer.rows.is_empty(),
        filtered: !ask.filters.is_empty() || !ask.words.is_empty(),
        filters_on,
        choosable: service
            .list
            .columns
            .iter()
            .filter(|column| column.open_to(&cx.actor))
            .map(|column| Choosable {
                key: column.key,
                label: column.label,
                on: answer.columns.iter().any(|shown| shown.key == column.key),
            })
            .collect(),
        kept: kept(query),
        own_views,
        shared_views,
        view_query: query.first_page().without(|name| name == "view" || name == "exact").to_string(),
        export: query.first_page().address(&format!("{path}/export")),
        bulk,
        path,
    })
}

fn foot<'a>(
    query: &Query,
    ask: &Ask,
    answer: &Answer,
    path: &str,
    bulk: &'a [Bulk],
    exact: Option<i64>,
) -> ListFoot<'a> {
    let capped = answer.total > COUNT_CAP && exact.is_none();
    let turn = |cursor: &Option<String>, name: &str, page: u64| {
        cursor
            .as_ref()
            .map(|cursor| query.first_page().with(name, cursor).with("page", &page.to_string()).address(path))
    };
    ListFoot {
        bulk,
        sizes: [20, 50, 100, 200].map(|size| (size, size == ask.size)).to_vec(),
        total: match exact {
            Some(total) => format!("共 <b>{}</b> 条", grouped(total)),
            None if capped => format!("超过 <b>{}</b> 条", grouped(COUNT_CAP)),
            None => format!("共 <b>{}</b> 条", grouped(answer.total)),
        },
        exact: capped.then(|| query.with("exact", "1").address(path)),
        previous: turn(&answer.previous, "before", ask.page.saturating_sub(1).max(1)),
        next: turn(&answer.next, "after", ask.page.saturating_add(1)),
        page: ask.page,
        pages: (!capped).then(|| pages(exact.unwrap_or(answer.total), ask.size)),
    }
}

/// How many pages `total` rows fill; an empty list is one page.
fn pages(total: i64, size: u64) -> u64 {
    u64::try_from(total).unwrap_or(0).div_ceil(size.max(1)).max(1)
}

/// A count with its thousands set apart.
fn grouped(count: i64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What the filter form must carry along: the order and nothing that its own controls say.
fn kept(query: &Query) -> Vec<(String, String)> {
    query.pairs().iter().filter(|(name, _)| name == "sort").cloned().collect()
}

fn bulk_deeds(service: &Service, cx: &Cx) -> Vec<Bulk> {
    let office = cx.actor.is_office() || cx.actor.program;
    service
        .deeds
        .iter()
        .filter(|deed| deed.bulk && office)
        .map(|deed| Bulk { key: deed.key, label: deed.label })
        .collect()
}

async fn heading(cx: &Cx, path: &str, query: &Query, ask: &Ask, column: &Column) -> Result<Heading> {
    let (by, down) = ask.order;
    let here = by.key == column.key;
    let turned = if here && !down { format!("-{}", column.key) } else { column.key.to_owned() };
    let filter = if in_drawer(column) { String::new() } else { filter_html(cx, query, column).await? };
    Ok(Heading {
        label: column.label,
        class: format!("{} {}", column.width, cell_class(column)),
        sort: column.sortable.then(|| query.first_page().with("sort", &turned).address(path)),
        direction: here.then_some(if down { "descending" } else { "ascending" }),
        filter,
    })
}

/// Whether a column is filtered in the drawer: two ends of a period or of an amount need more room
/// than a column of days or numbers has.
fn in_drawer(column: &Column) -> bool {
    use ColumnKind::{Area, Clock, Date, Instant, Integer, Money};
    matches!(column.kind, Date | Clock { .. } | Instant | Integer | Money | Area)
}

/// The conditions of the drawer: periods and amounts, and the columns that are not shown.
async fn conditions(
    cx: &Cx,
    query: &Query,
    service: &Service,
    shown: &[&'static Column],
) -> Result<Vec<Condition>> {
    let mut conditions = Vec::new();
    for column in service.list.columns.iter().filter(|column| column.open_to(&cx.actor)) {
        if in_drawer(column) || !shown.iter().any(|shown| shown.key == column.key) {
            conditions
                .push(Condition { label: column.label, control: filter_html(cx, query, column).await? });
        }
    }
    Ok(conditions)
}

/// How the cells of a column are set.
fn cell_class(column: &Column) -> &'static str {
    match column.kind {
        ColumnKind::Integer | ColumnKind::Money | ColumnKind::Area => "num",
        ColumnKind::Date
        | ColumnKind::Clock { .. }
        | ColumnKind::Instant
        | ColumnKind::Choice(_)
        | ColumnKind::Flag => "nowrap",
        ColumnKind::Dict(_) => "cell-word",
        ColumnKind::Text if column.width == "col-number" => "number",
        ColumnKind::Indexed => "cell-title",
        ColumnKind::Text if column.opens => "cell-title",
        ColumnKind::Text | ColumnKind::Reference { .. } => "cell-text",
    }
}

/// The control by which a column is filtered.
async fn filter_html(cx: &Cx, query: &Query, column: &Column) -> Result<String> {
    let name = format!("f.{}", column.key);
    let held = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let mut html = String::new();
    let input = |html: &mut String, name: &str, label: &str, extra: &str| {
        let _ =
            write!(html, "<input form=\"list-form\" name=\"{name}\" aria-label=\"{label}\" {extra} value=\"");
        escape(&held(name), html);
        html.push_str("\">");
    };
    match column.kind {
        ColumnKind::Text | ColumnKind::Indexed | ColumnKind::Reference { .. } => {
            input(&mut html, &name, &format!("按{}筛选", column.label), "type=\"search\" maxlength=\"100\"");
        }
        ColumnKind::Choice(choices) => {
            let options = choices.iter().map(|choice| (choice.code, choice.label));
            select(&mut html, &name, column.label, options, &held(&name));
        }
        ColumnKind::Dict(kind) => {
            let items = dictionary::items(cx, kind).await?;
            let options = items.iter().map(|item| (item.code.as_str(), item.label.as_str()));
            select(&mut html, &name, column.label, options, &held(&name));
        }
        ColumnKind::Flag => {
            select(&mut html, &name, column.label, [("1", "是"), ("0", "否")].into_iter(), &held(&name));
        }
        ColumnKind::Date | ColumnKind::Clock { .. } | ColumnKind::Instant => {
            input(
                &mut html,
                &format!("{name}.from"),
                &format!("{}不早于", column.label),
                "type=\"date\" title=\"不早于\"",
            );
            input(
                &mut html,
                &format!("{name}.to"),
                &format!("{}不晚于", column.label),
                "type=\"date\" title=\"不晚于\"",
            );
        }
        ColumnKind::Integer | ColumnKind::Money | ColumnKind::Area => {
            let plain = "inputmode=\"decimal\" class=\"num\"";
            input(
                &mut html,
                &format!("{name}.from"),
                &format!("{}不少于", column.label),
                &format!("{plain} placeholder=\"≥\""),
            );
            input(
                &mut html,
                &format!("{name}.to"),
                &format!("{}不多于", column.label),
                &format!("{plain} placeholder=\"≤\""),
            );
        }
    }
    Ok(html)
}

fn select<'a>(
    html: &mut String,
    name: &str,
    label: &str,
    options: impl Iterator<Item = (&'a str, &'a str)>,
    held: &str,
) {
    let _ = write!(
        html,
        "<select form=\"list-form\" name=\"{name}\" aria-label=\"按{label}筛选\" data-autosubmit><option value=\"\">全部</option>"
    );
    for (code, label) in options {
        let on = if code == held { " selected" } else { "" };
        html.push_str("<option value=\"");
        escape(code, html);
        let _ = write!(html, "\"{on}>");
        escape(label, html);
        html.push_str("</option>");
    }
    html.push_str("</select>");
}

/// The filters in force, each with the address of the list without it.
async fn filters_on(cx: &Cx, path: &str, query: &Query, ask: &Ask) -> Result<Vec<FilterOn>> {
    let mut on = Vec::new();
    for (column, filter) in &ask.filters {
        let name = format!("f.{}", column.key);
        let prefix = format!("{name}.");
        let without =
            query.first_page().without(|held| held == name || held.starts_with(&prefix)).address(path);
        on.push(FilterOn {
            text: format!("{}：{}", column.label, filter_words(cx, column, filter).await?),
            without,
        });
    }
    if !ask.words.is_empty() {
        let without = query.first_page().without(|held| held == "q").address(path);
        on.push(FilterOn { text: format!("含“{}”", ask.words), without });
    }
    Ok(on)
}

async fn filter_words(cx: &Cx, column: &Column, filter: &Filter) -> Result<String> {
    let ends = |from: Option<String>, to: Option<String>| match (from, to) {
        (Some(from), Some(to)) if from == to => from,
        (Some(from), Some(to)) => format!("{from} 至 {to}"),
        (Some(from), None) => format!("{from} 起"),
        (None, Some(to)) => format!("至 {to}"),
        (None, None) => String::from("全部"),
    };
    Ok(match (filter, column.kind) {
        (Filter::Contains(text), _) => format!("含“{text}”"),
        (Filter::OneOf(codes), ColumnKind::Choice(choices)) => codes
            .iter()
            .filter_map(|code| choices.iter().find(|choice| choice.code == code).map(|choice| choice.label))
            .collect::<Vec<_>>()
            .join("、"),
        (Filter::OneOf(codes), ColumnKind::Dict(kind)) => {
            let items = dictionary::items(cx, kind).await?;
            let label = |code: &String| {
                items.iter().find(|item| item.code == *code).map_or(code.clone(), |item| item.label.clone())
            };
            codes.iter().map(label).collect::<Vec<_>>().join("、")
        }
        (Filter::OneOf(ids), ColumnKind::Reference { noun, .. }) => {
            let mut titles = Vec::new();
            for id in ids.iter().take(3).filter_map(|id| Uuid::parse_str(id).ok()) {
                titles
                    .push(title_of(cx, noun, id).await?.unwrap_or_else(|| String::from("（不在可见范围）")));
            }
            titles.join("、")
        }
        (Filter::OneOf(values), _) => values.join("、"),
        (Filter::Days(from, to), _) => ends(from.map(|day| day.to_string()), to.map(|day| day.to_string())),
        (Filter::Numbers(from, to), kind) => {
            let text = |number: i64| match kind {
                ColumnKind::Money => crate::Fen(number).to_string(),
                ColumnKind::Area => crate::Area(number).to_string(),
                _ => number.to_string(),
            };
            ends(from.map(text), to.map(text))
        }
        (Filter::Flag(flag), _) => String::from(if *flag { "是" } else { "否" }),
        (Filter::Empty(empty), _) => String::from(if *empty { "未填写" } else { "已填写" }),
    })
}

/// The title of a record, within what the actor may see.
pub async fn title_of(cx: &Cx, noun: &str, id: Uuid) -> Result<Option<String>> {
    let Some(service) = cx.app().registry().service(noun) else { return Ok(None) };
    let mut sql = Sql::new("select ");
    sql.push(service.list.title)
        .push(" from ")
        .push(service.list.from)
        .push(" where ")
        .push(service.list.alias);
    sql.push(".id = ").bind(id).push(" and ");
    service.scope(&cx.actor).write(service.list.alias, &mut sql);
    let rows = cx.rows(sql).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?)
}

/// The rows as markup; written directly, because this is where the time of a list page goes.
fn rows_html(service: &Service, answer: &Answer, selectable: bool) -> String {
    let mut html = String::with_capacity(answer.rows.len() * 600);
    for row in answer.rows.iter() {
        let _ = write!(html, "<tr id=\"r-{}\">", row.id);
        if selectable {
            let _ = write!(
                html,
                "<td class=\"col-check\"><input type=\"checkbox\" form=\"bulk\" name=\"id\" value=\"{}\" aria-label=\"选择这一行\"></td>",
                row.id
            );
        }
        row_cells(&mut html, service.noun, &answer.columns, row);
        html.push_str("</tr>");
    }
    html
}

fn row_cells(html: &mut String, noun: &str, columns: &[&'static Column], row: &table::Row) {
    // Exactly one cell of a row opens it: the one marked so, else the first.
    let opener = columns.iter().position(|column| column.opens).unwrap_or(0);
    for (at, (column, cell)) in columns.iter().zip(&row.cells).enumerate() {
        let _ = write!(html, "<td class=\"{}\" data-label=\"{}\">", cell_class(column), column.label);
        match cell {
            _ if at == opener => {
                let text = cell.plain();
                let text = if text.is_empty() { "（无标题）" } else { &text };
                let _ = write!(html, "<a class=\"row-link two-lines\" href=\"/{noun}/{}\"", row.id);
                whole_text(html, text);
            }
            Shown::Link { label, href } => {
                html.push_str("<a class=\"two-lines\" href=\"");
                escape(href, html);
                html.push('"');
                whole_text(html, label);
            }
            Shown::Text(text) | Shown::Long(text) => {
                html.push_str("<span class=\"two-lines\"");
                whole_text(html, text);
            }
            Shown::Code { label, .. } if is_plain(column) => escape(label, html),
            _ => cell.html(html),
        }
        html.push_str(match cell {
            _ if at == opener => "</a></td>",
            Shown::Link { .. } => "</a></td>",
            Shown::Text(_) | Shown::Long(_) => "</span></td>",
            _ => "</td>",
        });
    }
}

/// Ends an opening tag and writes its text; what two lines may cut off is told when pointed at.
fn whole_text(html: &mut String, text: &str) {
    if text.chars().count() > 14 {
        html.push_str(" title=\"");
        escape(text, html);
        html.push('"');
    }
    html.push('>');
    escape(text, html);
}

/// Whether the values of a column are kinds and not states: chips are for states.
fn is_plain(column: &Column) -> bool {
    match column.kind {
        ColumnKind::Choice(choices) => choices.iter().all(|choice| choice.tone == crate::Tone::Grey),
        _ => true,
    }
}

/// A related list inside a page: at most a hundred rows. `within` is the noun of the record that the
/// page shows: its column would say the same in every row. `called` is what the list is called there.
pub async fn related(
    cx: &Cx,
    service: &Service,
    condition: &Pred,
    within: Option<&str>,
    called: &str,
) -> Result<(String, i64)> {
    let visible = service.scope(&cx.actor);
    let mut ask = Ask::usual(&service.list)?;
    ask.size = 100;
    ask.columns = table::columns_of(&service.list, &cx.actor, &ask);
    ask.columns
        .retain(|column| !matches!(column.kind, ColumnKind::Reference { noun, .. } if Some(noun) == within));
    let mut answer = table::run(cx, service.noun, &service.list, &visible, condition, &ask).await?;
    if answer.rows.is_empty() {
        return Ok((format!("<div class=\"empty\"><h2>还没有{}</h2></div>", escaped(called)), 0));
    }
    drop_empty_columns(&mut answer);
    let mut html = String::from("<div class=\"table-wrap\" tabindex=\"0\" role=\"region\" aria-label=\"");
    escape(service.label, &mut html);
    html.push_str("\"><table class=\"data\" data-rows><thead><tr>");
    for column in &answer.columns {
        let _ = write!(html, "<th scope=\"col\" class=\"{}\">{}</th>", cell_class(column), column.label);
    }
    html.push_str("</tr></thead><tbody>");
    html.push_str(&rows_html(service, &answer, false));
    html.push_str("</tbody></table></div>");
    if answer.next.is_some() {
        let _ = write!(
            html,
            "<p class=\"panel-body muted\">只列出前 100 条，共 {} 条。</p>",
            answer.total.min(COUNT_CAP)
        );
    }
    Ok((html, answer.total))
}

/// Leaves out the columns in which no row of a short list has anything.
fn drop_empty_columns(answer: &mut Answer) {
    let filled: Vec<bool> = (0..answer.columns.len())
        .map(|at| answer.rows.iter().any(|row| row.cells.get(at).is_some_and(|cell| *cell != Shown::Empty)))
        .collect();
    let mut kept = filled.iter();
    answer.columns.retain(|_| *kept.next().unwrap_or(&true));
    std::sync::Arc::make_mut(&mut answer.rows).keep_columns(&filled);
}

/// How many records a tab holds, for its label.
pub async fn tab_count(cx: &Cx, tab: &Tab) -> Result<Option<i64>> {
    let Tab::Related { noun, condition, .. } = tab else { return Ok(None) };
    let Some(service) = cx.app().registry().service(noun) else { return Ok(None) };
    let ask = Ask::usual(&service.list)?;
    let visible = service.scope(&cx.actor);
    Ok(Some(table::total(cx, service.noun, &service.list, &visible, condition, &ask).await?))
}

/// Facts of a record as JSON, under their keys.
pub fn facts_json(view: &RecordView) -> serde_json::Map<String, serde_json::Value> {
    view.facts.iter().map(|fact| (fact.key.to_owned(), fact.value.json())).collect()
}

/// A cell as the workbook writes it; `text` is the cell's plain text.
pub fn sheet_value<'a>(shown: &Shown, text: &'a str) -> documents::sheet::Value<'a> {
    use documents::sheet::Value;
    match shown {
        Shown::Empty => Value::Empty,
        Shown::Integer(number) => Value::Integer(*number),
        Shown::Money(fen) => Value::Money(fen.0),
        Shown::Area(area) => Value::Area(area.0),
        Shown::Rate { numerator, denominator } => Value::Percent(*numerator, *denominator),
        Shown::Date(day) | Shown::Clock { due: day, .. } => Value::Date(*day),
        _ => Value::Text(text),
    }
}
