//! Letters: decided, passed on, joined; their writers in the vault; those that must go up unread.

use std::sync::Arc;

use chrono::TimeDelta;
use kit::{Actor, Role, error::Reason, testing::actor};
use uuid::Uuid;

use crate::support::{City, refused};

const CONTENT: &str = "局长收受某企业翡翠摆件";
const WRITER: &str = "鲍秘桐";
const PHONE: &str = "13800138000";

async fn petition(city: &City, signed: &str) -> Uuid {
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("channel", "letter"),
        ("received_on", "2023-05-22"),
        ("signed", signed),
        ("people", "1"),
        ("category", "integrity"),
        ("subject", "某局局长"),
        ("content", CONTENT),
    ];
    city.perform(&city.member, "petitions", None, "create", &entries).await.unwrap().id
}

async fn identity(city: &City, petition: Uuid) -> Uuid {
    let petition = petition.to_string();
    let entries = [("petition", petition.as_str()), ("name", WRITER), ("phone", PHONE)];
    city.perform(&city.member, "informants", None, "create", &entries).await.unwrap().id
}

#[tokio::test]
async fn a_letter_is_decided_verified_and_closed_with_a_clock_in_every_step() {
    let city = City::new().await;
    let id = petition(&city, "anonymous").await;
    let handler = city.places[1].to_string();
    let deed = [("handler", handler.as_str()), ("opinion", "查账")];
    let refusal = refused(city.perform(&city.member, "petitions", Some(id), "verify", &deed).await);
    assert_eq!(refusal.reason, Reason::Forbidden);
    assert!(city.show(&city.head, "petitions", id).await.unwrap().clock.is_some());
    city.perform(&city.head, "petitions", Some(id), "verify", &deed).await.unwrap();
    assert!(city.show(&city.member, "petitions", id).await.unwrap().clock.is_some());
    let result = [("result", "partly"), ("on", "2023-06-01"), ("note", "部分属实")];
    city.perform(&city.member, "petitions", Some(id), "close", &result).await.unwrap();
    assert_eq!(city.state(&city.member, "petitions", id).await, "closed");
    assert!(city.show(&city.member, "petitions", id).await.unwrap().clock.is_none());
}

#[tokio::test]
async fn a_letter_reaches_the_unit_only_without_its_writer_and_ends_with_a_receipt() {
    let city = City::new().await;
    let id = petition(&city, "named").await;
    let bare = [("to", "to_unit"), ("on", "2023-05-24")];
    let refusal = refused(city.perform(&city.head, "petitions", Some(id), "pass_on", &bare).await);
    assert_eq!(refusal.fields[0].0, "redacted");
    let redacted = [("to", "to_unit"), ("on", "2023-05-24"), ("redacted", "1")];
    city.perform(&city.head, "petitions", Some(id), "pass_on", &redacted).await.unwrap();
    let early = [("on", "2023-05-23"), ("by", "李某")];
    assert!(city.perform(&city.member, "petitions", Some(id), "receipt", &early).await.is_err());
    let receipt = [("on", "2023-05-25"), ("by", "李某")];
    city.perform(&city.member, "petitions", Some(id), "receipt", &receipt).await.unwrap();
    assert_eq!(city.state(&city.head, "petitions", id).await, "receipted");
    assert_eq!(city.list(&city.liaison, "petitions").await.1, 0);
}

#[tokio::test]
async fn a_letter_to_a_department_does_not_go_to_the_unit_it_is_about() {
    let city = City::new().await;
    let id = petition(&city, "anonymous").await;
    let (unit, bureau) = (city.organisation.to_string(), city.bureau.to_string());
    let passed = |recipient| [("to", "to_department"), ("on", "2023-05-24"), ("recipient", recipient)];
    assert!(
        city.perform(&city.head, "petitions", Some(id), "pass_on", &passed(unit.as_str())).await.is_err()
    );
    city.perform(&city.head, "petitions", Some(id), "pass_on", &passed(bureau.as_str())).await.unwrap();
    assert!(city.text(&city.head, "petitions", id).await.contains("单位J001"));
}

#[tokio::test]
async fn letters_are_joined_within_one_inspection_and_not_in_circles() {
    let city = City::new().await;
    let (one, other) = (petition(&city, "anonymous").await, petition(&city, "anonymous").await);
    let into = other.to_string();
    let own = one.to_string();
    assert!(city.perform(&city.head, "petitions", Some(one), "merge", &[("into", &own)]).await.is_err());
    city.perform(&city.head, "petitions", Some(one), "merge", &[("into", &into)]).await.unwrap();
    assert!(city.perform(&city.head, "petitions", Some(other), "merge", &[("into", &own)]).await.is_err());
}

#[tokio::test]
async fn the_director_reads_a_letter_only_for_a_reason_and_the_group_learns_of_it() {
    let city = City::new().await;
    let id = petition(&city, "anonymous").await;
    assert!(city.text(&city.member, "petitions", id).await.contains(CONTENT));
    assert!(!city.text(&city.director, "petitions", id).await.contains(CONTENT));
    let short = [("reason", "看看")];
    assert!(city.perform(&city.director, "petitions", Some(id), "consult", &short).await.is_err());
    let reason = [("reason", "研究是否快移快查")];
    city.perform(&city.director, "petitions", Some(id), "consult", &reason).await.unwrap();
    assert!(city.text(&city.director, "petitions", id).await.contains(CONTENT));
    let (list, total) = city.list(&city.group, "openings").await;
    assert!(total == 1 && list.contains("研究是否快移快查") && !list.contains(CONTENT));
    assert!(!city.text(&city.group, "petitions", id).await.contains(CONTENT), "an opening is for one person");
    city.test.set_clock(city.test.clock.now() + TimeDelta::hours(2));
    assert!(!city.text(&city.director, "petitions", id).await.contains(CONTENT), "it closes again by itself");
}

