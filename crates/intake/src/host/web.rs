//! The pages of the intake host: announcements, the letter form, the query code. No account, no cookie, no script,
//! nothing from elsewhere.

use askama::Template;
use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::get,
};
use kit::{
    Error, Form, Refusal, Result,
    clock::office_time,
    web::{body, respond},
};
use tracing::error;
use uuid::Uuid;

use super::{
    Host, limits,
    receive::{self, MOST_CONTENT, MOST_LINE, Outcome, Typed},
};
use crate::{
    Signature,
    package::{Announcement, Bulletin},
};

const STYLE: &str = include_str!("../../static/intake.css");
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// Longest ordinary form: a query code.
const MOST_QUERY: usize = 4096;
/// Letters and figures of a query code.
const CODE_SIGNS: usize = 16;

/// All pages.
pub fn router(host: Host) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/announcements/{id}", get(announcement))
        .route("/letter", get(new_letter).post(send_letter))
        .route("/query", get(ask).post(answer))
        .route("/intake.css", get(|| async { style() }))
        .route("/healthz", get(|| async { "ok" }))
        .fallback(|State(host): State<Host>| async move { failed(&host, Refusal::not_found().into()).await })
        .layer(middleware::from_fn_with_state(host.clone(), around))
        .with_state(host)
}

async fn around(State(host): State<Host>, request: Request, next: Next) -> Response {
    let secure = host.0.behind_gateway;
    let is_style = request.uri().path() == "/intake.css";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    );
    put(HeaderName::from_static("x-robots-tag"), "noarchive");
    if !is_style {
        put(header::CACHE_CONTROL, "no-store");
    }
    if secure {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Who asks, for counting only. Behind a gateway the last entry of its header is the one it wrote itself.
fn address(host: &Host, request: &Request) -> String {
    let forwarded = || {
        let lines = request.headers().get_all("x-forwarded-for");
        let last = lines.iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
        (!last.is_empty()).then(|| last.chars().take(64).collect::<String>())
    };
    let direct = || {
        let info = request.extensions().get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        info.map_or_else(|| String::from("local"), |info| info.0.ip().to_string())
    };
    if host.0.behind_gateway { forwarded().unwrap_or_else(direct) } else { direct() }
}

fn style() -> Response {
    let mut response = STYLE.into_response();
    respond::set(&mut response, header::CONTENT_TYPE, "text/css; charset=utf-8");
    respond::set(&mut response, header::CACHE_CONTROL, "public, max-age=3600");
    response
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    office: &'a str,
    open: Vec<&'a Announcement>,
}

#[derive(Template)]
#[template(path = "announcement.html")]
struct AnnouncementPage<'a> {
    office: &'a str,
    notice: &'a Announcement,
    open: bool,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage<'a> {
    office: &'a str,
    open: Vec<&'a Announcement>,
    typed: &'a Typed,
    token: String,
    signatures: [Signature; 3],
    file_mb: u64,
    files: usize,
    most_line: usize,
    most_content: usize,
    accepted: String,
}

impl LetterPage<'_> {
    fn chosen(&self, unit: &Uuid) -> bool {
        self.typed.get("unit") == unit.to_string()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    fn signed(&self, signature: &Signature) -> bool {
        Signature::parse(self.typed.get("signature")).unwrap_or_default() == *signature
    }
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct Receipt<'a> {
    office: &'a str,
    code: String,
    at: String,
}

#[derive(Template)]
#[template(path = "query.html")]
struct Query<'a> {
    office: &'a str,
    asked: bool,
    /// What was typed when nothing was found, to be put right.
    typed: &'a str,
    /// Whether that is as long as a code.
    whole: bool,
    found: Option<Told<'a>>,
}

struct Told<'a> {
    received: String,
    carried: String,
    word: &'a str,
}

#[derive(Template)]
#[template(path = "failed.html")]
struct Failed<'a> {
    office: &'a str,
    message: &'a str,
}

fn page(status: StatusCode, page: &impl Template) -> Result<Response> {
    let text = page.render().map_err(|error| Error::Fault(format!("a page: {error}")))?;
    Ok(respond::html(status, text))
}

async fn finish(host: &Host, work: Result<Response>) -> Response {
    match work {
        Ok(response) => response,
        Err(error) => failed(host, error).await,
    }
}

async fn failed(host: &Host, error: Error) -> Response {
    let (status, message) = match error {
        Error::Refusal(refusal) => {
            let status = match refusal.reason {
                kit::error::Reason::Overloaded => StatusCode::TOO_MANY_REQUESTS,
                reason => respond::status(reason),
            };
            (status, message_of(refusal))
        }
        Error::Fault(detail) => {
            error!(detail, "fault");
            let message = "系统处理时出错了，这次提交没有收下。请稍后再试，或使用公告上的其他渠道。";
            (StatusCode::INTERNAL_SERVER_ERROR, String::from(message))
        }
    };
    let office = host.bulletin().await.map(|bulletin| bulletin.office).unwrap_or_default();
    let shown = page(status, &Failed { office: &office, message: &message });
    shown.unwrap_or_else(|_| (status, message).into_response())
}

