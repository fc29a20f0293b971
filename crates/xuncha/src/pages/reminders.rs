//! Reminders: how each person wants them, what came together on one day, and the calendar that other
//! programs may fetch.

use askama::Template;
use axum::{
    extract::{Path, Request, State},
    http::header,
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get, post},
};
use kit::{
    Actor, App, Cx, Labelled as _, Result, Shown, alarms,
    clock::office_time,
    service::Page,
    web::{Viewer, body, list, parse_id, respond, shell},
};
use registry::reminders::{self, Manner};

/// What came lately, on the page of settings.
const RECENT: i64 = 30;

pub(super) fn pages() -> Vec<Page> {
    vec![
        page("GET", "/reminders", false, get(settings)),
        page("POST", "/reminders", false, post(keep)),
        page("GET", "/reminders/{id}", false, get(digest)),
        page("POST", "/reminders/feed", false, post(make_feed)),
        page("POST", "/reminders/feed/revoke", false, post(revoke_feed)),
        page("GET", "/calendar-feeds/{name}", true, get(feed)),
    ]
}

fn page(method: &'static str, path: &'static str, public: bool, handler: MethodRouter<App>) -> Page {
    Page { method, path, label: "", group: None, icon: "", offered: |_| true, public, handler }
}

/// A record that somebody was reminded of, as it stands now.
struct Line {
    id: String,
    address: String,
    kind: &'static str,
    title: String,
    clock: Option<(&'static str, String)>,
    day: String,
    when: String,
}

/// The lines for what was sent; what the person no longer sees is left out.
async fn lines(cx: &Cx, reminded: Vec<reminders::Reminded>) -> Result<Vec<Line>> {
    let alarms = alarms(cx).await?;
    let mut lines = Vec::new();
    for each in reminded {
        let Some(service) = cx.app().registry().service(&each.noun) else { continue };
        let Some(title) = list::title_of(cx, service.noun, each.record_id).await? else { continue };
        let clock = match alarms.clock(Some(each.due_on), false) {
            Shown::Clock { alarm, words, .. } => Some((alarm.class(), words)),
            _ => None,
        };
        lines.push(Line {
            id: each.record_id.to_string(),
            address: format!("/{}/{}", each.noun, each.record_id),
            kind: service.label,
            title,
            clock,
            day: each.due_on.to_string(),
            when: office_time(each.at),
        });
    }
    Ok(lines)
}

#[derive(Template)]
#[template(path = "reminder_digest.html")]
struct DigestPage {
    when: String,
    lines: Vec<Line>,
}

/// What came together on one day.
async fn digest(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let reminded = reminders::digest(&cx, parse_id(&id)?).await?;
        let when = reminded.first().map(|first| office_time(first.at)).unwrap_or_default();
        let content = DigestPage { when, lines: lines(&cx, reminded).await? }.render()?;
        let sheet = shell::Sheet::new("今日提醒", content).crumb("收件箱", "/inbox").crumb("今日提醒", "");
        shell::page(&viewer, sheet).await
    })
    .await
}

struct Kind {
    noun: &'static str,
    label: &'static str,
    early: bool,
}

#[derive(Template)]
#[template(path = "reminders.html")]
struct SettingsPage {
    csrf: String,
    manners: Vec<(&'static str, &'static str, bool)>,
    kinds: Vec<Kind>,
    lines: Vec<Line>,
    /// Since when the person has a calendar's address.
    feed: Option<String>,
    /// The address, shown once.
    address: Option<String>,
}

async fn settings(viewer: Viewer) -> Response {
    respond::answer(&viewer, settings_page(&viewer, None)).await
}

async fn settings_page(viewer: &Viewer, address: Option<String>) -> Result<Response> {
    let cx = viewer.read();
    let setting = reminders::setting_of(&cx).await?;
    let page = SettingsPage {
        csrf: viewer.csrf(),
        manners: Manner::ALL
            .iter()
            .map(|manner| (manner.code(), manner.label(), *manner == setting.manner))
            .collect(),
        kinds: kinds(&viewer.app, &viewer.actor)
            .map(|(noun, label)| Kind {
                noun,
                label,
                early: !setting.quiet.iter().any(|quiet| quiet == noun),
            })
            .collect(),
        lines: lines(&cx, reminders::recent(&cx, RECENT).await?).await?,
        feed: reminders::held_feed(&cx).await?.map(office_time),
        address,
    };
    let sheet = shell::Sheet::new("提醒设置", page.render()?).crumb("收件箱", "/inbox").crumb("提醒设置", "");
    shell::page(viewer, sheet).await
}

/// The kinds of records with deadlines that this person can see at all.
fn kinds<'a>(app: &'a App, actor: &'a Actor) -> impl Iterator<Item = (&'static str, &'static str)> + 'a {
    app.registry()
        .services
        .iter()
        .filter(|service| {
            service.waiting.iter().any(|waiting| waiting.due.is_some()) && service.reachable(actor)
        })
        .map(|service| (service.noun, service.label))
}

async fn keep(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        let early = form.typed_all("early").to_vec();
        let quiet: Vec<String> = kinds(&viewer.app, &viewer.actor)
            .map(|(noun, _)| noun.to_owned())
            .filter(|noun| !early.contains(noun))
            .collect();
        let manner = form.typed("manner").to_owned();
        viewer
            .app
            .write(&viewer.actor, |cx| {
                Box::pin(async move { reminders::keep_setting(cx, &manner, &quiet).await })
            })
            .await?;
        Ok(respond::after_deed(&viewer, "/reminders", "已保存提醒设置，从下一次提醒起生效。"))
    })
    .await
}

/// Makes the address of a calendar and shows it once.
async fn make_feed(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        let token = viewer
            .app
            .write(&viewer.actor, |cx| Box::pin(async move { reminders::make_feed(cx).await }))
            .await?;
        let scheme = if viewer.app.secure() { "https" } else { "http" };
        let host = viewer.header("host").unwrap_or("localhost");
        settings_page(&viewer, Some(format!("{scheme}://{host}/calendar-feeds/{token}.ics"))).await
    })
    .await
}

async fn revoke_feed(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        viewer
            .app
            .write(&viewer.actor, |cx| Box::pin(async move { reminders::revoke_feed(cx).await }))
            .await?;
        Ok(respond::after_deed(&viewer, "/reminders", "已停用日历订阅，原地址不再有效。"))
    })
    .await
}

/// The calendar behind a secret address.
async fn feed(State(app): State<App>, Path(name): Path<String>) -> Response {
    let made = async {
        let owner = reminders::feed_owner(&app, name.strip_suffix(".ics").unwrap_or_default()).await?;
        reminders::feed_lines(&app.read(&std::sync::Arc::new(owner))).await
    };
    match made.await {
        Ok(text) => {
            let mut response = text.into_response();
            respond::set(&mut response, header::CONTENT_TYPE, "text/calendar; charset=utf-8");
            respond::set(&mut response, header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
            response
        }
        Err(error) => respond::plain_error(&app, &error, false),
    }
}
