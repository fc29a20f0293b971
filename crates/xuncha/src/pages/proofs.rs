//! The proof of a lead's hand-over as a file that both sides keep.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
    routing::get,
};
use fieldwork::passports::{self, Passport, PassportId};
use kit::{
    Lifecycle as _, Pred, Refusal, Result,
    service::Page,
    web::{Viewer, respond},
};
use uuid::Uuid;

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/passports/{id}/proof",
        label: "移交证明文件",
        group: None,
        icon: "",
        offered: |actor| Passport::visible(actor) != Pred::Nothing,
        public: false,
        handler: get(proof),
    }]
}

async fn proof(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, download(&viewer, &id)).await
}

async fn download(viewer: &Viewer, id: &str) -> Result<Response> {
    let id = Uuid::parse_str(id).map_err(|_| Refusal::not_found())?;
    let cx = viewer.read();
    let passport = passports::find(&cx, PassportId(id)).await?;
    cx.record_read(passports::NOUN, id).await;
    let proof = serde_json::to_vec_pretty(&passport.proof(viewer.app.office()))?;
    let name = format!("移交证明-{}.json", passport.subject);
    Ok(respond::download(&name, "application/json", proof.into()).into_response())
}
