//! Nonsense in every parameter and every form gets a sentence, stores nothing, and keeps what was typed.

use axum::body::Body;

use kit::{table::Ask, web::Query};

use crate::support::{City, Person};

const VALUES: &[&str] = &[
    "0",
    "-1",
    "9223372036854775808",
    "0000-00-00",
    "9999-12-31",
    "2023-02-30",
    "NaN",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "' or 1=1 --",
    "\u{0}",
    "\u{202e}反",
    "00000000-0000-0000-0000-000000000000",
    "%ff",
    "../../x",
];

/// Names that the address of any list takes.
const NAMES: &[&str] = &["size", "page", "after", "before", "sort", "col", "q", "exact", "view"];

/// Every name and value is read by the list's own reader, one by one; those it takes are then asked
/// for together, so that each reaches a statement, and of those it refuses the first.
#[tokio::test(flavor = "multi_thread")]
async fn nonsense_in_the_address_of_every_list_is_refused_or_harmless() {
    let city = City::new().await;
    let mut readers = Vec::new();
    for role in ["office_director", "system_administrator", "leading_group"] {
        let person = city.person(role).await;
        let actor = city.actor_of(&person.login).await;
        readers.push((person, actor));
    }
    for service in &city.app.registry().services {
        let reader = readers.iter().find(|(_, actor)| service.reachable(actor));
        let (person, actor) = reader.unwrap_or_else(|| panic!("nobody reads {}", service.noun));
        let mut names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
        for column in service.list.columns {
            names.extend(["", ".from", ".to"].map(|part| format!("f.{}{part}", column.key)));
        }
        for value in VALUES {
            let (taken, refused): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| {
                Ask::parse(&service.list, actor, &[((*name).clone(), (*value).to_owned())]).is_ok()
            });
            for root in ["", "/api/v1"] {
                let path = format!("{root}/{}", service.noun);
                check(person, &path, &taken, value).await;
                if let Some(name) = refused.first() {
                    let status = check(person, &path, &[name], value).await;
                    assert_eq!(status, 400, "{path}?{name}={value:?}");
                }
            }
        }
    }
}

async fn check(person: &Person<'_>, path: &str, names: &[&String], value: &str) -> u16 {
    let query = names.iter().fold(Query::default(), |query, name| query.and(name, value));
    let answer = person.get(&query.address(path)).await;
    assert!(answer.status < 500, "{path}?{names:?}={value:?} answered {}: {}", answer.status, answer.body);
    assert!(!answer.body.contains("<script>alert"), "{path}?{names:?} echoes markup");
    answer.status
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_in_every_form_is_refused_and_nothing_is_stored() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let long = "长".repeat(350_000);
    for service in &city.app.registry().services {
        let Some(deed) =
            service.deed("create").filter(|_| (service.creates)(&city_actor(&city, &person.login)))
        else {
            continue;
        };
        let fields = (deed.fields)(&city.behind(), None).await.expect("fields");
        if fields.is_empty() {
            continue; // a deed that asks for nothing cannot be told nonsense
        }
        let count = || async {
            city.behind()
                .number(db::Sql::new(&format!("select count(*) from {}", service.table)))
                .await
                .expect("a count")
        };
        let before = count().await;
        for value in VALUES.iter().copied().chain([long.as_str()]) {
            // A megabyte in one field says as much as in each of them.
            let most = if value.len() > 1_000 { 1 } else { fields.len() };
            let entries: Vec<(&str, &str)> =
                fields.iter().take(most).map(|field| (field.name, value)).collect();
            let answer = person.post(&format!("/{}", service.noun), &entries).await;
            let short: String = value.chars().take(20).collect();
            assert!(
                (400..500).contains(&answer.status),
                "{} with {short:?} answered {}: {}",
                service.noun,
                answer.status,
                answer.location
            );
        }
        assert_eq!(before, count().await, "{} stored nonsense", service.noun);
    }
}

fn city_actor(city: &City, login: &str) -> kit::Actor {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(city.actor_of(login)))
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_bodies_are_refused_with_a_sentence() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let multipart = [("content-type", "multipart/form-data; boundary=x")];
    let json = [("content-type", "application/json")];
    for (headers, body) in [
        (&form[..], "a=%ff%fe"),
        (&form[..], "%00=1"),
        (&multipart[..], "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nunfinished"),
        (&multipart[..], "nothing"),
        (&json[..], "{}"),
        (&[][..], "a=1"),
    ] {
        let answer = person.send("POST", "/organisations", headers, Body::from(body)).await;
        assert!((400..500).contains(&answer.status), "{body:?} answered {}", answer.status);
    }
    for body in ["{", "[]", "{\"a\": {\"b\": 1}}", "null", "{\"name\": 1e999}"] {
        let answer = person.send("POST", "/api/v1/organisations", &json, Body::from(body)).await;
        assert!((400..500).contains(&answer.status), "{body:?} answered {}", answer.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_stays_in_a_refused_form() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let entries = [
        ("code", "D-77"),
        ("name", "<b>市某局</b>"),
        ("kind", "city_department"),
        ("valid_from", "2023-02-30"),
    ];
    let answer = person.post("/organisations", &entries).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("D-77")
            && answer.body.contains("&lt;b&gt;市某局&lt;/b&gt;")
            && answer.body.contains("2023-02-30")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_is_done_once() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let entries = [
        ("_key", "once-1"),
        ("code", "D-78"),
        ("name", "市某某局"),
        ("kind", "city_department"),
        ("valid_from", "2023-02-01"),
    ];
    let (first, second) =
        (person.post("/organisations", &entries).await, person.post("/organisations", &entries).await);
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location, second.location);
    let mut other = entries;
    other[2].1 = "另一个局";
    assert_eq!(person.post("/organisations", &other).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_a_key_is_refused_because_it_could_be_done_twice() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let body = kit::web::Query::default()
        .and("csrf", &person.csrf())
        .and("code", "D-79")
        .and("name", "没有编号的局")
        .and("kind", "city_department")
        .and("valid_from", "2023-02-01");
    let answer = person.post_raw("/organisations", body.to_string()).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(city.number("select count(*) from organisation where code = 'D-79'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_no_text_is_refused_with_a_sentence() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    for path in ["/problems/%ff", "/api/v1/problems/%ff", "/static/%fe"] {
        let answer = person.get(path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.body.contains("UTF-8"), "{path}: {}", answer.body);
        assert_eq!(answer.body.contains("\"error\""), path.starts_with("/api/"), "{path}");
    }
}