#[tokio::test]
async fn an_identity_is_nowhere_but_in_the_vault_and_opens_only_for_a_reason() {
    let city = City::new().await;
    let letter = petition(&city, "named").await;
    let id = identity(&city, letter).await;
    for who in [&city.head, &city.director] {
        assert!(!city.text(who, "informants", id).await.contains(WRITER));
    }
    let reason = [("reason", "核实需要与举报人联系")];
    city.perform(&city.head, "informants", Some(id), "open", &reason).await.unwrap();
    let text = city.text(&city.head, "informants", id).await;
    assert!(text.contains(WRITER) && text.contains(PHONE));
    assert!(!city.text(&city.director, "informants", id).await.contains(WRITER));
    for who in [&city.head, &city.member, &city.director, &city.group] {
        let (list, _) = city.list(who, "petitions").await;
        assert!(!list.contains(WRITER) && !list.contains(PHONE));
        assert!(!city.text(who, "petitions", letter).await.contains(WRITER));
        assert!(!city.list(who, "informants").await.0.contains(WRITER));
        assert!(!city.list(who, "openings").await.0.contains(WRITER));
    }
    let everywhere = city
        .stored(&[
            "history.note",
            "history.changes",
            "notice.title",
            "audit_entry.digest",
            "informant.name_sealed",
            "informant.phone_sealed",
            "petition.content_sealed",
            "opening.reason",
        ])
        .await;
    for secret in [WRITER, PHONE, CONTENT] {
        assert!(!everywhere.contains(secret), "{secret} is stored in plain");
    }
}

#[tokio::test]
async fn completing_an_identity_shows_nothing_and_keeps_what_is_left_empty() {
    let city = City::new().await;
    let id = identity(&city, petition(&city, "named").await).await;
    let cx = city.test.app.read(&city.member);
    let service = city.test.app.registry().service("informants").unwrap();
    let fields = (service.deed("complete").unwrap().fields)(&cx, Some(id)).await.unwrap();
    assert!(fields.iter().all(|field| field.value.is_empty()));
    let work = [("work", "某设计院")];
    city.perform(&city.member, "informants", Some(id), "complete", &work).await.unwrap();
    city.perform(&city.head, "informants", Some(id), "open", &[("reason", "核对登记内容")]).await.unwrap();
    let text = city.text(&city.head, "informants", id).await;
    assert!(text.contains(WRITER) && text.contains("某设计院"));
}

#[tokio::test]
async fn an_anonymous_letter_has_no_entry_in_the_vault() {
    let city = City::new().await;
    let letter = petition(&city, "anonymous").await.to_string();
    let entries = [("petition", letter.as_str()), ("name", WRITER)];
    assert!(city.perform(&city.member, "informants", None, "create", &entries).await.is_err());
}

const UPWARD: [(&str, &str); 5] = [
    ("about", "office_chief"),
    ("channel", "letter"),
    ("received_on", "2023-05-22"),
    ("sheets", "2"),
    ("receiver", "group_head"),
];

#[tokio::test]
async fn a_letter_about_the_chief_leaves_no_trace_for_the_staff_of_the_office() {
    let city = City::new().await;
    let before =
        [city.list(&city.director, "upward_letters").await, city.list(&city.clerk, "upward_letters").await];
    let id = city.perform(&city.head, "upward_letters", None, "create", &UPWARD).await.unwrap().id;
    let after =
        [city.list(&city.director, "upward_letters").await, city.list(&city.clerk, "upward_letters").await];
    assert_eq!(before, after);
    assert_eq!(city.list(&city.group, "upward_letters").await.1, 1);
    assert_eq!(city.count("select count(*) from notice").await, 0);
    assert_eq!(city.count("select count(*) from opening").await, 0);
    for who in [&city.director, &city.clerk, &city.member, &city.liaison] {
        let refusal = refused(city.show(who, "upward_letters", id).await);
        assert_eq!(refusal.reason, Reason::NotFound);
        let refusal = refused(city.perform(who, "upward_letters", Some(id), "hand_over", &[]).await);
        assert_eq!(refusal.reason, Reason::NotFound);
    }
    let other_head: Arc<Actor> = actor(Role::TeamHead, None, Some(kit::ids::random()));
    assert_eq!(city.list(&other_head, "upward_letters").await.1, 0);
}

#[tokio::test]
async fn the_register_of_upward_letters_takes_no_text_and_no_files() {
    let city = City::new().await;
    let mut entries = UPWARD.to_vec();
    entries.push(("content", CONTENT));
    let refusal = refused(city.perform(&city.head, "upward_letters", None, "create", &entries).await);
    assert_eq!(refusal.reason, Reason::BadRequest);
    let service = city.test.app.registry().service("upward_letters").unwrap();
    let cx = city.test.app.read(&city.head);
    for deed in &service.deeds {
        for field in (deed.fields)(&cx, None).await.unwrap() {
            use kit::form::Kind;
            assert!(!matches!(field.kind, Kind::Text | Kind::Line | Kind::Files), "{}", field.name);
        }
    }
}
