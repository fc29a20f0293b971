//! Saved views: whose they are, who else sees them, and how they are renamed and deleted.

use crate::support::{City, Person};

const NAME: &str = "某局相关的问题";

async fn keep(person: &Person<'_>, name: &str, shared: &str) {
    let entries = [("noun", "problems"), ("query", "f.state=found"), ("name", name), ("shared", shared)];
    let kept = person.post("/views", &entries).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
}

/// Where the owner of the view `name` manages it.
async fn address(city: &City, name: &str) -> String {
    let mut sql = db::Sql::new("select id from saved_view where name = ");
    sql.bind(name);
    format!("/views/{}", city.ids(sql).await[0])
}

async fn names(person: &Person<'_>, name: &str) -> bool {
    person.get("/problems").await.body.contains(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_view_is_seen_by_colleagues_and_by_nobody_else() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    keep(&director, NAME, "1").await;
    assert!(names(&director, NAME).await);
    assert!(names(&city.person("office_liaison").await, NAME).await, "the office sees it");
    for role in ["organisation_liaison", "team_head", "committee_leader"] {
        assert!(!names(&city.person(role).await, NAME).await, "{role} reads the words of the office");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_not_shared_is_its_owners_alone() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    keep(&director, NAME, "").await;
    assert!(names(&director, NAME).await);
    assert!(!names(&city.person("office_liaison").await, NAME).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_renames_a_view_takes_it_back_and_deletes_it() {
    let city = City::new().await;
    let (director, colleague) = (city.person("office_director").await, city.person("office_liaison").await);
    keep(&director, NAME, "1").await;
    let place = address(&city, NAME).await;
    assert!(director.get("/problems").await.body.contains(&place), "the menu leads there");
    assert!(!colleague.get("/problems").await.body.contains(&place), "others are not led there");
    assert_eq!(director.get(&place).await.status, 200);
    let renamed = director.post(&place, &[("name", "改了名的视图")]).await;
    assert_eq!(renamed.status, 303, "{}", renamed.body);
    assert!(names(&director, "改了名的视图").await && !names(&colleague, "改了名的视图").await);
    let removed = director.post(&format!("{place}/remove"), &[]).await;
    assert_eq!((removed.status, removed.location.as_str()), (303, "/problems"));
    assert!(!names(&director, "改了名的视图").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_opens_renames_or_deletes_a_view() {
    let city = City::new().await;
    keep(&city.person("office_director").await, NAME, "1").await;
    let place = address(&city, NAME).await;
    let colleague = city.person("office_liaison").await;
    assert_eq!(colleague.get(&place).await.status, 404);
    assert_eq!(colleague.post(&place, &[("name", "我的")]).await.status, 404);
    assert_eq!(colleague.post(&format!("{place}/remove"), &[]).await.status, 404);
    assert_eq!(city.number("select count(*) from saved_view where name = '某局相关的问题'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_without_a_name_or_with_an_unknown_column_is_not_kept() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    for (name, query) in [("", ""), ("好", "f.nothing=1"), (&*"长".repeat(41), "")] {
        let entries = [("noun", "problems"), ("query", query), ("name", name)];
        let answer = director.post("/views", &entries).await;
        assert!((400..500).contains(&answer.status), "{name} {query}: {}", answer.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_sent_twice_is_kept_once() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let entries = [("noun", "problems"), ("query", "f.state=found"), ("name", NAME), ("_key", "view-1")];
    for _ in 0..2 {
        let kept = director.post("/views", &entries).await;
        assert_eq!(kept.status, 303, "{}", kept.body);
    }
    let mut sql = db::Sql::new("select id from saved_view where name = ");
    sql.bind(NAME);
    assert_eq!(city.ids(sql).await.len(), 1);
}
