//! Answers: pages, redirects, refusals and faults, each with the headers that keep them private.

use askama::Template;
use axum::{
    Json,
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::future::BoxFuture;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::{
    App, Error, Refusal, Result,
    error::Reason,
    web::{Viewer, shell},
};

/// What every page may load: only from here, nothing inline, framed by nobody.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// The HTTP status of a refusal.
pub fn status(reason: Reason) -> StatusCode {
    match reason {
        Reason::NotFound => StatusCode::NOT_FOUND,
        Reason::Forbidden => StatusCode::FORBIDDEN,
        Reason::SignIn => StatusCode::UNAUTHORIZED,
        Reason::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Reason::Conflict | Reason::Stale => StatusCode::CONFLICT,
        Reason::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Reason::BadRequest => StatusCode::BAD_REQUEST,
        Reason::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// An HTML answer.
pub fn html(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    set(&mut response, header::CONTENT_TYPE, "text/html; charset=utf-8");
    response
}

/// Sets a header whose value is known to be plain.
pub fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Goes to `address` after a deed and shows `message` there once.
pub fn see_other(address: &str, message: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    set(&mut response, header::LOCATION, address);
    if !message.is_empty() {
        let text = utf8_percent_encode(message, NON_ALPHANUMERIC);
        set(
            &mut response,
            header::SET_COOKIE,
            &format!("xuncha_message={text}; Path=/; HttpOnly; SameSite=Strict; Max-Age=60"),
        );
    }
    response
}

/// Goes to `address` after a deed; a script's request is told where to go, so that the page and its
/// message are fetched once.
pub fn after_deed(viewer: &Viewer, address: &str, message: &str) -> Response {
    let mut response = see_other(address, message);
    if viewer.fragment {
        *response.status_mut() = StatusCode::NO_CONTENT;
        response.headers_mut().remove(header::LOCATION);
        set(&mut response, HeaderName::from_static("hx-redirect"), address);
    }
    response
}

/// The one answer of the API to what it did not understand or do.
pub fn api_refusal(refusal: &Refusal) -> Response {
    let fields: serde_json::Map<String, serde_json::Value> =
        refusal.fields.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
    let differences: Vec<_> = refusal
        .differences
        .iter()
        .map(|d| json!({ "label": d.label, "mine": d.mine, "stored": d.stored }))
        .collect();
    let body =
        json!({ "error": { "message": refusal.message, "fields": fields, "differences": differences } });
    let mut response = (status(refusal.reason), Json(body)).into_response();
    if refusal.reason == Reason::Overloaded {
        set(&mut response, header::RETRY_AFTER, "3");
    }
    response
}

/// The request needs a session.
pub fn not_signed_in(api: bool) -> Response {
    let refusal = Refusal::new(
        Reason::SignIn,
        "登录已过期或尚未登录，这次提交没有处理。请重新登录；自动保存过的草稿会在打开同一表单时恢复。",
    );
    if api { api_refusal(&refusal) } else { plain_page(StatusCode::UNAUTHORIZED, &refusal.message, "") }
}

/// Goes to the sign-in page and comes back to `next` afterwards.
pub fn to_sign_in(next: &str) -> Response {
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    see_other(&format!("/sign-in?next={next}"), "")
}

/// An error before anybody is known.
pub fn plain_error(app: &App, error: &Error, api: bool) -> Response {
    let number = app.request_number();
    match error {
        Error::Refusal(refusal) if api => api_refusal(refusal),
        Error::Refusal(refusal) => plain_page(status(refusal.reason), &refusal.message, &number),
        Error::Fault(detail) => {
            tracing::error!(request = number, detail, "fault");
            if api {
                api_fault(&number)
            } else {
                plain_page(StatusCode::INTERNAL_SERVER_ERROR, FAULT, &number)
            }
        }
    }
}

const FAULT: &str = "系统处理时出错了，这次操作没有生效，已保存的内容不受影响。请稍后重试；如仍出错，请把请求编号告诉系统管理员。";

fn api_fault(number: &str) -> Response {
    let body = json!({ "error": { "message": FAULT, "request": number } });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    code: u16,
    message: &'a str,
    request: &'a str,
}

#[derive(Template)]
#[template(path = "plain.html")]
struct PlainPage<'a> {
    title: &'a str,
    content: String,
}

/// A page outside the shell.
pub fn plain_page(status: StatusCode, message: &str, request: &str) -> Response {
    let content =
        ErrorPage { code: status.as_u16(), message, request }.render().unwrap_or_else(|_| message.to_owned());
    framed(status, "提示", content)
}

/// Content outside the shell: sign-in, set-up, errors.
pub fn framed(status: StatusCode, title: &str, content: String) -> Response {
    match (PlainPage { title, content }).render() {
        Ok(body) => html(status, body),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Runs `work` for a signed-in person and turns what goes wrong into a page or JSON, with the
/// refusal in the audit. Boxed here, once for all pages: a page's work is some twenty kilobytes.
pub fn answer<'a>(
    viewer: &'a Viewer,
    work: impl Future<Output = Result<Response>> + Send + 'a,
) -> BoxFuture<'a, Response> {
    Box::pin(async move {
        match work.await {
            Ok(response) => response,
            Err(error) => failed(viewer, &error).await,
        }
    })
}

/// The answer to a failure.
pub async fn failed(viewer: &Viewer, error: &Error) -> Response {
    let api = viewer.path.starts_with("/api/");
    match error {
        Error::Refusal(refusal) => {
            if matches!(refusal.reason, Reason::NotFound | Reason::Forbidden) {
                let noun = viewer.path.trim_start_matches("/api/v1").split('/').nth(1).unwrap_or_default();
                let noun: String = noun.chars().take(40).collect();
                crate::perform::record_refusal(&viewer.app, &viewer.actor, "open", &noun, None).await;
            }
            if api {
                api_refusal(refusal)
            } else {
                error_page(viewer, status(refusal.reason), &refusal.message).await
            }
        }
        Error::Fault(detail) => {
            tracing::error!(request = viewer.actor.request, detail, "fault");
            if api {
                api_fault(&viewer.actor.request)
            } else {
                error_page(viewer, StatusCode::INTERNAL_SERVER_ERROR, FAULT).await
            }
        }
    }
}

async fn error_page(viewer: &Viewer, status: StatusCode, message: &str) -> Response {
    // The number of the request would make two refusals differ; it is shown for faults only.
    let request = if status.is_server_error() { viewer.actor.request.as_str() } else { "" };
    let content = ErrorPage { code: status.as_u16(), message, request }.render().unwrap_or_default();
    match shell::page(viewer, shell::Sheet::new("提示", content)).await {
        Ok(mut response) => {
            *response.status_mut() = status;
            response
        }
        Err(_) => plain_page(status, message, request),
    }
}

/// A file to keep.
pub fn download(name: &str, media: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    set(&mut response, header::CONTENT_TYPE, media);
    let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
    set(&mut response, header::CONTENT_DISPOSITION, &format!("attachment; filename*=UTF-8''{encoded}"));
    set(&mut response, header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    response
}
