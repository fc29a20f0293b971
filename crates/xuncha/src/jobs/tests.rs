//! Stories of the program's own jobs, on the whole program.

use std::sync::Arc;

use db::Sql;
use kit::{
    Actor, App, Labelled as _, Role,
    jobs::{self, JobId, State},
    testing::{TestApp, actor},
};

use crate::{
    assemble,
    imports::{self, keep},
};

/// The whole program on a new installation.
pub(crate) async fn installation() -> TestApp {
    let test = TestApp::with(assemble::registry()).await;
    assemble::establish(&test.app, "澜江市委巡察办", None).await.unwrap();
    test
}

/// Somebody of `role` with an account.
pub(crate) async fn somebody(test: &TestApp, role: Role) -> Arc<Actor> {
    let system = actor(Role::SystemAdministrator, None, None);
    let login = role.code().replace('_', ".");
    let entries = [("login", login.as_str()), ("name", "林某某"), ("password", "river-camphor-7-tree")];
    let account = test.perform(&system, "accounts", None, "create", &entries).await.unwrap().id;
    let text = account.to_string();
    let entries =
        [("account", text.as_str()), ("role", role.code()), ("from", "2023-01-01"), ("basis", "任职文件")];
    let post = test.perform(&system, "posts", None, "create", &entries).await.unwrap().id;
    let security = actor(Role::SecurityAdministrator, None, None);
    test.perform(&security, "posts", Some(post), "approve", &[]).await.unwrap();
    Arc::new(registry::accounts::sessions::person(&test.app, account).await.unwrap().unwrap())
}

/// A job as the program sees it.
pub(crate) async fn job(app: &App, id: JobId) -> jobs::Job {
    jobs::find(&app.read(&Arc::new(Actor::program("test"))), id).await.unwrap()
}

async fn number(app: &App, sql: &str) -> i64 {
    app.read(&Arc::new(Actor::program("test"))).number(Sql::new(sql)).await.unwrap()
}

async fn upload(test: &TestApp, who: &Arc<Actor>, text: &str) -> JobId {
    let kind = imports::kind("organisations").unwrap();
    let id = keep::add(&test.app, who, kind, "单位.csv", text.as_bytes()).await.unwrap();
    let upload = keep::find(&test.app.read(who), id).await.unwrap();
    let order = test.app.write(who, |cx| Box::pin(async move { super::order_import(cx, &upload).await }));
    order.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_ledger_is_stored_in_the_background_and_forgotten_aside() {
    let test = installation().await;
    let office = somebody(&test, Role::OfficeDirector).await;
    let text = "单位名称,单位类别,设立日期\n市教育局,市直部门,2015-01-01\n市财政局,市直部门,2015-01-01\n";
    let id = upload(&test, &office, text).await;
    jobs::run_due(&test.app).await.unwrap();
    let job = job(&test.app, id).await;
    assert_eq!(job.state, State::Done, "{}", job.message);
    assert_eq!((job.title.as_str(), job.result_link.as_str()), ("导入单位台账：单位.csv", "/imports"));
    assert_eq!(number(&test.app, "select count(*) from organisation").await, 2);
    assert_eq!(number(&test.app, "select count(*) from import_upload").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_with_a_bad_row_leaves_nothing_and_stays_for_correction() {
    let test = installation().await;
    let office = somebody(&test, Role::OfficeDirector).await;
    let id = upload(&test, &office, "单位名称,单位类别,设立日期\n市教育局,市直部门,2015-02-30\n").await;
    jobs::run_due(&test.app).await.unwrap();
    let job = job(&test.app, id).await;
    assert_eq!(job.state, State::Failed);
    assert!(job.message.contains("核对页面"), "{}", job.message);
    assert_eq!(number(&test.app, "select count(*) from organisation").await, 0);
    assert_eq!(number(&test.app, "select count(*) from import_upload").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recurring_kind_has_its_schedule_from_the_start() {
    let test = installation().await;
    let recurring = super::kinds().into_iter().filter(|kind| kind.daily.is_some()).count();
    let held = number(&test.app, "select count(*) from job_schedule").await;
    assert_eq!(usize::try_from(held).unwrap(), recurring);
    // Starting again adds nothing.
    assemble::establish(&test.app, "澜江市委巡察办", None).await.unwrap();
    assert_eq!(number(&test.app, "select count(*) from job_schedule").await, held);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_new_version_brings_reaches_an_installation_that_exists_and_takes_nothing_back() {
    let test = installation().await;
    let program = Arc::new(Actor::program("test"));
    let changed = test.app.write(&program, |cx| {
        Box::pin(async move {
            // An older version knew neither this policy nor this word, and the office changed another.
            cx.execute(Sql::new("delete from policy where code = 'job_keep'")).await?;
            cx.execute(Sql::new("delete from dictionary_item where code = 'F4.2'")).await?;
            cx.execute(Sql::new("update policy set amount = 99 where code = 'session_idle'")).await
        })
    });
    assert_eq!(changed.await.unwrap(), 1);
    assemble::establish(&test.app, "澜江市委巡察办", None).await.unwrap();
    assert_eq!(number(&test.app, "select amount from policy where code = 'job_keep'").await, 30);
    assert_eq!(number(&test.app, "select count(*) from dictionary_item where code = 'F4.2'").await, 1);
    assert_eq!(number(&test.app, "select amount from policy where code = 'session_idle'").await, 99);
}
