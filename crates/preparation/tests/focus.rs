//! From duties and rules to a checklist, and from the checklist to what covers each point.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

mod support;

use std::sync::Arc;

use kit::error::Reason;
use support::{City, refused, strangers};
use uuid::Uuid;

async fn seeded() -> City {
    let city = City::new().await;
    let program = Arc::new(kit::Actor::program("建立"));
    city.test.app.write(&program, |cx| Box::pin(preparation::seed(cx))).await.unwrap();
    let duties = [
        ("organisation", "市水利局"),
        ("duties.0.text", "负责水利工程建设管理和招投标监督"),
        ("duties.0.core", "1"),
        ("duties.0.valid_from", "2019-01-01"),
        ("duties.1.text", "负责水旱灾害防御"),
        ("duties.1.core", "1"),
        ("duties.1.valid_from", "2019-01-01"),
    ];
    city.does(&city.clerk, "duties", None, "create", &duties).await;
    city
}

async fn drawn(city: &City) -> Uuid {
    let unit = city.unit.to_string();
    city.does(&city.member, "focus_lists", None, "create", &[("unit", unit.as_str())]).await
}

async fn point(city: &City, words: &str) -> Uuid {
    city.one(&format!("select id from focus_item where text like '%{words}%' order by position limit 1"))
        .await
}

#[tokio::test]
async fn a_checklist_follows_from_duties_and_rules_and_a_unit_has_one() {
    let city = seeded().await;
    let list = drawn(&city).await;
    point(&city, "围标串标").await;
    point(&city, "水旱灾害防御").await;
    assert_eq!(city.number("select count(*) from focus_item where text like '%医药%'").await, 0);
    let unit = city.unit.to_string();
    let again = city.perform(&city.head, "focus_lists", None, "create", &[("unit", unit.as_str())]).await;
    assert_eq!(refused(again).reason, Reason::Conflict);
    let before = city.total(&city.head, "focus_items").await;
    city.does(&city.head, "focus_lists", Some(list), "derive", &[]).await;
    assert_eq!(city.total(&city.head, "focus_items").await, before, "nothing stands twice");
}

#[tokio::test]
async fn a_new_duty_adds_its_points_and_an_ended_one_gives_none() {
    let city = seeded().await;
    let flood = city.one("select id from duty where text like '%防御%'").await;
    city.does(
        &city.clerk,
        "duties",
        Some(flood),
        "end",
        &[("valid_to", "2023-05-01"), ("reason", "划转应急管理局")],
    )
    .await;
    let list = drawn(&city).await;
    assert_eq!(city.number("select count(*) from focus_item where text like '%防御%'").await, 0);
    let more = [
        ("organisation", "市水利局"),
        ("duties.0.text", "负责水利专项资金分配"),
        ("duties.0.core", "1"),
        ("duties.0.valid_from", "2023-05-01"),
    ];
    city.does(&city.clerk, "duties", None, "create", &more).await;
    let before = city.total(&city.head, "focus_items").await;
    city.does(&city.head, "focus_lists", Some(list), "derive", &[]).await;
    assert_eq!(city.total(&city.head, "focus_items").await, before + 2, "the duty itself and its funds");
}

#[tokio::test]
async fn what_covers_a_point_is_a_record_or_words_and_progress_follows() {
    let city = seeded().await;
    let list = drawn(&city).await;
    city.does(&city.head, "focus_lists", Some(list), "confirm", &[]).await;
    let first = point(&city, "围标串标").await;
    let neither = refused(city.perform(&city.member, "focus_items", Some(first), "cover", &[]).await);
    assert_eq!(neither.fields.first().map(|(name, _)| name.as_str()), Some("note"));
    let unknown = [("by", "DG-2023-9999")];
    let refusal = refused(city.perform(&city.member, "focus_items", Some(first), "cover", &unknown).await);
    assert_eq!(refusal.fields.first().map(|(name, _)| name.as_str()), Some("by"));
    let address = format!("http://10.0.0.8/inspection_units/{}?tab=team", city.unit);
    city.does(&city.member, "focus_items", Some(first), "cover", &[("by", &address)]).await;
    let view = city.show(&city.head, "focus_items", first).await.unwrap();
    let by = view.facts.iter().find(|fact| fact.key == "by").unwrap();
    assert!(matches!(&by.value, kit::Shown::Link { href, .. } if href.ends_with(&city.unit.to_string())));
    let open = refused(city.perform(&city.head, "focus_lists", Some(list), "conclude", &[]).await);
    assert_eq!(open.reason, Reason::Conflict);
    let cx = city.test.app.read(&city.head);
    let done = preparation::focus_lists::progress(&cx, preparation::focus_lists::ListId(list)).await.unwrap();
    assert_eq!((done.covered, done.left_out), (1, 0));
}

#[tokio::test]
async fn a_record_that_one_may_not_see_covers_nothing_and_is_not_named() {
    let city = seeded().await;
    drawn(&city).await;
    let first = point(&city, "围标串标").await;
    let piece = [
        ("giver", city.discipline_body.to_string()),
        ("unit", city.unit.to_string()),
        ("kind", String::from("lead")),
        ("given_on", String::from("2023-06-01")),
        ("subject", String::from("某")),
        ("content", String::from("某事")),
        ("request", String::from("核查")),
    ];
    let entries: Vec<(&str, &str)> = piece.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let id = city.does(&city.discipline, "brought_pieces", None, "create", &entries).await;
    let number = city.show(&city.head, "brought_pieces", id).await.unwrap().number;
    for text in [number.clone(), format!("/brought_pieces/{id}")] {
        refused(city.perform(&city.member, "focus_items", Some(first), "cover", &[("by", &text)]).await);
    }
    city.does(&city.head, "focus_items", Some(first), "cover", &[("by", &number)]).await;
    assert!(!city.facts(&city.member, "focus_items", first).await.contains(&number));
    assert!(city.facts(&city.head, "focus_items", first).await.contains(&number));
}

#[tokio::test]
async fn a_concluded_checklist_is_opened_before_its_points_change() {
    let city = seeded().await;
    let list = drawn(&city).await;
    city.does(&city.head, "focus_lists", Some(list), "confirm", &[]).await;
    let cx = city.test.app.read(&city.head);
    let points =
        preparation::focus_items::of_list(&cx, preparation::focus_lists::ListId(list)).await.unwrap();
    let first = points.first().unwrap().id.0;
    for point in points {
        let reason = [("reason", "本次不涉及")];
        city.does(&city.member, "focus_items", Some(point.id.0), "leave_out", &reason).await;
    }
    city.does(&city.head, "focus_lists", Some(list), "conclude", &[]).await;
    let closed = refused(city.perform(&city.member, "focus_items", Some(first), "reopen", &[]).await);
    assert_eq!(closed.reason, Reason::Conflict);
    city.does(&city.head, "focus_lists", Some(list), "reopen", &[]).await;
    city.does(&city.member, "focus_items", Some(first), "reopen", &[]).await;
}

#[tokio::test]
async fn neither_departments_nor_the_organisation_nor_other_teams_see_a_checklist() {
    let city = seeded().await;
    drawn(&city).await;
    let mut people = strangers();
    people.extend([Arc::clone(&city.liaison), Arc::clone(&city.discipline), Arc::clone(&city.audit)]);
    for who in people {
        let may = who.is_office() || who.is(kit::Role::LeadingGroup);
        assert_eq!(city.total(&who, "focus_lists").await == 1, may, "{}", who.name);
        assert_eq!(city.total(&who, "focus_items").await > 0, may, "{}", who.name);
    }
    city.walk().await;
}
