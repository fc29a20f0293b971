//! People who speak HTTP to the program in-process, on a copy of the demonstration city.

use std::sync::Arc;

use axum::{Router, body::Body};
use http_body_util::BodyExt as _;
use kit::{Actor, App, Clock, Labelled as _, cx::Parts, seal::Seal};
use tower::ServiceExt as _;
use xuncha::{assemble, demo};

/// The program on the demonstration city, in a database of its own.
pub(crate) struct City {
    pub(crate) app: App,
    pub(crate) router: Router,
    pub(crate) accounts: Vec<demo::DemoAccount>,
    database: db::testing::TestDb,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: String,
}

/// Somebody signed in.
pub(crate) struct Person<'a> {
    pub(crate) city: &'a City,
    pub(crate) login: String,
    token: String,
}

impl City {
    /// The city as the seed makes it.
    pub(crate) async fn new() -> Self {
        Self::at(Clock::System).await
    }

    /// The city as the seed makes it, where it is as late as `clock` says.
    pub(crate) async fn at(clock: Clock) -> Self {
        let database = db::testing::TestDb::prepared("city", async |target| {
            let app = open(target.clone(), std::env::temp_dir(), Clock::System).await;
            assemble::establish(&app, "澜江市委巡察办", Some(7)).await.expect("established");
            demo::load(&app, 7, None).await.expect("loaded");
        })
        .await
        .expect("a test database");
        let app = open(database.db.clone(), database.folder.path().to_owned(), clock).await;
        let accounts = demo::accounts(7);
        Self { router: kit::web::router(app.clone()), app, accounts, database }
    }

    /// Signs somebody of `role` in.
    pub(crate) async fn person(&self, role: &str) -> Person<'_> {
        self.sign_in(&self.login(role)).await
    }

    /// The login of somebody of `role`.
    pub(crate) fn login(&self, role: &str) -> String {
        let account = self.accounts.iter().find(|account| account.role.code() == role);
        account.unwrap_or_else(|| panic!("nobody is {role}")).login.clone()
    }

    /// The ids that a statement selects.
    pub(crate) async fn ids(&self, sql: db::Sql) -> Vec<uuid::Uuid> {
        let rows = self.behind().rows(sql).await.expect("a good statement");
        rows.iter().map(|row| row.try_get_by_index(0).expect("an id")).collect()
    }

    /// The one number that a statement answers with.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.behind().number(db::Sql::new(sql)).await.expect("a good statement")
    }

    /// Signs `login` in.
    pub(crate) async fn sign_in(&self, login: &str) -> Person<'_> {
        let signed_in =
            registry::accounts::sessions::sign_in(&self.app, login, demo::PASSWORD, "test", "test")
                .await
                .expect("the demonstration password is right")
                .done()
                .expect("no second step in the demonstration");
        Person { city: self, login: login.to_owned(), token: signed_in.token }
    }

    /// How many statements were read with so far.
    pub(crate) fn statements(&self) -> u64 {
        self.database.statements.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Sends a request as nobody.
    pub(crate) async fn send(&self, request: axum::http::Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let location =
            headers.get("location").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let bytes = response.into_body().collect().await.expect("a whole body").to_bytes();
        Answer { status, location, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Who `login` is today.
    pub(crate) async fn actor_of(&self, login: &str) -> Actor {
        let person = self.sign_in(login).await;
        registry::accounts::sessions::identify(&self.app, &person.token)
            .await
            .expect("a session")
            .expect("an actor")
    }

    /// The account of `login`.
    pub(crate) async fn actor_account(&self, login: &str) -> uuid::Uuid {
        let mut sql = db::Sql::new("select id from account where login = ");
        sql.bind(login);
        self.ids(sql).await[0]
    }

    /// The program's own view, for looking behind the pages.
    pub(crate) fn behind(&self) -> kit::Cx {
        self.app.read(&Arc::new(Actor::program("test")))
    }
}

async fn open(db: db::Db, folder: std::path::PathBuf, clock: Clock) -> App {
    let parts = Parts {
        db,
        clock,
        seal: Seal::new(&[1; 32]).expect("a key"),
        folder,
        fonts: Vec::new(),
        office: String::from("澜江市委巡察办"),
        secure: false,
        registry: assemble::registry(),
    };
    App::new(parts).await.expect("an app")
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }
}

impl Person<'_> {
    /// A context for reading as this person.
    pub(crate) async fn reading(&self) -> kit::Cx {
        self.city.app.read(&Arc::new(self.city.actor_of(&self.login).await))
    }

    /// The token that this person's forms carry.
    pub(crate) fn csrf(&self) -> String {
        kit::web::csrf(&self.city.app, &self.token)
    }

    /// This session's token, as a program sends it.
    pub(crate) fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// Opens a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Body::empty()).await
    }

    /// Sends a form, with the session's token and a new key.
    pub(crate) async fn post(&self, path: &str, entries: &[(&str, &str)]) -> Answer {
        let mut query = kit::web::Query::default();
        for (name, value) in entries {
            query = query.and(name, value);
        }
        if !entries.iter().any(|(name, _)| *name == "csrf") {
            query = query.and("csrf", &kit::web::csrf(&self.city.app, &self.token));
        }
        if !entries.iter().any(|(name, _)| *name == "_key") {
            query = query.and("_key", &kit::ids::random().to_string());
        }
        self.post_raw(path, query.to_string()).await
    }

    /// Sends a form body as it is.
    pub(crate) async fn post_raw(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send("POST", path, &[("content-type", "application/x-www-form-urlencoded")], body.into()).await
    }

    /// Sends JSON to the API.
    pub(crate) async fn api(&self, path: &str, body: serde_json::Value) -> Answer {
        let csrf = kit::web::csrf(&self.city.app, &self.token);
        let key = kit::ids::random().to_string();
        let headers = [
            ("content-type", "application/json"),
            ("x-csrf", csrf.as_str()),
            ("idempotency-key", key.as_str()),
        ];
        self.send("POST", path, &headers, Body::from(body.to_string())).await
    }

    /// Fetches a file as bytes.
    pub(crate) async fn bytes(&self, path: &str) -> Vec<u8> {
        let request = axum::http::Request::builder()
            .uri(path)
            .header("host", "localhost")
            .header("cookie", format!("xuncha_session={}", self.token))
            .body(Body::empty())
            .expect("a valid request");
        let response = self.city.router.clone().oneshot(request).await.expect("the router always answers");
        response.into_body().collect().await.expect("a whole body").to_bytes().to_vec()
    }

    /// Sends any request with the session's cookie.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("cookie", format!("xuncha_session={}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.city.send(request.body(body).expect("a valid request")).await
    }
}
