//! Proposing and deciding posts.

use std::sync::Arc;

use kit::{
    Actor, Labelled as _, Outcome, Result, Role,
    error::Reason,
    testing::{TestApp, actor},
};
use uuid::Uuid;

use super::{NOUN, actions};
use crate::testing::{account, app, director, organisation, post, refusal};

async fn propose(test: &TestApp, by: &Arc<Actor>, account: Uuid, role: Role) -> Result<Outcome> {
    let id = account.to_string();
    let entries =
        [("account", id.as_str()), ("role", role.code()), ("from", "2023-01-01"), ("basis", "任职文件")];
    test.perform(by, NOUN, None, "create", &entries).await
}

/// Somebody who holds `role` and signs in with `account`.
fn with_account(role: Role, account: Uuid) -> Arc<Actor> {
    let mut person = Actor::clone(&actor(role, None, None));
    person.account = Some(account);
    Arc::new(person)
}

#[tokio::test]
async fn the_three_administrators_exclude_each_other_and_every_business_post() {
    let test = app().await;
    let system = actor(Role::SystemAdministrator, None, None);
    let administrator = account(&test, "administrator").await;
    post(&test, administrator, Role::SystemAdministrator).await;
    for role in [Role::SecurityAdministrator, Role::SecurityAuditor, Role::OfficeDirector] {
        let refused = refusal(propose(&test, &system, administrator, role).await);
        assert!(refused.message.contains("不得兼任"), "{role:?}");
    }
    let clerk = account(&test, "clerk").await;
    propose(&test, &system, clerk, Role::OfficeLiaison).await.unwrap();
    refusal(propose(&test, &system, clerk, Role::SecurityAuditor).await);
}

#[tokio::test]
async fn nobody_decides_what_he_proposed_or_what_is_for_himself() {
    let test = app().await;
    let (both, target) = (account(&test, "both").await, account(&test, "target").await);
    let system = with_account(Role::SystemAdministrator, both);
    refusal(propose(&test, &system, both, Role::SystemAdministrator).await);
    let proposed = propose(&test, &system, target, Role::OfficeLiaison).await.unwrap().id;
    for decider in [both, target] {
        let security = with_account(Role::SecurityAdministrator, decider);
        let refused = refusal(test.perform(&security, NOUN, Some(proposed), "approve", &[]).await);
        assert_eq!(refused.reason, Reason::Forbidden);
    }
    refusal(test.perform(&system, NOUN, Some(proposed), "approve", &[]).await);
    let security = actor(Role::SecurityAdministrator, None, None);
    test.perform(&security, NOUN, Some(proposed), "approve", &[]).await.unwrap();
    let twice = refusal(test.perform(&security, NOUN, Some(proposed), "approve", &[]).await);
    assert_eq!(twice.reason, Reason::Conflict);
}

#[tokio::test]
async fn a_post_at_an_organisation_names_it_and_a_team_post_comes_with_its_authorisation() {
    let test = app().await;
    let system = actor(Role::SystemAdministrator, None, None);
    let person = account(&test, "linmou").await;
    refusal(propose(&test, &system, person, Role::Discipline).await);
    refusal(propose(&test, &system, person, Role::TeamHead).await);
    let here = organisation(&test, "J01", "市纪委监委").await.to_string();
    let id = person.to_string();
    let entries = [
        ("account", id.as_str()),
        ("role", "discipline"),
        ("organisation", here.as_str()),
        ("from", "2023-01-01"),
        ("basis", "任职文件"),
    ];
    test.perform(&system, NOUN, None, "create", &entries).await.unwrap();
}

#[tokio::test]
async fn a_team_post_ends_with_its_inspection() {
    let test = app().await;
    let person = account(&test, "linmou").await;
    let inspection = kit::ids::random();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let authorisation = actions::Authorisation {
        account: person.into(),
        role: Role::TeamMember,
        inspection,
        from: day("2023-03-01"),
        to: day("2023-12-31"),
        basis: String::from("巡察组授权任职决定"),
    };
    let again = authorisation.clone();
    let liaison = actor(Role::TeamHead, None, Some(inspection));
    refusal(test.app.write(&liaison, |cx| Box::pin(actions::authorise(cx, again))).await);
    test.app.write(&director(), |cx| Box::pin(actions::authorise(cx, authorisation))).await.unwrap();
    let cx = test.app.read(&director());
    assert_eq!(super::roles_of(&cx, person.into()).await.unwrap(), [Role::TeamMember]);
    let last_day = day("2023-05-31");
    let end = test
        .app
        .write(&director(), |cx| Box::pin(actions::end_authorisations(cx, inspection, None, last_day)))
        .await;
    assert_eq!(end.unwrap(), 1);
    let cx = test.app.read(&director());
    assert!(super::roles_of(&cx, person.into()).await.unwrap().is_empty());
}
