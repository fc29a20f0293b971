//! The second factor: the step between password and session, and its keeping on the person's own page.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::{MethodRouter, get, post},
};
use kit::{
    App, Error, Refusal, Result,
    clock::office_time,
    service::Page,
    web::{self, Query, Viewer, body, qr, respond, shell},
};
use registry::accounts::factor::{self, Enrolment, Pending};

use super::account::{BEFORE, check_before, local_path, plain_form, session_cookie};

pub(super) fn pages() -> Vec<Page> {
    let page = |method, path, public, handler: MethodRouter<App>| Page {
        method,
        path,
        label: "",
        group: None,
        icon: "",
        offered: |_| true,
        public,
        handler,
    };
    vec![
        page("GET", "/sign-in/code", true, get(code_form)),
        page("POST", "/sign-in/code", true, post(code)),
        page("POST", "/account/factor", false, post(enrol)),
        page("POST", "/account/factor/confirm", false, post(confirm)),
        page("POST", "/account/factor/codes", false, post(new_codes)),
        page("POST", "/account/factor/drop", false, post(drop_factor)),
    ]
}

/// Cookie that carries the step between password and code.
fn step_cookie_name(app: &App) -> &'static str {
    if app.secure() { "__Host-xuncha_step" } else { "xuncha_step" }
}

fn step_cookie(app: &App, token: &str, seconds: u32) -> String {
    let secure = if app.secure() { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}", step_cookie_name(app))
}

/// Goes from the right password to the second step.
pub(super) fn second_step(app: &App, token: &str, next: &str) -> Response {
    let next = Query::default().and("next", next);
    let mut response = respond::see_other(&format!("/sign-in/code?{next}"), "");
    respond::set(&mut response, header::SET_COOKIE, &step_cookie(app, token, 600));
    response
}

/// The second factor as the person's own page shows it.
pub(super) struct OwnFactor {
    pub(super) on: bool,
    pub(super) since: String,
    pub(super) codes_left: i64,
    pub(super) required: bool,
}

/// The second factor of the person who looks.
pub(super) async fn own(viewer: &Viewer) -> Result<OwnFactor> {
    let cx = viewer.read();
    let account = viewer.actor.account.ok_or_else(Refusal::not_found)?;
    let since = factor::of(&cx, account).await?.and_then(|factor| factor.confirmed_at);
    let roles: Vec<kit::Role> = viewer.actor.posts.iter().map(|post| post.role).collect();
    Ok(OwnFactor {
        on: since.is_some(),
        since: since.map(office_time).unwrap_or_default(),
        codes_left: factor::codes_left(&cx, account).await?,
        required: factor::is_required(&cx, &roles).await?,
    })
}

/// What the authenticator is given.
struct Picture {
    svg: String,
    secret: String,
}

impl Picture {
    fn of(enrolment: &Enrolment) -> Result<Self> {
        let groups: Vec<String> = enrolment
            .secret
            .chars()
            .collect::<Vec<_>>()
            .chunks(4)
            .map(|group| group.iter().collect())
            .collect();
        Ok(Self {
            svg: qr::svg(&enrolment.address, "把密钥交给验证器的二维码")?, secret: groups.join(" ")
        })
    }
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage<'a> {
    office: &'a str,
    csrf: String,
    next: &'a str,
    picture: Option<Picture>,
    message: Option<&'a str>,
}

async fn code_form(State(app): State<App>, request: Request) -> Response {
    let next = Query::parse(request.uri().query())
        .ok()
        .and_then(|query| query.get("next").map(str::to_owned))
        .unwrap_or_default();
    let (parts, _) = request.into_parts();
    let origin = web::origin(&parts);
    match standing(&app, &parts.headers, &origin, "").await {
        Ok((pending, _)) => code_page(&app, &parts.headers, &pending, local_path(&next), None).await,
        Err(_) => respond::to_sign_in(local_path(&next)),
    }
}

/// Who stands between password and code in this browser.
async fn standing(app: &App, headers: &HeaderMap, origin: &str, number: &str) -> Result<(Pending, String)> {
    let token = web::cookie(headers, step_cookie_name(app)).unwrap_or_default();
    Ok((factor::pending(app, &token, origin, number).await?, token))
}

async fn code_page(
    app: &App,
    headers: &HeaderMap,
    pending: &Pending,
    next: &str,
    message: Option<&str>,
) -> Response {
    let made = async {
        let before = web::cookie(headers, BEFORE).unwrap_or_default();
        let picture = if pending.enrols {
            Some(Picture::of(&factor::enrol_pending(app, pending).await?)?)
        } else {
            None
        };
        let csrf = app.seal().token("before", &before);
        Ok::<_, Error>(CodePage { office: app.office(), csrf, next, picture, message }.render()?)
    };
    let status = if message.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    match made.await {
        Ok(content) => respond::framed(status, "登录", content),
        Err(error) => respond::plain_error(app, &error, false),
    }
}

