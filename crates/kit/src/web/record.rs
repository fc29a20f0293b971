//! The record page of a service: facts, what hangs on it, clock, people, history, deeds.

use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};
use db::Sql;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    Cx, Result, Secrecy, Service, Shown, Tone,
    clock::office_time,
    form::EDIT,
    service::{RecordView, Tab, Told, Weight},
    shown::{chip_class, escape, escaped},
    web::{
        Query, Viewer,
        altered::{Altered, altered},
        files, list, shell,
    },
};

/// One line of a record's history.
#[derive(Clone, Debug, FromQueryResult)]
pub struct HistoryLine {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor_name: String,
    /// What.
    pub label: String,
    /// State before.
    pub from_state: String,
    /// State after.
    pub to_state: String,
    /// What the person wrote.
    pub note: String,
    /// Changed fields as JSON, or empty.
    pub changes: String,
}

/// The history of a record as far as the person is told of it, newest first.
pub async fn history(cx: &Cx, record: Uuid, told: &Told, limit: i64) -> Result<Vec<HistoryLine>> {
    let mut sql = Sql::new(
        "select at, actor_name, label, from_state, to_state, note, changes from history where record_id = ",
    );
    sql.bind(record);
    match told {
        Told::Whole => {}
        Told::Since(deed) => {
            sql.push(" and seq >= (select min(seq) from history where record_id = ").bind(record);
            sql.push(" and deed = ").bind(*deed).push(")");
        }
        Told::Only(deeds) => {
            sql.push(" and deed in ").bind_list(deeds.iter().copied());
        }
    }
    sql.push(" order by seq desc limit ").bind(limit);
    cx.all(sql).await
}

struct Button {
    label: &'static str,
    address: String,
    class: &'static str,
}

struct FactLine {
    label: &'static str,
    html: String,
    wide: bool,
    none: bool,
}

struct TabLink {
    label: &'static str,
    address: String,
    current: bool,
    count: Option<i64>,
}

struct Past {
    when: String,
    machine: String,
    who: String,
    what: String,
    note: String,
    altered: Vec<Altered>,
}

struct ClockCard {
    label: &'static str,
    class: &'static str,
    /// Already markup.
    words: String,
    day: String,
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage<'a> {
    title: &'a str,
    number: &'a str,
    state: Option<(&'static str, &'static str)>,
    secrecy: Option<&'static str>,
    primary: Option<Button>,
    buttons: Vec<Button>,
    more: Vec<Button>,
    /// What the link says, and where it leads.
    links: Vec<(&'static str, String)>,
    facts: Vec<FactLine>,
    tabs: Vec<TabLink>,
    content: String,
    create: Option<String>,
    clock: Option<ClockCard>,
    people: &'a [(String, &'static str)],
    history: Vec<Past>,
}

/// Shows the record.
pub async fn show(viewer: &Viewer, service: &Service, id: Uuid) -> Result<Response> {
    let cx = viewer.read();
    let mut view = (service.show)(&cx, id).await?;
    if let Some(hang) = viewer.app.registry().hangs {
        let hung = hang(&cx, service, &view, id).await?;
        view.tabs.extend(hung);
    }
    let query = Query::parse(viewer.query.as_deref())?;
    let page = page(viewer, &cx, (service, &view, id), query.get("tab").unwrap_or_default()).await?;
    let here = if view.number.is_empty() { &view.title } else { &view.number };
    let sheet = shell::Sheet::new(view.title.clone(), page.render()?)
        .crumb(service.label, format!("/{}", service.noun))
        .crumb(here.clone(), "")
        .secrecy(view.secrecy);
    shell::page(viewer, sheet).await
}

async fn page<'a>(
    viewer: &Viewer,
    cx: &Cx,
    (service, view, id): (&Service, &'a RecordView, Uuid),
    tab: &str,
) -> Result<RecordPage<'a>> {
    let (primary, buttons, more) = buttons(service, view, id);
    let (tabs, content, create) = tabs(viewer, cx, (service, view, id), tab).await?;
    let mut past = Vec::new();
    for line in history(cx, id, &view.told, 40).await? {
        let altered = altered(cx, service, view, &line.changes).await?;
        past.push(past_line(line, altered));
    }
    Ok(RecordPage {
        title: &view.title,
        // Records without a title are called by their number, which need not stand there twice.
        number: if view.number == view.title { "" } else { &view.number },
        state: view.state.map(|state| (state.label, chip_class(state.tone))),
        secrecy: match view.secrecy {
            Secrecy::Sensitive => Some("secrecy-secret"),
            Secrecy::Sealed => Some("secrecy-top"),
            _ => None,
        },
        primary,
        buttons,
        more,
        links: links(cx, service, id).await?,
        facts: view.facts.iter().filter(|fact| worth_showing(view, fact)).map(fact_line).collect(),
        tabs,
        content,
        create,
        clock: view.clock.as_ref().and_then(clock_card),
        people: &view.people,
        history: past,
    })
}

/// What is empty is only worth showing to those who can fill it in.
fn worth_showing(view: &RecordView, fact: &crate::service::Fact) -> bool {
    fact.value != Shown::Empty || view.deeds.contains(&EDIT)
}

fn fact_line(fact: &crate::service::Fact) -> FactLine {
    let none = fact.value == Shown::Empty;
    let mut html = String::new();
    match &fact.value {
        Shown::Empty => html.push_str("未填写"),
        // A kind is a word; chips are for states.
        Shown::Code { label, tone: Some(Tone::Grey), .. } => escape(label, &mut html),
        value => value.html(&mut html),
    }
    FactLine { label: fact.label, html, wide: fact.wide, none }
}

