//! Who is looking: the session cookie turned into an actor, and the protection of forms.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, Method, header, request::Parts},
    response::Response,
};

use crate::{Actor, App, Cx, Error, Refusal, Result, error::Reason, seal, web::respond};

/// Somebody signed in, and the request they made.
#[derive(Clone)]
pub struct Viewer {
    /// The program's parts.
    pub app: App,
    /// Who it is.
    pub actor: Arc<Actor>,
    /// The session's token.
    pub token: String,
    /// The path asked for.
    pub path: String,
    /// The query as it came.
    pub query: Option<String>,
    /// Whether only a fragment is wanted.
    pub fragment: bool,
    /// Message left by the deed before, to be shown once.
    pub message: Option<String>,
    /// Whether the token came in an `Authorization` header, which no foreign page can send.
    pub bearer: bool,
    headers: HeaderMap,
}

/// Name of the session cookie; behind TLS browsers hold it to this host and to TLS.
pub fn cookie_name(app: &App) -> &'static str {
    if app.secure() { "__Host-xuncha_session" } else { "xuncha_session" }
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(held, _)| *held == name)
        .map(|(_, value)| value.to_owned())
}

/// Where a request came from.
pub fn origin(parts: &Parts) -> String {
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or_else(|| String::from("local"), |info| info.0.ip().to_string())
}

impl Viewer {
    /// The token that forms of this session carry.
    pub fn csrf(&self) -> String {
        csrf(&self.app, &self.token)
    }

    /// A context for reading.
    pub fn read(&self) -> Cx {
        self.app.read(&self.actor)
    }

    /// Refuses a changing request that was not made from a page of this session.
    pub fn check_csrf(&self, typed: &str) -> Result<()> {
        if self.bearer {
            return Ok(());
        }
        let header = self.headers.get("x-csrf").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let sent = if typed.is_empty() { header } else { typed };
        if seal::same_secret(sent, &self.csrf()) && same_site(&self.headers) {
            return Ok(());
        }
        Err(Refusal::new(
            Reason::Forbidden,
            "这次提交不是从本系统的页面发出的，没有处理。请回到原页面刷新后重试，填写的内容请先复制保留。",
        )
        .into())
    }

    /// Whether the request was made by a page of ours, whatever session it belongs to.
    pub(crate) fn is_from_our_page(&self) -> bool {
        same_site(&self.headers)
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The token for forms of the session `token`.
pub fn csrf(app: &App, token: &str) -> String {
    app.seal().token("csrf", token)
}

/// Whether the browser says that the request comes from a page of ours; browsers that say nothing
/// are held to the token alone.
pub fn same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Under `no-referrer` a browser sends `Origin: null` with our own forms; where it says by
    // itself which site asks, that word counts.
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, rest)| rest == host),
        _ => true,
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Response> {
        let api = parts.uri.path().starts_with("/api/");
        match identify(parts, app).await {
            Ok(Some(viewer)) => Ok(viewer),
            Ok(None) if api || parts.method != Method::GET => Err(respond::not_signed_in(api)),
            Ok(None) => {
                Err(respond::to_sign_in(parts.uri.path_and_query().map_or("/", |path| path.as_str())))
            }
            Err(error) => Err(respond::plain_error(app, &error, api)),
        }
    }
}

async fn identify(parts: &Parts, app: &App) -> Result<Option<Viewer>> {
    let bearer = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::to_owned);
    let by_header = bearer.is_some();
    let Some(token) = bearer.or_else(|| cookie(&parts.headers, cookie_name(app))) else { return Ok(None) };
    if token.len() != 64 || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let identify =
        app.registry().identify.ok_or_else(|| Error::Fault(String::from("nobody identifies sessions")))?;
    let Some(mut actor) = identify(app, &token).await? else { return Ok(None) };
    actor.origin = origin(parts);
    actor.request =
        parts.extensions.get::<RequestNumber>().map(|number| number.0.clone()).unwrap_or_default();
    let message = cookie(&parts.headers, "xuncha_message").and_then(|text| {
        percent_encoding::percent_decode_str(&text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
    });
    Ok(Some(Viewer {
        app: app.clone(),
        actor: Arc::new(actor),
        token,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        fragment: parts.headers.contains_key("hx-request"),
        message,
        bearer: by_header,
        headers: parts.headers.clone(),
    }))
}

/// The number of a request, put there by the outermost layer.
#[derive(Clone, Debug)]
pub struct RequestNumber(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_form_sent_by_a_foreign_page_is_known() {
        assert!(same_site(&headers(&[("origin", "http://a:1"), ("host", "a:1")])));
        assert!(!same_site(&headers(&[("origin", "http://b"), ("host", "a:1")])));
        assert!(!same_site(&headers(&[("origin", "null"), ("host", "a:1")])));
        assert!(!same_site(&headers(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://a:1"),
            ("host", "a:1")
        ])));
        assert!(same_site(&headers(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "null"),
            ("host", "a:1")
        ])));
    }
}