async fn code(State(app): State<App>, request: Request) -> Response {
    let number =
        request.extensions().get::<web::RequestNumber>().map(|number| number.0.clone()).unwrap_or_default();
    let (headers, origin, form) = match plain_form(request).await {
        Ok(parts) => parts,
        Err(error) => return respond::plain_error(&app, &error, false),
    };
    let next = local_path(form.typed("next")).to_owned();
    let Ok((pending, token)) = standing(&app, &headers, &origin, &number).await else {
        return respond::to_sign_in(&next);
    };
    let passed = async {
        check_before(&app, &headers, &form)?;
        factor::pass(&app, &pending, &token, form.typed("code")).await
    };
    match passed.await {
        Ok((signed_in, codes)) => entered(&app, &signed_in.token, &codes, &next),
        Err(Error::Refusal(refusal)) => {
            code_page(&app, &headers, &pending, &next, Some(&refusal.message)).await
        }
        Err(error) => respond::plain_error(&app, &error, false),
    }
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct CodesPage<'a> {
    codes: &'a [String],
    next: &'a str,
}

/// Signed in; new recovery codes are shown first, because they are shown this once.
fn entered(app: &App, session: &str, codes: &[String], next: &str) -> Response {
    let mut response = if codes.is_empty() {
        respond::see_other(next, "")
    } else {
        match (CodesPage { codes, next }).render() {
            Ok(content) => {
                let content = format!("<main class=\"main\" id=\"main\">{content}</main>");
                respond::framed(StatusCode::OK, "恢复码", content)
            }
            Err(error) => return respond::plain_error(app, &error.into(), false),
        }
    };
    respond::set(&mut response, header::SET_COOKIE, &session_cookie(app, session));
    if let Ok(over) = step_cookie(app, "", 0).parse() {
        response.headers_mut().append(header::SET_COOKIE, over);
    }
    response
}

#[derive(Template)]
#[template(path = "factor.html")]
struct EnrolPage<'a> {
    csrf: String,
    picture: Picture,
    message: Option<&'a str>,
}

async fn checked(viewer: &Viewer, request: Request) -> Result<kit::Form> {
    let form = body::read_form(viewer, request).await?;
    viewer.check_csrf(form.typed("csrf"))?;
    Ok(form)
}

async fn enrol(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        checked(&viewer, request).await?;
        enrol_page(&viewer, None).await
    })
    .await
}

async fn enrol_page(viewer: &Viewer, message: Option<&str>) -> Result<Response> {
    let enrolment = factor::enrol_own(&viewer.app, &viewer.actor).await?;
    let content = EnrolPage { csrf: viewer.csrf(), picture: Picture::of(&enrolment)?, message }.render()?;
    let sheet = shell::Sheet::new("启用第二因素", content).crumb("账户与密码", "/account");
    let mut response = shell::page(viewer, sheet.crumb("启用第二因素", "")).await?;
    if message.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn confirm(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = checked(&viewer, request).await?;
        match factor::confirm_own(&viewer.app, &viewer.actor, form.typed("code")).await {
            Ok(codes) => codes_page(&viewer, &codes).await,
            Err(Error::Refusal(refusal)) if refusal.reason != kit::error::Reason::Conflict => {
                enrol_page(&viewer, Some(&refusal.message)).await
            }
            Err(error) => Err(error),
        }
    })
    .await
}

async fn codes_page(viewer: &Viewer, codes: &[String]) -> Result<Response> {
    let content = CodesPage { codes, next: "/account" }.render()?;
    let sheet = shell::Sheet::new("恢复码", content).crumb("账户与密码", "/account").crumb("恢复码", "");
    shell::page(viewer, sheet).await
}

async fn new_codes(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = checked(&viewer, request).await?;
        let codes = factor::renew_codes(&viewer.app, &viewer.actor, form.typed("code")).await?;
        codes_page(&viewer, &codes).await
    })
    .await
}

async fn drop_factor(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = checked(&viewer, request).await?;
        factor::drop_own(&viewer.app, &viewer.actor, form.typed("code")).await?;
        Ok(respond::after_deed(&viewer, "/account", "已停用第二因素，今后只凭密码登录。"))
    })
    .await
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_secret_is_shown_in_groups_that_can_be_typed() {
        let enrolment = super::Enrolment {
            secret: String::from("GEZDGNBVGY3TQOJQ"),
            address: String::from("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ"),
        };
        assert_eq!(super::Picture::of(&enrolment).unwrap().secret, "GEZD GNBV GY3T QOJQ");
    }
}
