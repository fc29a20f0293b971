//! For the tests of this area: a seeded app, organisations, people of its roles.

use std::sync::Arc;

use kit::{
    Actor, Error, Labelled as _, Refusal, Result, Role,
    testing::{TestApp, actor},
};
use uuid::Uuid;

/// An app with this area's services, its dictionaries and policies.
pub(crate) async fn app() -> TestApp {
    let test = TestApp::new(crate::services()).await;
    let program = Arc::new(Actor::program("建立"));
    test.app.write(&program, |cx| Box::pin(crate::seed(cx))).await.unwrap();
    require_factor(&test, 0).await;
    test
}

/// Makes the second factor obligatory for everybody (1) or nobody (0).
pub(crate) async fn require_factor(test: &TestApp, amount: i64) {
    let program = Arc::new(Actor::program("建立"));
    let written = test.app.write(&program, |cx| {
        Box::pin(async move {
            let mut sql = db::Sql::new("update policy set amount = ");
            sql.bind(amount).push(" where code in ").bind_list(crate::accounts::factor::POLICIES);
            cx.execute(sql).await
        })
    });
    assert_eq!(written.await.unwrap(), 4);
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

/// A password that is accepted.
pub(crate) const PASSWORD: &str = "river-camphor-7-tree";

/// Makes an account and answers its id.
pub(crate) async fn account(test: &TestApp, login: &str) -> Uuid {
    let entries = [("login", login), ("name", "林某某"), ("password", PASSWORD)];
    let system = actor(Role::SystemAdministrator, None, None);
    test.perform(&system, "accounts", None, "create", &entries).await.unwrap().id
}

/// Proposes a post that belongs to no organisation and has it approved.
pub(crate) async fn post(test: &TestApp, account: Uuid, role: Role) -> Uuid {
    post_at(test, account, role, None).await
}

/// Proposes a post and has it approved.
pub(crate) async fn post_at(test: &TestApp, account: Uuid, role: Role, organisation: Option<Uuid>) -> Uuid {
    let (account, organisation) =
        (account.to_string(), organisation.map(|id| id.to_string()).unwrap_or_default());
    let entries = [
        ("account", account.as_str()),
        ("role", role.code()),
        ("organisation", organisation.as_str()),
        ("from", "2023-01-01"),
        ("basis", "任职文件"),
    ];
    let system = actor(Role::SystemAdministrator, None, None);
    let post = test.perform(&system, "posts", None, "create", &entries).await.unwrap().id;
    let security = actor(Role::SecurityAdministrator, None, None);
    test.perform(&security, "posts", Some(post), "approve", &[]).await.unwrap();
    post
}