fn buttons(service: &Service, view: &RecordView, id: Uuid) -> (Option<Button>, Vec<Button>, Vec<Button>) {
    let (mut primary, mut buttons, mut more) = (None, Vec::new(), Vec::new());
    for deed in service.deeds.iter().filter(|deed| view.deeds.contains(&deed.key)) {
        let button = |class| Button {
            label: deed.label,
            address: format!("/{}/{id}/{}", service.noun, deed.key),
            class,
        };
        match deed.weight {
            Weight::Primary if primary.is_none() && !view.for_others.contains(&deed.key) => {
                primary = Some(button("button button-primary"));
            }
            Weight::Danger => more.push(button("menu-item")),
            _ if buttons.len() < 3 => buttons.push(button("button")),
            _ => more.push(button("menu-item")),
        }
    }
    (primary, buttons, more)
}

/// Pages of other areas that this record leads to.
async fn links(cx: &Cx, service: &Service, id: Uuid) -> Result<Vec<(&'static str, String)>> {
    let mut links = Vec::new();
    for beside in cx.app().registry().beside.iter().filter(|beside| beside.noun == service.noun) {
        if let Some(address) = (beside.address)(cx, id).await? {
            links.push((beside.label, address));
        }
    }
    Ok(links)
}

fn tab_key(tab: &Tab) -> (&'static str, &'static str) {
    match tab {
        Tab::Related { key, label, .. } | Tab::Html { key, label, .. } => (key, label),
        Tab::Files => ("files", "材料"),
    }
}

async fn tabs(
    viewer: &Viewer,
    cx: &Cx,
    (service, view, id): (&Service, &RecordView, Uuid),
    wanted: &str,
) -> Result<(Vec<TabLink>, String, Option<String>)> {
    let may_attach = crate::files::may_attach(service, view);
    let held = crate::files::count(cx, id).await?;
    let open: Vec<&Tab> = view
        .tabs
        .iter()
        .filter(|tab| match tab {
            // Where nothing is and nothing can be added, there is nothing to look at.
            Tab::Files => held > 0 || may_attach,
            tab => tab_open(cx, tab),
        })
        .collect();
    let mut counts = Vec::with_capacity(open.len());
    for tab in &open {
        counts.push(match tab {
            Tab::Files => Some(held),
            tab => list::tab_count(cx, tab).await?,
        });
    }
    // Nothing chosen: the first that holds anything.
    let filled = || open.iter().zip(&counts).find(|(_, count)| **count != Some(0)).map(|(tab, _)| tab);
    let chosen = open.iter().find(|tab| tab_key(tab).0 == wanted).or_else(filled).or(open.first());
    let Some(&chosen) = chosen else {
        return Ok((Vec::new(), String::new(), None));
    };
    let link = |(tab, count): (&&Tab, &Option<i64>)| {
        let (key, label) = tab_key(tab);
        TabLink {
            label,
            address: format!("/{}/{id}?tab={key}", service.noun),
            current: key == tab_key(chosen).0,
            count: *count,
        }
    };
    let links = open.iter().zip(&counts).map(link).collect();
    let (content, create) = match chosen {
        Tab::Related { label, noun, condition, create, .. } => match cx.app().registry().service(noun) {
            Some(other) => {
                let create = create.as_ref().filter(|_| (other.creates)(&cx.actor)).map(|query| match query
                    .strip_prefix('/')
                {
                    Some(_) => query.clone(),
                    None => format!("/{noun}/new?{query}"),
                });
                (list::related(cx, other, condition, Some(service.noun), label).await?.0, create)
            }
            None => (String::new(), None),
        },
        Tab::Html { html, .. } => (html.clone(), None),
        Tab::Files => (files::tab_html(viewer, cx, service, id, may_attach).await?, None),
    };
    Ok((links, content, create))
}

/// A tab over a noun that the person cannot see at all is not shown.
fn tab_open(cx: &Cx, tab: &Tab) -> bool {
    match tab {
        Tab::Related { noun, .. } => {
            cx.app().registry().service(noun).is_some_and(|service| service.reachable(&cx.actor))
        }
        _ => true,
    }
}

fn clock_card(clock: &(&'static str, Shown)) -> Option<ClockCard> {
    match &clock.1 {
        Shown::Clock { due, alarm, words } => Some(ClockCard {
            label: clock.0,
            class: alarm.class(),
            words: big_number(words),
            day: due.format("%Y年%-m月%-d日").to_string(),
        }),
        _ => None,
    }
}

/// The words of a clock as markup, their number set large.
fn big_number(words: &str) -> String {
    let digit = |c: char| c.is_ascii_digit();
    let Some((before, rest)) = words.find(digit).map(|at| words.split_at(at)) else { return escaped(words) };
    let (number, after) = rest.split_at(rest.find(|c| !digit(c)).unwrap_or(rest.len()));
    format!("{} <b>{number}</b> {}", escaped(before.trim_end()), escaped(after.trim_start()))
}

fn past_line(line: HistoryLine, altered: Vec<Altered>) -> Past {
    let mut note = line.note;
    if !line.to_state.is_empty() && line.from_state != line.to_state {
        let moved = if line.from_state.is_empty() {
            line.to_state
        } else {
            format!("{} → {}", line.from_state, line.to_state)
        };
        note = if note.is_empty() { moved } else { format!("{moved}。{note}") };
    }
    Past {
        when: office_time(line.at),
        machine: line.at.to_rfc3339(),
        who: line.actor_name,
        what: line.label,
        note,
        altered,
    }
}
