//! Two people change the same record: the slower one loses nothing and overwrites nothing.

use crate::support::City;

/// An organisation as the API shows it: its id and its version.
async fn organisation(person: &crate::support::Person<'_>) -> (String, i64) {
    let list = person.get("/api/v1/organisations?size=1").await.json();
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    let record = person.get(&format!("/api/v1/organisations/{id}")).await.json();
    (id, record["version"].as_i64().expect("a version"))
}

/// The fields of the edit form as they are stored, with another name.
async fn edited(person: &crate::support::Person<'_>, id: &str, name: &str) -> Vec<(String, String)> {
    let id = id.parse().expect("an id");
    let service = person.city.app.registry().service("organisations").expect("a service");
    let deed = service.deed("edit").expect("organisations can be edited");
    let cx = person.reading().await;
    let fields = (deed.fields)(&cx, Some(id)).await.expect("fields");
    fields
        .into_iter()
        .map(|field| {
            (field.name.to_owned(), if field.name == "name" { name.to_owned() } else { field.value })
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_old_version_is_refused_with_both_texts_and_changes_nothing() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (id, version) = organisation(&person).await;
    let version = version.to_string();
    let path = format!("/organisations/{id}/edit");
    let with_version = |mut entries: Vec<(String, String)>| {
        entries.push((String::from("version"), version.clone()));
        entries
    };

    let first = with_version(edited(&person, &id, "先改的名称").await);
    let first = person.post(&path, &pairs(&first)).await;
    assert_eq!(first.status, 303, "{}", first.body);

    let second = with_version(edited(&person, &id, "后改的名称").await);
    let second = person.post(&path, &pairs(&second)).await;
    assert_eq!(second.status, 409);
    assert!(second.body.contains("先改的名称"), "the stored text is shown");
    assert!(second.body.contains("后改的名称"), "the typed text is kept");

    let stored = person.get(&format!("/api/v1/organisations/{id}")).await;
    assert!(stored.body.contains("先改的名称") && !stored.body.contains("后改的名称"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_names_the_fields_that_differ() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (id, version) = organisation(&person).await;
    let path = format!("/api/v1/organisations/{id}/edit");
    let body = |entries: Vec<(String, String)>| {
        let mut body: serde_json::Map<String, serde_json::Value> =
            entries.into_iter().map(|(name, value)| (name, value.into())).collect();
        body.insert(String::from("version"), version.into());
        serde_json::Value::Object(body)
    };
    let first = person.api(&path, body(edited(&person, &id, "先改的名称").await)).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let second = person.api(&path, body(edited(&person, &id, "后改的名称").await)).await;
    assert_eq!(second.status, 409, "{}", second.body);
    let differences = &second.json()["error"]["differences"];
    assert_eq!(differences[0]["mine"], "后改的名称");
    assert_eq!(differences[0]["stored"], "先改的名称");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_does_not_say_what_version_it_is_about_is_refused() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (id, _) = organisation(&person).await;
    let entries = edited(&person, &id, "没有版本的名称").await;
    for version in [None, Some("abc")] {
        let mut entries = entries.clone();
        entries.extend(version.map(|version| (String::from("version"), version.to_owned())));
        let page = person.post(&format!("/organisations/{id}/edit"), &pairs(&entries)).await;
        assert_eq!(page.status, 400, "{}", page.body);
        let body: serde_json::Map<String, serde_json::Value> =
            entries.into_iter().map(|(name, value)| (name, value.into())).collect();
        let api = person.api(&format!("/api/v1/organisations/{id}/edit"), body.into()).await;
        assert_eq!(api.status, 400, "{}", api.body);
    }
    let stored = person.get(&format!("/api/v1/organisations/{id}")).await;
    assert!(!stored.body.contains("没有版本的名称"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_record_tells_what_an_edit_changed_in_words() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (id, version) = organisation(&person).await;
    let before = person.get(&format!("/api/v1/organisations/{id}")).await.json();
    let name = before["title"].as_str().expect("a title").to_owned();
    let mut entries = edited(&person, &id, "改过的名称").await;
    entries.push((String::from("version"), version.to_string()));
    let changed = person.post(&format!("/organisations/{id}/edit"), &pairs(&entries)).await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    let page = person.get(&format!("/organisations/{id}")).await.body;
    assert!(page.contains(&format!("<del>{name}</del>")), "the text before is told");
    assert!(page.contains("<ins>改过的名称</ins>"), "and the text after");
}

fn pairs(entries: &[(String, String)]) -> Vec<(&str, &str)> {
    entries.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
