//! Seeds, dictionaries, policies and the calendar together.

use std::sync::Arc;

use chrono::NaiveDate;
use kit::{Actor, Labelled as _, Role, error::Reason, testing::actor};

use crate::{
    policies,
    testing::{app, director, refusal},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn seeding_again_adds_nothing_and_keeps_what_the_office_changed() {
    let test = app().await;
    let cx = test.app.read(&director());
    let policy = kit::lookup::record(&cx, "policies", "lead_result").await.unwrap().unwrap();
    let entries = [("amount", "2"), ("unit", "months"), ("basis", "本市规定"), ("valid_from", "2023-07-01")];
    test.perform(&director(), "policies", Some(policy), "renew", &entries).await.unwrap();
    let program = Arc::new(Actor::program("建立"));
    let added = test
        .app
        .write(&program, |cx| {
            Box::pin(async { Ok((crate::dictionaries::seed(cx).await?, policies::seed(cx).await?)) })
        })
        .await
        .unwrap();
    assert_eq!(added, (0, 0));
    let cx = test.app.read(&director());
    let before = policies::deadline(&cx, "lead_result", day("2023-06-30")).await.unwrap();
    let after = policies::deadline(&cx, "lead_result", day("2023-07-01")).await.unwrap();
    assert_eq!((before.due_on, after.due_on), (day("2023-09-30"), day("2023-09-01")));
}

#[tokio::test]
async fn a_holiday_pushes_a_deadline_in_working_days_back() {
    let test = app().await;
    let plain =
        policies::deadline(&test.app.read(&director()), "team_report", day("2023-06-01")).await.unwrap();
    assert_eq!(plain.due_on, day("2023-06-22"));
    let holiday = [("from", "2023-06-22"), ("to", "2023-06-23"), ("name", "端午节")];
    test.perform(&director(), "calendar_days", None, "create", &holiday).await.unwrap();
    let worked = [("from", "2023-06-25"), ("to", "2023-06-25"), ("working", "1"), ("name", "调休上班")];
    test.perform(&director(), "calendar_days", None, "create", &worked).await.unwrap();
    let moved =
        policies::deadline(&test.app.read(&director()), "team_report", day("2023-06-01")).await.unwrap();
    assert_eq!(moved.due_on, day("2023-06-25"));
    refusal(test.perform(&director(), "calendar_days", None, "create", &holiday).await);
}

#[tokio::test]
async fn a_new_version_of_an_item_closes_the_old_one_the_day_before() {
    let test = app().await;
    let cx = test.app.read(&director());
    let item = kit::lookup::record(&cx, "dictionaries", "C08.1").await.unwrap().unwrap();
    let entries = [
        ("label", "整改不彻底"),
        ("parent", "C08"),
        ("position", "10"),
        ("basis", "2023年分类"),
        ("valid_from", "2023-06-01"),
    ];
    let renewed = test.perform(&director(), "dictionaries", Some(item), "renew", &entries).await.unwrap();
    let cx = test.app.read(&director());
    let old = crate::dictionaries::find(&cx, item.into()).await.unwrap();
    assert_eq!(old.valid_to, Some(day("2023-05-31")));
    let found = kit::dictionary::find(&cx, "category_2", "C08.1").await.unwrap().unwrap();
    assert_eq!(found.label, "整改不彻底");
    refusal(test.perform(&director(), "dictionaries", Some(item), "renew", &entries).await);
    assert_ne!(renewed.id, item);
}

/// Whether a change of both policies in this order goes through, when somebody else changes them in the other.
async fn change_both(app: &kit::App, codes: [&str; 2], met: Arc<tokio::sync::Barrier>) -> kit::Result<()> {
    let touch = |code: &str| {
        let mut sql = db::Sql::new("update policy set version = version + 1 where code = ");
        sql.bind(code);
        sql
    };
    let (first, second) = (touch(codes[0]), touch(codes[1]));
    app.write(&director(), |cx| {
        Box::pin(async move {
            cx.record("test", "policies", None, kit::audit::Outcome::Done);
            cx.execute(first).await?;
            met.wait().await;
            cx.execute(second).await.map(drop)
        })
    })
    .await
}

#[tokio::test]
async fn of_two_changes_that_wait_for_each_other_one_is_refused_as_too_many_and_can_be_sent_again() {
    let test = app().await;
    // SQLite writes one after the other: there the two never meet.
    if test.app.read(&director()).conn().backend() != db::DbBackend::Postgres {
        return;
    }
    let met = Arc::new(tokio::sync::Barrier::new(2));
    let (there, back) = tokio::join!(
        change_both(&test.app, ["lead_result", "team_report"], Arc::clone(&met)),
        change_both(&test.app, ["team_report", "lead_result"], met),
    );
    let (kept, refused) = if there.is_ok() { (there, back) } else { (back, there) };
    assert!(kept.is_ok());
    assert_eq!(refusal(refused).reason, Reason::Overloaded);
}

#[tokio::test]
async fn an_administrator_sees_no_dictionary_and_a_liaison_changes_none() {
    let test = app().await;
    let cx = test.app.read(&director());
    let item = kit::lookup::record(&cx, "dictionaries", "C08.1").await.unwrap().unwrap();
    let entries = [("valid_to", "2023-06-01")];
    let administrator = actor(Role::SystemAdministrator, None, None);
    let hidden = refusal(test.perform(&administrator, "dictionaries", Some(item), "end", &entries).await);
    assert_eq!(hidden.reason, Reason::NotFound);
    let liaison = actor(Role::OfficeLiaison, None, None);
    let refused = refusal(test.perform(&liaison, "dictionaries", Some(item), "end", &entries).await);
    assert_eq!(refused.reason, Reason::Forbidden);
}

#[tokio::test]
async fn people_are_known_to_the_office_and_the_organisation_department_only() {
    let test = app().await;
    let entries = [("name", "陈某"), ("title", "科长"), ("speciality", "财务审计")];
    let id = test.perform(&director(), "people", None, "create", &entries).await.unwrap().id;
    for &role in Role::ALL {
        let cx = test.app.read(&actor(role, None, None));
        let knows = role.is_office() || role == Role::OrganisationDepartment;
        assert_eq!(kit::service::can_see(&cx, "people", id).await.unwrap(), knows, "{role:?}");
    }
}

#[tokio::test]
async fn every_form_of_this_area_is_described_without_a_record_and_every_table_prints() {
    let test = app().await;
    let cx = test.app.read(&director());
    for service in &test.app.registry().services {
        for deed in &service.deeds {
            (deed.fields)(&cx, None).await.unwrap();
        }
        let Some(governed) = &service.governed else { continue };
        let deeds: Vec<&str> = service.deeds.iter().map(|deed| deed.key).collect();
        for (_, deed, _) in (governed.transitions)() {
            assert!(deeds.contains(&deed.code), "{} has no deed {}", service.noun, deed.code);
        }
        let permissions = (governed.permissions)();
        let concerned_only =
            permissions.iter().all(|line| line.own || !line.other || line.role.is_administrator());
        assert!(concerned_only, "{}: a stranger may what a person concerned may not", service.noun);
    }
}
