//! Progress that renews itself, and the file a job made.

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderName, StatusCode},
    response::Response,
    routing::{MethodRouter, get},
};

use super::{Job, JobId, NOUN, State, store, worker};
use crate::{
    App, Cx, Refusal, Result, files,
    labelled::Labelled as _,
    service::Page,
    web::{Viewer, export::file_body, parse_id, respond},
};

/// The pages beside the service.
pub fn pages() -> Vec<Page> {
    let page = |path: &'static str, handler: MethodRouter<App>| Page {
        method: "GET",
        path,
        label: "",
        group: None,
        icon: "",
        offered: |_| true,
        public: false,
        handler,
    };
    vec![page("/jobs/{id}/progress", get(progress)), page("/jobs/{id}/result", get(result))]
}

#[derive(Template)]
#[template(path = "job.html")]
struct Card<'a> {
    id: JobId,
    state: &'static str,
    open: bool,
    stopping: bool,
    done: i64,
    total: i64,
    rate: Option<i64>,
    message: String,
    link: &'a str,
    file: Option<&'a str>,
}

/// Where a job stands, as a piece of a page that renews itself while the job is open.
pub(super) fn progress_html(cx: &Cx, job: &Job) -> Result<String> {
    let (done, total, message, spent) = worker::seen(cx, job);
    let open = matches!(job.state, State::Waiting | State::Running);
    Ok(Card {
        id: job.id,
        state: job.state.label(),
        open,
        stopping: open && job.stop_asked,
        done,
        total,
        rate: rate(done, spent),
        message,
        link: &job.result_link,
        file: Some(job.result_name.as_str()).filter(|name| !name.is_empty() && job.belongs_to(&cx.actor)),
    }
    .render()?)
}

/// Steps in a second, once that can be told.
fn rate(done: i64, spent: Option<std::time::Duration>) -> Option<i64> {
    let millis = i64::try_from(spent?.as_millis()).ok()?;
    if done == 0 || millis < 500 { None } else { Some(done.saturating_mul(1000) / millis) }
}

async fn progress(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let job = store::find(&cx, JobId(parse_id(&id)?)).await?;
        let mut response = respond::html(StatusCode::OK, progress_html(&cx, &job)?);
        if job.ended_at.is_some() && viewer.fragment {
            // The whole page has changed: state, facts, deeds, history.
            respond::set(&mut response, HeaderName::from_static("hx-refresh"), "true");
        }
        Ok(response)
    })
    .await
}

/// Whether the actor may fetch the job's file, and it is still there. What a job read was in the scope
/// of who ordered it, so nobody else gets it.
pub(super) async fn may_fetch(cx: &Cx, job: &Job) -> bool {
    !job.result_name.is_empty()
        && job.belongs_to(&cx.actor)
        && tokio::fs::try_exists(job.result_path(cx.app().folder())).await.unwrap_or(false)
}

async fn result(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let job = store::find(&cx, JobId(parse_id(&id)?)).await?;
        if !may_fetch(&cx, &job).await {
            return Err(Refusal::not_found().into());
        }
        let file = tokio::fs::File::open(job.result_path(viewer.app.folder())).await?;
        cx.record_read(NOUN, job.id.0).await;
        Ok(respond::download(&job.result_name, files::media_type(&job.result_name), file_body(file)))
    })
    .await
}
