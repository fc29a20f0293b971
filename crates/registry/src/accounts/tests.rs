//! Signing in, staying signed in, and being put out.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use kit::{
    Actor, App, Clock, Role,
    cx::Parts,
    error::Reason,
    seal::{self, Seal},
    service::Registry,
    testing::{TestApp, actor},
};

use super::sessions::{
    SignedIn, change_password, end_own, identify, own_sessions, sign_in as sign_in_from, sign_out,
};
use crate::{
    set_up::{self, FirstAccount},
    testing::{PASSWORD, account, app, director, post, refusal},
};

async fn sign_in(app: &App, login: &str, password: &str) -> kit::Result<SignedIn> {
    let step = sign_in_from(app, login, password, "10.0.0.1", "r-1").await?;
    Ok(step.done().expect("no second factor is asked for"))
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn start() -> DateTime<Utc> {
    at("2023-06-01T09:00:00+08:00")
}

async fn who(test: &TestApp, token: &str) -> Option<Arc<Actor>> {
    identify(&test.app, token).await.unwrap().map(Arc::new)
}

/// The same data seen by a program that has just started.
async fn restarted(test: &TestApp) -> App {
    App::new(Parts {
        db: test.app.db().clone(),
        clock: test.clock.clone(),
        seal: Seal::new(&[1; 32]).unwrap(),
        folder: test.app.folder().clone(),
        fonts: Vec::new(),
        office: String::new(),
        secure: false,
        registry: Registry::default(),
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn who_signs_in_is_known_with_the_posts_of_the_day_until_signing_out() {
    let test = app().await;
    let id = account(&test, "linmou").await;
    post(&test, id, Role::OfficeLiaison).await;
    let signed = sign_in(&test.app, " LinMou ", PASSWORD).await.unwrap();
    assert!(signed.initial_password);
    let person = who(&test, &signed.token).await.unwrap();
    assert_eq!((person.account, person.is(Role::OfficeLiaison)), (Some(id), true));
    let own = super::own(&test.app.read(&person)).await.unwrap();
    assert_eq!((own.login.as_str(), own.posts.len()), ("linmou", 1));
    sign_out(&test.app, &person, &signed.token).await.unwrap();
    assert!(who(&test, &signed.token).await.is_none());
}

#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_a_disabled_account_get_one_answer() {
    let test = app().await;
    account(&test, "known").await;
    let off = account(&test, "disabled").await;
    let system = actor(Role::SystemAdministrator, None, None);
    test.perform(&system, "accounts", Some(off), "disable", &[("reason", "离岗")]).await.unwrap();
    let wrong = refusal(sign_in(&test.app, "known", "another-camphor-7-tree").await.map(|_| ()));
    let unknown = refusal(sign_in(&test.app, "nobody", PASSWORD).await.map(|_| ()));
    let disabled = refusal(sign_in(&test.app, "disabled", PASSWORD).await.map(|_| ()));
    assert_eq!(wrong, unknown);
    assert_eq!(wrong, disabled);
}

#[tokio::test]
async fn failures_delay_known_and_unknown_names_alike_and_a_restart_forgets_none() {
    let test = app().await;
    account(&test, "known").await;
    for login in ["known", "nobody"] {
        for _ in 0..5 {
            let refused = refusal(sign_in(&test.app, login, "wrong-camphor-7-bush").await.map(|_| ()));
            assert!(!refused.message.contains("秒"));
        }
        let restarted = restarted(&test).await;
        let blocked = refusal(sign_in(&restarted, login, PASSWORD).await.map(|_| ()));
        assert!(blocked.message.contains("5 秒"), "{}", blocked.message);
        assert_eq!(blocked.reason, Reason::SignIn);
    }
    test.set_clock(start() + Duration::seconds(6));
    assert!(sign_in(&test.app, "known", PASSWORD).await.is_ok());
    refusal(sign_in(&test.app, "known", "wrong-camphor-7-bush").await.map(|_| ()));
    assert!(sign_in(&test.app, "known", PASSWORD).await.is_ok(), "success cleared the account's count");
}

#[tokio::test]
async fn attempts_side_by_side_are_counted_one_by_one() {
    let test = app().await;
    account(&test, "known").await;
    let mut attempts = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let app = test.app.clone();
        attempts
            .spawn(async move { refusal(sign_in(&app, "known", "wrong-camphor-7-bush").await.map(|_| ())) });
    }
    let refusals = attempts.join_all().await;
    let checked = refusals.iter().filter(|refused| refused.message.contains("不正确")).count();
    assert_eq!(checked, 5, "the fifth failure blocks those that come after it");
}

#[tokio::test]
async fn an_address_that_tries_many_names_is_delayed_while_another_is_not() {
    let test = app().await;
    account(&test, "known").await;
    for count in 0..21 {
        let login = format!("guess{count}");
        refusal(sign_in(&test.app, &login, "wrong-camphor-7-bush").await.map(|_| ()));
    }
    refusal(sign_in(&test.app, "known", PASSWORD).await.map(|_| ()));
    assert!(sign_in_from(&test.app, "known", PASSWORD, "10.0.0.2", "r-2").await.is_ok());
}

#[tokio::test]
async fn every_attempt_stands_in_the_audit() {
    let test = app().await;
    account(&test, "known").await;
    sign_in(&test.app, "known", PASSWORD).await.unwrap();
    refusal(sign_in(&test.app, "known", "wrong-camphor-7-bush").await.map(|_| ()));
    refusal(sign_in(&test.app, "nobody", PASSWORD).await.map(|_| ()));
    let auditor = test.app.read(&actor(Role::SecurityAuditor, None, None));
    let filter =
        crate::audit_log::Filter { deed: Some(String::from("sign_in")), limit: 10, ..Default::default() };
    let lines = crate::audit_log::page(&auditor, &filter).await.unwrap();
    let seen: Vec<bool> = lines.iter().map(|line| line.entry.record_id.is_some()).collect();
    assert_eq!(seen, [false, true, true]);
    assert!(kit::audit::verify(test.app.db()).await.unwrap().first_bad.is_none());
}

#[tokio::test]
async fn half_an_hour_without_activity_ends_a_session_and_activity_prolongs_it() {
    let test = app().await;
    account(&test, "linmou").await;
    let token = sign_in(&test.app, "linmou", PASSWORD).await.unwrap().token;
    for minutes in [29, 58, 87] {
        test.set_clock(start() + Duration::minutes(minutes));
        assert!(who(&test, &token).await.is_some(), "{minutes}");
    }
    // What was seen is stored, so that a restart does not shorten the session either.
    assert!(identify(&restarted(&test).await, &token).await.unwrap().is_some());
    test.set_clock(start() + Duration::minutes(87 + 31));
    assert!(who(&test, &token).await.is_none());
}

#[tokio::test]
async fn no_activity_carries_a_session_beyond_ten_hours() {
    let test = app().await;
    account(&test, "linmou").await;
    let token = sign_in(&test.app, "linmou", PASSWORD).await.unwrap().token;
    for step in 1..=30 {
        test.set_clock(start() + Duration::minutes(20 * step));
        assert!(who(&test, &token).await.is_some());
    }
    test.set_clock(start() + Duration::minutes(601));
    assert!(who(&test, &token).await.is_none());
}

#[tokio::test]
async fn a_disabled_account_an_ended_post_and_a_passed_day_count_at_the_next_request() {
    let test = app().await;
    let system = actor(Role::SystemAdministrator, None, None);
    let id = account(&test, "linmou").await;
    let held = post(&test, id, Role::OfficeLiaison).await;
    let token = sign_in(&test.app, "linmou", PASSWORD).await.unwrap().token;
    assert!(who(&test, &token).await.unwrap().is_office());
    test.perform(&system, "posts", Some(held), "end", &[("reason", "离岗")]).await.unwrap();
    assert!(!who(&test, &token).await.unwrap().is_office());
    let last = [("name", "林某某"), ("valid_to", "2023-06-01")];
    test.perform(&system, "accounts", Some(id), "edit", &last).await.unwrap();
    assert!(who(&test, &token).await.is_some());
    test.set_clock(at("2023-06-02T00:00:01+08:00"));
    let late = sign_in(&test.app, "linmou", PASSWORD).await;
    refusal(late.map(|_| ()));
    test.set_clock(start());
    test.perform(&system, "accounts", Some(id), "disable", &[("reason", "离岗")]).await.unwrap();
    assert!(who(&test, &token).await.is_none());
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_a_person_ends_only_its_own() {
    let test = app().await;
    account(&test, "linmou").await;
    account(&test, "other").await;
    let one = sign_in(&test.app, "linmou", PASSWORD).await.unwrap().token;
    let two = sign_in(&test.app, "linmou", PASSWORD).await.unwrap().token;
    let foreign = sign_in(&test.app, "other", PASSWORD).await.unwrap().token;
    let person = who(&test, &one).await.unwrap();
    assert_eq!(own_sessions(&test.app.read(&person), &one).await.unwrap().len(), 2);
    refusal(end_own(&test.app, &person, &seal::digest(foreign.as_bytes())).await);
    let new = "mountain-bamboo-9-rain";
    refusal(change_password(&test.app, &person, &one, "wrong-camphor-7-bush", new).await);
    refusal(change_password(&test.app, &person, &one, PASSWORD, "password-is-too-common").await);
    change_password(&test.app, &person, &one, PASSWORD, new).await.unwrap();
    assert!(who(&test, &one).await.is_some());
    assert!(who(&test, &two).await.is_none());
    assert!(!sign_in(&test.app, "linmou", new).await.unwrap().initial_password);
}

#[tokio::test]
async fn the_database_holds_no_token_and_histories_no_digest_of_a_password() {
    let test = app().await;
    let id = account(&test, "linmou").await;
    let token = sign_in(&test.app, "linmou", PASSWORD).await.unwrap().token;
    let cx = test.app.read(&director());
    let mut sql = db::Sql::new("select count(*) from session where token_hash = ");
    sql.bind(token.as_str());
    assert_eq!(cx.number(sql).await.unwrap(), 0);
    let system = actor(Role::SystemAdministrator, None, None);
    let new = [("password", "mountain-bamboo-9-rain")];
    test.perform(&system, "accounts", Some(id), "reset_password", &new).await.unwrap();
    assert!(who(&test, &token).await.is_none());
    let leaked = db::Sql::new("select count(*) from history where changes like '%argon2%'");
    assert_eq!(cx.number(leaked).await.unwrap(), 0);
}

#[tokio::test]
async fn an_administrators_password_is_not_reset_by_the_other_administrator() {
    let test = app().await;
    let security = account(&test, "security").await;
    post(&test, security, Role::SecurityAdministrator).await;
    let system = account(&test, "system").await;
    post(&test, system, Role::SystemAdministrator).await;
    let new = [("password", "mountain-bamboo-9-rain")];
    let as_role = |role| actor(role, None, None);
    for (id, role) in [(security, Role::SystemAdministrator), (system, Role::SecurityAdministrator)] {
        let refused =
            refusal(test.perform(&as_role(role), "accounts", Some(id), "reset_password", &new).await);
        assert_eq!(refused.reason, Reason::Forbidden);
    }
    let last = [("reason", "离岗")];
    refusal(
        test.perform(&as_role(Role::SystemAdministrator), "accounts", Some(security), "disable", &last).await,
    );
}

#[tokio::test]
async fn business_staff_see_no_account() {
    let test = app().await;
    let id = account(&test, "linmou").await;
    for role in [Role::OfficeDirector, Role::OfficeLiaison, Role::CommitteeLeader, Role::Discipline] {
        let cx = test.app.read(&actor(role, None, None));
        assert!(!kit::service::can_see(&cx, "accounts", id).await.unwrap(), "{role:?}");
    }
}

fn first(login: &str) -> FirstAccount {
    FirstAccount { login: login.to_owned(), name: String::from("林某某"), password: PASSWORD.to_owned() }
}

#[tokio::test]
async fn the_first_run_makes_two_administrators_once() {
    let test = app().await;
    let old = set_up::begin(&test.app).await.unwrap().unwrap();
    let secret = set_up::begin(&test.app).await.unwrap().unwrap();
    refusal(set_up::complete(&test.app, &old, first("system"), first("security")).await);
    refusal(set_up::complete(&test.app, &secret, first("same"), first("same")).await);
    let weak = FirstAccount { password: String::from("short"), ..first("security") };
    let refused = refusal(set_up::complete(&test.app, &secret, first("system"), weak).await);
    assert_eq!(refused.fields.first().map(|(name, _)| name.as_str()), Some("security_password"));
    test.set_clock(start() + Duration::minutes(31));
    refusal(set_up::complete(&test.app, &secret, first("system"), first("security")).await);
    test.set_clock(start());
    set_up::complete(&test.app, &secret, first("system"), first("security")).await.unwrap();
    refusal(set_up::complete(&test.app, &secret, first("third"), first("fourth")).await);
    assert_eq!(set_up::begin(&test.app).await.unwrap(), None);
    let token = sign_in(&test.app, "security", PASSWORD).await.unwrap().token;
    assert!(who(&test, &token).await.unwrap().is(Role::SecurityAdministrator));
}

#[tokio::test]
async fn a_clock_set_back_does_not_break_a_session() {
    let test = app().await;
    account(&test, "linmou").await;
    let token = sign_in(&test.app, "linmou", PASSWORD).await.unwrap().token;
    let Clock::Set(_) = &test.clock else { panic!("a standing clock") };
    test.set_clock(start() - Duration::minutes(5));
    assert!(who(&test, &token).await.is_some());
    for odd in ["", "x", &"é".repeat(32), &"0".repeat(64)] {
        assert!(who(&test, odd).await.is_none());
    }
}

#[tokio::test]
async fn a_post_begins_and_ends_with_its_minute_in_a_session_that_is_open() {
    let test = app().await;
    let id = account(&test, "linmou").await;
    let post = post(&test, id, Role::OfficeLiaison).await;
    let (from, to) = (at("2023-06-01T09:05:00+08:00"), at("2023-06-01T09:20:00+08:00"));
    let by = director();
    let written = test.app.write(&by, |cx| {
        let mut sql = db::Sql::new("update post set from_at = ");
        sql.bind(from).push(", to_at = ").bind(to).push(" where id = ").bind(post);
        Box::pin(async move { cx.execute(sql).await })
    });
    assert_eq!(written.await.unwrap(), 1);
    let signed = sign_in(&test.app, "linmou", PASSWORD).await.unwrap();
    let holds = async |instant: &str| {
        test.set_clock(at(instant));
        who(&test, &signed.token).await.unwrap().is(Role::OfficeLiaison)
    };
    assert!(!holds("2023-06-01T09:04:59+08:00").await);
    assert!(holds("2023-06-01T09:05:00+08:00").await);
    assert!(holds("2023-06-01T09:19:59+08:00").await);
    assert!(!holds("2023-06-01T09:20:00+08:00").await);
}
