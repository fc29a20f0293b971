//! Signing in with a second factor, as a browser meets it.

use axum::body::Body;
use chrono::Duration;
use kit::{Clock, seal::otp};

use crate::support::{Answer, City, Person};

/// A browser that keeps its cookies.
struct Browser<'a> {
    city: &'a City,
    cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    fn new(city: &'a City) -> Self {
        Self { city, cookies: Vec::new() }
    }

    async fn send(&mut self, method: &str, path: &str, body: String) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("cookie", cookies.join("; "))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        let answer = self.city.send(request).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let text = cookie.to_str().expect("plain text");
            let (name, value) = text.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            self.cookies.retain(|(held, _)| held != name);
            if !text.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, String::new()).await
    }

    async fn post(&mut self, path: &str, page: &Answer, entries: &[(&str, &str)]) -> Answer {
        let mut query = kit::web::Query::default().and("csrf", &csrf(page));
        for (name, value) in entries {
            query = query.and(name, value);
        }
        self.send("POST", path, query.to_string()).await
    }

    /// Gives name and password.
    async fn password(&mut self, login: &str) -> Answer {
        let page = self.get("/sign-in").await;
        let entries = [("login", login), ("password", xuncha::demo::PASSWORD), ("next", "/inbox")];
        self.post("/sign-in", &page, &entries).await
    }

    async fn is_in(&mut self) -> bool {
        self.get("/account").await.status == 200
    }
}

fn csrf(page: &Answer) -> String {
    between(&page.body, "name=\"csrf\" value=\"", "\"")
}

fn between(text: &str, from: &str, to: &str) -> String {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split_once(to).map(|(inner, _)| inner.to_owned()).unwrap_or_default()
}

/// The secret that a page shows for typing.
fn secret(page: &Answer) -> String {
    between(&page.body, "手工输入密钥：<span class=\"number\">", "</span>").replace(' ', "")
}

fn codes(page: &Answer) -> Vec<String> {
    let list = between(&page.body, "<ul class=\"codes\">", "</ul>");
    list.split("<li>").skip(1).map(|item| item.trim_end_matches("</li>").to_owned()).collect()
}

fn start() -> Clock {
    Clock::at(chrono::DateTime::parse_from_rfc3339("2024-01-10T09:00:00+08:00").expect("an instant").to_utc())
}

fn later(clock: &Clock, seconds: i64) {
    clock.set(clock.now() + Duration::seconds(seconds));
}

fn code(secret: &str, clock: &Clock) -> String {
    otp::code(secret, clock.now()).expect("a code")
}

async fn require(city: &City, amount: i64) {
    let program = std::sync::Arc::new(kit::Actor::program("test"));
    let written = city.app.write(&program, |cx| {
        Box::pin(async move {
            let mut sql = db::Sql::new("update policy set amount = ");
            sql.bind(amount).push(" where code in ").bind_list(registry::accounts::factor::POLICIES);
            cx.execute(sql).await
        })
    });
    assert_eq!(written.await.expect("written"), 4);
}

