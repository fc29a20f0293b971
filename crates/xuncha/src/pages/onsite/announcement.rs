//! The text of a public announcement as a file, to be put up elsewhere.

use axum::{body::Body, extract::Path, response::Response, routing::get};
use kit::{
    Actor, Lifecycle as _, Pred, Refusal, Result,
    service::Page,
    web::{self, Viewer, respond},
};
use onsite::announcements::{self, Announcement, State};

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/announcements/{id}/text",
        label: "",
        group: None,
        icon: "",
        offered: |actor: &Actor| Announcement::visible(actor) != Pred::Nothing,
        public: false,
        handler: get(text),
    }]
}

async fn text(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, Box::pin(file(&viewer, &id))).await
}

/// Only what is public is given out.
async fn file(viewer: &Viewer, id: &str) -> Result<Response> {
    let cx = viewer.read();
    let announcement = announcements::find(&cx, web::parse_id(id)?.into()).await?;
    if announcement.state != State::Issued {
        return Err(Refusal::conflict("这份公告没有发布或已经被代替，不能下载。").into());
    }
    let text = format!("{}\n\n{}\n", announcement.title, announcement.text);
    let name = format!("{}.txt", announcement.title);
    Ok(respond::download(&name, "text/plain; charset=utf-8", Body::from(text)))
}
