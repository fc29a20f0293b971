//! Sessions over HTTP: how they begin, what their cookies are, and how they end.

use axum::body::Body;
use chrono::{DateTime, Duration, Utc};
use kit::Clock;

use crate::support::{Answer, City};

fn morning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2024-03-01T09:00:00+08:00").expect("a valid instant").to_utc()
}

/// The value of a cookie that `answer` sets, and the whole line.
fn cookie(answer: &Answer, name: &str) -> Option<(String, String)> {
    answer.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()).find_map(|line| {
        let value = line.strip_prefix(name)?.strip_prefix('=')?.split(';').next()?;
        Some((value.to_owned(), line.to_owned()))
    })
}

/// Fills in the sign-in page as a browser does.
async fn sign_in(city: &City, login: &str, password: &str) -> Answer {
    let page = axum::http::Request::builder().uri("/sign-in").header("host", "localhost");
    let page = city.send(page.body(Body::empty()).expect("a request")).await;
    let (before, _) = cookie(&page, "xuncha_before").expect("the page ties its form to the browser");
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let body = kit::web::Query::default()
        .and("csrf", csrf.expect("a token"))
        .and("login", login)
        .and("password", password)
        .to_string();
    let request = axum::http::Request::builder()
        .method("POST")
        .uri("/sign-in")
        .header("host", "localhost")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", format!("xuncha_before={before}"));
    city.send(request.body(Body::from(body)).expect("a request")).await
}

async fn open(city: &City, token: &str, path: &str) -> Answer {
    let request = axum::http::Request::builder()
        .uri(path)
        .header("host", "localhost")
        .header("cookie", format!("xuncha_session={token}"));
    city.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_gives_a_cookie_that_scripts_and_other_sites_never_get() {
    let city = City::new().await;
    let login = city.login("office_director");
    let answer = sign_in(&city, &login, xuncha::demo::PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let (token, line) = cookie(&answer, "xuncha_session").expect("a session");
    assert!(
        line.contains("HttpOnly") && line.contains("SameSite=Strict") && line.contains("Path=/"),
        "{line}"
    );
    assert_eq!(open(&city, &token, "/").await.status, 200);
    assert_eq!(open(&city, &token.to_uppercase(), "/").await.status, 303, "another token is nobody's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let city = City::new().await;
    let login = city.login("office_director");
    let known = sign_in(&city, &login, "not the password").await;
    let unknown = sign_in(&city, "nobody01", "not the password").await;
    assert_eq!((known.status, unknown.status), (422, 422));
    let message = "登录名或密码不正确，或者账号已停用。";
    assert!(known.body.contains(message) && unknown.body.contains(message));
    assert!(cookie(&known, "xuncha_session").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_several_failures_even_the_right_password_has_to_wait() {
    let clock = Clock::at(morning());
    let city = City::at(clock.clone()).await;
    let login = city.login("office_director");
    for _ in 0..5 {
        assert_eq!(sign_in(&city, &login, "not the password").await.status, 422);
    }
    let blocked = sign_in(&city, &login, xuncha::demo::PASSWORD).await;
    assert!(
        cookie(&blocked, "xuncha_session").is_none() && blocked.body.contains("秒后再试"),
        "{}",
        blocked.body
    );
    clock.set(morning() + Duration::seconds(6));
    assert_eq!(sign_in(&city, &login, xuncha::demo::PASSWORD).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_refused_at_its_next_request() {
    let city = City::new().await;
    let (director, system) =
        (city.person("office_director").await, city.person("system_administrator").await);
    assert_eq!(director.get("/").await.status, 200);
    let mut sql = db::Sql::new("select id from account where login = ");
    sql.bind(director.login.as_str());
    let id = city.ids(sql).await[0];
    let disabled = system.post(&format!("/accounts/{id}/disable"), &[("reason", "离岗")]).await;
    assert_eq!(disabled.status, 303, "{}", disabled.body);
    assert_eq!(director.get("/").await.location, "/sign-in?next=%2F");
    assert_eq!(director.get("/api/v1/problems").await.status, 401);
    assert_eq!(sign_in(&city, &director.login, xuncha::demo::PASSWORD).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_signing_out_the_token_is_worth_nothing() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let other = city.sign_in(&person.login).await;
    let answer = person.post("/sign-out", &[]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/sign-in"));
    assert_eq!(person.get("/").await.status, 303);
    assert_eq!(other.get("/").await.status, 200, "other sessions of the person go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_without_activity_ends_and_one_in_use_ends_at_its_longest() {
    let clock = Clock::at(morning());
    let city = City::at(clock.clone()).await;
    let limit = async |code: &str| {
        let cx = city.behind();
        registry::policies::amount(&cx, code, cx.today()).await.expect("a policy")
    };
    let (idle, longest) = (limit("session_idle").await, limit("session_absolute").await);

    let left = city.person("office_director").await;
    clock.set(morning() + Duration::minutes(idle - 1));
    assert_eq!(left.get("/").await.status, 200);
    clock.set(morning() + Duration::minutes(2 * idle - 2));
    assert_eq!(left.get("/").await.status, 200, "activity prolongs it");
    clock.set(morning() + Duration::minutes(3 * idle));
    assert_eq!(left.get("/").await.status, 303, "nothing happened for too long");

    let (begun, used) = (morning() + Duration::minutes(3 * idle), city.person("office_liaison").await);
    let mut now = begun;
    while now + Duration::minutes(idle - 1) < begun + Duration::hours(longest) {
        now += Duration::minutes(idle - 1);
        clock.set(now);
        assert_eq!(used.get("/inbox").await.status, 200, "after {}", now - begun);
    }
    clock.set(begun + Duration::hours(longest) + Duration::seconds(1));
    assert_eq!(used.get("/").await.status, 303, "no session lasts for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_open_while_its_author_signed_in_again_comes_back_with_everything_in_it() {
    let city = City::new().await;
    let before = city.person("office_director").await.csrf();
    let again = city.person("office_director").await;
    let typed = [("csrf", before.as_str()), ("name", "还没提交的单位")];
    let answer = again.post("/organisations", &typed).await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("还没提交的单位"), "what was typed is in the form");
    assert!(answer.body.contains(&format!("value=\"{}\"", again.csrf())), "which can be sent now");
    assert_eq!(city.number("select count(*) from organisation where name = '还没提交的单位'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_can_ask_who_is_signed_in_before_it_sends_what_was_typed() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let session = person.get("/session").await.json();
    assert_eq!(session["csrf"], person.csrf());
    assert_eq!(session["person"], city.actor_account(&person.login).await.to_string());
    let page = person.get("/organisations").await.body;
    assert!(
        page.contains(&format!("name=\"person\" content=\"{}\"", session["person"].as_str().expect("an id")))
    );
}
