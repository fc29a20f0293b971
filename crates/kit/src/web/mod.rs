//! Pages and API: one set of handlers for every service, the pages outside them, and the layers
//! around all of it.

mod altered;
pub mod api;
pub mod body;
mod chosen;
pub mod export;
mod extras;
mod files;
pub mod forms;
mod home;
pub mod list;
mod openapi;
pub mod qr;
mod query;
pub mod record;
pub mod respond;
pub mod sealed;
pub mod serve;
pub mod shell;
mod viewer;
mod views;
mod worded;

use axum::{
    Router,
    extract::{Path, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::Response,
    routing::{MethodRouter, get, post},
};
use uuid::Uuid;

pub use openapi::document as openapi_document;
pub use query::Query;
pub use viewer::{RequestNumber, Viewer, cookie, cookie_name, csrf, origin, same_site};

use crate::{
    App, Deed, Error, Refusal, Result, Service,
    service::{At, Registry},
};

/// One line of the inventory of routes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Route {
    /// `GET`, `POST` or `PATCH`.
    pub method: &'static str,
    /// The address with its parts in braces.
    pub path: String,
    /// Who may use it: `public`, `signed_in`, or `scope:NOUN` for what the noun's own rules decide.
    pub policy: String,
    /// The noun it is about.
    pub noun: Option<&'static str>,
    /// The deed it does.
    pub deed: Option<&'static str>,
}

/// Every route of the program; the router is built from the same lists.
pub fn routes(registry: &Registry) -> Vec<Route> {
    let mut routes = Vec::new();
    let mut add = |method, path: String, policy: &str, noun, deed| {
        routes.push(Route { method, path, policy: policy.to_owned(), noun, deed });
    };
    for (path, policy) in
        PUBLIC.iter().map(|path| (path, "public")).chain(SIGNED_IN.iter().map(|path| (path, "signed_in")))
    {
        add("GET", (*path).to_owned(), policy, None, None);
    }
    for path in SIGNED_IN_POST {
        add("POST", (*path).to_owned(), "signed_in", None, None);
    }
    for path in SIGNED_IN_PATCH {
        add("PATCH", (*path).to_owned(), "signed_in", None, None);
    }
    for page in &registry.pages {
        let policy = if page.public { "public" } else { "page" };
        add(page.method, page.path.to_owned(), policy, None, None);
    }
    for service in &registry.services {
        let (noun, scope) = (service.noun, format!("scope:{}", service.noun));
        for path in ["", "/new", "/export", "/{id}", "/waiting/{at}"] {
            add("GET", format!("/{noun}{path}"), &scope, Some(noun), None);
        }
        for path in ["/bulk", "/export"] {
            add("POST", format!("/{noun}{path}"), &scope, Some(noun), None);
        }
        if sealed::asks(service) {
            add("POST", format!("/{noun}/{{id}}/unseal"), &scope, Some(noun), None);
        }
        for path in ["", "/options", "/{id}"] {
            add("GET", format!("/api/v1/{noun}{path}"), &scope, Some(noun), None);
        }
        for deed in &service.deeds {
            let path = deed_path(deed);
            if path.is_empty() {
                add("POST", format!("/{noun}"), &scope, Some(noun), Some(deed.key));
            } else {
                add("GET", format!("/{noun}{path}"), &scope, Some(noun), Some(deed.key));
                add("POST", format!("/{noun}{path}"), &scope, Some(noun), Some(deed.key));
            }
            add("POST", format!("/api/v1/{noun}{path}"), &scope, Some(noun), Some(deed.key));
        }
    }
    routes
}

/// Where a deed is done, behind the address of its noun.
fn deed_path(deed: &Deed) -> String {
    match deed.at {
        At::List if deed.key == "create" => String::new(),
        At::List => format!("/new/{}", deed.key),
        At::Record => format!("/{{id}}/{}", deed.key),
    }
}

const PUBLIC: &[&str] = &["/healthz", "/readyz", "/static/{name}"];
const SIGNED_IN: &[&str] = &[
    "/",
    "/search",
    "/areas/{code}",
    "/files/{id}",
    "/files/{id}/view",
    "/files/{id}/inline",
    "/session",
    "/views/new",
    "/views/{id}",
    "/api/openapi.json",
    "/api/v1/uploads/{id}",
];
const SIGNED_IN_POST: &[&str] = &[
    "/views",
    "/views/{id}",
    "/views/{id}/remove",
    "/form-drafts/{name}",
    "/files/{id}/withdraw",
    "/api/v1/uploads",
    "/api/v1/uploads/{id}/finish",
    "/api/v1/uploads/{id}/cancel",
];
const SIGNED_IN_PATCH: &[&str] = &["/api/v1/uploads/{id}"];

