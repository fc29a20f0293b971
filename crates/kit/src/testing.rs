//! For tests of slices: an app on a database of its own, people by role, deeds by name.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Actor, App, Clock, Form, Outcome, Post, Result, Role,
    cx::Parts,
    perform::{Request, perform},
    seal::Seal,
    service::Registry,
};

/// An app with its own migrated database; gone when dropped.
pub struct TestApp {
    /// The app.
    pub app: App,
    /// The clock, which stands at 2023-06-01 09:00 office time until moved.
    pub clock: Clock,
    _database: db::testing::TestDb,
}

impl TestApp {
    /// An app that offers `services`.
    pub async fn new(services: Vec<crate::Service>) -> Self {
        Self::with(Registry { services, ..Registry::default() }).await
    }

    /// An app made of `registry`.
    pub async fn with(registry: Registry) -> Self {
        let database = db::testing::TestDb::new().await.expect("a test database");
        let start =
            DateTime::parse_from_rfc3339("2023-06-01T09:00:00+08:00").expect("a valid instant").to_utc();
        let clock = Clock::at(start);
        let app = App::new(Parts {
            db: database.db.clone(),
            clock: clock.clone(),
            seal: Seal::new(&[1; 32]).expect("a key of 32 bytes"),
            folder: database.folder.path().to_owned(),
            fonts: Vec::new(),
            office: String::from("澜江市委巡察办"),
            secure: false,
            registry,
        })
        .await
        .expect("an app");
        Self { app, clock, _database: database }
    }

    /// Does `deed` with `entries` filled in, as a page would.
    pub async fn perform(
        &self,
        actor: &Arc<Actor>,
        noun: &str,
        id: Option<Uuid>,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Result<Outcome> {
        let form = Form::of(entries.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let request =
            Request { noun: noun.to_owned(), id, deed: deed.to_owned(), form, key: None, strict: true };
        perform(&self.app, actor, request).await
    }

    /// Moves the clock.
    pub fn set_clock(&self, instant: DateTime<Utc>) {
        self.clock.set(instant);
    }
}

/// Somebody who holds `role`, at `organisation` and for `inspection` when given.
pub fn actor(role: Role, organisation: Option<Uuid>, inspection: Option<Uuid>) -> Arc<Actor> {
    use crate::Labelled as _;
    let from = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).expect("a valid day");
    Arc::new(Actor {
        account: Some(crate::ids::random()),
        name: role.label().to_owned(),
        posts: vec![Post { organisation, inspection, from, ..Post::of(role) }],
        bars: std::sync::Arc::default(),
        program: false,
        origin: String::from("test"),
        request: String::from("test"),
    })
}
