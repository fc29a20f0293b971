//! The frame of every page: navigation by role, search, inbox, person, secrecy, watermark.

use std::sync::Arc;

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

#[derive(Clone)]
struct Entry {
    label: &'static str,
    address: String,
    icon: &'static str,
    current: bool,
}

#[derive(Template)]
#[template(path = "nav_group.html")]
struct NavGroup {
    label: &'static str,
    icon: &'static str,
    open: bool,
    entries: Vec<Entry>,
    /// The page that names the whole group, and how much that is; none when all of it stands here.
    whole: Option<(String, usize)>,
}

/// What a person reaches of one group of the navigation. The rights of seventy kinds of records decide it and most
/// of a page's markup tells it, so it is kept until something is written.
struct Reached {
    group: Group,
    /// All of it, with no page open.
    entries: Vec<Entry>,
    /// Its part of the navigation for somebody who is elsewhere.
    elsewhere: String,
}

/// Entries that a group of the navigation has at most; the group's own page names the rest.
const ENTRIES: usize = 8;

#[derive(Template)]
#[template(path = "shell.html")]
struct Shell<'a> {
    title: &'a str,
    office: &'a str,
    csrf: String,
    /// Who is signed in, so that a page notices when somebody else is.
    person: String,
    name: &'a str,
    roles: String,
    unread: i64,
    navigation: String,
    home: bool,
    crumbs: &'a [(String, String)],
    secrecy: &'static str,
    secrecy_class: &'static str,
    watermark: Option<String>,
    message: Option<&'a str>,
    /// The day at which a demonstration's calendar stands.
    standing: Option<String>,
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
        person: viewer.actor.account.unwrap_or_default().to_string(),
        name: &viewer.actor.name,
        roles: viewer.actor.role_labels(),
        unread,
        navigation: navigation(viewer).await?,
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
        standing: viewer.app.clock().standing().map(|day| day.format("%Y年%-m月%-d日").to_string()),
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

async fn navigation(viewer: &Viewer) -> Result<String> {
    let aside = viewer.app.registry().aside;
    let mut markup = String::with_capacity(16 << 10);
    for reached in reached(viewer).await?.iter() {
        match reached.seen_from(&viewer.path) {
            Some(entries) => markup.push_str(&nav_group(reached.group, entries, true, aside).render()?),
            None => markup.push_str(&reached.elsewhere),
        }
    }
    Ok(markup)
}

/// The groups of which the person reaches anything.
async fn reached(viewer: &Viewer) -> Result<Arc<Vec<Reached>>> {
    // Posts begin and end at a minute without anything being written; bars and accounts do not.
    let posts = viewer.actor.posts.iter().map(|post| (post.role, post.organisation, post.inspection));
    let posts: Vec<_> = posts.collect();
    let key = format!("navigation/{}/{posts:?}", crate::audit::actor_text(&viewer.actor));
    viewer.app.remember(key, async { reach(viewer) }).await
}

fn reach(viewer: &Viewer) -> Result<Vec<Reached>> {
    let mut all = Vec::with_capacity(Group::ALL.len());
    for &group in Group::ALL {
        let entries = entries(viewer, group);
        if entries.is_empty() {
            continue;
        }
        let elsewhere = nav_group(group, entries.clone(), false, viewer.app.registry().aside).render()?;
        all.push(Reached { group, entries, elsewhere });
    }
    Ok(all)
}

impl Reached {
    /// The entries as somebody at `path` sees them, when that is a page of this group.
    fn seen_from(&self, path: &str) -> Option<Vec<Entry>> {
        let here = |address: &str| {
            path == address || path.strip_prefix(address).is_some_and(|rest| rest.starts_with('/'))
        };
        let inside =
            path == area_address(self.group) || self.entries.iter().any(|entry| here(&entry.address));
        inside.then(|| {
            let seen = |entry: &Entry| Entry { current: here(&entry.address), ..entry.clone() };
            self.entries.iter().map(seen).collect()
        })
    }
}

fn nav_group(group: Group, mut entries: Vec<Entry>, open: bool, aside: &[&str]) -> NavGroup {
    let all = entries.len();
    shorten(&mut entries, aside);
    let whole = (entries.len() < all).then(|| (area_address(group), all));
    NavGroup { label: group.label(), icon: group.icon(), open, entries, whole }
}