/// The whole router.
pub fn router(app: App) -> Router {
    let mut router: Router<App> = Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(extras::ready))
        .route("/static/{name}", get(extras::asset))
        .route("/", get(async |viewer: Viewer| respond::answer(&viewer, home::show(&viewer)).await))
        .route("/search", get(async |viewer: Viewer| respond::answer(&viewer, extras::search(&viewer)).await))
        .route(
            "/areas/{code}",
            get(async |viewer: Viewer, Path(code): Path<String>| {
                respond::answer(&viewer, shell::area(&viewer, &code)).await
            }),
        )
        .route("/files/{id}", get(files::download))
        .route("/files/{id}/view", get(files::view))
        .route("/files/{id}/inline", get(files::inline))
        .route("/files/{id}/withdraw", post(files::withdraw))
        .route("/api/v1/uploads", post(files::begin))
        .route("/api/v1/uploads/{id}", get(files::progress).patch(files::append))
        .route("/api/v1/uploads/{id}/finish", post(files::finish))
        .route("/api/v1/uploads/{id}/cancel", post(files::cancel))
        .route("/session", get(extras::session))
        .route("/views/new", get(views::new_form))
        .route("/views", post(views::save))
        .route("/views/{id}", get(views::manage).post(views::rename))
        .route("/views/{id}/remove", post(views::remove))
        .route("/form-drafts/{name}", post(extras::save_draft))
        .route("/api/openapi.json", get(extras::openapi));
    for page in &app.registry().pages {
        router = router.route(page.path, page.handler.clone());
    }
    for service in &app.registry().services {
        router = service_routes(router, service);
    }
    router
        .fallback(extras::nothing)
        .method_not_allowed_fallback(extras::nothing)
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .with_state(app)
}

/// Finds the service of a route; the routes come from the same list, so it is there.
fn service_of<'a>(app: &'a App, noun: &str) -> Result<&'a Service> {
    app.registry().service(noun).ok_or_else(|| Error::Fault(format!("no service {noun}")))
}

fn service_routes(router: Router<App>, service: &Service) -> Router<App> {
    let noun = service.noun;
    let mut router = router
        .route(&format!("/{noun}"), collection(noun))
        .route(
            &format!("/{noun}/export"),
            get(async move |viewer: Viewer| {
                respond::answer(&viewer, async {
                    export::workbook(&viewer, service_of(&viewer.app, noun)?).await
                })
                .await
            })
            .post(async move |viewer: Viewer, request: Request| {
                respond::answer(&viewer, async {
                    export::order(&viewer, service_of(&viewer.app, noun)?, request).await
                })
                .await
            }),
        )
        .route(
            &format!("/{noun}/new"),
            get(async move |viewer: Viewer| {
                respond::answer(&viewer, async {
                    let service = service_of(&viewer.app, noun)?;
                    let deed = service.deed("create").ok_or_else(Refusal::not_found)?;
                    forms::open(&viewer, service, deed, None).await
                })
                .await
            }),
        )
        .route(
            &format!("/{noun}/waiting/{{at}}"),
            get(async move |viewer: Viewer, Path(at): Path<String>| {
                respond::answer(&viewer, async {
                    let at = at.parse().map_err(|_| Refusal::not_found())?;
                    home::heap_page(&viewer, service_of(&viewer.app, noun)?, at).await
                })
                .await
            }),
        )
        .route(
            &format!("/{noun}/bulk"),
            post(async move |viewer: Viewer, request: Request| {
                respond::answer(&viewer, async {
                    extras::bulk(&viewer, service_of(&viewer.app, noun)?, request).await
                })
                .await
            }),
        )
        .route(
            &format!("/{noun}/{{id}}"),
            get(async move |viewer: Viewer, Path(id): Path<String>| {
                respond::answer(&viewer, async {
                    let (service, id) = (service_of(&viewer.app, noun)?, parse_id(&id)?);
                    match sealed::ask(&viewer, service, id).await? {
                        Some(asked) => Ok(asked),
                        None => record::show(&viewer, service, id).await,
                    }
                })
                .await
            }),
        )
        .route(
            &format!("/api/v1/{noun}/options"),
            get(async move |viewer: Viewer| {
                respond::answer(&viewer, async {
                    api::options(&viewer, service_of(&viewer.app, noun)?).await
                })
                .await
            }),
        )
        .route(
            &format!("/api/v1/{noun}/{{id}}"),
            get(async move |viewer: Viewer, Path(id): Path<String>| {
                respond::answer(&viewer, async {
                    let (service, id) = (service_of(&viewer.app, noun)?, parse_id(&id)?);
                    sealed::admit(&viewer, service, id).await?;
                    api::show(&viewer, service, id).await
                })
                .await
            }),
        );
    if sealed::asks(service) {
        router = router.route(
            &format!("/{noun}/{{id}}/unseal"),
            post(async move |viewer: Viewer, Path(id): Path<String>, request: Request| {
                respond::answer(&viewer, async {
                    sealed::open(&viewer, service_of(&viewer.app, noun)?, parse_id(&id)?, request).await
                })
                .await
            }),
        );
    }
    let mut api_collection = get(async move |viewer: Viewer| {
        respond::answer(&viewer, async { api::list(&viewer, service_of(&viewer.app, noun)?).await }).await
    });
    for deed in &service.deeds {
        let path = deed_path(deed);
        if path.is_empty() {
            api_collection = api_collection.merge(api_deed(noun, deed.key));
        } else {
            router = router
                .route(&format!("/{noun}{path}"), page_deed(noun, deed.key))
                .route(&format!("/api/v1/{noun}{path}"), api_deed(noun, deed.key));
        }
    }
    router.route(&format!("/api/v1/{noun}"), api_collection)
}

