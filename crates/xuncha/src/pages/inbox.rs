//! The inbox: notices for the person and for the posts held.

use askama::Template;
use axum::{
    extract::{Path, Request},
    response::Response,
    routing::{get, post},
};
use kit::{
    service::Page,
    web::{Viewer, body, parse_id, respond, shell},
};

fn page(method: &'static str, path: &'static str, handler: axum::routing::MethodRouter<kit::App>) -> Page {
    Page { method, path, label: "", group: None, icon: "", offered: |_| true, public: false, handler }
}

pub(super) fn pages() -> Vec<Page> {
    vec![
        page("GET", "/inbox", get(inbox)),
        page("POST", "/inbox/read", post(read_all)),
        page("POST", "/inbox/{id}/read", post(read_one)),
    ]
}

struct Line {
    id: String,
    address: String,
    title: String,
    when: String,
    read: bool,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    lines: Vec<Line>,
    unread: usize,
    csrf: String,
}

async fn inbox(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let lines: Vec<Line> = registry::notices::inbox(&cx, 200)
            .await?
            .into_iter()
            .map(|notice| Line {
                id: notice.id.to_string(),
                address: format!("/{}/{}", notice.noun, notice.record_id),
                title: notice.title,
                when: kit::clock::office_time(notice.at),
                read: notice.read,
            })
            .collect();
        let unread = lines.iter().filter(|line| !line.read).count();
        let content = InboxPage { lines, unread, csrf: viewer.csrf() }.render()?;
        shell::page(&viewer, shell::Sheet::new("收件箱", content).crumb("收件箱", "")).await
    })
    .await
}

/// Marks a notice as read.
async fn read_one(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        let id = parse_id(&id)?;
        viewer
            .app
            .write(&viewer.actor, |cx| Box::pin(async move { registry::notices::mark_read(cx, id).await }))
            .await?;
        Ok(respond::after_deed(&viewer, "/inbox", ""))
    })
    .await
}

async fn read_all(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        viewer
            .app
            .write(&viewer.actor, |cx| Box::pin(async move { registry::notices::mark_all_read(cx).await }))
            .await?;
        Ok(respond::after_deed(&viewer, "/inbox", "已全部标为已读。"))
    })
    .await
}