/// Takes out what can be missed until [`ENTRIES`] are left: what stands `aside`, the last of it first, then from
/// the end. Where the person is now stays.
fn shorten(entries: &mut Vec<Entry>, aside: &[&str]) {
    while entries.len() > ENTRIES {
        let place =
            |entry: &Entry| aside.iter().position(|noun| entry.address.strip_prefix('/') == Some(*noun));
        let open = entries.iter().enumerate().filter(|(_, entry)| !entry.current);
        let Some((at, _)) = open.max_by_key(|(at, entry)| (place(entry).map(|place| place + 1), *at)) else {
            return;
        };
        entries.remove(at);
    }
}

fn area_address(group: Group) -> String {
    format!("/areas/{}", group.code())
}

/// One thing of a group, with what it is for.
struct Thing {
    label: &'static str,
    address: String,
    icon: &'static str,
    about: &'static str,
}

#[derive(Template)]
#[template(path = "area.html")]
struct Area {
    label: &'static str,
    things: Vec<Thing>,
}

/// Everything of one group of the navigation that the person can reach.
pub(super) async fn area(viewer: &Viewer, code: &str) -> Result<Response> {
    let group = Group::parse(code).ok_or_else(crate::Refusal::not_found)?;
    let about = |address: &str| {
        let noun = address.strip_prefix('/').unwrap_or_default();
        viewer.app.registry().service(noun).map_or("", |service| service.about)
    };
    let groups = reached(viewer).await?;
    let of_group =
        groups.iter().find(|reached| reached.group == group).ok_or_else(crate::Refusal::not_found)?;
    let thing = |entry: &Entry| Thing {
        about: about(&entry.address),
        label: entry.label,
        address: entry.address.clone(),
        icon: entry.icon,
    };
    let things: Vec<Thing> = of_group.entries.iter().map(thing).collect();
    let content = Area { label: group.label(), things }.render()?;
    page(viewer, Sheet::new(group.label(), content).crumb(group.label(), "")).await
}

/// The navigation's entries for the person: never one that leads to a refusal.
fn entries(viewer: &Viewer, group: Group) -> Vec<Entry> {
    let actor: &Actor = &viewer.actor;
    let registry = viewer.app.registry();
    let entry = |label, address, icon| Entry { label, address, icon, current: false };
    let pages = registry.pages.iter().filter(|page| page.group == Some(group) && (page.offered)(actor));
    let pages = pages.map(|page| entry(page.label, page.path.to_owned(), page.icon));
    let services = registry
        .services
        .iter()
        .filter(|service| service.listed && service.group == group && service.reachable(actor))
        .map(|service| entry(service.label, format!("/{}", service.noun), service.icon));
    pages.chain(services).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(nouns: &[&str], current: &str) -> Vec<Entry> {
        let entry = |noun: &&str| Entry {
            label: "",
            address: format!("/{noun}"),
            icon: "",
            current: *noun == current,
        };
        nouns.iter().map(entry).collect()
    }

    fn addresses(entries: &[Entry]) -> String {
        entries.iter().map(|entry| entry.address.trim_start_matches('/')).collect::<Vec<_>>().join(" ")
    }

    const TEN: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

    #[test]
    fn a_long_group_gives_up_what_stands_aside_the_last_of_it_first() {
        let mut group = entries(&TEN, "");
        shorten(&mut group, &["b", "c", "d"]);
        assert_eq!(addresses(&group), "a b e f g h i j");
    }

    #[test]
    fn where_nothing_stands_aside_the_end_of_a_long_group_gives_way() {
        let mut group = entries(&TEN, "");
        shorten(&mut group, &["z"]);
        assert_eq!(addresses(&group), "a b c d e f g h");
    }

    #[test]
    fn where_the_person_is_stays_in_the_navigation() {
        let mut group = entries(&TEN, "d");
        shorten(&mut group, &["b", "c", "d"]);
        assert_eq!(addresses(&group), "a d e f g h i j");
    }

    #[test]
    fn a_short_group_keeps_everything() {
        let mut group = entries(&["a", "b"], "");
        shorten(&mut group, &["b"]);
        assert_eq!(addresses(&group), "a b");
    }
}