fn collection(noun: &'static str) -> MethodRouter<App> {
    get(async move |viewer: Viewer| {
        respond::answer(&viewer, async { list::show(&viewer, service_of(&viewer.app, noun)?).await }).await
    })
    .post(async move |viewer: Viewer, request: Request| {
        respond::answer(&viewer, async {
            let service = service_of(&viewer.app, noun)?;
            let deed = service.deed("create").ok_or_else(Refusal::not_found)?;
            forms::submit(&viewer, service, deed, None, request).await
        })
        .await
    })
}

/// The record of a path, or none for a deed on the list.
type Target = Option<Path<String>>;

fn page_deed(noun: &'static str, key: &'static str) -> MethodRouter<App> {
    get(async move |viewer: Viewer, target: Target| {
        respond::answer(&viewer, async {
            let (service, deed, id) = resolve(&viewer, noun, key, target)?;
            if let Some(id) = id
                && let Some(asked) = sealed::ask(&viewer, service, id).await?
            {
                return Ok(asked);
            }
            forms::open(&viewer, service, deed, id).await
        })
        .await
    })
    .post(async move |viewer: Viewer, target: Target, request: Request| {
        respond::answer(&viewer, async {
            let (service, deed, id) = resolve(&viewer, noun, key, target)?;
            forms::submit(&viewer, service, deed, id, request).await
        })
        .await
    })
}

fn api_deed(noun: &'static str, key: &'static str) -> MethodRouter<App> {
    post(async move |viewer: Viewer, target: Target, request: Request| {
        respond::answer(&viewer, async {
            let (service, _, id) = resolve(&viewer, noun, key, target)?;
            api::deed(&viewer, service, key, id, request).await
        })
        .await
    })
}

fn resolve<'a>(
    viewer: &'a Viewer,
    noun: &str,
    key: &str,
    target: Target,
) -> Result<(&'a Service, &'a Deed, Option<Uuid>)> {
    let service = service_of(&viewer.app, noun)?;
    let deed = service.deed(key).ok_or_else(Refusal::not_found)?;
    let id = target.map(|Path(id)| parse_id(&id)).transpose()?;
    Ok((service, deed, id))
}

/// An id of a path; anything else is an address that does not exist.
pub fn parse_id(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text).map_err(|_| Refusal::not_found().into())
}

