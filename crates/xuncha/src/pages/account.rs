//! Signing in and out, the first set-up, and the person's own account.

use askama::Template;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use kit::{
    App, Error, Form, Refusal, Result,
    error::Reason,
    seal,
    service::Page,
    web::{self, Query, Viewer, body, respond, shell},
};
use registry::{
    accounts::{factor::Step, sessions},
    set_up,
};

use super::factor;

fn page(
    method: &'static str,
    path: &'static str,
    public: bool,
    handler: axum::routing::MethodRouter<App>,
) -> Page {
    Page { method, path, label: "", group: None, icon: "", offered: |_| true, public, handler }
}

pub(super) fn pages() -> Vec<Page> {
    vec![
        page("GET", "/sign-in", true, get(sign_in_form)),
        page("POST", "/sign-in", true, post(sign_in)),
        page("GET", "/set-up", true, get(set_up_form)),
        page("POST", "/set-up", true, post(set_up_done)),
        page("POST", "/sign-out", false, post(sign_out)),
        page("GET", "/account", false, get(account)),
        page("POST", "/account/password", false, post(change_password)),
        page("POST", "/account/sessions/end", false, post(end_sessions)),
    ]
}

/// Cookie that ties the sign-in form to the browser that fetched it.
pub(super) const BEFORE: &str = "xuncha_before";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    office: &'a str,
    csrf: String,
    login: &'a str,
    next: &'a str,
    message: Option<&'a str>,
}

async fn sign_in_form(State(app): State<App>, request: Request) -> Response {
    let next = Query::parse(request.uri().query())
        .ok()
        .and_then(|query| query.get("next").map(str::to_owned))
        .unwrap_or_default();
    sign_in_page(&app, request.headers(), StatusCode::OK, "", &next, None)
}

fn sign_in_page(
    app: &App,
    headers: &HeaderMap,
    status: StatusCode,
    login: &str,
    next: &str,
    message: Option<&str>,
) -> Response {
    let held = web::cookie(headers, BEFORE).filter(|value| value.len() == 64);
    let before = held.clone().map_or_else(seal::secret, Ok);
    let Ok(before) = before else {
        return respond::plain_page(StatusCode::INTERNAL_SERVER_ERROR, "系统暂时不能登录，请稍后再试。", "");
    };
    let page =
        SignInPage { office: app.office(), csrf: app.seal().token("before", &before), login, next, message };
    let Ok(content) = page.render() else {
        return respond::plain_page(StatusCode::INTERNAL_SERVER_ERROR, "页面生成失败。", "");
    };
    let mut response = respond::framed(status, "登录", content);
    if held.is_none() {
        respond::set(&mut response, header::SET_COOKIE, &before_cookie(app, &before));
    }
    response
}

/// Ties a form that is shown before anybody is known to the browser that fetched it.
fn before_cookie(app: &App, before: &str) -> String {
    let secure = if app.secure() { "; Secure" } else { "" };
    format!("{BEFORE}={before}; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600{secure}")
}

pub(super) async fn plain_form(request: Request) -> Result<(HeaderMap, String, Form)> {
    let origin = request
        .extensions()
        .get::<ConnectInfo<std::net::SocketAddr>>()
        .map_or_else(|| String::from("local"), |info| info.0.ip().to_string());
    let headers = request.headers().clone();
    let form = Form::from_urlencoded(&body::bytes(request.into_body(), 64 * 1024).await?)?;
    Ok((headers, origin, form))
}

pub(super) fn check_before(app: &App, headers: &HeaderMap, form: &Form) -> Result<()> {
    let before = web::cookie(headers, BEFORE).unwrap_or_default();
    if web::same_site(headers) && seal::same_secret(&app.seal().token("before", &before), form.typed("csrf"))
    {
        return Ok(());
    }
    Err(Refusal::new(Reason::Forbidden, "登录页面已过期，请刷新后重新输入。").into())
}

async fn sign_in(State(app): State<App>, request: Request) -> Response {
    let number =
        request.extensions().get::<web::RequestNumber>().map(|number| number.0.clone()).unwrap_or_default();
    let (headers, origin, form) = match plain_form(request).await {
        Ok(parts) => parts,
        Err(error) => return respond::plain_error(&app, &error, false),
    };
    let (login, next) = (form.typed("login").trim().to_owned(), form.typed("next").to_owned());
    let signed_in = async {
        check_before(&app, &headers, &form)?;
        sessions::sign_in(&app, &login, form.typed("password"), &origin, &number).await
    };
    match signed_in.await {
        Ok(Step::Done(signed_in)) => {
            let mut response = respond::see_other(local_path(&next), "");
            respond::set(&mut response, header::SET_COOKIE, &session_cookie(&app, &signed_in.token));
            response
        }
        Ok(Step::Code(token) | Step::Enrol(token)) => factor::second_step(&app, &token, local_path(&next)),
        Err(Error::Refusal(refusal)) => {
            let status = if refusal.reason == Reason::Overloaded {
                StatusCode::TOO_MANY_REQUESTS
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            sign_in_page(&app, &headers, status, &login, &next, Some(&refusal.message))
        }
        Err(error) => respond::plain_error(&app, &error, false),
    }
}

pub(super) fn session_cookie(app: &App, token: &str) -> String {
    let secure = if app.secure() { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Strict{secure}", web::cookie_name(app))
}

/// Only an address of this site: one slash, then no slash or backslash, no control characters.
pub(super) fn local_path(next: &str) -> &str {
    let mut chars = next.chars();
    let local = chars.next() == Some('/') && !matches!(chars.next(), Some('/' | '\\'));
    if local && !next.chars().any(|c| c.is_control() || c == '\\') && next.is_ascii() { next } else { "/" }
}

async fn sign_out(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        sessions::sign_out(&viewer.app, &viewer.actor, &viewer.token).await?;
        let mut response = respond::see_other("/sign-in", "");
        respond::set(
            &mut response,
            header::SET_COOKIE,
            &format!("{}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0", web::cookie_name(&viewer.app)),
        );
        respond::set(&mut response, HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"");
        Ok(response)
    })
    .await
}

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage<'a> {
    form: &'a Form,
    message: Option<&'a str>,
    csrf: String,
}

