//! For the tests of this area: a seeded app, organisations, people of its roles.

use std::sync::Arc;

use kit::{
    Actor, Error, Refusal, Result, Role,
    testing::{TestApp, actor},
};
use uuid::Uuid;

/// An app with this area's services, its dictionaries and policies.
pub(crate) async fn app() -> TestApp {
    let test = TestApp::new(crate::services()).await;
    let program = Arc::new(Actor::program("建立"));
    test.app.write(&program, |cx| Box::pin(crate::seed(cx))).await.unwrap();
    test
}

/// Somebody of the office who decides.
pub(crate) fn director() -> Arc<Actor> {
    actor(Role::OfficeDirector, None, None)
}

/// Registers an organisation.
pub(crate) async fn organisation(test: &TestApp, code: &str, name: &str) -> Uuid {
    let entries =
        [("code", code), ("name", name), ("kind", "supervising_body"), ("valid_from", "2015-01-01")];
    test.perform(&director(), "organisations", None, "create", &entries).await.unwrap().id
}

/// The refusal a result must be.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result.unwrap_err() {
        Error::Refusal(refusal) => refusal,
        Error::Fault(fault) => panic!("a fault instead of a refusal: {fault}"),
    }
}