async fn refusal_is_kept_at_the_form(browser: &mut Browser<'_>, page: &Answer, code: &str) {
    let refused = browser.post("/sign-in/code", page, &[("code", code), ("next", "/inbox")]).await;
    assert_eq!(refused.status, 422, "{code}");
    assert!(refused.body.contains("验证码不正确或已用过"), "{}", refused.body);
    assert!(!browser.is_in().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_after_the_password_and_counts_once() {
    let clock = start();
    let city = City::at(clock.clone()).await;
    let login = city.login("office_liaison");
    let person = city.sign_in(&login).await;
    let page = person.post("/account/factor", &[]).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<svg class=\"qr\""));
    let secret = secret(&page);
    assert_eq!(person.post("/account/factor/confirm", &[("code", "000000")]).await.status, 422);
    let confirmed = person.post("/account/factor/confirm", &[("code", &code(&secret, &clock))]).await;
    let recovery = codes(&confirmed);
    assert_eq!(recovery.len(), 10, "{}", confirmed.body);

    later(&clock, 60);
    let mut browser = Browser::new(&city);
    let answer = browser.password(&login).await;
    assert!(answer.location.starts_with("/sign-in/code"), "{}", answer.location);
    assert!(!browser.is_in().await, "the password alone opens nothing");
    let page = browser.get("/sign-in/code?next=%2Finbox").await;
    refusal_is_kept_at_the_form(&mut browser, &page, "000000").await;
    let right = code(&secret, &clock);
    let entered = browser.post("/sign-in/code", &page, &[("code", &right), ("next", "/inbox")]).await;
    assert_eq!((entered.status, entered.location.as_str()), (303, "/inbox"));
    assert!(browser.is_in().await);

    let mut thief = Browser::new(&city);
    thief.password(&login).await;
    let page = thief.get("/sign-in/code").await;
    refusal_is_kept_at_the_form(&mut thief, &page, &right).await;
    // A recovery code stands in for the authenticator, once.
    let used = thief.post("/sign-in/code", &page, &[("code", &recovery[0].to_uppercase())]).await;
    assert_eq!(used.status, 303);
    let mut again = Browser::new(&city);
    again.password(&login).await;
    let page = again.get("/sign-in/code").await;
    refusal_is_kept_at_the_form(&mut again, &page, &recovery[0]).await;
    let held = city.number("select count(*) from recovery_code where code_digest like '%-%'").await;
    assert_eq!(held, 0, "codes are kept by digest only");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_must_have_a_second_factor_sets_it_up_before_anything_opens() {
    let clock = start();
    let city = City::at(clock.clone()).await;
    require(&city, 1).await;
    let mut browser = Browser::new(&city);
    let login = city.login("system_administrator");
    browser.password(&login).await;
    for path in ["/", "/account", "/accounts", "/api/v1/accounts"] {
        assert!(matches!(browser.get(path).await.status, 303 | 401), "{path}");
    }
    let page = browser.get("/sign-in/code").await;
    let secret = secret(&page);
    let entered = browser.post("/sign-in/code", &page, &[("code", &code(&secret, &clock))]).await;
    assert_eq!(codes(&entered).len(), 10, "{}", entered.body);
    assert!(browser.is_in().await);
    let account = browser.get("/account").await;
    assert!(account.body.contains("您的岗位必须使用第二因素"));
    later(&clock, 60);
    let kept = browser.post("/account/factor/drop", &account, &[("code", &code(&secret, &clock))]).await;
    assert_eq!(kept.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_between_password_and_code_is_short() {
    let clock = start();
    let city = City::at(clock.clone()).await;
    require(&city, 1).await;
    let mut browser = Browser::new(&city);
    browser.password(&city.login("system_administrator")).await;
    let page = browser.get("/sign-in/code").await;
    let secret = secret(&page);
    later(&clock, 11 * 60);
    let late = browser.post("/sign-in/code", &page, &[("code", &code(&secret, &clock))]).await;
    assert!(late.location.starts_with("/sign-in?"), "{}", late.location);
    assert!(!browser.is_in().await);
}

/// Sets a second factor up for `person`.
async fn enrolled(person: &Person<'_>, clock: &Clock) {
    let page = person.post("/account/factor", &[]).await;
    let confirmed = person.post("/account/factor/confirm", &[("code", &code(&secret(&page), clock))]).await;
    assert_eq!(codes(&confirmed).len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_authenticator_is_reset_by_two_people() {
    let clock = start();
    let city = City::at(clock.clone()).await;
    let login = city.login("office_liaison");
    let person = city.sign_in(&login).await;
    enrolled(&person, &clock).await;
    let account = city.actor_account(&login).await;
    let (system, security) =
        (city.person("system_administrator").await, city.person("security_administrator").await);
    let path = |deed: &str| format!("/accounts/{account}/{deed}");
    assert_eq!(security.post(&path("reset_factor"), &[]).await.status, 409, "nobody has asked yet");
    assert_eq!(system.post(&path("reset_factor"), &[]).await.status, 403);
    assert_eq!(system.post(&path("ask_factor_reset"), &[("reason", "手机遗失")]).await.status, 303);
    assert_eq!(security.post(&path("reset_factor"), &[]).await.status, 303);
    assert_eq!(person.get("/account").await.status, 303, "the sessions have ended");
    let mut browser = Browser::new(&city);
    assert_eq!(browser.password(&login).await.location, "/inbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_slowed_down_like_guessing_passwords() {
    let clock = start();
    let city = City::at(clock.clone()).await;
    let login = city.login("office_liaison");
    enrolled(&city.sign_in(&login).await, &clock).await;
    let mut browser = Browser::new(&city);
    browser.password(&login).await;
    let page = browser.get("/sign-in/code").await;
    for _ in 0..5 {
        refusal_is_kept_at_the_form(&mut browser, &page, "000000").await;
    }
    let blocked = browser.post("/sign-in/code", &page, &[("code", "000000")]).await;
    assert!(blocked.body.contains("登录失败次数较多"), "{}", blocked.body);
}
