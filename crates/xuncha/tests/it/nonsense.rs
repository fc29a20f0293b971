//! Nonsense in every parameter and every form gets a sentence, stores nothing, and keeps what was typed.

use axum::body::Body;

use crate::support::City;

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

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_in_the_address_of_every_list_is_refused_or_harmless() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    for service in &city.app.registry().services {
        for name in ["size", "page", "after", "before", "sort", "col", "q", "exact", "view"] {
            for value in VALUES {
                check(&person, &format!("/{}", service.noun), name, value).await;
            }
        }
        for column in service.list.columns {
            for value in VALUES {
                check(&person, &format!("/{}", service.noun), &format!("f.{}", column.key), value).await;
                check(
                    &person,
                    &format!("/api/v1/{}", service.noun),
                    &format!("f.{}.from", column.key),
                    value,
                )
                .await;
            }
        }
    }
}

async fn check(person: &crate::support::Person<'_>, path: &str, name: &str, value: &str) {
    let query = kit::web::Query::default().and(name, value);
    let answer = person.get(&query.address(path)).await;
    assert!(answer.status < 500, "{path}?{name}={value:?} answered {}", answer.status);
    assert!(!answer.body.contains("<script>alert"), "{path}?{name} echoes markup");
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
        let count = || async {
            city.behind()
                .number(db::Sql::new(&format!("select count(*) from {}", service.table)))
                .await
                .expect("a count")
        };
        let before = count().await;
        for value in VALUES.iter().copied().chain([long.as_str()]) {
            let entries: Vec<(&str, &str)> = fields.iter().map(|field| (field.name, value)).collect();
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