/// Around every request: a number, the headers that keep answers private, and a bound on its time.
async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let number = app.request_number();
    request.extensions_mut().insert(RequestNumber(number.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = std::time::Instant::now();
    let long = path.ends_with("/export")
        || path.starts_with("/imports/")
        || path.starts_with("/api/v1/uploads/")
        || request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let bound = std::time::Duration::from_secs(if long { 600 } else { 30 });
    let readable = percent_encoding::percent_decode_str(&path).decode_utf8().is_ok();
    let answered = async { if readable { next.run(request).await } else { unreadable(&app, &path) } };
    let mut response = match tokio::time::timeout(bound, answered).await {
        Ok(response) => response,
        Err(_) => respond::plain_page(
            StatusCode::SERVICE_UNAVAILABLE,
            "办理用时过长，已停止，没有保存。请缩小范围后重试。",
            &number,
        ),
    };
    protect(&mut response, &path, &number);
    log(&method, &path, &response, begun, &number);
    response
}

/// The answer to an address that is no text.
fn unreadable(app: &App, path: &str) -> Response {
    let refusal = Refusal::bad_request("网址里有不是 UTF-8 文字的部分，无法打开。请从页面上的链接进入。");
    respond::plain_error(app, &refusal.into(), path.starts_with("/api/"))
}

fn log(method: &Method, path: &str, response: &Response, begun: std::time::Instant, number: &str) {
    // The address of a calendar is its secret.
    let path = if path.starts_with("/calendar-feeds/") { "/calendar-feeds/…" } else { path };
    let millis = begun.elapsed().as_secs_f64() * 1000.0;
    tracing::debug!(%method, path, status = response.status().as_u16(), millis, request = number, "answered");
    metrics::observe(response.status().as_u16(), begun.elapsed());
}

fn protect(response: &mut Response, path: &str, number: &str) {
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, respond::POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if !path.starts_with("/static/") {
        put(header::CACHE_CONTROL, "no-store");
        put(header::VARY, "Cookie, HX-Request");
    }
    if let Ok(value) = HeaderValue::from_str(number) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

pub mod metrics {
    //! Counters for operators, in the text form that Prometheus reads.

    use std::{
        fmt::Write as _,
        sync::atomic::{AtomicU64, Ordering},
        time::Duration,
    };

    /// Upper bounds of the answer times counted, in milliseconds.
    const BOUNDS: [u64; 8] = [2, 5, 10, 20, 50, 100, 500, 2_000];
    static BUCKETS: [AtomicU64; 9] = [const { AtomicU64::new(0) }; 9];
    static CLASSES: [AtomicU64; 6] = [const { AtomicU64::new(0) }; 6];
    static MICROS: AtomicU64 = AtomicU64::new(0);

    /// Counts one answer.
    pub fn observe(status: u16, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let place = BOUNDS.iter().position(|bound| millis < *bound).unwrap_or(BOUNDS.len());
        if let Some(bucket) = BUCKETS.get(place) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(class) = CLASSES.get(usize::from(status / 100).min(5)) {
            class.fetch_add(1, Ordering::Relaxed);
        }
        MICROS.fetch_add(u64::try_from(time.as_micros()).unwrap_or(0), Ordering::Relaxed);
    }

    /// The counters as text.
    pub fn text() -> String {
        let mut out = String::from("# TYPE xuncha_answer_seconds histogram\n");
        let mut sum = 0;
        for (bucket, bound) in BUCKETS.iter().zip(BOUNDS) {
            sum += bucket.load(Ordering::Relaxed);
            let _ = writeln!(out, "xuncha_answer_seconds_bucket{{le=\"{}\"}} {sum}", bound as f64 / 1000.0);
        }
        sum += BUCKETS.last().map_or(0, |bucket| bucket.load(Ordering::Relaxed));
        let _ = writeln!(
            out,
            "xuncha_answer_seconds_bucket{{le=\"+Inf\"}} {sum}\nxuncha_answer_seconds_count {sum}"
        );
        let _ = writeln!(out, "xuncha_answer_seconds_sum {}", MICROS.load(Ordering::Relaxed) as f64 / 1e6);
        out.push_str("# TYPE xuncha_answers_total counter\n");
        for (class, count) in CLASSES.iter().enumerate().skip(1) {
            let _ = writeln!(
                out,
                "xuncha_answers_total{{class=\"{class}xx\"}} {}",
                count.load(Ordering::Relaxed)
            );
        }
        out
    }
}