async fn set_up_form(State(app): State<App>, request: Request) -> Response {
    set_up_page(&app, request.headers(), StatusCode::OK, &Form::default(), None)
}

fn set_up_page(
    app: &App,
    headers: &HeaderMap,
    status: StatusCode,
    form: &Form,
    message: Option<&str>,
) -> Response {
    let held = web::cookie(headers, BEFORE).filter(|value| value.len() == 64);
    let Ok(before) = held.clone().map_or_else(seal::secret, Ok) else {
        return respond::plain_page(StatusCode::INTERNAL_SERVER_ERROR, "系统暂时不能设置，请稍后再试。", "");
    };
    let page = SetUpPage { form, message, csrf: app.seal().token("before", &before) };
    let mut response = respond::framed(status, "首次设置", page.render().unwrap_or_default());
    if held.is_none() {
        respond::set(&mut response, header::SET_COOKIE, &before_cookie(app, &before));
    }
    response
}

async fn set_up_done(State(app): State<App>, request: Request) -> Response {
    let (headers, _, form) = match plain_form(request).await {
        Ok(parts) => parts,
        Err(error) => return respond::plain_error(&app, &error, false),
    };
    let done = async {
        check_before(&app, &headers, &form)?;
        let person = |prefix: &str| set_up::FirstAccount {
            login: form.typed(&format!("{prefix}_login")).trim().to_owned(),
            name: form.typed(&format!("{prefix}_name")).trim().to_owned(),
            password: form.typed(&format!("{prefix}_password")).to_owned(),
        };
        set_up::complete(&app, form.typed("secret").trim(), person("system"), person("security")).await
    };
    match done.await {
        Ok(()) => respond::see_other("/sign-in", ""),
        Err(Error::Refusal(refusal)) => {
            set_up_page(&app, &headers, StatusCode::UNPROCESSABLE_ENTITY, &form, Some(&refusal.message))
        }
        Err(error) => respond::plain_error(&app, &error, false),
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    name: &'a str,
    posts: Vec<(String, String)>,
    sessions: Vec<(String, String, String)>,
    csrf: String,
    message: Option<&'a str>,
    factor: factor::OwnFactor,
}

async fn account(viewer: Viewer) -> Response {
    respond::answer(&viewer, account_page(&viewer, None)).await
}

async fn account_page(viewer: &Viewer, message: Option<&str>) -> Result<Response> {
    use kit::Labelled as _;
    let posts = viewer.actor.posts.iter().map(|post| {
        let until = post.to.map_or_else(|| String::from("长期"), |to| format!("至 {to}"));
        (post.role.label().to_owned(), format!("自 {} {until}", post.from))
    });
    let open = sessions::own_sessions(&viewer.read(), &viewer.token).await?;
    let content = AccountPage {
        name: &viewer.actor.name,
        posts: posts.collect(),
        sessions: open
            .into_iter()
            .map(|session| {
                (
                    kit::clock::office_time(session.started_at),
                    kit::clock::office_time(session.seen_at),
                    session.origin,
                )
            })
            .collect(),
        csrf: viewer.csrf(),
        message,
        factor: factor::own(viewer).await?,
    }
    .render()?;
    shell::page(viewer, shell::Sheet::new("账户与密码", content).crumb("账户与密码", "")).await
}

async fn change_password(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        if form.typed("new") != form.typed("again") {
            return refused(&viewer, "两次输入的新密码不一致，没有修改。").await;
        }
        let changed = sessions::change_password(
            &viewer.app,
            &viewer.actor,
            &viewer.token,
            form.typed("old"),
            form.typed("new"),
        );
        match changed.await {
            Ok(()) => Ok(respond::after_deed(&viewer, "/account", "密码已修改，其他登录已退出。")),
            Err(Error::Refusal(refusal)) => refused(&viewer, &refusal.message).await,
            Err(error) => Err(error),
        }
    })
    .await
}

async fn refused(viewer: &Viewer, message: &str) -> Result<Response> {
    let mut response = account_page(viewer, Some(message)).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn end_sessions(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        for session in sessions::own_sessions(&viewer.read(), &viewer.token)
            .await?
            .iter()
            .filter(|session| !session.current)
        {
            sessions::end_own(&viewer.app, &viewer.actor, &session.key).await?;
        }
        Ok(respond::after_deed(&viewer, "/account", "其他登录已退出。"))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_lands_only_on_this_site() {
        for bad in ["//evil", "/\\evil", "http://evil", "\\\\evil", "/a\nb", "", "evil"] {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
        assert_eq!(local_path("/problems?size=20"), "/problems?size=20");
    }
}