/// What is said of something that is not here stands for people inside the office; a visitor is told where the announcements
/// are.
fn message_of(refusal: Refusal) -> String {
    match refusal.reason {
        kit::error::Reason::NotFound => {
            String::from("没有找到这个页面，公告可能已经过期或撤下；请从首页查看现在的公告。")
        }
        _ => refusal.message,
    }
}

async fn home(State(host): State<Host>) -> Response {
    let work = async {
        let bulletin = host.bulletin().await?;
        let open = receive::open_on(&bulletin, host.now()).collect();
        page(StatusCode::OK, &Home { office: &bulletin.office, open })
    };
    finish(&host, work.await).await
}

async fn announcement(State(host): State<Host>, Path(id): Path<String>) -> Response {
    let work = async {
        let bulletin = host.bulletin().await?;
        let id: Uuid = id.parse().map_err(|_| Refusal::not_found())?;
        let notice = bulletin.announcements.iter().find(|notice| notice.id == id);
        let notice = notice.ok_or_else(Refusal::not_found)?;
        let open = receive::open_on(&bulletin, host.now()).any(|open| open.id == id);
        page(StatusCode::OK, &AnnouncementPage { office: &bulletin.office, notice, open })
    };
    finish(&host, work.await).await
}

fn letter_page(host: &Host, bulletin: &Bulletin, typed: &Typed, status: StatusCode) -> Result<Response> {
    let open: Vec<&Announcement> = receive::open_on(bulletin, host.now()).collect();
    if open.is_empty() {
        let message = "现在没有正在受理来信的巡察公告；请按公告上的时间和其他渠道反映。";
        return Err(Refusal::conflict(message).into());
    }
    let letter = LetterPage {
        office: &bulletin.office,
        open,
        typed,
        token: receive::new_token(host)?,
        signatures: Signature::ALL,
        file_mb: bulletin.limits.file_mb,
        files: bulletin.limits.files,
        most_line: MOST_LINE,
        most_content: MOST_CONTENT,
        accepted: kit::files::accepted(),
    };
    page(status, &letter)
}

async fn new_letter(State(host): State<Host>, uri: Uri) -> Response {
    let work = async {
        let bulletin = host.bulletin().await?;
        let unit = uri.query().and_then(|query| query.strip_prefix("unit=")).unwrap_or_default();
        letter_page(&host, &bulletin, &Typed::about(unit), StatusCode::OK)
    };
    finish(&host, work.await).await
}

async fn send_letter(State(host): State<Host>, request: Request) -> Response {
    let work = async {
        let address = address(&host, &request);
        let (parts, body) = request.into_parts();
        match receive::take(&host, &parts.headers, &address, body).await? {
            Outcome::Received(code, at) => {
                let bulletin = host.bulletin().await?;
                page(StatusCode::OK, &Receipt { office: &bulletin.office, code, at: office_time(at) })
            }
            Outcome::Again(typed) => {
                let bulletin = host.bulletin().await?;
                letter_page(&host, &bulletin, &typed, StatusCode::UNPROCESSABLE_ENTITY)
            }
        }
    };
    finish(&host, work.await).await
}

async fn ask(State(host): State<Host>) -> Response {
    let work = async {
        let bulletin = host.bulletin().await?;
        page(
            StatusCode::OK,
            &Query { office: &bulletin.office, asked: false, typed: "", whole: false, found: None },
        )
    };
    finish(&host, work.await).await
}

async fn answer(State(host): State<Host>, request: Request) -> Response {
    let work = async {
        let bulletin = host.bulletin().await?;
        let now = host.now();
        let most = bulletin.limits.queries_per_hour;
        if !host.0.gate.admits(limits::Asked::Query, &address(&host, &request), most, now)? {
            return Err(receive::too_often("查询", now));
        }
        let code = typed_code(&host, request.into_body()).await?;
        let found = host.ask(&code).await?;
        let word = |code: &Option<String>| {
            let code = code.as_deref().unwrap_or_default();
            bulletin.words.get(code).map_or("", String::as_str)
        };
        let found = found.map(|answer| Told {
            received: office_time(answer.received_at),
            carried: answer.carried_on.map(|day| day.to_string()).unwrap_or_default(),
            word: word(&answer.word),
        });
        let typed = if found.is_some() { "" } else { code.trim() };
        let whole = super::spelt(typed).len() == CODE_SIGNS;
        page(StatusCode::OK, &Query { office: &bulletin.office, asked: true, typed, whole, found })
    };
    finish(&host, work.await).await
}

/// The code as it was typed; it travels in the body, so that no log of addresses holds it.
async fn typed_code(host: &Host, body: Body) -> Result<String> {
    let bytes = tokio::time::timeout(host.1.piece, body::bytes(body, MOST_QUERY));
    let bytes = bytes.await.map_err(|_| Refusal::bad_request("传送中断，请再试一次。"))??;
    Ok(Form::from_urlencoded(&bytes)?.typed("code").to_owned())
}
