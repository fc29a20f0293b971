//! The frame of every page: navigation by role, search, inbox, person, secrecy, watermark.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    Actor, Labelled as _, Result, Secrecy,
    clock::office_time,
    service::Group,
    web::{Viewer, respond},
};

/// A page's own part.
pub struct Sheet {
    /// Title of the window.
    pub title: String,
    /// The way here: label and address; the last is the page itself.
    pub crumbs: Vec<(String, String)>,
    /// How closely the content is kept.
    pub secrecy: Secrecy,
    /// The content, already markup.
    pub content: String,
}

impl Sheet {
    /// A page called `title`.
    pub fn new(title: impl Into<String>, content: String) -> Self {
        Self { title: title.into(), crumbs: Vec::new(), secrecy: Secrecy::Internal, content }
    }

    /// Adds a step of the way here.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, address: impl Into<String>) -> Self {
        self.crumbs.push((label.into(), address.into()));
        self
    }

    /// Sets how closely the content is kept.
    #[must_use]
    pub fn secrecy(mut self, secrecy: Secrecy) -> Self {
        self.secrecy = secrecy;
        self
    }
}

struct Entry {
    label: &'static str,
    address: String,
    icon: &'static str,
    current: bool,
}

struct NavGroup {
    label: &'static str,
    icon: &'static str,
    open: bool,
    entries: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "shell.html")]
struct Shell<'a> {
    title: &'a str,
    office: &'a str,
    csrf: String,
    name: &'a str,
    roles: String,
    unread: i64,
    groups: Vec<NavGroup>,
    home: bool,
    crumbs: &'a [(String, String)],
    secrecy: &'static str,
    secrecy_class: &'static str,
    watermark: Option<String>,
    message: Option<&'a str>,
    now: String,
    content: &'a str,
}

/// The whole page around `sheet`.
pub async fn page(viewer: &Viewer, sheet: Sheet) -> Result<Response> {
    let cx = viewer.read();
    let unread = match viewer.app.registry().unread {
        Some(unread) => {
            let key = format!("unread/{}", crate::audit::actor_text(&viewer.actor));
            *viewer.app.remember(key, unread(&cx)).await?
        }
        None => 0,
    };
    let now = office_time(cx.now);
    let close = matches!(sheet.secrecy, Secrecy::Sensitive | Secrecy::Sealed);
    let body = Shell {
        title: &sheet.title,
        office: viewer.app.office(),
        csrf: viewer.csrf(),
        name: &viewer.actor.name,
        roles: viewer.actor.role_labels(),
        unread,
        groups: navigation(viewer),
        home: viewer.path == "/",
        crumbs: &sheet.crumbs,
        secrecy: sheet.secrecy.label(),
        secrecy_class: match sheet.secrecy {
            Secrecy::Open | Secrecy::Internal => "secrecy-internal",
            Secrecy::Sensitive => "secrecy-secret",
            Secrecy::Sealed => "secrecy-top",
        },
        watermark: close.then(|| format!("{} {now}", viewer.actor.name)),
        message: viewer.message.as_deref(),
        now: now.clone(),
        content: &sheet.content,
    }
    .render()?;
    let mut response = respond::html(StatusCode::OK, body);
    if viewer.message.is_some() {
        respond::set(
            &mut response,
            axum::http::header::SET_COOKIE,
            "xuncha_message=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
        );
    }
    Ok(response)
}

fn navigation(viewer: &Viewer) -> Vec<NavGroup> {
    Group::ALL.iter().filter_map(|&group| nav_group(viewer, group)).collect()
}

fn nav_group(viewer: &Viewer, group: Group) -> Option<NavGroup> {
    let entries = entries(viewer, group, &viewer.actor);
    if entries.is_empty() {
        return None;
    }
    Some(NavGroup {
        label: group.label(),
        icon: group.icon(),
        open: entries.iter().any(|entry| entry.current),
        entries,
    })
}

/// The navigation's entries for `actor`: never one that leads to a refusal.
fn entries(viewer: &Viewer, group: Group, actor: &Actor) -> Vec<Entry> {
    let registry = viewer.app.registry();
    let here = |address: &str| {
        viewer.path == address || viewer.path.strip_prefix(address).is_some_and(|rest| rest.starts_with('/'))
    };
    let pages =
        registry.pages.iter().filter(|page| page.group == Some(group) && (page.offered)(actor)).map(|page| {
            Entry {
                label: page.label,
                address: page.path.to_owned(),
                icon: page.icon,
                current: here(page.path),
            }
        });
    let services = registry
        .services
        .iter()
        .filter(|service| service.listed && service.group == group && service.reachable(actor))
        .map(|service| {
            let address = format!("/{}", service.noun);
            Entry { label: service.label, current: here(&address), address, icon: service.icon }
        });
    pages.chain(services).collect()
}
