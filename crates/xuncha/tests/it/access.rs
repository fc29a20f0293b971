//! What one may not see does not exist: in lists, counts, records, searches, exports and the API.

use kit::{Labelled as _, Pred, Role};

use crate::support::City;

/// A page without the minute it was made in, which may pass between two of them.
fn untimed(body: &str) -> String {
    let (before, after) = body.split_once("打印时间 ").unwrap_or((body, ""));
    let rest = after.split_once(" ·").map_or(after, |(_, rest)| rest);
    format!("{before}{rest}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_out_of_reach_answers_exactly_like_one_that_does_not_exist() {
    let city = City::new().await;
    for &role in Role::ALL {
        let person = city.person(role.code()).await;
        let actor = city.actor_of(&person.login).await;
        for service in &city.app.registry().services {
            let visible = (service.visible)(&actor);
            let mut hidden = db::Sql::new("select t.id from ");
            hidden.push(service.table).push(" t where not (");
            visible.write("t", &mut hidden);
            hidden.push(") order by t.id limit 1");
            for id in city.ids(hidden).await {
                for path in ["", "/edit"] {
                    let foreign = person.get(&format!("/{}/{id}{path}", service.noun)).await;
                    let missing =
                        person.get(&format!("/{}/{}{path}", service.noun, kit::ids::random())).await;
                    assert_eq!(
                        (foreign.status, untimed(&foreign.body)),
                        (missing.status, untimed(&missing.body)),
                        "{} {}",
                        role.label(),
                        service.noun
                    );
                    assert_eq!(foreign.status, 404);
                }
                let foreign = person.get(&format!("/api/v1/{}/{id}", service.noun)).await;
                assert_eq!(foreign.status, 404, "{} api {}", role.label(), service.noun);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_hold_only_what_may_be_seen() {
    let city = City::new().await;
    for &role in Role::ALL {
        let person = city.person(role.code()).await;
        let actor = city.actor_of(&person.login).await;
        for service in &city.app.registry().services {
            let visible = (service.visible)(&actor);
            let answer = person.get(&format!("/api/v1/{}?size=200", service.noun)).await;
            if visible == Pred::Nothing {
                assert_eq!(answer.status, 404, "{} {}", role.label(), service.noun);
                continue;
            }
            assert_eq!(answer.status, 200, "{} {}: {}", role.label(), service.noun, answer.body);
            let list: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
            let mut count = db::Sql::new("select count(*) from ");
            count.push(service.table).push(" t where ");
            visible.write("t", &mut count);
            let expected = city.behind().number(count).await.expect("a count").min(10_000);
            assert_eq!(list["total"].as_i64(), Some(expected), "{} {}", role.label(), service.noun);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_no_business() {
    let city = City::new().await;
    for role in [Role::SystemAdministrator, Role::SecurityAdministrator, Role::SecurityAuditor] {
        let person = city.person(role.code()).await;
        for noun in [
            "problems",
            "leads",
            "measures",
            "inspections",
            "suggestions",
            "transfers",
            "assets",
            "feedbacks",
        ] {
            assert_eq!(person.get(&format!("/{noun}")).await.status, 404, "{} {noun}", role.label());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inspected_organisation_never_learns_of_leads_or_unfed_problems() {
    let city = City::new().await;
    let person = city.person("organisation_liaison").await;
    for noun in ["leads", "suspect_projects"] {
        assert_eq!(person.get(&format!("/{noun}")).await.status, 404);
        assert_eq!(person.get(&format!("/api/v1/{noun}")).await.status, 404);
    }
    let listed = person.get("/api/v1/problems?size=200").await;
    let list: serde_json::Value = serde_json::from_str(&listed.body).expect("JSON");
    for item in list["items"].as_array().expect("items") {
        assert!(!item["fed_back_on"].is_null(), "a problem that was not fed back: {item}");
    }
    let home = person.get("/").await.body;
    assert!(!home.contains("线索"), "the word lead stands on the page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_the_sessions_token_changes_nothing() {
    let city = City::new().await;
    let (one, other) = (city.person("office_director").await, city.person("office_liaison").await);
    let before =
        city.behind().number(db::Sql::new("select count(*) from organisation")).await.expect("a count");
    let entries =
        [("code", "X1"), ("name", "某新单位"), ("kind", "city_department"), ("valid_from", "2023-01-01")];
    for token in [String::new(), String::from("0"), other.csrf()] {
        let mut entries = entries.to_vec();
        entries.push(("csrf", &token));
        assert_eq!(one.post("/organisations", &entries).await.status, 403);
    }
    let after =
        city.behind().number(db::Sql::new("select count(*) from organisation")).await.expect("a count");
    assert_eq!(before, after);
}
