//! For operators: the counters of the running program.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use kit::{App, service::Page, web};

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/metrics",
        label: "运行指标",
        group: None,
        icon: "",
        offered: |_| false,
        public: true,
        handler: get(metrics),
    }]
}

/// The token that may read the counters, derived from the installation's key; `xuncha doctor` prints it.
pub fn token(app: &App) -> String {
    app.seal().token("metrics", "read")
}

async fn metrics(State(app): State<App>, headers: HeaderMap) -> Response {
    let sent = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    if !kit::seal::same_secret(sent, &token(&app)) {
        let told = "查看运行指标要带口令（Authorization: Bearer …），口令由 xuncha doctor 给出。";
        return (StatusCode::UNAUTHORIZED, told).into_response();
    }
    web::metrics::text().into_response()
}
